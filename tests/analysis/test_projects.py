"""What is said of models that other files make holds when the project runs: random projects, with stand-ins."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.project_runs import run
from tests.analysis.projects import MadeProject, made_file, made_project, run_of
from tests.analysis.standins import MAIN, World

JUDGED = Settings(
    select=("KRG305", "KRG310", "KRG311", "KRG403", "KRG601", "KRG602", "KRG603", "KRG607", "KRG703"),
    keras_version="3",
)


@given(st.integers(0, 2**32))
@settings(max_examples=120, derandomize=True)
def test_what_is_said_of_losses_and_of_layers_holds_when_the_project_runs(seed: int):
    held_to(made_project(seed))


@given(st.integers(0, 2**32))
@settings(max_examples=25, derandomize=True)
def test_the_same_where_all_is_in_one_file(seed: int):
    held_to(made_file(seed))


def held_to(tried: MadeProject) -> list[str]:
    """What the rules say of the script, by their codes; fails where the run shows otherwise."""
    said = check(tried.script, f"/{MAIN}", JUDGED, run_of(tried))
    world = run(tried)
    steps_held_to(said, world, tried)
    late = _rows(said, "KRG305")
    for row, built, asked_again in world.late():
        assert row not in late or (built and not asked_again), (tried, row, built, asked_again)
    models_held_to(said, world, tried)
    misplaced_held_to(said, world, tried)
    for row in _rows(said, "KRG310"):
        assert not world.changes.get(row), (tried, row)
    return [each.code for each in said]


def _rows(said: list[Diagnostic], code: str) -> set[int]:
    return {each.location.row for each in said if each.code == code}


def steps_held_to(said: list[Diagnostic], world: World, tried: MadeProject) -> None:
    """Fails where a step's loss has the penalties, or has them once, or in part, unlike the rules say."""
    rows = tried.script.splitlines()
    omitted = {_row_of_gradient(rows, row) for row in _rows(said, "KRG601")}
    doubled = {_row_after(rows, row) for row in _rows(said, "KRG602")}
    replicated = {_row_after(rows, row) for row in _rows(said, "KRG603")}
    for step in world.steps:
        row, penalized = step.row and _row_of_gradient(rows, step.row), frozenset(step.penalized)
        assert step.row not in omitted or (penalized and not penalized & step.loss.terms), (tried, row)
        assert row not in doubled or penalized <= step.loss.twice, (tried, row)
        whole = penalized and penalized <= step.loss.terms and not step.loss.scaled and not step.applied_in_part
        assert row not in replicated or not step.replicated or whole, (tried, row)


def misplaced_held_to(said: list[Diagnostic], world: World, tried: MadeProject) -> None:
    """Fails where a model takes the regularizer that it is given, or somebody reads it."""
    read = {row for model in world.models for row in model.set_in if model.was_read}
    set_there = {row for model in world.models for row in model.set_in}
    for row in _rows(said, "KRG403") & world.rows:
        assert row not in read, (tried, row)
        assert row in set_there or row in world.misplaced, (tried, row)


def models_held_to(said: list[Diagnostic], world: World, tried: MadeProject) -> None:
    """Fails where a model is not decayed and penalized, or frozen, or left without evaluation, as the rules say."""
    rows = {code: _rows(said, code) for code in ("KRG311", "KRG607", "KRG703")}
    frozen: dict[int, bool] = {}
    for model in list(world.models):
        with suppress(Exception):
            model()
        penalized = [each for each in model.layers if each.penalty]  # those that are never called have none
        for row, optimizer in model.compiled:
            assert row not in rows["KRG703"] or (penalized and optimizer.decays_all), (tried, row)
        for row in model.fitted_in:
            assert row not in rows["KRG607"] or (penalized and not model.evaluated), (tried, row)
        for row in model.frozen_in:
            frozen[row] = frozen.get(row, False) or bool(penalized and not model.trainable)
        for layer in model.layers:
            for row in layer.frozen_in:
                frozen[row] = frozen.get(row, False) or (layer.wants_penalty and not layer.trainable)
    assert all(held for row, held in frozen.items() if row in rows["KRG311"]), (tried, frozen)


def _row_of_gradient(rows: list[str], row: int) -> int:
    """The row in which the call starts that a loss is given to."""
    return next(each for each in range(row, 0, -1) if "tape.gradient(" in rows[each - 1])


def _row_after(rows: list[str], row: int) -> int:
    """The row of the gradient of a loss that is worked out in a row."""
    return next(each for each in range(row, len(rows) + 1) if "tape.gradient(" in rows[each - 1])
