"""Read by junitparser."""

from __future__ import annotations

from junitparser import Failure, JUnitXml

from kreglint.diagnostics import Severity
from kreglint.output.junit import render


def read(*diagnostics) -> JUnitXml:
    return JUnitXml.fromstring("".join(render(diagnostics)).encode())


def test_a_finding_is_a_failed_test_in_the_suite_of_its_file(diagnostic):
    [suite] = read(diagnostic())
    assert (suite.name, suite.tests, suite.failures, suite.errors) == ("nets/vgg.py", 1, 1, 0)
    [case] = suite
    assert (case.name, case.classname) == ("kreglint.KRG302", "nets/vgg.py")
    [failure] = case.result
    assert isinstance(failure, Failure)
    assert (failure.message, failure.type) == ("'L1L2' adds no penalty", "error")
    assert failure.text == "nets/vgg.py:12:34: KRG302 'L1L2' adds no penalty"


def test_the_counts_are_those_of_the_cases(diagnostic):
    report = read(diagnostic(), diagnostic(severity=Severity.INFO), diagnostic(filename="b.py"))
    counts = [(suite.name, suite.tests, suite.failures) for suite in report]
    assert counts == [("nets/vgg.py", 2, 2), ("b.py", 1, 1)]
    assert (report.tests, report.failures) == (3, 3)
    report.update_statistics()
    assert (report.tests, report.failures) == (3, 3)


def test_without_findings_one_test_passes():
    [suite] = read()
    assert (suite.tests, suite.failures) == (1, 0)
    assert [case.is_passed for case in suite] == [True]


def test_any_text_can_be_read_back(diagnostic):
    [suite] = read(diagnostic(filename='"<&>\udcff.py', message="<λ>\n&\x07"))
    assert suite.name == '"<&>\\udcff.py'
    [failure] = next(iter(suite)).result
    assert failure.message == "<λ>\n&\\u0007"
