#include "spillway_fuzzer.h"
