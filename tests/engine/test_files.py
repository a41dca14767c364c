"""Many files: each is read and judged by itself."""

import pytest

from kreglint.diagnostics import Location, Suppression
from kreglint.engine.files import check_content, check_files, report_content, report_files
from kreglint.engine.run import Run
from kreglint.settings.schema import Settings

INERT = 'from keras import layers\nlayers.Dense(4, kernel_regularizer="L1L2")\n'
BROKEN = "from keras import (\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def default(file: str) -> Settings:
    return Settings()


def codes(reports) -> list[tuple[str, list[str]]]:
    return [(report.filename, [d.code for d in report.diagnostics]) for report in reports]


class TestCheck:
    def test_reports_come_in_the_order_of_the_files(self, folder):
        for name in ("b.py", "a.py", "c.py"):
            (folder / name).write_text(INERT, "utf-8")
        assert codes(check_files(["b.py", "a.py", "c.py"], default, Run())) == [
            ("b.py", ["KRG302"]),
            ("a.py", ["KRG302"]),
            ("c.py", ["KRG302"]),
        ]

    def test_files_are_read_as_they_are_asked_for(self, folder):
        (folder / "a.py").write_text(INERT, "utf-8")
        reports = check_files(iter(["a.py", "b.py"]), default, Run())
        assert next(reports).filename == "a.py"
        (folder / "b.py").write_text(INERT, "utf-8")
        assert codes(reports) == [("b.py", ["KRG302"])]

    def test_each_file_has_its_own_settings(self, folder):
        for name in ("a.py", "b.py"):
            (folder / name).write_text(INERT, "utf-8")
        settings = {"a.py": Settings(), "b.py": Settings(ignore=("KRG302",))}
        assert codes(check_files(["a.py", "b.py"], settings.__getitem__, Run())) == [("a.py", ["KRG302"]), ("b.py", [])]

    @pytest.mark.parametrize("content", [BROKEN.encode(), INERT.encode() + b"# caf\xe9\n"])
    def test_a_file_that_cannot_be_read_is_krg900_and_the_others_go_on(self, folder, content):
        (folder / "a.py").write_bytes(content)
        (folder / "b.py").write_text(INERT, "utf-8")
        assert codes(check_files(["a.py", "b.py"], default, Run())) == [("a.py", ["KRG900"]), ("b.py", ["KRG302"])]

    def test_a_file_that_is_gone_is_krg900_at_its_beginning(self):
        [report] = check_files(["gone.py"], default, Run())
        [one] = report.diagnostics
        assert (one.code, one.location, one.filename) == ("KRG900", Location(1, 1), "gone.py")
        assert one.message == "this file cannot be read: No such file or directory"

    def test_a_folder_with_a_files_name_is_krg900(self, folder):
        (folder / "model.py").mkdir()
        [report] = check_files(["model.py"], default, Run())
        assert [d.message for d in report.diagnostics] == ["this file cannot be read: Is a directory"]

    def test_an_absolute_path_below_the_current_folder_is_shown_relative(self, folder):
        (folder / "a.py").write_text(INERT, "utf-8")
        [report] = check_files([str(folder / "a.py")], default, Run())
        assert (report.filename, report.diagnostics[0].filename) == ("a.py", "a.py")

    def test_a_file_that_mentions_nothing_of_ours_is_not_parsed(self):
        assert check_content(b"x = (\n", "a.py", Settings(), Run()).diagnostics == ()

    def test_what_a_comment_suppresses_is_kept_apart_and_marked(self):
        report = check_content(f"{INERT.rstrip()}  # noqa: KRG302\n".encode(), "a.py", Settings(), Run())
        assert report.diagnostics == ()
        assert [(d.code, d.suppressed) for d in report.suppressed] == [("KRG302", Suppression.NOQA)]


class TestReport:
    def test_a_report_has_the_files_layers_and_no_findings(self, folder):
        (folder / "a.py").write_text(INERT, "utf-8")
        [report] = report_files(["a.py"], default, Run())
        assert [layer.layer for layer in report.layers] == ["Dense"]
        assert report.diagnostics == ()

    def test_a_file_that_cannot_be_parsed_is_krg900(self):
        report = report_content(BROKEN.encode(), "a.py", Settings(), Run())
        assert ([d.code for d in report.diagnostics], report.layers) == (["KRG900"], ())

    def test_a_file_that_mentions_nothing_of_ours_is_not_parsed(self):
        assert report_content(b"x = (\n", "a.py", Settings(), Run()).diagnostics == ()
