"""Answers what comes on standard input, a JSON object a line, by one engine.

    python -m questions PEER FILE…

Of a question `{"ask": "percentiles", …}` the answer is `{"milliseconds": …, "rows": …, "registrations": …}`: how long
it took until the result lay in memory, how many rows it has, and how many registrations these count. What an engine
cannot answer is `{"problem": …}`. Before the first question, `{"version": …}` says that it is ready.
"""

import json
import os
import sys
import time

from . import THREADS

# Before it is imported: Polars reads it then.
os.environ["POLARS_MAX_THREADS"] = str(THREADS)


def main(peer: str, *files: str) -> int:
    engine = engine_named(peer)(list(files))
    say({"version": engine.version()})
    for line in sys.stdin:
        say(answer(engine, json.loads(line)))
    return 0


def engine_named(peer: str) -> type:
    if peer.startswith("duckdb"):
        from .duckdb_engine import DuckDBFiles, DuckDBTable

        return {"duckdb": DuckDBFiles, "duckdb-table": DuckDBTable}[peer]
    if peer.startswith("clickhouse"):
        from .clickhouse_engine import ClickHouseFiles, ClickHouseTable

        return {"clickhouse": ClickHouseFiles, "clickhouse-table": ClickHouseTable}[peer]
    from .polars_engine import PolarsFiles

    return {"polars": PolarsFiles}[peer]


def answer(engine, question: dict) -> dict:
    try:
        ask = engine.prepare(question)
        start = time.perf_counter()
        result = ask()
        seconds = time.perf_counter() - start
        rows, registrations = engine.size(result)
    except Exception as problem:  # Whatever a peer throws is its answer.
        return {"problem": f"{type(problem).__name__}: {problem}"[:500]}
    return {"milliseconds": seconds * 1000, "rows": rows, "registrations": registrations}


def say(value: dict) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
