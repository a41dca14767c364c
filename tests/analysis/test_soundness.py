"""No value is said that a program does not have: random programs are run, and the analysis is held to it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.analysis.analyse import analyse
from kreglint.diagnostics import Span
from kreglint.facts.file import LayerCall
from kreglint.facts.values import Const, Construct, Mapping, OneOf, Provenance, Sequence, Unknown, Value
from tests.analysis.programs import Program, program, run


def may_be(value: Value, given: object, *, overrides: bool) -> bool:
    """Whether the analysis leaves it open that `given` is the value."""
    if overrides and value.provenance is Provenance.DEFAULT:
        return True
    match value:
        case Unknown():
            return True
        case OneOf(alternatives=alternatives):
            return any(may_be(way, given, overrides=overrides) for way in alternatives)
        case Const(value=constant):
            return type(constant) is type(given) and constant == given
        case Sequence(kind="tuple", items=items):
            return isinstance(given, tuple) and all(
                may_be(item, part, overrides=overrides) for item, part in zip(items, given, strict=True)
            )
        case Sequence(items=items):
            return isinstance(given, list) and all(
                may_be(item, part, overrides=overrides) for item, part in zip(items, given, strict=True)
            )
        case Mapping(entries=entries):
            return isinstance(given, dict) and all(
                may_be(entry, given[key], overrides=overrides) for key, entry in entries
            )
        case Construct(symbol=symbol) if symbol.canonical == "keras.regularizers.l2":
            return isinstance(given, tuple) and may_be(value.arguments[0].value, given[1], overrides=overrides)
        case Construct():
            return not isinstance(given, (float, tuple))
    return False


@given(st.integers(0, 2**32))
@settings(max_examples=300, derandomize=True)
def test_what_the_analysis_says_of_a_value_holds_when_the_program_runs(seed: int):
    check(program(seed))


UNSAID = Unknown(span=Span(0, 0), reason="", provenance=Provenance.UNKNOWN)


def said_of(layer: LayerCall) -> Value:
    """What a layer is given, None where the call is known whole and gives nothing."""
    argument = layer.keyword("kernel_regularizer")
    if argument is not None:
        return argument.value
    return UNSAID if layer.has_star else Const(span=layer.span, value=None)


def check(tried: Program) -> None:
    said, never_made = {}, set()
    for layer in analyse(tried.source).layers:
        if layer.layer != "Conv2D":
            continue
        number = layer.arguments[0].value
        assert isinstance(number, Const)
        said[number.value] = said_of(layer)
        if layer.provoked:
            never_made.add(number.value)
    for number, given_value in run(tried):
        value = said.get(number, UNSAID)
        overrides = tried.overrides or number in tried.overridden
        assert overrides or number not in never_made, (tried, number, "is made")
        assert may_be(value, given_value, overrides=overrides), (tried, number, given_value)
