"""Runs each question of docs/QUERIES.md both ways, and holds the answers against each other.

    check_documented_queries.py SPILLWAY STORE QUERIES.md
"""

from pathlib import Path
import json
import re
import shlex
import subprocess
import sys
import tempfile

import duckdb

QUESTION = re.compile(r"^## ([^\n]*)\n(?:(?!^## ).)*?```sh\n(.*?)\n```(?:(?!^## ).)*?```sql\n(.*?)\n```", re.S | re.M)


def main(spillway: str, store: str, document: str) -> int:
    connection = duckdb.connect()
    files = subprocess.check_output([spillway, "files", "--store", store], text=True).split()
    connection.execute("SET TimeZone = 'UTC'")
    connection.read_parquet(files).create_view("registrations")
    questions = QUESTION.findall(Path(document).read_text(encoding="utf-8"))
    failed = 0
    for title, command, statement in questions:
        expected, found = sql_rows(connection.sql(statement)), rows(spillway, store, command)
        if not found or found != expected:
            failed += 1
            print(f"{title}\nSpillway {found[:2]}\nDuckDB   {expected[:2]}\n")
    print(f"{len(questions)} questions, {failed} answered in another way")
    return 1 if failed or len(questions) < 10 else 0


def rows(spillway: str, store: str, command: str) -> list[dict]:
    """What the command prints, of another store and without its picture."""
    program, *arguments = shlex.split(command)
    assert program == "spillway"
    arguments[arguments.index("--store") + 1] = store
    if "--plot" in arguments:
        with tempfile.TemporaryDirectory() as directory:
            name = arguments.index("--plot") + 1
            arguments[name] = str(Path(directory) / arguments[name])
            return printed(spillway, arguments)
    return printed(spillway, arguments)


def printed(spillway: str, arguments: list[str]) -> list[dict]:
    return json.loads(subprocess.check_output([spillway, *arguments, "--format", "json"], text=True))


def sql_rows(relation: duckdb.DuckDBPyRelation) -> list[dict]:
    return [nested(dict(zip(relation.columns, row))) for row in relation.fetchall()]


def nested(row: dict) -> dict:
    """As JSON has it: what is behind a point is in an object, and what is missing is left out."""
    result = {}
    for name, value in row.items():
        if value is None:
            continue
        if hasattr(value, "strftime"):
            value = value.strftime("%Y-%m-%dT%H:%M:%S") + (f".{value.microsecond:06}" if value.microsecond else "") + "Z"
        target, last = result, name
        if "." in name:
            first, last = name.split(".", 1)
            target = result.setdefault(first, {})
        target[last] = value
    return result


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
