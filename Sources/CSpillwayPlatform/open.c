#define _GNU_SOURCE
#include "spillway_platform.h"

#include <fcntl.h>

const int spillway_o_direct = O_DIRECT;
