/*
 * run.c: see CFuzz.h. The package manager gives each program a main() of its own, so that
 * libFuzzer's is not used. SPDX-License-Identifier: Apache-2.0
 */
#include "CFuzz.h"

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test_one_input)(const uint8_t *, size_t));

int fuzz_run(int argc, char **argv, int (*test_one_input)(const uint8_t *, size_t)) {
  return LLVMFuzzerRunDriver(&argc, &argv, test_one_input);
}
