"""KRG104 swapped-role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Fix, Safety, Severity
from kreglint.facts.binding import bound_arguments, layer_of
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.facts.values import Argument, Const, Construct, Symbol, Value
from kreglint.outcomes import Effect, Fails
from kreglint.rules.articles import with_article
from kreglint.rules.base import IDENTIFIER, REGULARIZER, Context, Rule
from kreglint.rules.edits import renamed
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault, judge
from kreglint.rules.identifier.plain_function_regularizer import REFUSED, REFUSES
from kreglint.rules.identifier.strings import role_of
from kreglint.rules.outcomes import outcome_of
from kreglint.rules.slots import given_to_get
from kreglint.versions import Version, within

# What the catalog calls a value of each role; those of the second kind are made by a call.
_ROLES = {"constraint": "MaxNorm", "initializer": "initializer_instance", "activation": "activation"}
_MADE = {"layer": "layer", "optimizer": "optimizer"}
_COMPARING = {"loss": "losses", "metric": "metrics"}  # roles that take two tensors
_REGULARIZERS = frozenset(("l1", "l2", "l1_l2", "L1", "L2", "L1L2"))  # in no other module of Keras (KRG109)
_NO_ROLES = ("get", "serialize", "deserialize")


class SwappedRole(Rule):
    """A constraint, initializer, loss or metric is passed as a regularizer, or a regularizer in place of one.

    ## Why is this bad?
    The names and keywords look alike, but Keras calls each role differently. Keras 3.15 calls a constraint such as
    `MaxNorm(3)` as if it were a regularizer and trains silently on a meaningless penalty; other versions fail, some
    only in `fit`. A regularizer passed as `activation=` reduces the layer's output to one number.

    ## What to write instead
    Pass it to the argument for its own role: `kernel_constraint=MaxNorm(3)`, `kernel_regularizer=L2(0.01)`.

    ## Fix safety
    Unsafe: the layer gets a constraint or a penalty that it never had, so training changes.
    """

    code, name, severity = "KRG104", "swapped-role", Severity.ERROR
    triggers = (REGULARIZER, IDENTIFIER)

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«keras.losses.MeanSquaredError()»)",
                both=Raises("TypeError", "losses", "missing 1 required positional argument"),
                older=((REFUSED, Raises("ValueError", "build")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«keras.losses.mean_squared_error»)",
                both=Raises("TypeError", "losses"),
                older=((REFUSED, Raises("ValueError", "build")),),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«keras.callbacks.EarlyStopping()»)",
                both=Raises("ValueError", "constructor", "Could not interpret regularizer identifier"),
            ),
            Bad(
                "Dense(4, kernel_regularizer=«constraints.MaxNorm(3)»)",
                fixed="Dense(4, kernel_constraint=constraints.MaxNorm(3))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«'max_norm'»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_constraint='max_norm')",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«'zeros'»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_initializer='zeros')",
            ),
            Bad(
                "Dense(4, bias_regularizer=«'relu'»)",
                keras2=Raises("TypeError", "losses"),
                keras3=Raises("ValueError", "constructor"),
                fixed="Dense(4, activation='relu')",
            ),
            Bad(
                "Dense(4, kernel_constraint=«'l2'»)",
                both=Raises("ValueError", "constructor"),
                fixed="Dense(4, kernel_regularizer='l2')",
            ),
            Bad(
                "Dense(4, kernel_initializer=«regularizers.L2(0.01)»)",
                both=Raises("TypeError", "build"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
            ),
            Bad(
                "Dense(4, activation=«regularizers.L2(0.01)»)",
                both=Penalty("0"),
                fixed="Dense(4, kernel_regularizer=regularizers.L2(0.01))",
            ),
            Good(
                "Dense(4, kernel_constraint=constraints.MaxNorm(3), kernel_regularizer='l2')",
                both=Penalty("0.01 * sum(kernel**2)"),
            ),
            Good("Dense(4, activation='relu', kernel_initializer='zeros')", both=Penalty("0")),
            Good("Dense(4, kernel_initializer=initializers.Orthogonal(), kernel_regularizer=None)"),
            Good("Dense(4, kernel_initializer='orthogonal')", both=Penalty("0")),
            Good("Embedding(9, 4, embeddings_constraint='non_neg', embeddings_regularizer='l1')"),
            Good(
                """
                def scaled(x, kernel_constraint='l2'):
                    return x


                scaled(Dense(4), kernel_constraint='l2')
                """
            ),
        )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        for argument in layer.arguments:
            role = _role_of_keyword(argument.keyword)
            if role is not None and layer.layer is not None:
                judged = partial(_as_other_role, role=role, keras=context.keras)
                yield from judge(argument, "the value", _moving(judged, argument, layer, context), defaults=True)

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        of_weight = name != "activity_regularizer"
        judged = partial(_as_regularizer, keras=context.keras, version=context.version, of_weight=of_weight)
        yield from judge(argument, "the value", _moving(judged, argument, layer, context), defaults=True)

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        for argument in given_to_get(call):
            judged = partial(_as_regularizer, keras=context.keras, version=context.version)
            yield from judge(argument, "the value", judged, defaults=False)


def _moving(
    judged: Callable[[Value], Fault | None], argument: Argument, call: LayerCall, context: Context
) -> Callable[[Value], Fault | None]:
    """Return the same judgement, with the fix that gives the value to the argument of its own role."""

    def fault_of(value: Value) -> Fault | None:
        fault = judged(value)
        return fault._replace(fix=_fix(value, argument, call, context)) if fault is not None else None

    return fault_of


def _fix(value: Value, argument: Argument, call: LayerCall, context: Context) -> Fix | None:
    known, role = layer_of(call, context.keras), _role_of_value(value, context.keras)
    if known is None or role is None:
        return None
    weight = (argument.keyword or "").rpartition("_")[0] or "kernel"
    keyword = role if role == "activation" else f"{weight}_{role}"
    names = {parameter.name for parameter in known.parameters} | set(known.regularizers)
    if keyword not in names or any(keyword == name for name, _ in bound_arguments(call, known)):
        return None
    return renamed(argument, keyword, Safety.UNSAFE)


def _role_of_value(value: Value, keras: Keras) -> str | None:
    """Return the role that a value has, as the end of a keyword."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return "regularizer" if value.value in keras.identifiers else role_of(value.value)
    if not isinstance(value, Construct):
        return None
    package = (value.symbol.canonical or "").rpartition(".")[0].removeprefix("keras.")
    role = package.removesuffix("s")
    return role if role in (*_ROLES, "regularizer") else None


def _role_of_keyword(keyword: str | None) -> str | None:
    if keyword == "activation":
        return "activation"
    ending = (keyword or "").rpartition("_")[2]
    return ending if ending in ("constraint", "initializer") else None


def _as_regularizer(value: Value, keras: Keras, version: Version, *, of_weight: bool = True) -> Fault | None:
    """Return what is wrong where a regularizer is wanted."""
    if isinstance(value, Const) and isinstance(value.value, str):
        role = None if value.value in keras.identifiers else role_of(value.value)
        if role is None:
            return None
        return Fault(
            f"{value.value!r} is {with_article(role)}, not a regularizer", outcome_of(keras.unknown_identifier)
        )
    if not isinstance(value, (Construct, Symbol)):
        return None
    symbol = value.symbol if isinstance(value, Construct) else value
    for role, plural in _COMPARING.items():
        if (symbol.canonical or "").startswith(f"keras.{plural}.") and symbol.name not in _NO_ROLES:
            refused = of_weight and within(version, REFUSED)
            outcome = REFUSES if refused else Fails("TypeError", "losses" if of_weight else "by losses")
            return Fault(f"this is {with_article(role)}, not a regularizer", outcome)
    for role, key in (*_ROLES.items(), *(_MADE.items() if isinstance(value, Construct) else ())):
        there = symbol.name in keras.layer_names if role == "layer" else symbol.name not in _REGULARIZERS
        if there and (symbol.canonical or "").startswith(f"keras.{role}s."):
            kind = symbol.name if isinstance(value, Construct) else f"{role}_class"
            tried = keras.not_a_regularizer.get(kind, keras.not_a_regularizer[key])
            return Fault(f"{symbol.name} is {with_article(role)}, not a regularizer", outcome_of(tried))
    if isinstance(value, Construct) and (symbol.canonical or "").startswith("keras.callbacks."):
        return Fault(f"{symbol.name} is a callback, not a regularizer", Fails("ValueError", "constructor"))
    return None


def _as_other_role(value: Value, role: str, keras: Keras) -> Fault | None:
    """Return what is wrong where a constraint, an initializer or an activation is wanted."""
    if isinstance(value, Const) and isinstance(value.value, str):
        wrong = value.value in keras.identifiers and role_of(value.value) is None
        fails = Fails("ValueError", "constructor")
        return Fault(f"{value.value!r} is a regularizer, not {with_article(role)}", fails) if wrong else None
    if isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.regularizers."):
        if value.symbol.name not in keras.regularizers:
            return None
        outcome = Effect.OUTPUT_IS_ONE_NUMBER if role == "activation" else None
        return Fault(f"{value.symbol.name}(…) is a regularizer, not {with_article(role)}", outcome)
    return None
