"""The table that people read, in Markdown, and the part of a file that it fills."""

import math
from pathlib import Path

from .results import CaseResult, cases

BEGIN, END = "<!-- peers:begin -->", "<!-- peers:end -->"

HEADER = (
    "| | M rows/s (min–max) | Spillway / it | bytes/row | CPU s per M rows | dedup | durable |\n"
    "|---|--:|--:|--:|--:|---|---|"
)


def markdown(document: dict) -> str:
    results = cases(document)
    spillway = next((result for result in results if result.name == "spillway" and result.measured), None)
    total = document["settings"]["rows"]
    lines = [HEADER, *(row(result, spillway, total) for result in results), "", caption(document, results)]
    return "\n".join(lines) + "\n"


def row(result: CaseResult, spillway: CaseResult | None, total: int) -> str:
    title = result.title if result.rows == total else f"{result.title} (first {result.rows / 1e6:g} M)"
    if not result.measured:
        reason = escaped(result.not_measured)
        return f"| {title} | not measured: {reason} | | | | {result.dedup} | {result.durability} |"
    rate = result.rows_per_second
    spread = f"{millions(rate.median)} ({millions(rate.least)}–{millions(rate.greatest)})"
    cells = [
        title,
        spread,
        ratio(result, spillway),
        f"{result.bytes_per_row:.1f}",
        significant(result.processor_seconds_per_million, 2),
        dedup(result),
        result.durability,
    ]
    return f"| {' | '.join(cells)} |"


def ratio(result: CaseResult, spillway: CaseResult | None) -> str:
    """How many times as fast Spillway is, by medians."""
    if spillway is None or result.name == spillway.name:
        return ""
    return f"{significant(spillway.rows_per_second.median / result.rows_per_second.median, 2)} ×"


def dedup(result: CaseResult) -> str:
    if result.later_seconds is None:
        return result.dedup
    return f"{result.dedup}, {significant(result.later_seconds, 2)} s more"


def caption(document: dict, results: list[CaseResult]) -> str:
    machine, settings = document["machine"], document["settings"]
    fewer = [result.title for result in results if result.measured and len(result.repetitions) < settings["rounds"]]
    lines = [
        f"{settings['rows']:,} attempts of {settings['distinct']:,} identities. Medians of {settings['rounds']} rounds"
        f"{' (slow ones fewer)' if fewer else ''} in turn; {settings['threads']} threads, a new process and store for "
        "each run, attempts in memory before the clock starts. "
        f"{machine['processors']} × {machine['processor']}, {machine['memoryBytes'] / 2**30:.0f} GiB, "
        f"{machine['fileSystem']}, Linux {machine['kernel']}.",
        "",
        "<details><summary>Versions and settings</summary>",
        "",
        *(f"- {result.title}{version(result)}: {result.settings}" for result in results),
        "",
        "</details>",
    ]
    return "\n".join(lines)


def version(result: CaseResult) -> str:
    known = result.repetitions[0].version if result.measured else ""
    return f" ({known})" if known else ""


def escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def millions(count: float) -> str:
    return significant(count / 1e6, 3)


def significant(value: float, digits: int) -> str:
    """Digits that count, never in powers of ten: 1,240 stays 1240."""
    if value <= 0:
        return "0"
    return f"{value:.{max(0, digits - 1 - math.floor(math.log10(value)))}f}"


def update(path: Path, table: str) -> None:
    """Replaces what stands between the markers."""
    head, tail = around(path)
    path.write_text(f"{head}{BEGIN}\n{table}{END}{tail}")


def around(path: Path) -> tuple[str, str]:
    """What stands before and behind the markers."""
    head, begin, rest = path.read_text().partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no {BEGIN} … {END} to fill")
    return head, tail
