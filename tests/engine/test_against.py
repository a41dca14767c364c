"""`verify --against`: what the source says beside what a live model has. The results are made by hand."""

import pytest

from kreglint.engine.against import compared
from kreglint.engine.inventory import inventory
from kreglint.engine.reading import read
from kreglint.runtime.result import Check, Penalty, Place, Total, Verification
from kreglint.settings.schema import Settings

SOURCE = """\
from keras import layers, regularizers
L = 1e-3
def build(decay=0.5):
    yield layers.Dense(3, kernel_regularizer=regularizers.l2(L), name="a")
    yield layers.Dense(
        3,
        kernel_regularizer="l2")
    yield layers.Dense(3, kernel_regularizer=regularizers.l2(decay))
    yield layers.Dense(3)
    yield layers.Dense(3, kernel_regularizer="l2"), layers.Dense(3, kernel_regularizer="l1"), layers.Dense(3)
"""
TOGETHER = SOURCE.splitlines()[9]


def row(line, *, l1=None, l2=None, kind="L2", argument="kernel_regularizer", columns=()):
    value = None if l1 is None and l2 is None else {"kind": kind, "l1": l1, "l2": l2, "factor": None}
    place = Place("nets.py", line, columns[0], line, columns[1]) if columns else Place("nets.py", line)
    return Penalty(
        "d", "net/d", "Dense", "kernel", value, 4, "float32", 1, 1, 0, 1e-6, "match", argument=argument, place=place
    )


@pytest.fixture
def against(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets.py").write_text(SOURCE, encoding="utf-8")
    layers = inventory(*read(SOURCE, "nets.py"), Settings())

    def compare(*rows):
        once = Check("match", "")
        found = Verification("nets.py:build", "3.15.1", "tensorflow", rows, Total(1, 1, "match"), once, once)
        return compared(found, layers)

    return compare


def test_equal_factors_are_fine(against):
    found = against(row(4, l2=1e-3))
    assert (found.findings, found.not_checked) == ((), ())


def test_float32_is_equal_and_so_is_the_same_penalty_of_another_class(against):
    assert against(row(4, l2=0.0010000000474974513)).findings == ()
    assert against(row(4, l1=0.0, l2=1e-3, kind="L1L2")).findings == ()


def test_another_factor_is_told_with_both_places(against):
    (finding,) = against(row(4, l2=2e-3)).findings
    assert finding.code == "KRG809"
    assert finding.message == (
        "'d' (Dense) kernel_regularizer: the source says regularizers.l2(L) (nets.py:4), the model has L2(l2=0.002)"
    )
    assert finding.place == Place("nets.py", 4)
    assert [(each.filename, each.row) for _, each in finding.related] == [("nets.py", 4)]


def test_a_call_of_several_lines(against):
    assert against(row(5, l2=0.01)).findings == ()
    (finding,) = against(row(5, l2=0.1)).findings
    assert finding.related[0][1].row == 7


def test_a_regularizer_that_the_source_does_not_say(against):
    (finding,) = against(row(9, l2=0.1, argument=None)).findings
    assert finding.message.endswith("the source says none (nets.py:9), the model has L2(l2=0.1)")


def test_a_regularizer_that_the_model_has_not(against):
    (finding,) = against(row(4)).findings
    assert finding.message.endswith("the source says regularizers.l2(L) (nets.py:4), the model has none")


def test_a_default_that_callers_may_override_is_not_judged(against):
    found = against(row(8, l2=7.0))
    assert found.findings == ()
    assert "callers may override" in found.not_checked[0].why


def test_a_layer_that_no_known_call_makes_is_listed(against):
    found = against(row(1, l2=7.0))
    assert found.findings == ()
    assert found.not_checked[0].why == "no call there is known to make it"


def call(text):
    """The columns of a call in the line of several."""
    start = TOGETHER.index(text) + 1
    return start, start + len(text)


L2_CALL, L1_CALL = 'layers.Dense(3, kernel_regularizer="l2")', 'layers.Dense(3, kernel_regularizer="l1")'


def test_calls_on_one_line_are_told_apart_by_their_columns(against):
    assert against(row(10, l2=0.01, columns=call(L2_CALL)), row(10, l1=0.01, columns=call(L1_CALL))).findings == ()
    (finding,) = against(row(10, l1=0.01, kind="L1", columns=call(L2_CALL))).findings
    assert finding.message.endswith('the source says "l2" (nets.py:10), the model has L1(l1=0.01)')


def test_a_call_around_several_is_certain_only_where_one_agrees(against):
    whole = (1, len(TOGETHER) + 1)
    assert against(row(10, l1=0.01, columns=whole)).findings == ()
    found = against(row(10, l1=0.5, columns=whole))
    assert found.findings == ()
    assert found.not_checked[0].why == "several calls there may have made it"


def test_without_columns_a_line_of_several_calls_is_certain_only_where_one_agrees(against):
    assert against(row(10, l2=0.01)).findings == ()
    found = against(row(10, l2=0.5))
    assert found.findings == ()
    assert found.not_checked[0].why == "several calls there may have made it"
