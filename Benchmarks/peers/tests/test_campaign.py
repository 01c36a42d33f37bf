from dataclasses import replace

import pytest

from comparison.attempts import Prefix
from comparison.campaign import Campaign, Outcome
from comparison.cases import CASES
from comparison.measurement import Measurement, WrongCount

RUN = Measurement(rows=100, seconds=1, processor_seconds=1, stored_rows=100, stored_bytes=900, version="")
CASE = {case.name: case for case in CASES}


class Scripted(Campaign):
    """Gives what it is told in place of running."""

    def __init__(self, cases, rounds, *answers):
        self.cases, self.rounds, self.rows = cases, rounds, 100
        self.prefixes = {100: Prefix(None, 100, 90)}
        self.answers = list(answers)

    def measure(self, case, prefix):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    "name, right, wrong",
    [("duckdb", 100, 90), ("duckdb-key", 90, 91), ("pyarrow-unique", 90, 100), ("clickhouse-replacing", 90, 100)],
)
def test_a_wrong_count_refuses_the_case_and_its_earlier_runs(name, right, wrong):
    outcome = Outcome(CASE[name], 100)
    campaign = Scripted([CASE[name]], 2, replace(RUN, stored_rows=right), replace(RUN, stored_rows=wrong))
    campaign.add_run(outcome, 0)
    assert len(outcome.repetitions) == 1 and outcome.failure is None
    campaign.add_run(outcome, 1)
    assert outcome.repetitions == []
    assert outcome.failure == f"refused: {wrong} rows lie on disk; {right} have to"


@pytest.mark.parametrize("error", [WrongCount("no"), RuntimeError("gone"), FileNotFoundError("gone")])
def test_a_failure_ends_a_case_and_no_other(error, monkeypatch):
    monkeypatch.setattr("comparison.campaign.back_memory", lambda rows: None)
    cases = [CASE["duckdb"], CASE["clickhouse"]]
    outcomes = Scripted(cases, 1, error, RUN).run()
    assert outcomes[0].failure and not outcomes[0].repetitions
    assert outcomes[1].failure is None and outcomes[1].repetitions == [RUN]


def test_each_round_begins_elsewhere_and_has_everyone():
    cases = [CASE[name] for name in ("spillway", "duckdb", "clickhouse", "polars")]
    campaign = Scripted(cases, 2)
    assert [case.name for case in campaign.turn(1)] == ["clickhouse", "polars", "spillway", "duckdb"]
