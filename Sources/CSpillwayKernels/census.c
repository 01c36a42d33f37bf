#include "spillway_kernels.h"
#include <string.h>

void spillway_scatter_u64(
    const uint64_t *values, size_t count, const spillway_division *division, uint32_t *numbers, uint64_t *ends,
    uint64_t *scattered) {
    const uint64_t part_count = division->part_count;
    memset(ends, 0, (part_count + 1) * sizeof *ends);
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = values[i] * division->factor >> 32;
        const uint64_t part = (hash * division->all_count >> 32) - division->first;
        numbers[i] = (uint32_t)(part < part_count ? part : part_count);
        ends[numbers[i]]++;
    }
    uint64_t start = 0;
    for (size_t part = 0; part <= part_count; part++) {
        const uint64_t length = ends[part];
        ends[part] = start;
        start += length;
    }
    for (size_t i = 0; i < count; i++) scattered[ends[numbers[i]]++] = values[i];
}

size_t spillway_find_marked_twice_u64(
    const uint64_t *values, size_t count, uint64_t factor, uint64_t *marks, unsigned mark_bits, uint64_t *found) {
    const unsigned shift = 64 - mark_bits;
    uint64_t *once = marks, *twice = marks + (1ull << mark_bits) / 64;
    memset(marks, 0, (1ull << mark_bits) / 8 * 2);
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = values[i] * factor >> shift, bit = 1ull << hash % 64;
        if (__builtin_expect((once[hash / 64] & bit) != 0, 0)) twice[hash / 64] |= bit;
        once[hash / 64] |= bit;
    }
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = values[i] * factor >> shift;
        found[length] = values[i];
        length += twice[hash / 64] >> hash % 64 & 1;
    }
    return length;
}
