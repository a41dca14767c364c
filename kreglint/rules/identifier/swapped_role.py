"""KRG104 swapped-role."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Severity
from kreglint.facts.file import LayerCall, RegularizerCall
from kreglint.facts.values import Argument, Const, Construct, Symbol, Value
from kreglint.rules.base import Bad, Context, Good, Penalty, Raises, Rule
from kreglint.rules.faults import Fault, judge
from kreglint.rules.identifier.strings import role_of
from kreglint.rules.slots import strings_to_get

# What the catalog calls a value of each role; those of the second kind are made by a call.
_ROLES = {"constraint": "MaxNorm", "initializer": "initializer_instance", "activation": "activation"}
_MADE = {"layer": "layer", "optimizer": "optimizer"}


class SwappedRole(Rule):
    """A constraint or initializer is given as a regularizer, or a regularizer in the place of one of them.

    ## Why is this bad?
    The names are alike and so are the keywords, but each role is called in another way. Keras 3.15 calls a
    constraint such as `MaxNorm(3)` as if it were a regularizer and trains silently on a meaningless penalty; other
    versions fail, some only in `fit`. A regularizer given as `activation=` makes the layer's output one number.

    ## What to write instead
    Give it to the argument of its own role: `kernel_constraint=MaxNorm(3)`, `kernel_regularizer=L2(0.01)`.
    """

    code, name, severity = "KRG104", "swapped-role", Severity.ERROR
    examples = (
        Bad(
            "Dense(4, kernel_regularizer=«constraints.MaxNorm(3)»)",
        ),
        Bad(
            "Dense(4, kernel_regularizer=«'max_norm'»)",
            keras2=Raises("TypeError", "losses"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "Dense(4, kernel_regularizer=«'zeros'»)",
            keras2=Raises("TypeError", "losses"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "Dense(4, bias_regularizer=«'relu'»)",
            keras2=Raises("TypeError", "losses"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "Dense(4, kernel_constraint=«'l2'»)",
            keras2=Raises("ValueError", "constructor"),
            keras3=Raises("ValueError", "constructor"),
        ),
        Bad(
            "Dense(4, kernel_initializer=«regularizers.L2(0.01)»)",
            keras2=Raises("TypeError", "build"),
            keras3=Raises("TypeError", "build"),
        ),
        Bad(
            "Dense(4, activation=«regularizers.L2(0.01)»)",
            keras2=Penalty("0"),
            keras3=Penalty("0"),
        ),
        Good(
            "Dense(4, kernel_constraint=constraints.MaxNorm(3), kernel_regularizer='l2')",
            keras2=Penalty("0.01 * sum(kernel**2)"),
            keras3=Penalty("0.01 * sum(kernel**2)"),
        ),
        Good("Dense(4, activation='relu', kernel_initializer='zeros')", keras2=Penalty("0"), keras3=Penalty("0")),
        Good("Dense(4, kernel_initializer=initializers.Orthogonal(), kernel_regularizer=None)"),
        Good("Dense(4, kernel_initializer='orthogonal')", keras2=Penalty("0"), keras3=Penalty("0")),
        Good("Embedding(9, 4, embeddings_constraint='non_neg', embeddings_regularizer='l1')"),
        Good("def scaled(x, kernel_constraint='l2'):\n    return x\n\n\nscaled(Dense(4), kernel_constraint='l2')"),
    )

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        for argument in layer.arguments:
            role = _role_of_keyword(argument.keyword)
            if role is not None and layer.layer is not None:
                yield from _judge_other_role(argument, role, context.keras)

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        yield from judge(argument, "the value", lambda value: _as_regularizer(value, context.keras), defaults=True)

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        for argument in strings_to_get(call):
            yield from judge(argument, "the value", lambda value: _as_regularizer(value, context.keras), defaults=False)


def _judge_other_role(argument: Argument, role: str, keras: Keras) -> Iterator[Finding]:
    def fault_of(value: Value) -> Fault | None:
        return _as_other_role(value, role, keras)

    yield from judge(argument, "the value", fault_of, defaults=True)


def _role_of_keyword(keyword: str | None) -> str | None:
    if keyword == "activation":
        return "activation"
    ending = (keyword or "").rpartition("_")[2]
    return ending if ending in ("constraint", "initializer") else None


def _as_regularizer(value: Value, keras: Keras) -> Fault | None:
    """What is wrong where a regularizer is wanted."""
    if isinstance(value, Const) and isinstance(value.value, str):
        role = None if value.value in keras.identifiers else role_of(value.value)
        if role is None:
            return None
        return Fault(f"{value.value!r} is {_an(role)}, not a regularizer", keras.unknown_identifier.text)
    if not isinstance(value, (Construct, Symbol)):
        return None
    symbol = value.symbol if isinstance(value, Construct) else value
    for role, key in (*_ROLES.items(), *(_MADE.items() if isinstance(value, Construct) else ())):
        if (symbol.canonical or "").startswith(f"keras.{role}s."):
            kind = symbol.name if isinstance(value, Construct) else f"{role}_class"
            outcome = keras.not_a_regularizer.get(kind, keras.not_a_regularizer[key])
            return Fault(f"{symbol.name} is {_an(role)}, not a regularizer", outcome.text)
    return None


def _as_other_role(value: Value, role: str, keras: Keras) -> Fault | None:
    """What is wrong where a constraint, an initializer or an activation is wanted."""
    if isinstance(value, Const) and isinstance(value.value, str):
        wrong = value.value in keras.identifiers and role_of(value.value) is None
        outcome = "raises ValueError when the layer is constructed"
        return Fault(f"{value.value!r} is a regularizer, not {_an(role)}", outcome) if wrong else None
    if isinstance(value, Construct) and (value.symbol.canonical or "").startswith("keras.regularizers."):
        if value.symbol.name not in keras.regularizers:
            return None
        outcome = "makes the layer's output one number and adds no penalty" if role == "activation" else ""
        return Fault(f"{value.symbol.name}(…) is a regularizer, not {_an(role)}", outcome)
    return None


def _an(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"
