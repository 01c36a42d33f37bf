"""One run of one contestant, in a process of its own that has done nothing else.

The last line of its output is JSON: a measurement, or `failure` with the reason why there is none.
"""

import importlib
import json
from pathlib import Path
import sys
import time
import traceback

from .attempts import load
from .case import Case, Contestant
from .cases import CASES
from .measurement import Measurement


def main(name: str, arrow: str, directory: str) -> None:
    case = next(case for case in CASES if case.name == name)
    contestant = make(case, arrow, directory)
    try:
        measurement = measure(contestant)
    finally:
        contestant.close()
    print(json.dumps(measurement.to_json()))


def make(case: Case, arrow: str, directory: str) -> Contestant:
    module = importlib.import_module(f".contestants.{case.module}", __package__)
    return getattr(module, case.contestant)(load(Path(arrow)), Path(directory), **case.options)


def measure(contestant: Contestant) -> Measurement:
    rows = contestant.table.num_rows
    contestant.prepare()
    processor_seconds = contestant.processor_seconds()
    start = time.monotonic()
    contestant.ingest()
    seconds = time.monotonic() - start
    processor_seconds = contestant.processor_seconds() - processor_seconds
    stored = contestant.stored()
    return Measurement(
        rows, seconds, processor_seconds, stored.rows, stored.bytes, contestant.version(), stored.later_seconds
    )


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:
        traceback.print_exc()
        print(json.dumps({"failure": f"{type(error).__name__}: {' '.join(str(error).split())}"}))
        sys.exit(1)
