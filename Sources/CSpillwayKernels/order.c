#include "spillway_kernels.h"
#include <string.h>

// A radix sort from the lowest digit up.
enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, PASSES = (64 + DIGIT_BITS - 1) / DIGIT_BITS };

static unsigned digit_of(uint64_t key, unsigned pass) { return key >> pass * DIGIT_BITS & (DIGITS - 1); }

void spillway_order_i64(
    const int64_t *values, size_t count, spillway_ordered *ordered, spillway_ordered *scratch, uint32_t *positions) {
    uint32_t starts[PASSES][DIGITS];
    memset(starts, 0, sizeof starts);
    int64_t least = INT64_MAX, greatest = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if (values[i] < least) least = values[i];
        if (values[i] > greatest) greatest = values[i];
    }
    const uint64_t range = count ? (uint64_t)greatest - (uint64_t)least : 0;
    unsigned passes = 0;
    while (passes < PASSES && range >> passes * DIGIT_BITS) passes++;
    for (size_t i = 0; i < count; i++) {
        ordered[i] = (spillway_ordered){.key = (uint64_t)values[i] - (uint64_t)least, .position = i};
        for (unsigned pass = 0; pass < passes; pass++) starts[pass][digit_of(ordered[i].key, pass)]++;
    }
    for (unsigned pass = 0; pass < passes; pass++) {
        uint32_t start = 0;
        for (unsigned digit = 0; digit < DIGITS; digit++) {
            const uint32_t length = starts[pass][digit];
            starts[pass][digit] = start;
            start += length;
        }
        for (size_t i = 0; i < count; i++) scratch[starts[pass][digit_of(ordered[i].key, pass)]++] = ordered[i];
        spillway_ordered *sorted = scratch;
        scratch = ordered;
        ordered = sorted;
    }
    for (size_t i = 0; i < count; i++) positions[i] = (uint32_t)ordered[i].position;
}
