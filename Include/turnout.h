#ifndef TURNOUT_H
#define TURNOUT_H
#include <stdint.h>
uint32_t turnout_abi_version(void);
#endif
