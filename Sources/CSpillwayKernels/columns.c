#include "spillway_kernels.h"
#include "targets.h"
#include <string.h>

// Expects signed deltas; makes them differences from the least one, which it returns.
ALWAYS_INLINE int64_t frame(uint64_t *deltas, size_t count, uint32_t *widths) {
    int64_t min = (int64_t)deltas[0];
    for (size_t i = 1; i < count; i++) {
        int64_t delta = (int64_t)deltas[i];
        min = delta < min ? delta : min;
    }
    for (size_t i = count; i < 128; i++) deltas[i] = (uint64_t)min;
    *widths = 0;
    for (unsigned m = 0; m < 4; m++) {
        uint64_t bits = 0;
        for (unsigned i = 32 * m; i < 32 * m + 32; i++) {
            deltas[i] -= (uint64_t)min;
            bits |= deltas[i];
        }
        *widths |= (uint32_t)(bits ? 64 - __builtin_clzll(bits) : 0) << 8 * m;
    }
    return min;
}

ALWAYS_INLINE int64_t block_i64(
    const int64_t *values, int64_t previous, size_t count, uint64_t *deltas, uint32_t *widths) {
    deltas[0] = (uint64_t)values[0] - (uint64_t)previous;
    for (size_t i = 1; i < count; i++) deltas[i] = (uint64_t)values[i] - (uint64_t)values[i - 1];
    return frame(deltas, count, widths);
}

ALWAYS_INLINE int64_t block_i32(
    const int32_t *values, int32_t previous, size_t count, uint64_t *deltas, uint32_t *widths) {
    deltas[0] = (uint64_t)(int32_t)((uint32_t)values[0] - (uint32_t)previous);
    for (size_t i = 1; i < count; i++)
        deltas[i] = (uint64_t)(int32_t)((uint32_t)values[i] - (uint32_t)values[i - 1]);
    return frame(deltas, count, widths);
}

// A full block has constant loop bounds, hence no remainder loops.
VECTORISED int64_t spillway_delta_block_i64(
    const int64_t *values, int64_t previous, size_t count, uint64_t *restrict deltas, uint32_t *widths) {
    return count == 128 ? block_i64(values, previous, 128, deltas, widths)
                        : block_i64(values, previous, count, deltas, widths);
}

VECTORISED int64_t spillway_delta_block_i32(
    const int32_t *values, int32_t previous, size_t count, uint64_t *restrict deltas, uint32_t *widths) {
    return count == 128 ? block_i32(values, previous, 128, deltas, widths)
                        : block_i32(values, previous, count, deltas, widths);
}

#define DEFINE_MIN_MAX(NAME, TYPE)                                                          \
    VECTORISED void NAME(const TYPE *values, size_t count, TYPE *min, TYPE *max) {          \
        TYPE low = values[0], high = values[0];                                             \
        for (size_t i = 1; i < count; i++) {                                                \
            low = values[i] < low ? values[i] : low;                                        \
            high = values[i] > high ? values[i] : high;                                     \
        }                                                                                   \
        *min = low;                                                                         \
        *max = high;                                                                        \
    }

DEFINE_MIN_MAX(spillway_min_max_i64, int64_t)
DEFINE_MIN_MAX(spillway_min_max_i32, int32_t)
DEFINE_MIN_MAX(spillway_min_max_u16, uint16_t)
DEFINE_MIN_MAX(spillway_min_max_u8, uint8_t)

VECTORISED uint32_t spillway_max_u32(const uint32_t *values, size_t count) {
    uint32_t high = 0;
    for (size_t i = 0; i < count; i++) high = values[i] > high ? values[i] : high;
    return high;
}

VECTORISED size_t spillway_count_in_range_i64(
    const int64_t *values, size_t count, int64_t first, uint64_t width) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += (uint64_t)values[i] - (uint64_t)first <= width;
    return found;
}

VECTORISED size_t spillway_count_in_range_i32(
    const int32_t *values, size_t count, int64_t first, uint64_t width) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += (uint64_t)values[i] - (uint64_t)first <= width;
    return found;
}

size_t spillway_find_marked_i64(
    const int64_t *values, size_t count, uint64_t factor, const uint64_t *bits, uint32_t *positions) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = (uint64_t)values[i] * factor >> 48;
        if (bits[hash / 64] >> hash % 64 & 1) positions[found++] = (uint32_t)i;
    }
    return found;
}

VECTORISED size_t spillway_find_range_i64(
    const int64_t *least, const int64_t *greatest, size_t start, size_t count, int64_t value) {
    enum { STRIDE = 16 };
    for (; count - start >= STRIDE; start += STRIDE) {
        const int64_t *low = least + start, *high = greatest + start;
        uint64_t hits = 0;
        for (unsigned i = 0; i < STRIDE; i++) hits |= (uint64_t)((low[i] <= value) & (value <= high[i]));
        if (hits) break;
    }
    while (start < count && !(least[start] <= value && value <= greatest[start])) start++;
    return start;
}

size_t spillway_find_run_u16(
    const uint16_t *codes, size_t start, size_t count, size_t min_length, size_t *length) {
    for (size_t at = start; at + min_length <= count; at += 8) {
        uint64_t low, high;
        memcpy(&low, codes + at, 8);
        memcpy(&high, codes + at + 4, 8);
        if (low != high || low != (low << 16 | low >> 48)) continue;
        size_t end = at + 8;
        for (uint64_t next; end + 4 <= count; end += 4) {
            memcpy(&next, codes + end, 8);
            if (next != low) break;
        }
        while (end < count && codes[end] == codes[at]) end++;
        if (end - at >= min_length) {
            *length = end - at;
            return at;
        }
    }
    *length = 0;
    return count;
}

VECTORISED void spillway_permute_u64(
    const uint64_t *restrict values, size_t count, const uint64_t *restrict key, uint64_t *restrict images) {
    const uint64_t low = 0xffffffff;
    for (size_t i = 0; i < count; i++) {
        uint64_t left = values[i] >> 32, right = values[i] & low;
        left ^= (key[0] * right + key[1]) >> 32;
        right ^= (key[2] * left + key[3]) >> 32;
        left ^= (key[4] * right + key[5]) >> 32;
        right ^= (key[6] * left + key[7]) >> 32;
        images[i] = left << 32 | right;
    }
}
