from dataclasses import replace

import pytest

from comparison import results, table
from comparison.campaign import Outcome
from comparison.cases import CASES
from comparison.measurement import Measurement

RUN = Measurement(
    rows=10_000_000, seconds=1, processor_seconds=2, stored_rows=9_000_000, stored_bytes=81_000_000, version="1.2"
)
CASE = {case.name: case for case in CASES}


def document(*outcomes: Outcome) -> dict:
    machine = {
        "processors": 2,
        "processor": "P",
        "memoryBytes": 2**34,
        "fileSystem": "ext4",
        "kernel": "6",
        "revision": "",
    }
    settings = {"rows": 10_000_000, "distinct": 9_000_000, "rounds": 3, "threads": 2}
    return results.document(machine, settings, list(outcomes))


def outcome(name: str, *seconds: float, **changes) -> Outcome:
    runs = [replace(RUN, seconds=second, **changes) for second in seconds]
    return Outcome(CASE[name], runs[0].rows, runs)


def line_of(text: str, title: str) -> list[str]:
    line = next(line for line in text.splitlines() if line.startswith(f"| {title}"))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_line_has_the_median_the_spread_and_the_ratio_of_medians():
    text = table.markdown(document(outcome("spillway", 0.5, 0.25, 1), outcome("duckdb-key", 20, 10, 40)))
    assert line_of(text, "**Spillway**")[1:4] == ["20.0 (10.0–40.0)", "", "9.0"]
    assert line_of(text, "DuckDB, PRIMARY KEY")[1:7] == [
        "0.500 (0.250–1.00)",
        "40 ×",
        "9.0",
        "0.20",
        "exact",
        "per batch",
    ]


def test_what_deduplication_took_later_is_said():
    text = table.markdown(document(outcome("clickhouse-replacing", 4, later_seconds=5.04)))
    assert line_of(text, "ClickHouse, ReplacingMergeTree")[5] == "later, 5.0 s more"


def test_fewer_rows_are_said():
    text = table.markdown(document(outcome("sqlite", 4, rows=2_000_000)))
    assert line_of(text, "SQLite")[0] == "SQLite (first 2 M)"


def test_a_case_without_a_figure_says_why_and_shows_none():
    failed = Outcome(CASE["duckdb"], 10_000_000, failure="No module named 'duckdb'")
    cells = line_of(table.markdown(document(outcome("spillway", 1), failed)), "DuckDB")
    assert cells[1:5] == ["not measured: No module named 'duckdb'", "", "", ""]


@pytest.mark.parametrize("value, text", [(99.6, "100"), (1240, "1240"), (0.197, "0.20"), (9.96, "10.0"), (0, "0")])
def test_figures_are_never_in_powers_of_ten(value, text):
    assert table.significant(value, 2) == text


def test_without_spillway_there_is_no_ratio():
    assert line_of(table.markdown(document(outcome("duckdb", 1))), "DuckDB")[2] == ""


def test_results_survive_the_file(tmp_path):
    path = tmp_path / "results.json"
    written = document(outcome("clickhouse-replacing", 2, 3, later_seconds=5.0))
    path.write_text(results.json.dumps(written))
    read = results.cases(results.read(path))[0]
    assert read.repetitions == [replace(RUN, seconds=second, later_seconds=5.0) for second in (2, 3)]


def test_results_of_another_schema_are_refused(tmp_path):
    path = tmp_path / "results.json"
    path.write_text('{"schema": 99, "cases": []}')
    with pytest.raises(ValueError, match="schema 99"):
        results.read(path)


def test_only_what_stands_between_the_markers_changes(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    table.update(path, "new\n")
    assert path.read_text() == f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n"


def test_a_file_without_markers_is_left_as_it_is(tmp_path):
    path = tmp_path / "README.md"
    path.write_text(f"{table.END} {table.BEGIN}")
    with pytest.raises(ValueError, match="has no"):
        table.update(path, "new\n")
    assert path.read_text() == f"{table.END} {table.BEGIN}"
