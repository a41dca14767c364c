"""Known findings stay known, and new ones are new."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kreglint.diagnostics import Suppression
from kreglint.engine.baseline import Baseline, BaselineError, Entry, read_baseline
from kreglint.engine.files import FileReport, check_content
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

IMPORTS = "from keras import layers, regularizers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
UNKNOWN = 'layers.Dense(4, kernel_regularizer="l3")\n'
CODES = ("KRG101", "KRG302")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(text: str, filename: str = "a.py") -> FileReport:
    return check_content((IMPORTS + text).encode(), filename, Settings(), Run())


def known(*texts: str) -> Baseline:
    """The baseline that these contents of a.py leave."""
    baseline = Baseline("baseline.json")
    for text in texts:
        baseline.apart(report(text), CODES)
        baseline = baseline.renewed()
    return baseline


def fresh(baseline: Baseline, text: str) -> list[str]:
    return [diagnostic.code for diagnostic in baseline.apart(report(text), CODES).diagnostics]


class TestApart:
    def test_a_known_finding_is_suppressed_by_the_baseline(self):
        apart = known(INERT).apart(report(INERT), CODES)
        assert apart.diagnostics == ()
        assert [(d.code, d.suppressed) for d in apart.suppressed] == [("KRG302", Suppression.BASELINE)]

    def test_a_new_finding_is_reported(self):
        assert fresh(known(INERT), INERT + UNKNOWN) == ["KRG101"]

    def test_the_same_finding_once_more_is_new(self):
        assert fresh(known(INERT), INERT + INERT) == ["KRG302"]

    def test_the_same_finding_in_another_file_is_new(self):
        apart = known(INERT).apart(report(INERT, "b.py"), CODES)
        assert [d.code for d in apart.diagnostics] == ["KRG302"]

    def test_what_a_comment_suppresses_stays_apart(self):
        apart = known(INERT).apart(report(INERT.rstrip() + "  # noqa\n"), CODES)
        assert [d.suppressed for d in apart.suppressed] == [Suppression.NOQA]

    def test_known_and_new_ones_are_counted(self):
        baseline = known(INERT)
        baseline.apart(report(INERT + UNKNOWN), CODES)
        assert (baseline.known, baseline.fresh, baseline.gone) == (1, 1, frozenset())


class TestGone:
    def test_a_finding_that_is_not_found_any_more_is_gone_and_pruned(self):
        baseline = known(INERT + UNKNOWN)
        baseline.apart(report(INERT), CODES)
        assert [entry.code for entry in baseline.gone] == ["KRG101"]
        assert [entry.code for entry in baseline.renewed().entries] == ["KRG302"]

    def test_one_in_a_file_that_the_run_did_not_look_at_stays(self, folder):
        (folder / "a.py").write_text(IMPORTS + INERT, "utf-8")
        baseline = known(INERT)
        baseline.apart(report("", "b.py"), CODES)
        assert baseline.gone == frozenset()
        assert baseline.renewed().entries == baseline.entries

    def test_one_in_a_file_that_is_not_there_any_more_is_gone(self):
        assert len(known(INERT).gone) == 1

    def test_one_of_a_rule_that_was_not_on_stays(self, folder):
        (folder / "a.py").write_text(IMPORTS, "utf-8")
        baseline = known(INERT)
        baseline.apart(report(""), ["KRG101"])
        assert baseline.gone == frozenset()

    def test_those_of_a_file_that_cannot_be_parsed_stay(self, folder):
        (folder / "a.py").write_text("(", "utf-8")
        baseline = known(INERT)
        baseline.apart(report("("), CODES)
        assert baseline.gone == frozenset()


class TestFile:
    def test_what_is_written_can_be_read(self, folder):
        baseline = known(INERT + UNKNOWN)
        (folder / "baseline.json").write_text(baseline.text("0.1.0"), "utf-8")
        assert read_baseline("baseline.json").entries == baseline.entries

    def test_an_empty_one_can_be_read(self, folder):
        (folder / "baseline.json").write_text(Baseline("baseline.json").text("0.1.0"), "utf-8")
        assert read_baseline("baseline.json").entries == frozenset()

    def test_a_finding_is_a_line_and_lines_are_sorted(self):
        entries = [Entry("b.py", "KRG302", "2"), Entry("a.py", "KRG302", "1")]
        text = Baseline("baseline.json", entries).text("0.1.0")
        assert [json.loads(line.rstrip(","))["filename"] for line in text.splitlines() if "filename" in line] == [
            "a.py",
            "b.py",
        ]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "invalid JSON: "),
            (b"\xff", "invalid JSON: "),
            (b"{", "invalid JSON: "),
            (b"[" * 100_000, "invalid JSON: nested too deeply"),
            (b"[]", "expected what `kreglint check --write-baseline` writes"),
            (b'{"schema": 2, "findings": []}', "expected what `kreglint check --write-baseline` writes"),
            (b'{"schema": 1}', "expected what `kreglint check --write-baseline` writes"),
            (b'{"schema": 1, "findings": [3]}', "expected filename, code, fingerprint as strings in finding 1"),
            (
                b'{"schema": 1, "findings": [{"filename": "a", "code": "KRG302"}]}',
                "expected filename, code, fingerprint as strings in finding 1",
            ),
        ],
    )
    def test_anything_else_is_refused_in_one_line(self, folder, content, message):
        (folder / "baseline.json").write_bytes(content)
        with pytest.raises(BaselineError) as caught:
            read_baseline("baseline.json")
        assert str(caught.value).startswith(f"baseline.json: not a baseline: {message}")
        assert "\n" not in str(caught.value)


FAULTS = (
    'x = layers.Dense(4, kernel_regularizer="L1L2")',
    "x = layers.Dense(4, kernel_regularizer='L1L2', bias_regularizer = 'l3' )",
    "layers.Dense(units=4, kernel_regularizer=regularizers.l2( -1E-4 ))",
    "layers.Dense(4, activation='relu', kernel_regularizer=regularizers.L1L2(l1=-0.10, l2=0.01), name='a layer')",
    "layers.Conv2D(4, 3, kernel_regularizer=[regularizers.l2(0.1)])",
    "y = [layers.Dense(4, kernel_regularizer=u'it\\'s') for _ in range(3)]",
)
FILLERS = ("", "", "# a comment", "z = 1", "def helper():\n    return 0\n", 'text = """\nlines\n"""')


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(FAULTS), min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from(FILLERS), st.integers(0, 8)), max_size=6),
    st.booleans(),
    st.sampled_from([40, 88, 200]),
)
def test_moving_and_reformatting_make_nothing_new(faults, fillers, reformatted, width):
    before = "\n".join(faults) + "\n"
    lines = list(faults)
    for filler, place in fillers:
        lines.insert(min(place, len(lines)), filler)
    after = "\n".join(lines) + "\n"
    if reformatted:
        command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={width}", "-"]
        after = subprocess.run(command, input=after, capture_output=True, check=True, encoding="utf-8").stdout
    baseline = known(before)
    assert len(baseline.entries) >= len(faults)
    assert fresh(baseline, after) == []
    assert baseline.known == len(baseline.entries)
