// Byte and bit kernels that Swift cannot yet express at this speed. Each states the memory it touches; the
// callers in SpillwayParquet check bounds. Little-endian hosts only, as Swift's are.
#ifndef SPILLWAY_KERNELS_H
#define SPILLWAY_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// CRC-32 (ISO-HDLC, zlib) and CRC-32C (Castagnoli) of `count` bytes that follow bytes whose CRC is `seed`.
uint32_t spillway_crc32(const void *bytes, size_t count, uint32_t seed);
uint32_t spillway_crc32c(const void *bytes, size_t count, uint32_t seed);

// The same without special instructions.
uint32_t spillway_crc32_portable(const void *bytes, size_t count, uint32_t seed);
uint32_t spillway_crc32c_portable(const void *bytes, size_t count, uint32_t seed);

// Pack or unpack 32 values of `width` bits, least significant bit first: exactly 4 · width bytes.
// Values to pack fit in `width` bits. Width: at most 64 for u64, 32 for u32, 16 for u16.
void spillway_pack32_u64(const uint64_t *values, unsigned width, uint8_t *packed);
void spillway_pack32_u16(const uint16_t *values, unsigned width, uint8_t *packed);
void spillway_unpack32_u64(const uint8_t *packed, unsigned width, uint64_t *values);
void spillway_unpack32_u32(const uint8_t *packed, unsigned width, uint32_t *values);

// A block of DELTA_BINARY_PACKED, 4 miniblocks of 32 deltas: those of `count` values, 1 to 128, the first one
// against `previous`, wrapping at the type's width. Returns the least; `deltas`, room for 128, gets them as
// differences from it. Byte m of `widths` is the bits of the widest of miniblock m. Past the last value, both
// are 0.
int64_t spillway_delta_block_i64(
    const int64_t *values, int64_t previous, size_t count, uint64_t *deltas, uint32_t *widths);
int64_t spillway_delta_block_i32(
    const int32_t *values, int32_t previous, size_t count, uint64_t *deltas, uint32_t *widths);

// Decodes blocks of DELTA_BINARY_PACKED, 4 miniblocks of 32 deltas, as long as 128 more values fit `count` and the next
// block is whole within `byte_count` bytes; reads nothing beyond these. `*last` is the value that goes before, then the
// last one, of which i32 needs and leaves the low 32 bits only. Returns how many values there are; `*used` gets the
// bytes that they took.
size_t spillway_delta_blocks_i64(
    const uint8_t *bytes, size_t byte_count, size_t *used, int64_t *values, size_t count, uint64_t *last);
size_t spillway_delta_blocks_i32(
    const uint8_t *bytes, size_t byte_count, size_t *used, int32_t *values, size_t count, uint64_t *last);

// The same without special instructions.
size_t spillway_delta_blocks_portable_i64(
    const uint8_t *bytes, size_t byte_count, size_t *used, int64_t *values, size_t count, uint64_t *last);
size_t spillway_delta_blocks_portable_i32(
    const uint8_t *bytes, size_t byte_count, size_t *used, int32_t *values, size_t count, uint64_t *last);

// Least and greatest of `count` values, at least 1.
void spillway_min_max_i64(const int64_t *values, size_t count, int64_t *min, int64_t *max);
void spillway_min_max_i32(const int32_t *values, size_t count, int32_t *min, int32_t *max);
void spillway_min_max_u8(const uint8_t *values, size_t count, uint8_t *min, uint8_t *max);
void spillway_min_max_u16(const uint16_t *values, size_t count, uint16_t *min, uint16_t *max);
uint32_t spillway_max_u32(const uint32_t *values, size_t count);

// Adds 1, for each of `count` values, to the counter of its digit: the `width` bits from bit `shift` on. There are
// 2^width counters.
void spillway_count_digits(
    const int32_t *values, size_t count, unsigned shift, unsigned width, int64_t *counters);

// The same of the values whose bits above the digit are one of four prefixes, which may repeat: each prefix has its
// own 2^width counters, of which the first one's are used where it repeats. `shift` + `width` is below 32.
void spillway_count_prefixed_digits(
    const int32_t *values, size_t count, unsigned shift, unsigned width, const uint32_t *prefixes,
    int64_t *counters);

// Puts down those of `count` values v that are in a range: v − first ≤ width, as the difference wraps at 32 bits; returns
// how many there are. Adds to `*below` how many are less than `first`. `picked` has room for `count`.
size_t spillway_pick_in_range_i32(
    const int32_t *values, size_t count, int32_t first, uint32_t width, int32_t *picked, size_t *below);

// The same without special instructions.
size_t spillway_pick_in_range_portable_i32(
    const int32_t *values, size_t count, int32_t first, uint32_t width, int32_t *picked, size_t *below);

// How many of `count` values v are in a range: v − first ≤ width, as the difference wraps at 64 bits.
size_t spillway_count_in_range_i64(const int64_t *values, size_t count, int64_t first, uint64_t width);
size_t spillway_count_in_range_i32(const int32_t *values, size_t count, int64_t first, uint64_t width);

// Puts down the positions of those of `count` values whose hash, the high 16 bits of value · factor, has its bit set in
// `bits`, of 1024 words; returns how many there are. `positions` has room for `count`.
size_t spillway_find_marked_i64(
    const int64_t *values, size_t count, uint64_t factor, const uint64_t *bits, uint32_t *positions);

// The first of the positions start ..< count whose range least … greatest holds `value`; `count` if there is none.
size_t spillway_find_range_i64(
    const int64_t *least, const int64_t *greatest, size_t start, size_t count, int64_t value);

// A value, as how far it lies above the least of all, and where it is.
typedef struct {
    uint64_t key, position;
} spillway_ordered;

// Puts down the positions of `count` values, fewer than 2^32, in ascending order of the values. `positions`, `ordered` and
// `scratch` have room for `count` each.
void spillway_order_i64(
    const int64_t *values, size_t count, spillway_ordered *ordered, spillway_ordered *scratch, uint32_t *positions);

// The first of the positions start, start + 8, … where at least `min_length` (8 or more) equal codes begin,
// with the number of them in `length`; `count` and 0 if there is none.
size_t spillway_find_run_u16(
    const uint16_t *codes, size_t start, size_t count, size_t min_length, size_t *length);

// Decodes `count` cells of a rollup's series (docs/FORMAT.md, "Rollups"), whose gaps have `gap_bits` bits, at most 7, and
// whose minutes begin at `base` or later. `*used` gets the bytes that they took, `*sum` what they count together. False
// if they end early, or are beyond the bounds of minutes and counts.
_Bool spillway_decode_cells(
    const uint8_t *bytes, size_t byte_count, size_t *used, size_t count, unsigned gap_bits, int32_t base,
    int32_t *minutes, uint32_t *counts, uint64_t *sum);

// How values are divided among parts by their hash, bits 32 to 63 of value · factor: into `all_count` of about one size,
// at most 2^32, of which `part_count` from `first` on are meant.
typedef struct {
    uint64_t factor, all_count, first, part_count;
} spillway_division;

// Values in chunks of SPILLWAY_CHUNK_BYTES: the address at which the next one goes; 0 without any chunk. At a multiple of
// SPILLWAY_CHUNK_BYTES there is no room for one.
typedef uintptr_t spillway_chain;
enum { SPILLWAY_CHUNK_BYTES = 4096 };

// Adds a chunk to a chain without room: `memory`, of SPILLWAY_CHUNK_BYTES at a multiple of that, which stays where it is.
void spillway_extend_chain(spillway_chain *chain, void *memory);

// Appends each of `count` values to the chain of its part, of `part_count`; passes over those of no part that is meant.
// Stops before the first whose chain, `*full`, has no room; returns how many it did.
size_t spillway_scatter_u64(
    const uint64_t *values, size_t count, const spillway_division *division, spillway_chain *chains, size_t *full);

// Puts down those values of several chains that may be in them more than once: every one that is, and few others. It goes
// by hashes, of value · factor; `marks` are 2^mark_bits / 32 words of room, at least 11 bits, best 16 and more a value.
// Returns how many there are; `found` has room for all values.
size_t spillway_find_marked_twice_u64(
    const spillway_chain *chains, size_t chain_count, uint64_t factor, uint64_t *marks, unsigned mark_bits,
    uint64_t *found);

// XXH64 with seed 0 of the 8 little-endian bytes of `value`.
uint64_t spillway_xxh64_u64(uint64_t value);

// Enters `count` values into a split-block Bloom filter of `block_count` blocks, 1 to 2^32 - 1, of eight words each.
void spillway_bloom_insert(uint32_t *blocks, size_t block_count, const int64_t *values, size_t count);

// Puts down the positions of those of `count` values that such a filter does not rule out; returns how many there are.
// `positions` has room for `count`; `blocks` need not be aligned.
size_t spillway_bloom_find(
    const void *blocks, size_t block_count, const int64_t *values, size_t count, uint32_t *positions);

// Writes a one-to-one image of each of `count` values, chosen by eight words: four Feistel rounds over halves of 32
// bits, round i adding the high half of key[2 i] · half + key[2 i + 1].
void spillway_permute_u64(const uint64_t *values, size_t count, const uint64_t *key, uint64_t *images);

// Asks for a cache line that will soon be written. The address may be any.
static inline __attribute__((always_inline)) void spillway_prefetch_for_writing(const void *address) {
    __builtin_prefetch(address, 1);
}

// The same of one that will soon be read.
static inline __attribute__((always_inline)) void spillway_prefetch(const void *address) { __builtin_prefetch(address); }

#pragma clang assume_nonnull end
#endif
