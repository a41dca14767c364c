import pytest

from kreglint.diagnostics import Edit, Finding, Fix, Location, Note, Safety, Severity, Span
from kreglint.engine.api import check_source
from kreglint.engine.merge import Merged
from kreglint.engine.place import Placer
from kreglint.engine.remark import Remark
from kreglint.rules.identifier.unknown_identifier import UnknownIdentifier
from kreglint.rules.run.unreadable_file import UnreadableFile
from kreglint.source.text import Source, from_text

TEXT = """\
x = 1
layer = Dense(
    4,
    reg="é", other="l3",
)
"""


@pytest.fixture
def source() -> Source:
    return from_text(TEXT, "nets/vgg.py")


def span_of(text: str, whole: str = TEXT) -> Span:
    start = whole.index(text)
    return Span(start, start + len(text))


def merged(span: Span, **more) -> Merged:
    return Merged(Finding(span, "what is wrong", **more), Severity.WARNING, (2, 3))


def placed(source: Source, span: Span, statements=(), **more):
    return Placer(source, statements).finding(UnknownIdentifier, merged(span, **more)).diagnostic


def test_a_diagnostic_has_the_rules_code_and_name_and_the_findings_severity_and_majors(source):
    found = placed(source, span_of('"l3"'))
    assert (found.code, found.name, found.filename) == ("KRG101", "unknown-identifier", "nets/vgg.py")
    assert (found.severity, found.keras, found.message) == (Severity.WARNING, ("2", "3"), "what is wrong")


def test_rows_and_columns_count_characters_from_1(source):
    found = placed(source, span_of('"l3"'))
    assert (found.location, found.end_location) == (Location(4, 20), Location(4, 24))


def test_the_lines_of_the_span_are_quoted(source):
    assert placed(source, span_of('4,\n    reg="é"')).source_lines == ("    4,", '    reg="é", other="l3",')


def test_related_places_and_edits_are_placed_too(source):
    fix = Fix("Write 'l2'", (Edit(span_of("l3"), "l2"),), Safety.UNSAFE)
    found = placed(source, span_of('"l3"'), related=(Note(span_of("x = 1"), "set here"),), fix=fix)
    [related] = found.related
    assert (related.message, related.filename) == ("set here", "nets/vgg.py")
    assert (related.location, related.end_location) == (Location(1, 1), Location(1, 6))
    assert found.fix is not None
    assert (found.fix.message, found.fix.safety) == ("Write 'l2'", Safety.UNSAFE)
    [edit] = found.fix.edits
    assert (edit.content, edit.location, edit.end_location) == ("l2", Location(4, 21), Location(4, 23))


class TestNoqaRows:
    def test_they_are_the_rows_of_the_span_and_the_first_and_last_of_its_statement(self, source):
        statement = span_of(TEXT[6:-1])
        assert set(placed(source, span_of('4,\n    reg="é"'), [statement]).noqa_rows) == {2, 3, 4, 5}
        assert set(placed(source, span_of("4"), [statement]).noqa_rows) == {2, 3, 5}

    def test_the_innermost_statement_counts(self):
        text = "def build():\n    return Dense(\n        'l3')\n"
        statements = (Span(0, len(text)), span_of("return Dense(\n        'l3')", text))
        found = placed(from_text(text, "a.py"), span_of("'l3'", text), statements)
        assert set(found.noqa_rows) == {2, 3}

    def test_without_a_statement_they_are_the_rows_of_the_span(self, source):
        assert set(placed(source, span_of('"l3"')).noqa_rows) == {4}

    def test_a_row_that_ends_in_a_string_or_with_a_backslash_has_its_comment_on_a_later_one(self):
        text = "x = f('l3', '''\n\n''')\ny = \\\n    f('l4')\n"
        source, statement = from_text(text, "a.py"), span_of("y = \\\n    f('l4')", text)
        string = placed(source, span_of("'l3'", text))
        assert (string.noqa_row, set(string.noqa_rows)) == (3, {1, 3})
        backslash = placed(source, span_of("'l4'", text), [statement])
        assert (backslash.noqa_row, set(backslash.noqa_rows)) == (5, {4, 5})

    def test_a_new_comment_goes_to_the_spans_last_row(self, source):
        assert placed(source, span_of('4,\n    reg="é"')).noqa_row == 4


class TestFingerprint:
    def fingerprint(self, text: str, marked: str = "'l3'", path: str = "a.py") -> str:
        return placed(from_text(text, path), span_of(marked, text)).fingerprint

    def test_it_does_not_change_when_the_line_moves(self):
        assert self.fingerprint("Dense('l3')\n") == self.fingerprint("x = 1\n\n\n    Dense('l3')\n")

    def test_it_does_not_change_when_the_span_is_reformatted(self):
        assert self.fingerprint("f( l2(0.1) )", "l2(0.1)") == self.fingerprint("f(l2(\n    0.1\n))", "l2(\n    0.1\n)")

    def test_it_does_not_change_with_the_kind_of_quotes(self):
        assert self.fingerprint("Dense('l3')") == self.fingerprint('Dense("l3")', '"l3"')

    def test_it_knows_the_file_from_the_root_whatever_the_current_folder_is(self, tmp_path, monkeypatch):
        (tmp_path / "nets").mkdir()

        def fingerprint(folder, path):
            monkeypatch.chdir(folder)
            found = Placer(from_text("'l3'", path), (), str(tmp_path))
            return found.finding(UnknownIdentifier, merged(Span(0, 4))).diagnostic.fingerprint

        seen = {
            fingerprint(tmp_path, "nets/a.py"),
            fingerprint(tmp_path / "nets", "a.py"),
            fingerprint("/", str(tmp_path / "nets" / "a.py")),
        }
        assert len(seen) == 1

    def test_another_text_has_another(self):
        assert self.fingerprint("Dense('l3')") != self.fingerprint("Dense('l4')", "'l4'")

    def test_another_file_has_another(self):
        assert self.fingerprint("Dense('l3')") != self.fingerprint("Dense('l3')", path="b.py")

    def test_the_same_text_for_the_second_time_has_another(self, source):
        placer = Placer(source, ())
        first, second = (placer.finding(UnknownIdentifier, merged(span_of('"l3"'))).diagnostic for _ in range(2))
        assert first.fingerprint != second.fingerprint

    def test_a_file_name_that_is_no_utf_8_has_one(self):
        assert len(self.fingerprint("Dense('l3')", path="caf\udce9.py")) == 16


class TestRemark:
    @staticmethod
    def placed(message: str = "m", path: str = "a.py"):
        remark = Remark(UnreadableFile, message, Location(3, 7))
        return Placer(Source(path, "")).remark(remark)

    def test_it_is_an_error_at_one_place_in_no_version_of_keras(self):
        found = self.placed("this file cannot be parsed").diagnostic
        assert (found.code, found.severity, found.keras) == ("KRG900", Severity.ERROR, ())
        assert (found.location, found.end_location, found.noqa_row) == (Location(3, 7), Location(3, 7), 3)

    def test_two_messages_about_one_file_have_two_fingerprints(self):
        assert self.placed("a").diagnostic.fingerprint != self.placed("b").diagnostic.fingerprint

    def test_a_file_name_that_is_no_utf_8_is_no_obstacle(self):
        assert self.placed(path="caf\udce9.py").diagnostic.filename == "caf\udce9.py"

    def test_no_comment_suppresses_it(self):
        assert self.placed().rows == ()


def test_the_import_that_a_fix_needs_is_one_of_its_edits():
    (found,) = check_source("from keras.layers import Dense\nDense(4, kernel_regularizer='L1L2')\n", "model.py")
    assert found.fix is not None
    assert (found.fix.message, found.fix.safety) == ("Write regularizers.L1L2(l1=0.01, l2=0.01)", Safety.UNSAFE)
    assert [(edit.content, edit.location) for edit in found.fix.edits] == [
        ("from keras import regularizers\n", Location(1, 1)),
        ("regularizers.L1L2(l1=0.01, l2=0.01)", Location(2, 29)),
    ]


def test_without_a_way_to_import_that_is_certain_a_fix_is_only_shown():
    program = "if GPU:\n    from keras.layers import Dense\nDense(4, kernel_regularizer='L1L2')\n"
    (found,) = check_source(program, "model.py")
    assert found.fix is not None
    assert found.fix.safety is Safety.DISPLAY
    assert found.fix.message == (
        "Write keras.regularizers.L1L2(l1=0.01, l2=0.01) (how this file imports Keras is not certain)"
    )
