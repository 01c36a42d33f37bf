// For functions that the compiler is to build for several instruction sets.
#ifndef SPILLWAY_TARGETS_H
#define SPILLWAY_TARGETS_H

// The widest vectors that the processor has, chosen when the program is loaded. Not under sanitizers: their
// run-time is not up yet when the choice is made.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer) \
    && !__has_feature(address_sanitizer)
#define VECTORISED __attribute__((target_clones("avx512bw", "avx512f", "avx2", "default")))
#else
#define VECTORISED
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#endif
