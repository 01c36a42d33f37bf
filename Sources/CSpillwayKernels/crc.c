#include "spillway_kernels.h"
#include <string.h>

// Both CRCs are reflected, start from and end with all bits inverted, and differ in their polynomial only.
typedef struct {
    uint32_t polynomial;
    // Carry-less multipliers that move a 128-bit remainder over 64 and over 16 bytes: the reflected
    // x^(distance + 32) and x^(distance − 32) mod the polynomial, distance in bits, shifted left by one.
    uint64_t fold64[2], fold16[2];
    // Slicing by eight: tables[k][b] is the CRC of byte b followed by k zero bytes.
    uint32_t tables[8][256];
} crc_parameters;

static crc_parameters crc32_parameters = {
    .polynomial = 0xedb88320,
    .fold64 = {0x154442bd4, 0x1c6e41596},
    .fold16 = {0x1751997d0, 0x0ccaa009e},
};
static crc_parameters crc32c_parameters = {
    .polynomial = 0x82f63b78,
    .fold64 = {0x0740eef02, 0x09e4addf8},
    .fold16 = {0x0f20c0dfe, 0x14cd00bd6},
};

static void fill_tables(crc_parameters *crc) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? crc->polynomial : 0);
        crc->tables[0][byte] = value;
    }
    for (int k = 1; k < 8; k++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t value = crc->tables[k - 1][byte];
            crc->tables[k][byte] = value >> 8 ^ crc->tables[0][value & 255];
        }
}

// When the program is loaded, before any thread can ask for a CRC.
__attribute__((constructor)) static void fill_all_tables(void) {
    fill_tables(&crc32_parameters);
    fill_tables(&crc32c_parameters);
}

// `state` is the inverted CRC.
static uint32_t by_tables(const crc_parameters *crc, const uint8_t *bytes, size_t count, uint32_t state) {
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        word ^= state;
        state = 0;
        for (int k = 0; k < 8; k++) state ^= crc->tables[7 - k][word >> 8 * k & 255];
    }
    for (; count > 0; bytes++, count--) state = state >> 8 ^ crc->tables[0][(state ^ *bytes) & 255];
    return state;
}

#if defined(__x86_64__)
#include <immintrin.h>
#define FOLDING __attribute__((target("pclmul,sse4.1")))

FOLDING static inline __m128i load(const uint8_t *bytes) { return _mm_loadu_si128((const __m128i *)bytes); }

FOLDING static inline __m128i fold(__m128i remainder, __m128i multipliers, __m128i next) {
    __m128i low = _mm_clmulepi64_si128(remainder, multipliers, 0x00);
    __m128i high = _mm_clmulepi64_si128(remainder, multipliers, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// Gopal et al., "Fast CRC computation for generic polynomials using PCLMULQDQ" (Intel, 2009): four streams
// of 16 bytes, folded into one, whose 16 bytes and the tail then go through the tables.
FOLDING static uint32_t by_folding(
    const crc_parameters *crc, const uint8_t *bytes, size_t count, uint32_t state) {
    const __m128i fold64 = load((const uint8_t *)crc->fold64), fold16 = load((const uint8_t *)crc->fold16);
    __m128i a = _mm_xor_si128(load(bytes), _mm_cvtsi32_si128((int)state));
    __m128i b = load(bytes + 16), c = load(bytes + 32), d = load(bytes + 48);
    for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64) {
        a = fold(a, fold64, load(bytes));
        b = fold(b, fold64, load(bytes + 16));
        c = fold(c, fold64, load(bytes + 32));
        d = fold(d, fold64, load(bytes + 48));
    }
    a = fold(fold(fold(a, fold16, b), fold16, c), fold16, d);
    for (; count >= 16; bytes += 16, count -= 16) a = fold(a, fold16, load(bytes));
    uint8_t remainder[16];
    _mm_storeu_si128((__m128i *)remainder, a);
    return by_tables(crc, bytes, count, by_tables(crc, remainder, sizeof remainder, 0));
}

static uint32_t update(const crc_parameters *crc, const uint8_t *bytes, size_t count, uint32_t state) {
    if (count >= 64 && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"))
        return by_folding(crc, bytes, count, state);
    return by_tables(crc, bytes, count, state);
}
#else
#define update by_tables
#endif

uint32_t spillway_crc32(const void *bytes, size_t count, uint32_t seed) {
    return ~update(&crc32_parameters, bytes, count, ~seed);
}

uint32_t spillway_crc32c(const void *bytes, size_t count, uint32_t seed) {
    return ~update(&crc32c_parameters, bytes, count, ~seed);
}

uint32_t spillway_crc32_portable(const void *bytes, size_t count, uint32_t seed) {
    return ~by_tables(&crc32_parameters, bytes, count, ~seed);
}

uint32_t spillway_crc32c_portable(const void *bytes, size_t count, uint32_t seed) {
    return ~by_tables(&crc32c_parameters, bytes, count, ~seed);
}
