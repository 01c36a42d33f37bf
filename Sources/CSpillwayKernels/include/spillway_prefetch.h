#ifndef SPILLWAY_PREFETCH_H
#define SPILLWAY_PREFETCH_H

/* Asks for the cache line at an address that will be written soon. Any address is allowed. */
static inline void spillway_prefetch_for_write(const void *address) {
  __builtin_prefetch(address, 1, 3);
}

#endif
