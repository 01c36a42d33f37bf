#include "spillway_kernels.h"
#include "targets.h"
#include <string.h>

// Of SPILLWAY_CHUNK_BYTES, at a multiple of them. All but the last one of a chain are full.
typedef struct chunk {
    const struct chunk *previous;
    uint64_t values[SPILLWAY_CHUNK_BYTES / sizeof(uint64_t) - 1];
} chunk;

ALWAYS_INLINE const chunk *last_chunk(spillway_chain chain) {
    return (const chunk *)((chain - 1) / SPILLWAY_CHUNK_BYTES * SPILLWAY_CHUNK_BYTES);
}

// The chunk that goes before one, asked for ahead of being read: what follows it in memory is some other chain's.
ALWAYS_INLINE const chunk *previous_chunk(const chunk *last) {
    const char *lines = (const char *)last->previous;
    for (unsigned line = 0; lines && line < 8; line++) __builtin_prefetch(lines + 64 * line);
    return last->previous;
}

void spillway_extend_chain(spillway_chain *chain, void *memory) {
    chunk *added = memory;
    added->previous = *chain ? last_chunk(*chain) : NULL;
    *chain = (spillway_chain)added->values;
}

size_t spillway_scatter_u64(
    const uint64_t *values, size_t count, const spillway_division *division, spillway_chain *chains, size_t *full) {
    const uint64_t factor = division->factor, all_count = division->all_count, first = division->first,
                   part_count = division->part_count;
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = values[i] * factor >> 32;
        const uint64_t part = (hash * all_count >> 32) - first;
        if (part >= part_count) continue;
        const spillway_chain end = chains[part];
        if (__builtin_expect(end % SPILLWAY_CHUNK_BYTES == 0, 0)) {
            *full = part;
            return i;
        }
        *(uint64_t *)end = values[i];
        chains[part] = end + sizeof(uint64_t);
    }
    return count;
}

// A bit of each hash, and fewer for those that a second value has: these fit the first cache.
enum { TWICE_SHIFT = 5, LEAST_MARK_BITS = 6 + TWICE_SHIFT };
typedef struct {
    uint64_t factor, *once, *twice;
    unsigned bits;
} marking;

ALWAYS_INLINE marking no_marks(uint64_t factor, uint64_t *memory, unsigned bits) {
    const size_t words = 1ull << (bits - 6);
    memset(memory, 0, (words + (words >> TWICE_SHIFT)) * sizeof *memory);
    return (marking){.factor = factor, .once = memory, .twice = memory + words, .bits = bits};
}

ALWAYS_INLINE uint64_t twice_place(uint64_t hash, marking m) { return hash >> (64 - m.bits + TWICE_SHIFT); }

ALWAYS_INLINE void mark(const uint64_t *values, size_t count, marking m) {
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch(values + i + 64);
        const uint64_t hash = values[i] * m.factor, place = hash >> (64 - m.bits), bit = 1ull << place % 64;
        const uint64_t word = m.once[place / 64];
        if (__builtin_expect((word & bit) != 0, 0)) {
            const uint64_t again = twice_place(hash, m);
            m.twice[again / 64] |= 1ull << again % 64;
        }
        m.once[place / 64] = word | bit;
    }
}

// `found` may be `values`.
ALWAYS_INLINE size_t find(const uint64_t *values, size_t count, marking m, uint64_t *found) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t value = values[i], place = twice_place(value * m.factor, m);
        found[length] = value;
        length += m.twice[place / 64] >> place % 64 & 1;
    }
    return length;
}

size_t spillway_find_marked_twice_u64(
    const spillway_chain *chains, size_t chain_count, uint64_t factor, uint64_t *marks, unsigned mark_bits,
    uint64_t *found) {
    marking m = no_marks(factor, marks, mark_bits);
    size_t length = 0;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < chain_count; i++) {
            spillway_chain end = chains[i];
            for (const chunk *c = end ? last_chunk(end) : NULL, *previous; c; c = previous) {
                previous = previous_chunk(c);
                const size_t count = (end - (spillway_chain)c->values) / sizeof *c->values;
                if (pass == 0) mark(c->values, count, m);
                else length += find(c->values, count, m, found + length);
                end = (spillway_chain)previous + SPILLWAY_CHUNK_BYTES;
            }
        }
    }
    // Few, of which most share a mark by chance: by another hash they do not.
    unsigned bits = LEAST_MARK_BITS;
    while (bits < mark_bits && 1ull << bits < 32 * length) bits++;
    m = no_marks(factor * factor, marks, bits);
    mark(found, length, m);
    return find(found, length, m, found);
}
