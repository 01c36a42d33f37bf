#include "spillway_kernels.h"
#include "targets.h"
#include <string.h>

// Each width gets its own code, in which every shift and address is a constant.
#define FOR_1_TO_16(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16)
#define FOR_17_TO_32(X) \
    X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32)
#define FOR_33_TO_64(X) \
    X(33) X(34) X(35) X(36) X(37) X(38) X(39) X(40) X(41) X(42) X(43) X(44) X(45) X(46) X(47) X(48) \
    X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) X(57) X(58) X(59) X(60) X(61) X(62) X(63) X(64)

// Adds a value to the word being filled; a full word is written and what did not fit begins the next.
ALWAYS_INLINE void put(uint64_t value, unsigned width, uint64_t *word, unsigned *filled, uint8_t **out) {
    *word |= value << *filled;
    *filled += width;
    if (*filled < 64) return;
    memcpy(*out, word, 8);
    *out += 8;
    *filled -= 64;
    *word = *filled ? value >> (width - *filled) : 0;
}

#define DEFINE_PACK(NAME, TYPE)                                                             \
    ALWAYS_INLINE void NAME(const TYPE *values, unsigned width, uint8_t *out) {             \
        uint64_t word = 0;                                                                  \
        unsigned filled = 0;                                                                \
        _Pragma("clang loop unroll(full)") for (unsigned i = 0; i < 32; i++)                \
            put(values[i], width, &word, &filled, &out);                                    \
        if (filled) memcpy(out, &word, 4);                                                  \
    }

// Value `i` lies in the eight bytes from its first one, or in the last eight of all; from 58 bits on it may
// reach into a ninth. So nothing beyond the 4 · width bytes is read.
ALWAYS_INLINE uint64_t get(const uint8_t *in, unsigned width, unsigned i) {
    unsigned bit = i * width, end = 4 * width;
    unsigned from = bit / 8 + 8 <= end ? bit / 8 : end - 8;
    unsigned shift = bit - 8 * from;
    uint64_t word;
    memcpy(&word, in + from, 8);
    uint64_t value = word >> shift;
    if (shift + width > 64) value |= (uint64_t)in[from + 8] << (64 - shift);
    return width == 64 ? value : value & ((1ull << width) - 1);
}

#define DEFINE_UNPACK(NAME, TYPE)                                                           \
    ALWAYS_INLINE void NAME(const uint8_t *in, unsigned width, TYPE *values) {              \
        if (width == 1) {                                                                   \
            uint32_t word;                                                                  \
            memcpy(&word, in, 4);                                                           \
            for (unsigned i = 0; i < 32; i++) values[i] = word >> i & 1;                    \
            return;                                                                         \
        }                                                                                   \
        _Pragma("clang loop unroll(full)") for (unsigned i = 0; i < 32; i++)                \
            values[i] = (TYPE)get(in, width, i);                                            \
    }

DEFINE_PACK(pack_u64, uint64_t)
DEFINE_PACK(pack_u16, uint16_t)
DEFINE_UNPACK(unpack_u64, uint64_t)
DEFINE_UNPACK(unpack_u32, uint32_t)

void spillway_pack32_u64(const uint64_t *values, unsigned width, uint8_t *packed) {
    switch (width) {
#define X(W) case W: pack_u64(values, W, packed); break;
        FOR_1_TO_16(X) FOR_17_TO_32(X) FOR_33_TO_64(X)
#undef X
    }
}

void spillway_pack32_u16(const uint16_t *values, unsigned width, uint8_t *packed) {
    switch (width) {
#define X(W) case W: pack_u16(values, W, packed); break;
        FOR_1_TO_16(X)
#undef X
    }
}

void spillway_unpack32_u64(const uint8_t *packed, unsigned width, uint64_t *values) {
    switch (width) {
    case 0: memset(values, 0, 32 * sizeof *values); break;
#define X(W) case W: unpack_u64(packed, W, values); break;
        FOR_1_TO_16(X) FOR_17_TO_32(X) FOR_33_TO_64(X)
#undef X
    }
}

void spillway_unpack32_u32(const uint8_t *packed, unsigned width, uint32_t *values) {
    switch (width) {
    case 0: memset(values, 0, 32 * sizeof *values); break;
#define X(W) case W: unpack_u32(packed, W, values); break;
        FOR_1_TO_16(X) FOR_17_TO_32(X)
#undef X
    }
}
