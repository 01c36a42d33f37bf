from datetime import datetime, timezone
import struct

import pyarrow as pa

from comparison.attempts import COLUMNS, coded, first_of_each, spelled_out
from comparison.postgresql_copy import SIGNATURE, TRAILER, encoded

TIMES = [datetime(2000, 1, 1, tzinfo=timezone.utc), datetime(2000, 1, 1, 0, 0, 1, tzinfo=timezone.utc)]
RECORDING = pa.table(
    {
        "registered_at": pa.array(TIMES, pa.timestamp("us", "UTC")),
        "identity": pa.array([7, -1], pa.int64()),
        "country": ["BR", "CH"],
        "region": ["Latin America", "Europe"],
        "platform": ["ios", "ios"],
        "source": ["invite", "search"],
        "latency_us": pa.array([3, 2**31 - 1], pa.int32()),
        "arrived_at": pa.array(TIMES, pa.timestamp("us", "UTC")),
    }
)


def test_codes_say_what_the_strings_said():
    table = coded(RECORDING)
    assert spelled_out(table).to_pylist() == RECORDING.select(COLUMNS).to_pylist()


def test_the_first_of_each_identity_is_kept():
    table = pa.table({"identity": pa.array([5, 6, 5, 7, 6, 7, 8], pa.int64())})
    assert first_of_each(table).to_pylist() == [True, True, False, True, False, False, True]


def test_rows_are_encoded_as_postgresql_documents():
    def field(value: bytes) -> bytes:
        return struct.pack(">i", len(value)) + value

    def row(time_us: int, identity: int, strings: list[bytes], latency_us: int) -> bytes:
        numbers = field(struct.pack(">q", time_us)) + field(struct.pack(">q", identity))
        return struct.pack(">h", 7) + numbers + b"".join(map(field, strings)) + field(struct.pack(">i", latency_us))

    first = row(0, 7, [b"BR", b"Latin America", b"ios", b"invite"], 3)
    second = row(1_000_000, -1, [b"CH", b"Europe", b"ios", b"search"], 2**31 - 1)
    assert encoded(coded(RECORDING)) == SIGNATURE + first + second + TRAILER
    # A batch in the middle of a table carries its own rows and no others.
    assert encoded(coded(RECORDING).slice(1, 1)) == SIGNATURE + second + TRAILER
