#include "spillway_kernels.h"
#include <stdbool.h>
#include <string.h>

// LEB128 of at most 64 bits, moving `*at`; false if it ends early, or is longer.
static bool read_varint(const uint8_t **at, const uint8_t *end, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (*at == end) return false;
        uint8_t byte = *(*at)++;
        if (shift == 63 && byte > 1) return false;
        *value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return true;
    }
    return false;
}

_Bool spillway_decode_cells(
    const uint8_t *bytes, size_t byte_count, size_t *used, size_t count, unsigned gap_bits, int32_t base,
    int32_t *minutes, uint32_t *counts, uint64_t *sum) {
    const uint8_t *at = bytes, *end = bytes + byte_count;
    const uint64_t most = (1u << gap_bits) - 1;
    int64_t next = base;
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t cell;
        uint16_t word = 0xffff;
        if (end - at >= 2) memcpy(&word, at, 2);
        // Which of one byte and two it is cannot be foretold: no branch.
        if (__builtin_expect((word & 0x8080) != 0x8080, 1)) {
            unsigned is_two = word >> 7 & 1;
            cell = (word & 127) | (is_two * (word >> 8)) << 7;
            at += 1 + is_two;
        } else if (!read_varint(&at, end, &cell)) {
            return false;
        }
        uint64_t gap = cell & most;
        if (__builtin_expect(gap_bits > 0 && gap == most, 0)) {
            uint64_t rest;
            if (!read_varint(&at, end, &rest) || rest > UINT32_MAX) return false;
            gap += rest;
        }
        cell >>= gap_bits;
        next += (int64_t)gap;
        if (__builtin_expect(cell >= UINT32_MAX || next > INT32_MAX, 0)) return false;
        minutes[i] = (int32_t)next++;
        counts[i] = (uint32_t)cell + 1;
        total += cell + 1;
    }
    *used = (size_t)(at - bytes);
    *sum = total;
    return true;
}
