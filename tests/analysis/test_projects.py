"""What is said of models that other files make holds when the project runs: random projects, with stand-ins."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.project_runs import run
from tests.analysis.projects import MadeProject, made_project, run_of
from tests.analysis.standins import MAIN

JUDGED = Settings(select=("KRG305", "KRG601"), keras_version="3")


@given(st.integers(0, 2**32))
@settings(max_examples=200, derandomize=True)
def test_what_is_said_of_losses_and_of_layers_holds_when_the_project_runs(seed: int):
    held_to(made_project(seed))


def held_to(tried: MadeProject) -> list[str]:
    """What the rules say of the script, by their codes; fails where the run shows otherwise."""
    said = check(tried.script, f"/{MAIN}", JUDGED, run_of(tried))
    rows = tried.script.splitlines()
    world = run(tried)
    omitted = {_row_of_gradient(rows, each.location.row) for each in said if each.code == "KRG601"}
    for row, penalized, met in world.gradients:
        assert row not in omitted or (penalized and not met), (tried, row, penalized, met)
    late = {each.location.row for each in said if each.code == "KRG305"}
    for row, built, asked_again in world.late():
        assert row not in late or (built and not asked_again), (tried, row, built, asked_again)
    return [each.code for each in said]


def _row_of_gradient(rows: list[str], row: int) -> int:
    """The row in which the call starts that a loss is given to."""
    return next(each for each in range(row, 0, -1) if "tape.gradient(" in rows[each - 1])
