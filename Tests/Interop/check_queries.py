"""Asks DuckDB what Spillway was asked, and holds the answers against each other, row by row.

    check_queries.py STORE QUESTIONS

QUESTIONS has a JSON object a line: what was asked, in `by`, `everyUs`, `sinceUs`, `untilUs`, `where`, `latencyUs`,
`identities`, `percentiles` and `measures`, and Spillway's answer in `rows`. DuckDB reads the store's live files, as the
Delta log names them.
"""

from decimal import Decimal
import json
import sys

from deltalake import DeltaTable
import duckdb


def main(store: str, questions: str) -> int:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    files = DeltaTable(store).file_uris()
    # Identities are 64 bits that Parquet holds as signed.
    connection.execute(
        """CREATE TABLE registrations AS
           SELECT *, epoch_us(registered_at) AS time_us,
               time_us - ((time_us % 1000000) + 1000000) % 1000000 AS second_us,
               CASE WHEN identity < 0 THEN identity::HUGEINT + (1::HUGEINT << 64) ELSE identity END AS number
           FROM read_parquet(?)""",
        [files],
    )
    asked = failed = 0
    with open(questions, encoding="utf-8") as lines:
        for line in lines:
            question = json.loads(line)
            statement = sql(question)
            expected = rows(question, connection.execute(statement).fetchall())
            asked += 1
            if expected != question["rows"]:
                failed += 1
                if failed <= 3:
                    print(f"{statement}\n{difference(question['rows'], expected)}\n")
    print(f"{asked} questions, {failed} answered in another way")
    return 1 if failed or not asked else 0


def sql(question: dict) -> str:
    """The question in SQL: keys, then time, then measures."""
    keys = list(question["by"])
    columns = list(keys)
    if every := question.get("everyUs"):
        keys.append("bucket")
        columns.append(f"time_us - ((time_us % {every}) + {every}) % {every} AS bucket")
    columns.append("count(*)")
    # As decimals: 99.9 / 100 is a little more than 0.999.
    columns += [f"quantile_disc(latency_us, {Decimal(str(p)) / 100})" for p in question["percentiles"]]
    condition = f"WHERE {' AND '.join(conditions)}" if (conditions := where(question)) else ""
    measures = question["measures"]
    if "firstAndLast" in measures:
        columns += ["min(time_us)", "max(time_us)"]
    if "peakSecond" in measures:
        # Of the seconds with the most registrations the first.
        columns.append("histogram(second_us)")
    text = f"SELECT {', '.join(columns)} FROM registrations {condition}"
    if keys:
        order = [f"encode({key})" for key in question["by"]] + keys[len(question["by"]) :]
        text += f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(order)}"
    return text


def where(question: dict) -> list[str]:
    conditions = []
    if (since := question.get("sinceUs")) is not None:
        conditions.append(f"time_us >= {since}")
    if (until := question.get("untilUs")) is not None:
        conditions.append(f"time_us < {until}")
    for column, values in question["where"].items():
        conditions.append(f"{column} IN ({', '.join(map(literal, values))})")
    for name, column in ("latencyUs", "latency_us"), ("identities", "number"):
        if bounds := question.get(name):
            conditions.append(f"{column} BETWEEN {bounds[0]} AND {bounds[1]}")
    return conditions


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def rows(question: dict, found: list[tuple]) -> list[list]:
    """As Spillway's are written: nothing but the count of no registration."""
    keys = len(question["by"]) + (1 if question.get("everyUs") else 0)
    count, totals, result = len(question["by"]), {}, []
    for row in found:
        cells = list(row[: keys + 1])
        for value in row[keys + 1 :]:
            if isinstance(value, dict):
                second, registrations = max(value.items(), key=lambda item: (item[1], -item[0]))
                cells += [second, registrations]
            elif value is not None:
                cells.append(value)
        if "runningTotal" in question["measures"]:
            totals[row[:count]] = totals.get(row[:count], 0) + row[keys]
            cells.append(totals[row[:count]])
        result.append(cells)
    return result


def difference(spillway: list, duckdb: list) -> str:
    first = next((i for i, pair in enumerate(zip(spillway, duckdb)) if pair[0] != pair[1]), min(len(spillway), len(duckdb)))
    return (
        f"row {first} of {len(spillway)} and {len(duckdb)}: Spillway {spillway[first : first + 1]}, "
        f"DuckDB {duckdb[first : first + 1]}"
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
