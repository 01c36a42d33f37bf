"""The command line."""

import argparse
from pathlib import Path

from . import ROOT
from .case import Case
from .cases import CASES

EPILOG = """examples:
  make bench-peers                                  everything, as the README shows it
  Benchmarks/peers/run --rows 5000000 --rounds 2    a look
  Benchmarks/peers/run --only spillway duckdb-key   two of them
  Benchmarks/peers/run --alternatives               settings that were tried, too
  Benchmarks/peers/run --render Benchmarks/peers/results.json --update README.md
                                                    table and plot anew, nothing measured
"""


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/peers/run",
        description="Spillway and its peers in turn, on the same attempts, to the same disk.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--rows", type=positive, default=20_000_000, help="attempts; slow peers take the first of them (20,000,000)")
    add("--rounds", type=positive, default=5, help="times that each runs, in turn; slow peers fewer (5)")
    add("--only", nargs="+", metavar="NAME", help="only these: " + ", ".join(case.name for case in CASES))
    add("--alternatives", action="store_true", help="settings that are not a peer's best as well")
    add("--trace", type=Path, default=ROOT / "traces/telegram-2021-10-04.yaml", help="scenario to take attempts from")
    add("--directory", type=Path, default=ROOT / "bench-results", help="on the disk to measure (bench-results)")
    add("--binaries", type=Path, default=ROOT / ".build/release", help="where spillway and spillway-bench are")
    add("--output", type=Path, default=ROOT / "Benchmarks/peers/results.json", help="every repetition, as JSON")
    add("--plot", type=Path, default=ROOT / "docs/peers.svg", help="the plot")
    add("--update", type=Path, metavar="FILE", help="put the table between the peers markers of this Markdown file")
    add("--render", type=Path, metavar="JSON", help="measure nothing: table and plot of these results")
    options = parser.parse_args(arguments)
    unknown = set(options.only or ()) - {case.name for case in CASES}
    if unknown:
        parser.error(f"--only does not know {', '.join(sorted(unknown))}")
    return options


def positive(text: str) -> int:
    number = int(text.replace("_", ""))
    if number <= 0:
        raise argparse.ArgumentTypeError("must be positive")
    return number


def chosen(options: argparse.Namespace) -> list[Case]:
    if options.only:
        return [case for case in CASES if case.name in options.only]
    return [case for case in CASES if options.alternatives or not case.alternative]
