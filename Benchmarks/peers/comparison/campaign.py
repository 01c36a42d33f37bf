"""Every case in turn, round after round."""

from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import subprocess
import sys
import tempfile

from . import THREADS, attempts
from .case import Case
from .contestants import spillway
from .machine import available_memory_bytes
from .measurement import Measurement, WrongCount

PACKAGE_PARENT = Path(__file__).resolve().parents[1]

# Of memory, in any contestant, with the attempts that it holds.
MOST_BYTES_PER_ROW = 300


@dataclass
class Outcome:
    """All that is known of a case: its runs, or why its figures do not count."""

    case: Case
    rows: int
    repetitions: list[Measurement] = field(default_factory=list)
    failure: str | None = None


class Campaign:
    def __init__(self, cases: list[Case], binaries: Path, recording: Path, rows: int, rounds: int, directory: Path):
        self.cases, self.binaries, self.recording = cases, binaries, recording
        self.rows, self.rounds, self.directory = rows, rounds, directory
        counts = {rows, *(case.rows(rows) for case in cases)}
        self.prefixes = {count: attempts.prefix(recording, count, directory) for count in sorted(counts)}

    def run(self) -> list[Outcome]:
        back_memory(self.rows)
        outcomes = {case.name: Outcome(case, case.rows(self.rows)) for case in self.cases}
        for number in range(self.rounds):
            for case in self.turn(number):
                outcome = outcomes[case.name]
                if outcome.failure is None and number < case.rounds(self.rounds):
                    self.add_run(outcome, number)
        return list(outcomes.values())

    def turn(self, number: int) -> list[Case]:
        """Each round begins elsewhere, so that nobody always follows the same neighbour's state of the disk."""
        first = number * len(self.cases) // self.rounds
        return self.cases[first:] + self.cases[:first]

    def add_run(self, outcome: Outcome, number: int) -> None:
        case, prefix = outcome.case, self.prefixes[outcome.rows]
        try:
            measured = self.measure(case, prefix).checked(case.expected_rows(prefix.rows, prefix.distinct))
        except WrongCount as error:
            outcome.failure = f"refused: {error}"
        except LookupError as error:
            outcome.failure = f"its report lacks {error}"
        except (RuntimeError, OSError, ValueError) as error:
            outcome.failure = str(error)
        if outcome.failure is not None:
            # A case that failed once has no figure: the runs before are not better.
            outcome.repetitions.clear()
            progress(number, self.rounds, case, f"NOT MEASURED: {outcome.failure}")
            return
        outcome.repetitions.append(measured)
        rate = measured.rows_per_second / 1e6
        progress(number, self.rounds, case, f"{rate:8.3f} M rows/s  {measured.bytes_per_row:6.2f} bytes/row")

    def measure(self, case: Case, prefix: attempts.Prefix) -> Measurement:
        # What the run before left to be written is not this one's.
        os.sync()
        with tempfile.TemporaryDirectory(dir=self.directory) as directory:
            # Servers run as users of their own.
            os.chmod(directory, 0o755)
            if case.module == "spillway":
                return spillway.measure(self.binaries, self.recording, prefix.rows, prefix.distinct, Path(directory))
            return run_child(case, prefix.arrow, directory)


def run_child(case: Case, arrow: Path, directory: str) -> Measurement:
    command = [sys.executable, "-m", "comparison.child", case.name, str(arrow), directory]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(THREADS)}
    done = subprocess.run(command, cwd=PACKAGE_PARENT, env=environment, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    if not lines or done.returncode < 0:
        raise RuntimeError(f"ended with status {done.returncode}: {done.stderr.strip()[-500:]}")
    answer = json.loads(lines[-1])
    if "failure" in answer:
        raise RuntimeError(answer["failure"])
    return Measurement.from_json(answer)


def back_memory(rows: int) -> None:
    """Touches as much memory as the hungriest contestant will.

    A virtual machine's is backed when it is first used, and that would hit whoever comes first.
    """
    size = min(available_memory_bytes() // 2, rows * MOST_BYTES_PER_ROW)
    subprocess.run([sys.executable, "-c", f"import numpy; numpy.ones({size}, numpy.uint8)"], check=True)


def progress(number: int, rounds: int, case: Case, text: str) -> None:
    print(f"round {number + 1}/{rounds}  {case.name:24} {text}", file=sys.stderr, flush=True)
