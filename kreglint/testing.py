"""For a user's own tests."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kreglint.runtime.inputs import Nested
    from kreglint.runtime.keras_objects import KerasObject


def assert_penalties_match(model: KerasObject, *, data: Nested = None, tolerance: float | None = None) -> None:
    """Fail where `kreglint.verify` finds something; its arguments are the same.

    Raises:
        AssertionError: a penalty is wrong, missing, or not trained as it should be. The message is the whole report.
        ModelError: the model cannot be verified.
    """
    from kreglint.runtime.probe import verify

    found = verify(model, data=data, tolerance=tolerance)
    if not found.ok:
        raise AssertionError(f"the penalties of the model do not match\n{found!r}")
