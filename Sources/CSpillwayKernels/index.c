#include "spillway_index.h"
#include "targets.h"
#include <string.h>

enum { SLOTS = spillway_index_slots, REACH = spillway_index_reach };
static const uint64_t slot_end = 1ull << 48;

typedef union {
    struct {
        uint32_t low[SLOTS];
        uint16_t high[SLOTS];
    };
    uint32_t words[16] __attribute__((aligned(64)));
} bucket;

typedef uint32_t words __attribute__((vector_size(64)));
typedef uint16_t halves __attribute__((vector_size(64)));
typedef _Bool word_flags __attribute__((ext_vector_type(16)));
typedef _Bool half_flags __attribute__((ext_vector_type(32)));

// A bit for each slot that holds `value`.
ALWAYS_INLINE uint32_t holders(const bucket *b, uint64_t value) {
    words low;
    halves high;
    memcpy(&low, b, 64);
    memcpy(&high, b, 64);
    word_flags low_flags = __builtin_convertvector(low == (uint32_t)value, word_flags);
    half_flags high_flags = __builtin_convertvector(high == (uint16_t)(value >> 32), half_flags);
    uint16_t low_bits;
    uint32_t high_bits;
    memcpy(&low_bits, &low_flags, sizeof low_bits);
    memcpy(&high_bits, &high_flags, sizeof high_bits);
    // The high halves are the half words 20 … 29 of the line.
    return low_bits & high_bits >> 20 & ((1u << SLOTS) - 1);
}

ALWAYS_INLINE uint64_t value_at(const bucket *b, unsigned slot) {
    return (uint64_t)b->high[slot] << 32 | b->low[slot];
}

ALWAYS_INLINE void put(bucket *b, unsigned slot, uint64_t value) {
    b->low[slot] = (uint32_t)value;
    b->high[slot] = (uint16_t)(value >> 32);
}

// Where a key belongs: its home, and what a slot there would hold.
typedef struct {
    uint64_t home, value;
} place;

ALWAYS_INLINE place place_in(spillway_index_geometry geometry, uint64_t key) {
    uint64_t home = (uint64_t)((unsigned __int128)key * geometry.reciprocal >> 64);
    uint64_t value = (home + 1) * geometry.width - key;
    // The reciprocal is rounded down, so the home may be one too low: then the key lies at or behind its end.
    uint64_t behind = (int64_t)value <= 0;
    return (place){home + behind, value + (geometry.width & -behind)};
}

ALWAYS_INLINE spillway_index_geometry geometry_of(const spillway_index_table *table, uint64_t key) {
    int is_above = key >= table->frontier;
    return (spillway_index_geometry){
        is_above ? table->above.width : table->below.width,
        is_above ? table->above.reciprocal : table->below.reciprocal};
}

// Enters the key of a place unless a bucket has it, looking from `step` buckets behind its home on.
ALWAYS_INLINE spillway_index_outcome enter(bucket *buckets, place at, uint64_t width, unsigned step) {
    at.value += step * width;
    for (; step < REACH && at.value < slot_end; step++, at.value += width) {
        bucket *b = buckets + at.home + step;
        if (holders(b, at.value)) return spillway_index_found;
        uint32_t empty = holders(b, 0);
        if (empty) {
            put(b, (unsigned)__builtin_ctz(empty), at.value);
            return spillway_index_absent;
        }
    }
    return spillway_index_out_of_reach;
}

// Keys whose buckets are asked for together, so that the waits for memory overlap.
enum { GROUP = 32 };

typedef struct {
    place places[GROUP];
    uint64_t widths[GROUP];
} group;

ALWAYS_INLINE void prepare(const spillway_index_table *table, const uint64_t *keys, size_t count, group *next) {
    for (size_t i = 0; i < count; i++) {
        uint64_t key = keys[i] & table->key_mask;
        spillway_index_geometry geometry = geometry_of(table, key);
        next->places[i] = place_in(geometry, key);
        next->widths[i] = geometry.width;
        __builtin_prefetch((bucket *)table->buckets + next->places[i].home, 1, 3);
    }
}

// Keys that are not at home and whose home is full wait until the others are done, and the next bucket has come. Equal
// keys stay in their order: the first one's wait does not make room at home.
ALWAYS_INLINE void insert_group(
    bucket *buckets, const group *keys, size_t count, uint32_t first, spillway_index_positions *positions) {
    uint32_t waiting[GROUP];
    size_t waiting_count = 0, fresh_count = 0, known_count = 0;
    uint32_t *restrict fresh = positions->fresh + positions->fresh_count;
    uint32_t *restrict known = positions->known + positions->known_count;
    for (size_t i = 0; i < count; i++) {
        place at = keys->places[i];
        bucket *home = buckets + at.home;
        uint32_t holder = holders(home, at.value), empty = holders(home, 0);
        if (__builtin_expect(!(holder | empty), 0)) {
            __builtin_prefetch(home + 1, 1, 3);
            waiting[waiting_count++] = (uint32_t)i;
            continue;
        }
        // A key that is there is written over with itself: no branch that the processor would have to guess.
        put(home, (unsigned)__builtin_ctz(holder ? holder : empty), at.value);
        fresh[fresh_count] = known[known_count] = first + (uint32_t)i;
        fresh_count += !holder;
        known_count += holder != 0;
    }
    positions->fresh_count += fresh_count;
    positions->known_count += known_count;
    for (size_t w = 0; w < waiting_count; w++) {
        uint32_t i = waiting[w];
        switch (enter(buckets, keys->places[i], keys->widths[i], 1)) {
        case spillway_index_absent: positions->fresh[positions->fresh_count++] = first + i; break;
        case spillway_index_found: positions->known[positions->known_count++] = first + i; break;
        case spillway_index_out_of_reach: positions->stray[positions->stray_count++] = first + i; break;
        }
    }
}

VECTORISED void spillway_index_insert(
    const spillway_index_table *table, const uint64_t *keys, size_t count, spillway_index_positions *positions) {
    group groups[2];
    size_t size = count < GROUP ? count : GROUP;
    prepare(table, keys, size, &groups[0]);
    unsigned turn = 0;
    for (size_t next = 0; next < count; turn ^= 1) {
        size_t left = count - next - size, ahead = left < GROUP ? left : GROUP;
        prepare(table, keys + next + size, ahead, &groups[turn ^ 1]);
        insert_group(table->buckets, &groups[turn], size, (uint32_t)next, positions);
        next += size;
        size = ahead;
    }
}

spillway_index_outcome spillway_index_enter(const spillway_index_table *table, uint64_t key) {
    key &= table->key_mask;
    spillway_index_geometry geometry = geometry_of(table, key);
    return enter(table->buckets, place_in(geometry, key), geometry.width, 0);
}

spillway_index_outcome spillway_index_find(
    const spillway_index_table *table, uint64_t key, uint64_t *found, unsigned *slot) {
    key &= table->key_mask;
    spillway_index_geometry geometry = geometry_of(table, key);
    place at = place_in(geometry, key);
    for (unsigned step = 0; step < REACH && at.value < slot_end; step++, at.value += geometry.width) {
        const bucket *b = (const bucket *)table->buckets + at.home + step;
        uint32_t holder = holders(b, at.value);
        if (holder) {
            *found = at.home + step;
            *slot = (unsigned)__builtin_ctz(holder);
            return spillway_index_found;
        }
        if (holders(b, 0)) return spillway_index_absent;
    }
    return spillway_index_out_of_reach;
}

unsigned spillway_index_read(
    const void *buckets, uint64_t number, spillway_index_geometry geometry, uint64_t keys[10]) {
    const bucket *b = (const bucket *)buckets + number;
    unsigned count = 0;
    while (count < SLOTS && value_at(b, count) != 0) {
        keys[count] = (number + 1) * geometry.width - value_at(b, count);
        count++;
    }
    return count;
}

_Bool spillway_index_is_full(const void *buckets, uint64_t number) {
    return value_at((const bucket *)buckets + number, SLOTS - 1) != 0;
}

void spillway_index_clear(void *buckets, uint64_t number, unsigned slot) {
    bucket *b = (bucket *)buckets + number;
    unsigned last = slot;
    while (last + 1 < SLOTS && value_at(b, last + 1) != 0) last++;
    put(b, slot, value_at(b, last));
    put(b, last, 0);
}

ALWAYS_INLINE unsigned used_slots(const bucket *b) {
    uint32_t empty = holders(b, 0);
    return empty ? (unsigned)__builtin_ctz(empty) : SLOTS;
}

VECTORISED uint64_t spillway_index_split(
    const spillway_index_table *table, uint64_t from, uint64_t to, uint64_t strays[10], unsigned *stray_count) {
    bucket *buckets = table->buckets;
    const spillway_index_geometry above = table->above;
    const uint64_t width = table->below.width, half = above.width;
    *stray_count = 0;
    for (uint64_t number = to; number-- > from;) {
        const bucket moving = buckets[number];
        memset(buckets + number, 0, sizeof moving);
        bucket *halves[2] = {buckets + 2 * number, buckets + 2 * number + 1};
        // Of the halves; looked up once a key goes there, as behind the last home there are none.
        unsigned used[2], is_known = 0;
        for (unsigned slot = 0; slot < SLOTS; slot++) {
            uint64_t value = value_at(&moving, slot);
            if (value == 0) break;
            if (__builtin_expect(value <= width, 1)) {
                if (!is_known) {
                    used[0] = used_slots(halves[0]);
                    used[1] = used_slots(halves[1]);
                    is_known = 1;
                }
                unsigned is_upper = value <= half;
                if (__builtin_expect(used[is_upper] < SLOTS, 1)) {
                    put(halves[is_upper], used[is_upper]++, value - (is_upper ? 0 : half));
                    continue;
                }
            }
            // Displaced from another home, or about to be from this one.
            uint64_t key = (number + 1) * width - value;
            if (enter(buckets, place_in(above, key), half, 0) == spillway_index_out_of_reach)
                strays[(*stray_count)++] = key;
            is_known = 0;
        }
        if (*stray_count) return number;
    }
    return from;
}
