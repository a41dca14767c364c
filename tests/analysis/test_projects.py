"""What is said of models that other files make holds when the project runs: random projects, with stand-ins."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Diagnostic
from kreglint.engine.check import check
from kreglint.settings.schema import Settings
from tests.analysis.project_runs import run
from tests.analysis.projects import MadeProject, made_project, run_of
from tests.analysis.standins import MAIN, World

JUDGED = Settings(select=("KRG305", "KRG311", "KRG601", "KRG607", "KRG703"), keras_version="3")


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
    models_held_to(said, world, tried)
    return [each.code for each in said]


def models_held_to(said: list[Diagnostic], world: World, tried: MadeProject) -> None:
    """Fails where a model is not decayed and penalized, or frozen, or left without evaluation, as the rules say."""
    rows = {code: {each.location.row for each in said if each.code == code} for code in ("KRG311", "KRG607", "KRG703")}
    frozen: dict[int, bool] = {}
    for model in list(world.models):
        with suppress(Exception):
            model()
        penalized = [each for each in model.layers if each.wants_penalty]
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
