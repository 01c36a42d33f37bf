"""Questions to a store's Parquet files, answered by other engines, each in a process of its own."""

# What every contestant may use; the reference machine has two cores.
THREADS = 2
