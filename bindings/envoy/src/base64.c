/* SPDX-License-Identifier: Apache-2.0 */
#include "base64.h"

#include <stdint.h>

static int value_of(char symbol) {
  if (symbol >= 'A' && symbol <= 'Z')
    return symbol - 'A';
  if (symbol >= 'a' && symbol <= 'z')
    return symbol - 'a' + 26;
  if (symbol >= '0' && symbol <= '9')
    return symbol - '0' + 52;
  return symbol == '+' ? 62 : symbol == '/' ? 63 : -1;
}

bool base64_decode(char *text, size_t *size) {
  size_t symbols = *size;
  if (symbols % 4 != 0)
    return false;
  for (int padding = 0; padding < 2 && symbols > 0 && text[symbols - 1] == '='; padding++)
    symbols--;
  uint32_t bits = 0;
  unsigned bit_count = 0;
  size_t written = 0;
  for (size_t i = 0; i < symbols; i++) {
    int value = value_of(text[i]);
    if (value < 0)
      return false;
    bits = (bits << 6U | (uint32_t)value) & 0xfffU;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      text[written++] = (char)(bits >> bit_count & 0xffU);
    }
  }
  *size = written;
  /* What padding leaves over must be zero, so that equal bytes have one spelling. */
  return (bits & ((1U << bit_count) - 1U)) == 0;
}
