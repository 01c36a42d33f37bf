#define _GNU_SOURCE
#include "spillway_platform.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int spillway_set_timer_slack(unsigned long ns) { return prctl(PR_SET_TIMERSLACK, ns, 0, 0, 0); }

// struct sched_attr of sched_setattr(2), version 0, which older C libraries do not declare.
struct attributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};

int spillway_set_time_slice(uint64_t ns) {
  struct attributes attributes = {.size = sizeof attributes};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return -1;
  attributes.runtime = ns;
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}
