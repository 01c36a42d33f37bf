#include "spillway_kernels.h"
#include "targets.h"
#include <stdbool.h>
#include <string.h>

// DELTA_BINARY_PACKED (Encodings.md, "Delta Encoding"), blocks of 4 miniblocks of 32 deltas.
enum { MINIBLOCKS = 4, MINIBLOCK = 32, BLOCK = MINIBLOCKS * MINIBLOCK };

// Where a block's parts are.
typedef struct {
    uint64_t least;
    const uint8_t *widths, *packed, *end;
} block;

// Finds the parts of the block at `bytes`; false unless it ends before `end`, and no delta is wider than `widest`.
ALWAYS_INLINE bool find_block(const uint8_t *bytes, const uint8_t *end, unsigned widest, block *found) {
    uint64_t zigzag = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        // Nine bytes of a varint are 63 bits; who writes longer ones is not in a hurry.
        if (bytes == end || shift == 63) return false;
        byte = *bytes++;
        zigzag |= (uint64_t)(byte & 127) << shift;
        shift += 7;
    } while (byte > 127);
    if (end - bytes < MINIBLOCKS) return false;
    ptrdiff_t bits = 0;
    for (unsigned m = 0; m < MINIBLOCKS; m++) {
        if (bytes[m] > widest) return false;
        bits += bytes[m];
    }
    if (end - bytes - MINIBLOCKS < bits * (MINIBLOCK / 8)) return false;
    *found = (block){
        .least = zigzag >> 1 ^ -(zigzag & 1),
        .widths = bytes,
        .packed = bytes + MINIBLOCKS,
        .end = bytes + MINIBLOCKS + bits * (MINIBLOCK / 8),
    };
    return true;
}

#define DEFINE_SUM_UP(NAME, TYPE, UNPACK)                                                   \
    static void NAME(const uint8_t *packed, unsigned width, uint64_t least, uint64_t *last, TYPE *values) { \
        uint64_t deltas[MINIBLOCK], value = *last;                                          \
        UNPACK(packed, width, deltas);                                                      \
        for (unsigned i = 0; i < MINIBLOCK; i++) {                                          \
            value += least + deltas[i];                                                     \
            values[i] = (TYPE)value;                                                        \
        }                                                                                   \
        *last = value;                                                                      \
    }

DEFINE_SUM_UP(sum_up_i64, int64_t, spillway_unpack32_u64)
DEFINE_SUM_UP(sum_up_i32, int32_t, spillway_unpack32_u64)

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))

// How values of one width move from packed bytes to lanes: the bytes of each from two loads of 16, then right by what
// is left of its bits. Eight values of w bits are w bytes, so that of 32-bit lanes every vector has the same pattern,
// and of 64-bit lanes every other.
typedef struct {
    uint8_t bytes[32];
    union {
        uint32_t shifts32[8];
        uint64_t shifts64[4];
    };
    // Of the second load.
    uint32_t offset;
} pattern;

// A value's bits begin up to 7 bits into its lane's bytes.
enum { WIDEST32 = 32 - 7, WIDEST64 = 64 - 7, OVERREAD = 16 };
static pattern patterns32[WIDEST32 + 1] __attribute__((aligned(32)));
static pattern patterns64[WIDEST64 + 1][2] __attribute__((aligned(32)));

// Of lanes of `lane_bytes`, whose first value begins at `bit` of the first load.
static void fill_pattern(pattern *p, unsigned width, unsigned lane_bytes, unsigned bit) {
    unsigned half = 16 / lane_bytes;
    p->offset = (bit + half * width) / 8;
    for (unsigned lane = 0; lane < 2 * half; lane++) {
        unsigned at = bit + lane * width;
        unsigned first = at / 8 - (lane < half ? 0 : p->offset);
        for (unsigned i = 0; i < lane_bytes; i++) p->bytes[lane * lane_bytes + i] = (uint8_t)(first + i);
        if (lane_bytes == 4) p->shifts32[lane] = at % 8;
        else p->shifts64[lane] = at % 8;
    }
}

// When the program is loaded, before any thread can decode.
__attribute__((constructor)) static void fill_patterns(void) {
    for (unsigned width = 0; width <= WIDEST32; width++) fill_pattern(&patterns32[width], width, 4, 0);
    for (unsigned width = 0; width <= WIDEST64; width++)
        for (unsigned odd = 0; odd < 2; odd++) fill_pattern(&patterns64[width][odd], width, 8, odd * 4 * width % 8);
}

AVX2 ALWAYS_INLINE __m256i lanes(const uint8_t *bytes, const pattern *p) {
    __m256i loaded = _mm256_loadu2_m128i((const __m128i *)(bytes + p->offset), (const __m128i *)bytes);
    return _mm256_shuffle_epi8(loaded, _mm256_loadu_si256((const __m256i *)p->bytes));
}

// Reads up to OVERREAD bytes past the packed ones, as does the other.
AVX2 static void sum_up_avx2_i32(
    const uint8_t *packed, unsigned width, uint64_t least, uint64_t *last, int32_t *values) {
    const pattern *p = &patterns32[width];
    const __m256i shifts = _mm256_loadu_si256((const __m256i *)p->shifts32);
    const __m256i mask = _mm256_set1_epi32((int32_t)((1ull << width) - 1));
    const __m256i step = _mm256_set1_epi32((int32_t)least);
    __m256i carry = _mm256_set1_epi32((int32_t)*last);
    for (unsigned i = 0; i < MINIBLOCK; i += 8, packed += width) {
        __m256i x = _mm256_and_si256(_mm256_srlv_epi32(lanes(packed, p), shifts), mask);
        x = _mm256_add_epi32(x, step);
        x = _mm256_add_epi32(x, _mm256_slli_si256(x, 4));
        x = _mm256_add_epi32(x, _mm256_slli_si256(x, 8));
        // The lower half's sum goes to all of the upper.
        x = _mm256_add_epi32(x, _mm256_shuffle_epi32(_mm256_permute2x128_si256(x, x, 0x08), 0xff));
        _mm256_storeu_si256((__m256i *)(values + i), _mm256_add_epi32(x, carry));
        carry = _mm256_add_epi32(carry, _mm256_permutevar8x32_epi32(x, _mm256_set1_epi32(7)));
    }
    *last = (uint32_t)_mm256_cvtsi256_si32(carry);
}

AVX2 static void sum_up_avx2_i64(
    const uint8_t *packed, unsigned width, uint64_t least, uint64_t *last, int64_t *values) {
    const pattern *p = patterns64[width];
    const __m256i mask = _mm256_set1_epi64x((int64_t)((1ull << width) - 1));
    const __m256i step = _mm256_set1_epi64x((int64_t)least);
    __m256i carry = _mm256_set1_epi64x((int64_t)*last);
    for (unsigned i = 0; i < MINIBLOCK; i += 4) {
        const pattern *q = &p[i / 4 % 2];
        const __m256i shifts = _mm256_loadu_si256((const __m256i *)q->shifts64);
        __m256i x = _mm256_and_si256(_mm256_srlv_epi64(lanes(packed + i * width / 8, q), shifts), mask);
        x = _mm256_add_epi64(x, step);
        x = _mm256_add_epi64(x, _mm256_slli_si256(x, 8));
        x = _mm256_add_epi64(
            x, _mm256_permute4x64_epi64(_mm256_blend_epi32(x, _mm256_setzero_si256(), 0xf3), 0x50));
        _mm256_storeu_si256((__m256i *)(values + i), _mm256_add_epi64(x, carry));
        carry = _mm256_add_epi64(carry, _mm256_permute4x64_epi64(x, 0xff));
    }
    *last = (uint64_t)_mm256_extract_epi64(carry, 0);
}
#endif

#define DEFINE_BLOCKS(NAME, TYPE, TARGET, WIDEST, FAST_WIDEST, FAST, READS_PAST, PORTABLE)  \
    TARGET static size_t NAME(                                                              \
        const uint8_t *bytes, size_t byte_count, size_t *used, TYPE *values, size_t count, uint64_t *last) { \
        const uint8_t *start = bytes, *end = bytes + byte_count;                            \
        size_t done = 0;                                                                    \
        for (block b; count - done >= BLOCK && find_block(bytes, end, WIDEST, &b); bytes = b.end) { \
            const uint8_t *packed = b.packed;                                               \
            const bool has_room = end - b.end >= READS_PAST;                                \
            for (unsigned m = 0; m < MINIBLOCKS; m++, done += MINIBLOCK) {                  \
                unsigned width = b.widths[m];                                               \
                if (has_room && width <= FAST_WIDEST) FAST(packed, width, b.least, last, values + done); \
                else PORTABLE(packed, width, b.least, last, values + done);                 \
                packed += width * (MINIBLOCK / 8);                                          \
            }                                                                               \
        }                                                                                   \
        *used = (size_t)(bytes - start);                                                    \
        return done;                                                                        \
    }

DEFINE_BLOCKS(portable_i64, int64_t, , 64, 64, sum_up_i64, 0, sum_up_i64)
DEFINE_BLOCKS(portable_i32, int32_t, , 64, 64, sum_up_i32, 0, sum_up_i32)
#if defined(__x86_64__)
DEFINE_BLOCKS(avx2_i64, int64_t, AVX2, 64, WIDEST64, sum_up_avx2_i64, OVERREAD, sum_up_i64)
DEFINE_BLOCKS(avx2_i32, int32_t, AVX2, 64, WIDEST32, sum_up_avx2_i32, OVERREAD, sum_up_i32)
#define CHOOSE(TYPE) (__builtin_cpu_supports("avx2") ? avx2_##TYPE : portable_##TYPE)
#else
#define CHOOSE(TYPE) portable_##TYPE
#endif

size_t spillway_delta_blocks_i64(
    const uint8_t *bytes, size_t byte_count, size_t *used, int64_t *values, size_t count, uint64_t *last) {
    return CHOOSE(i64)(bytes, byte_count, used, values, count, last);
}

size_t spillway_delta_blocks_i32(
    const uint8_t *bytes, size_t byte_count, size_t *used, int32_t *values, size_t count, uint64_t *last) {
    return CHOOSE(i32)(bytes, byte_count, used, values, count, last);
}

size_t spillway_delta_blocks_portable_i64(
    const uint8_t *bytes, size_t byte_count, size_t *used, int64_t *values, size_t count, uint64_t *last) {
    return portable_i64(bytes, byte_count, used, values, count, last);
}

size_t spillway_delta_blocks_portable_i32(
    const uint8_t *bytes, size_t byte_count, size_t *used, int32_t *values, size_t count, uint64_t *last) {
    return portable_i32(bytes, byte_count, used, values, count, last);
}
