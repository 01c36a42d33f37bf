#include "spillway_platform.h"

#include <sys/prctl.h>

int spillway_set_timer_slack(unsigned long ns) { return prctl(PR_SET_TIMERSLACK, ns, 0, 0, 0); }
