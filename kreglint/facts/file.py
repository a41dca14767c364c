"""What a whole file says about Keras: the facts that rules judge."""

from __future__ import annotations

from typing import Literal, NamedTuple

from kreglint.diagnostics import Span
from kreglint.facts.calls import ApiCall
from kreglint.facts.copies import CopyFacts
from kreglint.facts.custom import CustomFacts
from kreglint.facts.enclosed import Enclosed
from kreglint.facts.expected import Expected
from kreglint.facts.halves import HalfFacts
from kreglint.facts.late import FactorUse, LateFacts, Misplaced
from kreglint.facts.parameters import ParameterFacts
from kreglint.facts.training import Compiled, Factored, Fitted, Quantized, TrainingFacts
from kreglint.facts.values import Argument, Construct, Origin, Symbol, TakesArguments
from kreglint.records import field, record


class Reach(NamedTuple):
    """An argument of the user's own class or function that comes to a Keras layer as it is given.

    It is the `keyword` of the call, and the `parameter` of each of `layers`, by their class names.
    """

    keyword: str
    parameter: str
    layers: tuple[str, ...]


class Choice(NamedTuple):
    """A Keras layer, by its class name and path, that a call constructs under a condition, as the program has it."""

    layer: str
    path: str
    condition: str


@record(kw_only=True)
class LayerCall(TakesArguments):
    """A call that constructs a Keras layer, or that hands some `*_regularizer` to anything else.

    A call of `self.add_weight` in a layer of the file's own is of the kind "weight": it takes a regularizer as well.
    `symbol` is None if the callee is not known; `layer` is the Keras class name where it is a Keras layer,
    else None. `dotted` is the callee as written. `provoked` says that the call stands inside `pytest.raises`
    or `assertRaises`, where a fault is on purpose, behind a question for the version of Keras, or where the program
    never comes; `beyond_defaults`, that it comes there only with others than the parameters' defaults or the arguments
    that the calls of this file pass. Of what is no single Keras layer, `reaches` tells which arguments come to one,
    and `stands_for` the layers of which it is certainly one, or behaves like one, `choices` those among which branches
    choose; `only_takes` says that it certainly is no layer and hands none on: `dict(…)`, a partial, settings.
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
    choices: tuple[Choice, ...] = ()
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

    Also a module of a name like it, and a regularizer's name in another module. `module` is the one whose name it
    is, below Keras itself, or None where that is none of Keras' public ones. `guarded`: it stands in a `try`, or the
    program asks for it or sets it, so that it goes on without it. `defined`: the file has something of this name.
    """

    symbol: Symbol
    span: Span
    imported: bool
    guarded: bool
    provoked: bool = False
    module: str | None = "regularizers"
    defined: bool = False


@record(kw_only=True)
class AttributeAssignment:
    """`owner.name = …` with a name about regularizers.

    `on_layer`: the owner is certainly a Keras layer; else it may be anything.
    """

    owner: str
    on_layer: bool
    name: str
    span: Span


@record(kw_only=True)
class WrapperCall(TakesArguments):
    """A call of the user's own function or class that decides on the regularizers of layers.

    `made` is the layer of Keras, if it is one alone, or the weights of one layer: with the arguments that this call
    gives it, placed at the call where they stand in another file. `inside` are the places of the calls that lead there.
    """

    span: Span
    dotted: str
    arguments: tuple[Argument, ...]
    scope: str
    made: tuple[LayerCall, ...]
    inside: tuple[Origin, ...]


ON_DEMAND = frozenset(("previous", "compiled", "fitted", "wrappers"))  # what only few rules or the inventory ask for


@record(kw_only=True)
class FileFacts:
    """All that the rules and the inventory know about one file.

    `majors` are the Keras majors that the file itself proves by its imports (empty: it does not tell).
    `sets_legacy_keras`: the program sets `TF_USE_LEGACY_KERAS`, so that tf.keras is Keras 2. `backend` is that of
    Keras 3 which it chooses by `KERAS_BACKEND`.
    `registers_custom_objects`: the file adds names that `regularizers.get` may then know; `names_custom_objects`: it
    hands some to a function that loads models. `statements` are the
    spans of the statements that the calls are part of, by their start. `previous` has pairs of layers by where their
    calls start: a layer, and the one whose output it certainly gets. `weights` are the calls of `self.add_weight` in
    layers of the file's own, which take a regularizer as a layer of Keras does. `compiled` pairs models with their
    optimizers, `fitted` the calls of `fit` with the code that makes the model's layers. `factor_uses` are attributes of
    regularizers, `copies` is what is made anew from its configuration. `wrappers` are the calls that decide on the
    regularizers of layers in the user's own functions and classes. `enclosed` are layers that run where the penalty of
    their output does not get out, `quantized` the models that are quantized and then fitted, `factored` the layers that
    LoRA is enabled of by a call. `expected` is where the program expects a fault.
    """

    layers: tuple[LayerCall, ...] = ()
    regularizer_calls: tuple[RegularizerCall, ...] = ()
    regularizer_names: tuple[NameUse, ...] = ()
    attribute_assignments: tuple[AttributeAssignment, ...] = ()
    majors: frozenset[int] = frozenset()
    registers_custom_objects: bool = False
    sets_legacy_keras: bool = False
    backend: str | None = None
    statements: tuple[Span, ...] = ()
    custom: CustomFacts = field(default_factory=CustomFacts)
    parameters: ParameterFacts = field(default_factory=ParameterFacts)
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
    factor_uses: tuple[FactorUse, ...] = ()
    wrappers: tuple[WrapperCall, ...] = ()
    copies: CopyFacts = field(default_factory=CopyFacts)
    enclosed: tuple[Enclosed, ...] = ()
    quantized: tuple[Quantized, ...] = ()
    expected: Expected = field(default_factory=Expected)
    factored: tuple[Factored, ...] = ()
