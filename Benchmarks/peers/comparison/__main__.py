"""Measures, and writes results, table and plot. Exits 1 where a case has no figure."""

import argparse
import json
from pathlib import Path
import subprocess
import sys
import tempfile

from . import THREADS, arguments, attempts, machine, plot, results, table
from .campaign import Campaign
from .files import file_system


def main() -> int:
    options = arguments.parse()
    try:
        if options.update:
            table.around(options.update)  # Before hours of measuring, not after.
        document = results.read(options.render) if options.render else measured(options)
        text = table.markdown(document)
        print(text, end="")
        options.plot.write_text(plot.svg(document))
        if options.update:
            table.update(options.update, text)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"Benchmarks/peers/run: {error}", file=sys.stderr)
        return 1
    missing = [result for result in results.cases(document) if not result.measured]
    for result in missing:
        print(f"NOT MEASURED: {result.name}: {result.not_measured}", file=sys.stderr)
    return 1 if missing else 0


def measured(options: argparse.Namespace) -> dict:
    options.directory.mkdir(parents=True, exist_ok=True)
    if file_system(options.directory) in ("tmpfs", "ramfs"):
        raise ValueError(f"{options.directory} is in memory, where nothing is durable: take --directory")
    with tempfile.TemporaryDirectory(prefix="peers-", dir=options.directory.resolve()) as work:
        directory = Path(work)
        # Servers run as users of their own.
        directory.chmod(0o755)
        recording = attempts.export(options.binaries.resolve() / "spillway", options.trace, options.rows, directory)
        campaign = Campaign(
            arguments.chosen(options), options.binaries.resolve(), recording, options.rows, options.rounds, directory
        )
        outcomes = campaign.run()
    settings = {
        "trace": options.trace.name,
        "rows": options.rows,
        "distinct": campaign.prefixes[options.rows].distinct,
        "rounds": options.rounds,
        "threads": THREADS,
    }
    document = results.document(machine.description(options.directory), settings, outcomes)
    options.output.write_text(json.dumps(document, indent=1) + "\n")
    return document


if __name__ == "__main__":
    sys.exit(main())
