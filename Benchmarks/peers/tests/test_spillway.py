import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comparison.contestants import spillway
from comparison.measurement import WrongCount


def store_holding(*files: list[int]):
    """Answers as the command line does, for a store of these identities."""

    def run(program, command, *arguments):
        store = arguments[-1]
        if command == "replay":
            store.mkdir()
            for index, identities in enumerate(files):
                pq.write_table(pa.table({"identity": pa.array(identities, pa.int64())}), store / f"{index}.parquet")
            return {}
        return [f"{index}.parquet" for index in range(len(files))]

    return run


@pytest.mark.parametrize(
    "files, refusal",
    [
        (([1, 2], [3, 2]), "stored 4 rows of 3 identities"),
        (([1, 2],), "stored 2 rows; the attempts have 3 identities"),
        (([1, 2], [3, 4]), "stored 4 rows; the attempts have 3 identities"),
    ],
)
def test_a_store_that_holds_too_much_or_too_little_is_refused(files, refusal, tmp_path, monkeypatch):
    monkeypatch.setattr(spillway, "run", store_holding(*files))
    with pytest.raises(WrongCount, match=refusal):
        spillway.check_store(tmp_path, tmp_path / "attempts.parquet", 3, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_store_that_holds_each_identity_once_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(spillway, "run", store_holding([1, 2], [3]))
    assert spillway.check_store(tmp_path, tmp_path / "attempts.parquet", 3, tmp_path / "store") == 3
