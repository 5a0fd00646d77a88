/* The decision in the response's headers, for debugging.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_RESPONSE_WORDS_H
#define TURNOUT_ENVOY_RESPONSE_WORDS_H

#include "filter_stream.h"

void response_words_clear(struct response_words *words);

/* Copies what the answer says; what finds no room is left out. */
void response_words_keep(struct response_words *words, const struct answer *answer);

/* Writes it over whatever the upstream sent under these names. */
void response_words_write(const struct response_words *words, void *stream);

#endif
