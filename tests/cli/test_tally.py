from __future__ import annotations

from kreglint.cli.tally import Tally
from kreglint.diagnostics import Diagnostic, Location, Severity


def finding(severity):
    place = Location(1, 1)
    return Diagnostic("KRG302", "inert-identifier", severity, "", "a.py", place, place, 1, ("3",), "f00d")


def test_the_summary_of_findings_has_the_worst_first():
    tally = Tally()
    tally.add(tuple(map(finding, [Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.WARNING])))
    tally.add(())
    assert tally.summary() == "Found 4 findings (1 error, 2 warnings, 1 info) in 1 of 2 files."


def test_one_of_each_is_in_the_singular():
    tally = Tally()
    tally.add((finding(Severity.WARNING),))
    assert tally.summary() == "Found 1 finding (1 warning) in 1 of 1 file."


def test_a_run_without_findings_says_so():
    tally = Tally()
    tally.add(())
    assert tally.summary() == "1 file checked: nothing to report"
