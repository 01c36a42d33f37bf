// A set of 64-bit keys in open addressing over buckets of one cache line, ten slots of 48 bits each: see IdentityIndex,
// which grows it and checks that there is room.
#ifndef SPILLWAY_INDEX_H
#define SPILLWAY_INDEX_H
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Bucket b is the home of the keys from b · width on. What a slot of bucket b holds of a key is
// (b + 1) · width − key: never 0, which marks an empty slot, and more than `width` where the key's home was full.
// Slots fill from the first one on, without holes.
typedef struct {
    // At most 2^47.
    uint64_t width;
    // ⌊2^64 / width⌋
    uint64_t reciprocal;
} spillway_index_geometry;

typedef struct {
    void *buckets;
    // The bits of a key that its place follows from.
    uint64_t key_mask;
    // Keys from here on lie as `above` says, those before as `below` does.
    uint64_t frontier;
    spillway_index_geometry above, below;
} spillway_index_table;

enum {
    spillway_index_slots = 10,
    // Buckets that a key may lie in: its home and those behind it.
    spillway_index_reach = 16,
};

typedef enum { spillway_index_found, spillway_index_absent, spillway_index_out_of_reach } spillway_index_outcome;

// Positions of keys, by what became of each. A list has room for all of them.
typedef struct {
    // New, and entered.
    uint32_t *fresh;
    size_t fresh_count;
    // There already.
    uint32_t *known;
    size_t known_count;
    // Neither found nor entered, as all buckets within reach are full.
    uint32_t *stray;
    size_t stray_count;
} spillway_index_positions;

// Enters `count` keys, in their order as far as equal ones go, and appends the position of each to one of the lists.
void spillway_index_insert(
    const spillway_index_table *table, const uint64_t *keys, size_t count, spillway_index_positions *positions);

// Enters one key; the outcome is that of looking for it before.
spillway_index_outcome spillway_index_enter(const spillway_index_table *table, uint64_t key);

// Looks for one key. If it is found, `bucket` and `slot` say where.
spillway_index_outcome spillway_index_find(
    const spillway_index_table *table, uint64_t key, uint64_t *bucket, unsigned *slot);

// The keys, as many as returned, of a bucket in a geometry.
unsigned spillway_index_read(
    const void *buckets, uint64_t bucket, spillway_index_geometry geometry, uint64_t keys[_Nonnull 10]);

_Bool spillway_index_is_full(const void *buckets, uint64_t bucket);

// Empties one slot; the bucket's last key takes its place.
void spillway_index_clear(void *buckets, uint64_t bucket, unsigned slot);

// Moves what buckets from ..< to hold, keys of the geometry `below`, to where `above` has them, whose buckets are half
// as wide: bucket b is shared out to 2 b and 2 b + 1, from the last one down. Returns `from`, or the bucket after which it
// stopped, as `stray_count` of its keys, ten at most, found no room and are in `strays`.
uint64_t spillway_index_split(
    const spillway_index_table *table, uint64_t from, uint64_t to, uint64_t strays[_Nonnull 10],
    unsigned *stray_count);

#pragma clang assume_nonnull end
#endif
