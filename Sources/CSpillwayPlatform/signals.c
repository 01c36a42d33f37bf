#include "spillway_platform.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#define MOST_SIGNALS 4

static volatile sig_atomic_t told_descriptor = -1;
static size_t watched_count = 0;
static int watched[MOST_SIGNALS];
static struct sigaction former[MOST_SIGNALS];

// Calls nothing but what signal-safety(7) allows.
static void tell(int signal) {
  int error = errno;
  uint8_t byte = (uint8_t)signal;
  ssize_t written = write(told_descriptor, &byte, 1);
  (void)written;
  errno = error;
}

int spillway_watch_signals(const int *signals, size_t count, int descriptor) {
  if (watched_count > 0 || count > MOST_SIGNALS) {
    errno = EBUSY;
    return -1;
  }
  told_descriptor = descriptor;
  struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < count; i++) {
    watched[i] = signals[i];
    if (sigaction(signals[i], NULL, &former[i]) != 0 ||
        // Who started the program wants it to go on: nohup(1), or a shell's `&`.
        (former[i].sa_handler != SIG_IGN && sigaction(signals[i], &action, NULL) != 0)) {
      spillway_unwatch_signals();
      return -1;
    }
    watched_count = i + 1;
  }
  return 0;
}

void spillway_unwatch_signals(void) {
  for (size_t i = 0; i < watched_count; i++) sigaction(watched[i], &former[i], NULL);
  watched_count = 0;
}
