#ifndef SPILLWAY_KERNELS_H
#define SPILLWAY_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#endif
