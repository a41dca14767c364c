"""What a whole file says about Keras: the facts that rules judge."""

from __future__ import annotations

from typing import Literal, NamedTuple

from kreglint.diagnostics import Span
from kreglint.facts.calls import ApiCall
from kreglint.facts.custom import CustomFacts
from kreglint.facts.halves import HalfFacts
from kreglint.facts.late import LateFacts, Misplaced
from kreglint.facts.training import Compiled, Fitted, TrainingFacts
from kreglint.facts.values import Argument, Construct, Symbol, TakesArguments
from kreglint.records import field, record


class Reach(NamedTuple):
    """An argument of the user's own class or function that comes to a Keras layer as it is given.

    It is the `keyword` of the call, and the `parameter` of each of `layers`, by their class names.
    """

    keyword: str
    parameter: str
    layers: tuple[str, ...]


@record(kw_only=True)
class LayerCall(TakesArguments):
    """A call that constructs a Keras layer, or that hands some `*_regularizer` to anything else.

    A call of `self.add_weight` in a layer of the file's own is of the kind "weight": it takes a regularizer as well.
    `symbol` is None if the callee is not known; `layer` is the Keras class name where it is a Keras layer,
    else None. `dotted` is the callee as written. `provoked` says that the call stands inside `pytest.raises`
    or `assertRaises`, where a fault is on purpose, behind a question for the version of Keras, or where the program
    never comes; `beyond_defaults`, that it comes there only with others than the parameters' defaults or the arguments
    that the calls of this file pass. Of what is no single Keras layer, `reaches` tells which arguments come to one,
    and `stands_for` the layers of which it is certainly one, or behaves like one; `only_takes` says that it certainly
    is no layer and hands none on: `dict(…)`, a partial, settings.
    """

    span: Span
    callee_span: Span
    dotted: str
    arguments: tuple[Argument, ...]
    scope: str
    symbol: Symbol | None = None
    layer: str | None = None
    provoked: bool = False
    beyond_defaults: bool = False
    reaches: tuple[Reach, ...] = ()
    stands_for: tuple[str, ...] = ()
    only_takes: bool = False
    kind: Literal["layer", "weight"] = "layer"


@record(kw_only=True)
class RegularizerCall:
    """A call of a Keras regularizer anywhere in the file, whatever is done with it.

    `certain` is false where branches give it one of several sets of arguments, of which this is one.
    """

    value: Construct
    certain: bool = True
    provoked: bool = False
    beyond_defaults: bool = False


@record(kw_only=True)
class NameUse:
    """A name below `keras.regularizers` that is imported, or else read as an attribute.

    `guarded`: it stands in a `try`, so that the program goes on without it.
    """

    symbol: Symbol
    span: Span
    imported: bool
    guarded: bool
    provoked: bool = False


@record(kw_only=True)
class AttributeAssignment:
    """`owner.name = …` with a name about regularizers.

    `on_layer`: the owner is certainly a Keras layer; else it may be anything.
    """

    owner: str
    on_layer: bool
    name: str
    span: Span


ON_DEMAND = frozenset(("previous", "compiled", "fitted"))  # what few users select the rules for


@record(kw_only=True)
class FileFacts:
    """All that the rules and the inventory know about one file.

    `majors` are the Keras majors that the file itself proves by its imports (empty: it does not tell).
    `sets_legacy_keras`: the program sets `TF_USE_LEGACY_KERAS`, so that tf.keras is Keras 2.
    `registers_custom_objects`: the file adds names that `regularizers.get` may then know; `names_custom_objects`: it
    hands some to a function that loads models. `statements` are the
    spans of the statements that the calls are part of, by their start. `previous` has pairs of layers by where their
    calls start: a layer, and the one whose output it certainly gets. `weights` are the calls of `self.add_weight` in
    layers of the file's own, which take a regularizer as a layer of Keras does. `compiled` pairs models with their
    optimizers, `fitted` the calls of `fit` with the code that makes the model's layers.
    """

    layers: tuple[LayerCall, ...] = ()
    regularizer_calls: tuple[RegularizerCall, ...] = ()
    regularizer_names: tuple[NameUse, ...] = ()
    attribute_assignments: tuple[AttributeAssignment, ...] = ()
    majors: frozenset[int] = frozenset()
    registers_custom_objects: bool = False
    sets_legacy_keras: bool = False
    statements: tuple[Span, ...] = ()
    custom: CustomFacts = field(default_factory=CustomFacts)
    late: LateFacts = field(default_factory=LateFacts)
    calls: tuple[ApiCall, ...] = ()
    previous: tuple[tuple[int, int], ...] = ()
    misplaced: tuple[Misplaced, ...] = ()
    names_custom_objects: bool = False
    training: TrainingFacts = field(default_factory=TrainingFacts)
    weights: tuple[LayerCall, ...] = ()
    compiled: tuple[Compiled, ...] = ()
    fitted: tuple[Fitted, ...] = ()
    halves: HalfFacts = field(default_factory=HalfFacts)
