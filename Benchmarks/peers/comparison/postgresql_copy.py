"""The binary form of PostgreSQL's COPY (its documentation: SQL Commands, COPY, Binary Format), made from Arrow."""

import struct

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .attempts import COLUMNS, STRINGS

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

# Microseconds from 1970 to 2000, where PostgreSQL's time begins.
EPOCH_US = 946_684_800_000_000

# A row: the number of fields, then each field after its length. What comes before the strings, and what comes after.
HEAD = np.dtype([("fields", ">i2"), ("l0", ">i4"), ("registered_at", ">i8"), ("l1", ">i4"), ("identity", ">i8")])
TAIL = np.dtype([("l0", ">i4"), ("latency_us", ">i4")])


def encoded(batch: pa.Table) -> bytes:
    batch = batch.combine_chunks()
    head = np.zeros(batch.num_rows, HEAD)
    head["fields"] = len(COLUMNS)
    head["l0"] = head["l1"] = 8
    head["registered_at"] = batch["registered_at"].cast(pa.int64()).to_numpy() - EPOCH_US
    head["identity"] = batch["identity"].to_numpy()
    tail = np.zeros(batch.num_rows, TAIL)
    tail["l0"] = 4
    tail["latency_us"] = batch["latency_us"].to_numpy()

    columns = [records(head), *(strings(batch[name].chunk(0)) for name in STRINGS), records(tail)]
    rows = pc.binary_join_element_wise(*columns, pa.scalar(b"", pa.binary()))
    return SIGNATURE + rows.buffers()[2].to_pybytes() + TRAILER


def records(array: np.ndarray) -> pa.Array:
    fixed = pa.binary(array.itemsize)
    return pa.Array.from_buffers(fixed, len(array), [None, pa.py_buffer(array.tobytes())]).cast(pa.binary())


def strings(codes: pa.DictionaryArray) -> pa.Array:
    """Each with its length before it."""
    spelled = [label.encode() for label in codes.dictionary.to_pylist()]
    fields = pa.array([struct.pack(">i", len(label)) + label for label in spelled], pa.binary())
    return fields.take(codes.indices)
