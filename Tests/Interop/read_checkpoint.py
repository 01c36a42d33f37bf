"""Reads a table, the beginning of whose log is only in a checkpoint, with other implementations.

usage: read_checkpoint.py STORE EXPECTED.csv
"""

import glob
import os
import sys

import pyarrow.csv
import pyarrow.parquet

import read_store

READERS = [name for name in read_store.READERS if name.endswith(", table")]


def failures(store, expected, when):
    for name in READERS:
        try:
            rows = read_store.canonical(read_store.READERS[name](store, []))
        except Exception as error:
            yield f"{name}, {when}: {error}"
            continue
        if not rows.equals(expected):
            yield f"{name}, {when}: {rows.num_rows} rows are not the {expected.num_rows} that are left"


def checkpoint_failures(store):
    """Whether each row of the checkpoint is one action, for a reader that knows nothing of Delta tables."""
    [path] = glob.glob(f"{store}/_delta_log/*.checkpoint.parquet")
    rows = pyarrow.parquet.read_table(path, page_checksum_verification=True).to_pylist()
    actions = [[name for name, value in row.items() if value is not None] for row in rows]
    counts = {name: actions.count([name]) for name in ("protocol", "metaData", "txn", "add", "remove")}
    if counts != {"protocol": 1, "metaData": 1, "txn": 1, "add": 5, "remove": 1}:
        yield f"pyarrow finds {counts}"
    [removed] = [row["remove"] for row in rows if row["remove"]]
    if removed["partitionValues"] != [] or not removed["extendedFileMetadata"] or removed["size"] <= 0:
        yield f"pyarrow finds the tombstone {removed}"


def main(store, expected_path):
    os.chdir(os.path.dirname(store))  # ClickHouse reads tables only below the working directory it began in.
    options = pyarrow.csv.ConvertOptions(column_types=read_store.COLUMNS, strings_can_be_null=False)
    expected = read_store.canonical(pyarrow.csv.read_csv(expected_path, convert_options=options))
    found = list(checkpoint_failures(store)) + list(failures(store, expected, "with _last_checkpoint"))
    os.remove(f"{store}/_delta_log/_last_checkpoint")
    found += failures(store, expected, "without _last_checkpoint")
    print("\n".join(found) or f"{len(READERS)} readers agree on {expected.num_rows} rows")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
