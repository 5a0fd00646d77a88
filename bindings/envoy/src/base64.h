/* Base64 with padding (RFC 4648, section 4), in place.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_BASE64_H
#define TURNOUT_ENVOY_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes `text`, of which *size becomes the size of the bytes. False for anything that the
 * standard's encoder does not write; the text is spoilt then. */
bool base64_decode(char *text, size_t *size);

#endif
