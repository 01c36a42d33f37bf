#include "spillway_kernels.h"
#include "targets.h"
#include <string.h>

// Split-block Bloom filters of INT64 (BloomFilter.md): a value sets a bit in each of a block's eight words.
enum { WORDS = 8, BYTES = WORDS * sizeof(uint32_t) };
static const uint32_t salts[WORDS] = {
    0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
};

ALWAYS_INLINE uint64_t rotated(uint64_t value, unsigned count) { return value << count | value >> (64 - count); }

// XXH64 with seed 0 of the 8 little-endian bytes of `value`
// (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md, "XXH64 algorithm description"): an input too short
// for stripes is one lane and the avalanche.
ALWAYS_INLINE uint64_t xxh64(uint64_t value) {
    const uint64_t prime1 = 0x9e3779b185ebca87, prime2 = 0xc2b2ae3d27d4eb4f, prime3 = 0x165667b19e3779f9,
                   prime4 = 0x85ebca77c2b2ae63, prime5 = 0x27d4eb2f165667c5;
    uint64_t hash = rotated((prime5 + 8) ^ rotated(value * prime2, 31) * prime1, 27) * prime1 + prime4;
    hash = (hash ^ hash >> 33) * prime2;
    hash = (hash ^ hash >> 29) * prime3;
    return hash ^ hash >> 32;
}

// The hash's high half, scaled to the number of blocks, chooses one; its low half, and the word's salt, the bit in each.
ALWAYS_INLINE size_t block_of(uint64_t hash, size_t block_count) { return (hash >> 32) * block_count >> 32; }
ALWAYS_INLINE uint32_t bit_of(uint64_t hash, unsigned word) { return 1u << ((uint32_t)hash * salts[word] >> 27); }

VECTORISED void spillway_bloom_insert(uint32_t *blocks, size_t block_count, const int64_t *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = xxh64((uint64_t)values[i]);
        uint32_t *block = blocks + WORDS * block_of(hash, block_count);
        for (unsigned word = 0; word < WORDS; word++) block[word] |= bit_of(hash, word);
    }
}

// Blocks are asked for ahead, and there is no branch, so that the waits for them overlap.
VECTORISED size_t spillway_bloom_find(
    const void *blocks, size_t block_count, const int64_t *values, size_t count, uint32_t *positions) {
    enum { AHEAD = 16 };
    uint64_t hashes[AHEAD];
    size_t found = 0;
    for (size_t start = 0; start < count; start += AHEAD) {
        const size_t length = count - start < AHEAD ? count - start : AHEAD;
        for (size_t i = 0; i < length; i++) {
            hashes[i] = xxh64((uint64_t)values[start + i]);
            __builtin_prefetch((const char *)blocks + BYTES * block_of(hashes[i], block_count));
        }
        for (size_t i = 0; i < length; i++) {
            uint32_t block[WORDS], missing = 0;
            memcpy(block, (const char *)blocks + BYTES * block_of(hashes[i], block_count), BYTES);
            for (unsigned word = 0; word < WORDS; word++) missing |= bit_of(hashes[i], word) & ~block[word];
            positions[found] = (uint32_t)(start + i);
            found += missing == 0;
        }
    }
    return found;
}

uint64_t spillway_xxh64_u64(uint64_t value) { return xxh64(value); }
