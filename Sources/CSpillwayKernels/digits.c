#include "spillway_kernels.h"
#include "targets.h"
#include <string.h>

typedef uint32_t lanes __attribute__((vector_size(64)));
typedef _Bool flags __attribute__((ext_vector_type(16)));

void spillway_count_digits(
    const int32_t *values, size_t count, unsigned shift, unsigned width, int64_t *counters) {
    const uint32_t mask = (1u << width) - 1;
    for (size_t i = 0; i < count; i++) counters[(uint32_t)values[i] >> shift & mask]++;
}

ALWAYS_INLINE void count_one(
    uint32_t value, unsigned shift, unsigned width, const uint32_t *prefixes, int64_t *counters) {
    const uint32_t prefix = value >> (shift + width);
    for (unsigned p = 0; p < 4; p++) {
        if (prefixes[p] != prefix) continue;
        counters[(size_t)p << width | (value >> shift & ((1u << width) - 1))]++;
        return;
    }
}

// Few values have one of the prefixes: sixteen at a time are asked whether any of them does.
VECTORISED void spillway_count_prefixed_digits(
    const int32_t *values, size_t count, unsigned shift, unsigned width, const uint32_t *prefixes,
    int64_t *counters) {
    size_t i = 0;
    for (; count - i >= 16; i += 16) {
        lanes v;
        memcpy(&v, values + i, sizeof v);
        const lanes prefix = v >> (shift + width);
        const lanes equal = (lanes)(prefix == prefixes[0]) | (lanes)(prefix == prefixes[1])
                            | (lanes)(prefix == prefixes[2]) | (lanes)(prefix == prefixes[3]);
        const flags found = __builtin_convertvector(equal, flags);
        uint16_t bits;
        memcpy(&bits, &found, sizeof bits);
        for (; bits; bits &= (uint16_t)(bits - 1))
            count_one((uint32_t)values[i + (size_t)__builtin_ctz(bits)], shift, width, prefixes, counters);
    }
    for (; i < count; i++) count_one((uint32_t)values[i], shift, width, prefixes, counters);
}
