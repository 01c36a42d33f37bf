// What the C library declares for GNU sources only, which Swift's view of it is not.
#ifndef SPILLWAY_PLATFORM_H
#define SPILLWAY_PLATFORM_H
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// O_DIRECT of open(2).
extern const int spillway_o_direct;

// sched_getaffinity(2) and sched_setaffinity(2) of the calling thread, `mask` having a bit for each processor. The first
// clears what the system does not fill. 0, or -1 with errno set.
int spillway_get_affinity(uint8_t *mask, size_t byte_count);
int spillway_set_affinity(const uint8_t *mask, size_t byte_count);

// PR_SET_TIMERSLACK of prctl(2), for the calling thread. 0, or -1 with errno set.
int spillway_set_timer_slack(unsigned long ns);

// Sets `sched_runtime` of sched_setattr(2), for the calling thread; all else stays. 0, or -1 with errno set.
int spillway_set_time_slice(uint64_t ns);

// From here on the first of each of these signals writes its number to `descriptor`, a byte, instead of what it does
// usually; those that are ignored stay so. Of one set at a time. 0, or -1 with errno set.
int spillway_watch_signals(const int *signals, size_t count, int descriptor);

// Signals do again what they did before.
void spillway_unwatch_signals(void);

#pragma clang assume_nonnull end
#endif
