#define _GNU_SOURCE
#include "spillway_platform.h"

#include <sched.h>
#include <string.h>

int spillway_get_affinity(uint8_t *mask, size_t byte_count) {
  memset(mask, 0, byte_count);
  return sched_getaffinity(0, byte_count, (cpu_set_t *)mask);
}

int spillway_set_affinity(const uint8_t *mask, size_t byte_count) {
  return sched_setaffinity(0, byte_count, (const cpu_set_t *)mask);
}
