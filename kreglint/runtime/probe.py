"""Verifies a live model: every check in turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from kreglint.runtime.activities import recorded_activities
from kreglint.runtime.book import Book
from kreglint.runtime.inputs import Batch, Nested, as_tensors, given_batch, synthetic_inputs
from kreglint.runtime.keras_objects import KerasObject, ModelError, first_line
from kreglint.runtime.live import Live
from kreglint.runtime.penalties import judge_penalties, total_of
from kreglint.runtime.prediction import check_prediction
from kreglint.runtime.result import NOT_CHECKED, Check, Fault, NotChecked, Penalty, Verification
from kreglint.runtime.seeding import telling_weights
from kreglint.runtime.slots import Slot, activity_slots, misplaced, weight_slots
from kreglint.runtime.state import State
from kreglint.runtime.survival import check_survival
from kreglint.runtime.terms import read_terms
from kreglint.runtime.training import DOMINANT_RATIO, Trained, check_training, dominant, gradient_shares
from kreglint.runtime.trial import Trial, undisturbed


def verify(model: KerasObject, *, data: Nested = None, tolerance: float | None = None) -> Verification:
    """Do what `engine.api.verify` says, which imports this module only when it is called."""
    return Probe(model, data=data, tolerance=tolerance).run()


class Probe:
    """One verification.

    `shape` is of random inputs, the batch's size included. `restore`: leave the model's weights as they were also
    where its own code moves them, which takes a copy of them.
    """

    def __init__(
        self,
        model: KerasObject,
        *,
        data: Nested = None,
        tolerance: float | None = None,
        shape: tuple[int | None, ...] | None = None,
        restore: bool = True,
        target: str = "",
    ) -> None:
        self._live = Live(model)
        self._restore, self._tolerance = restore, tolerance
        self._target = target or str(model.name)
        self._faults: list[Fault] = []
        self._not_checked: list[NotChecked] = []
        self._called = True
        self._batch = self._fitting_batch(data, shape)

    def run(self) -> Verification:
        live = self._live
        slots, activities = weight_slots(live), activity_slots(live)
        survival, lost, left = check_survival(live, self._batch if self._called else None)
        with undisturbed(live, everything=self._restore) as state:
            book = self.penalties(slots, activities)
            trial = Trial(live, self._batch, state) if self._batch is not None else None
            total = total_of(book)
            trained, shares = self._training(trial, slots)
            prediction = self._prediction(trial if self._called else None, (*slots, *activities))
        self._note_unchecked(prediction, "prediction", slots)
        self._note_unchecked(survival, "survival", slots)
        return Verification(
            target=self._target,
            keras=str(live.keras.__version__),
            backend=live.backend,
            penalties=tuple(_with_shares(book, shares)),
            total=total,
            training=trained.check,
            prediction=prediction,
            survival=survival,
            findings=(*book.faults, *_new(trained.faults, book.faults), *self._faults, *lost),
            not_checked=(*book.not_checked, *trained.not_checked, *self._not_checked, *left),
            stated_tolerance=self._tolerance,
        )

    def _fitting_batch(self, data: Nested, shape: tuple[int | None, ...] | None) -> Batch | None:
        """Return a batch to train with; None where only the user has one. Builds the model if it is not.

        The user's may suit the train_step alone, as that of a GAN, whose call takes something else.
        """
        live = self._live
        batch = given_batch(data) if data is not None else None
        try:
            made = batch or Batch(synthetic_inputs(live, shape))
            live.model(as_tensors(made.x, live))
        except Exception as error:
            why = str(error) if isinstance(error, ModelError) else f"calling the model failed: {first_line(error)}"
            if shape is not None or not live.model.built or not live.model.weights:
                raise ModelError(why) from error
            self._not_checked.append(NotChecked("what needs a call of the model", why))
            self._called = False
            return batch
        return made

    def penalties(self, slots: list[Slot], activities: list[Slot]) -> Book:
        """Make the checks 1, 2, 3 and 8: what the losses alone tell. Call it inside `undisturbed`."""
        live, batch = self._live, self._batch if self._called else None
        initial = read_terms(live)
        with telling_weights(live, slots) as seeded, recorded_activities(live, activities) as recorded:
            if batch is not None:
                live.model(as_tensors(batch.x, live))
            book = Book(live, read_terms(live), seeded, self._tolerance)
            judge_penalties(book, initial, slots, recorded if batch is not None else ())
        for each in activities if batch is None else ():
            book.leave(f"the activity penalty of {each.node.name!r}", "the model is not called")
        return book

    def _training(self, trial: Trial | None, slots: list[Slot]) -> tuple[Trained, dict[int, float]]:
        live = self._live
        shares: dict[int, float] = {}
        why = "the model is not compiled" if trial is not None else "the model cannot be fed"
        if trial is not None and live.is_compiled:
            try:
                trial.complete()
                shares = gradient_shares(trial, slots)
                with telling_weights(live, slots):
                    telling = Trial(live, trial.batch, State(live, everything=self._restore))
                    trained = check_training(telling, slots)
            except Exception as error:
                why = f"its train_step cannot be fed: {first_line(error)}"
            else:
                self._note_dominant(slots, shares, trial)
                return trained, shares
        return Trained(Check(NOT_CHECKED, why), not_checked=(NotChecked("training", why),)), shares

    def _note_dominant(self, slots: list[Slot], shares: dict[int, float], trial: Trial) -> None:
        for slot in slots:
            share = shares.get(id(slot.variable), 0.0)
            if share >= DOMINANT_RATIO:
                self._faults.append(dominant(slot, share, synthetic=trial.batch.synthetic))

    def _prediction(self, trial: Trial | None, slots: Iterable[Slot]) -> Check:
        if trial is None:
            return Check(NOT_CHECKED, "the model cannot be fed")
        check, wrong = check_prediction(trial, slots, misplaced(self._live))
        self._faults += wrong
        return check

    def _note_unchecked(self, check: Check, what: str, slots: list[Slot]) -> None:
        if check.status == NOT_CHECKED and slots:
            self._not_checked.append(NotChecked(what, check.detail))


def _with_shares(book: Book, shares: dict[int, float]) -> Iterable[Penalty]:
    for penalty, variable in book.rows:
        share = None if variable is None else shares.get(id(variable))
        yield penalty if share is None else dataclasses.replace(penalty, share=share)


def _new(found: Iterable[Fault], known: Iterable[Fault]) -> list[Fault]:
    """Return what the training tells that the losses have not told of the same layer already."""
    told = {(each.code, each.layer) for each in known if each.layer is not None}
    return [each for each in found if (each.code, each.layer) not in told]
