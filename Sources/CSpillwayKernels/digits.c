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

ALWAYS_INLINE size_t pick_one(
    int32_t value, int32_t first, uint32_t width, int32_t *picked, size_t *below) {
    *below += value < first;
    *picked = value;
    return (uint32_t)value - (uint32_t)first <= width;
}

size_t spillway_pick_in_range_portable_i32(
    const int32_t *values, size_t count, int32_t first, uint32_t width, int32_t *picked, size_t *below) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += pick_one(values[i], first, width, picked + found, below);
    return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f,popcnt"))) static size_t pick_avx512(
    const int32_t *values, size_t count, int32_t first, uint32_t width, int32_t *picked, size_t *below) {
    const __m512i low = _mm512_set1_epi32(first), most = _mm512_set1_epi32((int32_t)width);
    size_t found = 0, less = 0, i = 0;
    for (; count - i >= 16; i += 16) {
        const __m512i v = _mm512_loadu_si512(values + i);
        const __mmask16 inside = _mm512_cmple_epu32_mask(_mm512_sub_epi32(v, low), most);
        less += (size_t)__builtin_popcount(_mm512_cmplt_epi32_mask(v, low));
        // As many as are picked are no more than were read: there is room for all sixteen.
        _mm512_storeu_si512(picked + found, _mm512_maskz_compress_epi32(inside, v));
        found += (size_t)__builtin_popcount(inside);
    }
    *below += less;
    for (; i < count; i++) found += pick_one(values[i], first, width, picked + found, below);
    return found;
}
#endif

size_t spillway_pick_in_range_i32(
    const int32_t *values, size_t count, int32_t first, uint32_t width, int32_t *picked, size_t *below) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) return pick_avx512(values, count, first, width, picked, below);
#endif
    return spillway_pick_in_range_portable_i32(values, count, first, width, picked, below);
}
