"""What a file says about training: which losses are minimised, and what they are made of."""

from __future__ import annotations

from kreglint.diagnostics import Elsewhere, Span
from kreglint.facts.added import AddedLoss
from kreglint.facts.elsewhere import FarLayer
from kreglint.records import record


@record(kw_only=True)
class TapeLoss:
    """A loss that is minimised, `tape.gradient(loss, model.trainable_variables)`, without the model's `losses`.

    `span` is the loss as it is given; `model` the model's name, without layout, empty for layers that have none;
    `made_in` the code in which it gets its layers, and `made_elsewhere` the layers that it gets by code of other files;
    `value` is where the loss is computed, if that is one plain expression: penalties can be added there.
    `taken` is where a class of another file minimises it, to which the model is handed on at `span`.
    """

    span: Span
    model: str
    made_in: tuple[Span, ...]
    made_elsewhere: tuple[FarLayer, ...] = ()
    value: Span | None = None
    taken: Elsewhere | None = None


@record(kw_only=True)
class DoubledLosses:
    """A model's `losses` are added, at `span`, to what its `method` gave, which may have them already.

    `given`: the method was handed `regularization_losses`. Without them the text of `whole` is `rest`; `whole` is
    None if that is not plain.
    """

    span: Span
    method: str
    given: bool = False
    whole: Span | None = None
    rest: str = ""


@record(kw_only=True)
class LateBoundLoss:
    """`add_loss(lambda: …)` in a loop, whose lambda reads `names` that the loop sets.

    `parameters` is the empty span at which its own would stand.
    """

    span: Span
    names: tuple[str, ...]
    parameters: Span


@record(kw_only=True)
class ReplicaLosses:
    """The sum of a model's `losses`, at `span`, that every replica of a `strategy`, as written, adds to its loss.

    `made_in` makes the model's layers, `made_elsewhere` has those that it gets by code of other files.
    """

    span: Span
    strategy: str
    made_in: tuple[Span, ...] = ()
    made_elsewhere: tuple[FarLayer, ...] = ()


@record(kw_only=True)
class UnloggedLoss:
    """`{"loss": loss}`, at `span`, which a `train_step` returns in `statement` without telling any metric of it.

    `loss` is the name that has the loss, if it is one, and `indent` the blanks before the statement on its row, where
    nothing else is.
    """

    span: Span
    statement: Span
    loss: str | None = None
    indent: str | None = None


@record(kw_only=True)
class Compiled:
    """A model is compiled with the optimizer that the call at `optimizer` makes; `made_in` makes the model's layers.

    `made_elsewhere` are those that it gets by code of other files.
    """

    optimizer: Span
    made_in: tuple[Span, ...]
    made_elsewhere: tuple[FarLayer, ...] = ()


@record(kw_only=True)
class Fitted:
    """A call of `fit`, at `span`; `made_in` makes the model's layers, `made_elsewhere` has those of other files."""

    span: Span
    made_in: tuple[Span, ...]
    made_elsewhere: tuple[FarLayer, ...] = ()


@record(kw_only=True)
class Quantized:
    """`model.quantize(mode)`, at `span`, of a model or layer that is fitted afterwards; `made_in` makes the layers."""

    span: Span
    mode: str
    made_in: tuple[Span, ...]


@record(kw_only=True)
class Factored:
    """`layer.enable_lora(rank)`, at `span`, of a layer that a call at `made_in` makes."""

    span: Span
    made_in: Span
    rank: int


@record(kw_only=True)
class TrainingFacts:
    """All of one file. `computed` are the losses that a model's own `compute_loss` gives back without its `losses`."""

    tapes: tuple[TapeLoss, ...] = ()
    computed: tuple[TapeLoss, ...] = ()
    doubled: tuple[DoubledLosses, ...] = ()
    late_bound: tuple[LateBoundLoss, ...] = ()
    replicas: tuple[ReplicaLosses, ...] = ()
    unlogged: tuple[UnloggedLoss, ...] = ()
    added: tuple[AddedLoss, ...] = ()
