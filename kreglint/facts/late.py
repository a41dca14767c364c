"""Regularizers that come when, or where, Keras does not read them."""

from __future__ import annotations

from kreglint.diagnostics import Elsewhere, Span
from kreglint.facts.elsewhere import FarLayer
from kreglint.facts.values import Argument, Value
from kreglint.records import record


@record(kw_only=True)
class LateAssignment:
    """`layer.kernel_regularizer = …` on a layer that is certainly built; `span` is the attribute's name.

    `of_variable`: it is the `regularizer` of a variable, as in `layer.kernel.regularizer = …`.
    `model` is the name of the layer's model, if it has one, `end` where the statement or its loop ends, and `indent`
    the blanks before that; `built_at` is what builds the model, if that is in another file.
    """

    span: Span
    name: str
    of_variable: bool = False
    model: str | None = None
    end: int = 0
    indent: str = ""
    built_at: Elsewhere | None = None


@record(kw_only=True)
class Misplaced:
    """A regularizer that a model is given in the `place` of something else.

    The places: "attribute", "keyword" and "constructor", whose `name` is then given; "layer", "loss", "metric" and
    "optimizer". What `add` or the call of a layer is given beside the layer or its input: "added" and "called", with
    a `name` if it is a keyword. What an `owner` other than a model is given as an attribute: "attribute" as well.
    `by_name` says that it is one of Keras' strings for a regularizer.
    """

    span: Span
    place: str
    name: str = ""
    by_name: bool = False
    owner: str = "model"


@record(kw_only=True)
class TracedChange:
    """A callback sets a factor of a layer's regularizer.

    `compiled` is the end of the last argument of the file's only `compile`, where there is one.
    """

    span: Span
    compiled: int | None = None


@record(kw_only=True)
class FactorUse:
    """An attribute `l1`, `l2` or `factor` of a regularizer of Keras that is read, or else `assigned` to.

    `regularizer` is what it is of, or unknown for that of a layer whose regularizer is not seen. `given` is what it is
    set to, and `set_elsewhere` says that the program sets an attribute of this name on some object.
    """

    span: Span
    name: str
    regularizer: Value
    assigned: bool = False
    given: Argument | None = None
    set_elsewhere: bool = False


@record(kw_only=True)
class Frozen:
    """`layer.trainable = False`, where nothing of the file is set to be trained again.

    `span` is the attribute's name, `made_in` the code that makes the layer or the layers of the model, and
    `made_elsewhere` those layers that it gets by code of other files.
    """

    span: Span
    made_in: tuple[Span, ...]
    made_elsewhere: tuple[FarLayer, ...] = ()


@record(kw_only=True)
class LateFacts:
    """All of one file."""

    assignments: tuple[LateAssignment, ...] = ()
    traced: tuple[TracedChange, ...] = ()
    frozen: tuple[Frozen, ...] = ()
