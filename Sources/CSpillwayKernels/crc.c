#include "spillway_kernels.h"
