"""Which argument of a call sets which parameter: as Python itself binds it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.analysis.semantic.signature import signature_of
from tests.analysis.reading import expression

PARAMETERS = st.tuples(
    st.sampled_from(["", "a=None, /", "a=None, b=None, /", "a=None, b=None, /, c=None"]),
    st.sampled_from(["", "d=None", "d=None, e=None"]),
    st.sampled_from(["", "*rest", "*, f=None", "*rest, f=None"]),
    st.sampled_from(["", "**more"]),
)
KEYWORDS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(), max_size=4)


@given(PARAMETERS, st.lists(st.integers(), max_size=6), KEYWORDS)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_the_same_as_python_binds_it(parts, positional, keywords):
    text = f"lambda {', '.join(filter(None, parts))}: locals()"
    found = signature_of(expression(text).params).bind(positional, keywords)
    try:
        passed = eval(text)(*positional, **keywords)
    except TypeError:
        assert found is None
        return
    assert found is not None
    assert tuple(found.rest) == passed.pop("rest", ())
    assert found.keywords == passed.pop("more", {})
    assert found.named == {name: value for name, value in passed.items() if value is not None}
