"""The public functions: pure, picklable, and the same for one file as for many."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kreglint
from kreglint.diagnostics import Diagnostic, Location
from kreglint.engine.api import check_paths, check_source, fix_source, report_source
from kreglint.engine.programs import UnreadableError
from kreglint.facts.file import FileFacts
from kreglint.settings.schema import Settings, SettingsError
from kreglint.source.discovery import MissingPathError

IMPORTS = "from tensorflow.keras import layers\nfrom tensorflow.keras.regularizers import L1L2, l2\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
STATEMENTS = (
    INERT,
    'layers.Dense(4, kernel_regularizer="l3")\n',
    "layers.Dense(4, l2(.01))\n",
    "layers.Dense(4,\n    use_bias=False,\n    bias_regularizer='l2')\n",
    "layers.Conv2D(8, 3, kernel_regularizer=L1L2())  # é\n",
    "layers.Dense(4, kernel_regularizer=l2(1e-4))\n",
    "scaled(layers.Dense(4), kernel_regularizer=0.0)\n",
    "\n",
)
PROGRAMS = st.lists(st.lists(st.sampled_from(STATEMENTS), max_size=6), min_size=1, max_size=4)


def told(diagnostic: Diagnostic, row: int = 0) -> tuple[object, ...]:
    return (diagnostic.code, diagnostic.location.row - row, diagnostic.location.column, diagnostic.message)


class TestCheckSource:
    def test_the_package_has_it(self):
        assert kreglint.check_source is check_source

    def test_text_and_bytes_give_the_same(self):
        code = IMPORTS + "# é\n" + INERT
        assert check_source(code) == check_source(code.encode())
        assert [d.code for d in check_source(code)] == ["KRG302"]

    def test_the_file_name_is_a_placeholder_unless_it_is_given(self):
        assert check_source(IMPORTS + INERT)[0].filename == "<string>"
        assert check_source(IMPORTS + INERT, "nets/vgg.py")[0].filename == "nets/vgg.py"

    def test_the_same_program_gives_the_same_every_time(self):
        assert check_source(IMPORTS + INERT) == check_source(IMPORTS + INERT)

    def test_results_can_be_pickled(self):
        found = check_source(IMPORTS + "".join(STATEMENTS))
        assert len(found) == 5
        assert pickle.loads(pickle.dumps(found)) == found

    def test_a_broken_program_is_a_finding(self):
        assert [d.code for d in check_source("import keras\nx = (")] == ["KRG900"]

    def test_an_unknown_rule_in_the_settings_is_an_error_whatever_the_program(self):
        with pytest.raises(SettingsError):
            check_source("x = 1\n", settings=Settings(select=("KRG999",)))

    @given(PROGRAMS)
    def test_one_program_of_many_parts_has_the_findings_of_its_parts(self, parts):
        texts = ["".join(part) for part in parts]
        separately, together, row = [], check_source(IMPORTS + "".join(texts)), 0
        for text in texts:
            separately += [(told(d), row) for d in check_source(IMPORTS + text)]
            row += text.count("\n")
        assert [told(d) for d in together] == [(code, at + row, *rest) for (code, at, *rest), row in separately]


class TestReportSource:
    def test_the_package_has_it(self):
        assert kreglint.report_source is report_source

    def test_the_facts_are_the_calls(self):
        facts = report_source(IMPORTS + INERT)
        assert [(call.layer, call.scope) for call in facts.layers] == [("Dense", "<module>")]

    def test_the_facts_can_be_pickled(self):
        facts = report_source(IMPORTS + "".join(STATEMENTS))
        assert pickle.loads(pickle.dumps(facts)) == facts

    def test_a_program_without_keras_has_none(self):
        assert report_source("x = (\n") == FileFacts()

    def test_a_broken_program_is_an_error_that_says_where_and_why(self):
        with pytest.raises(UnreadableError, match=r"^2:5: cannot be parsed: '\(' was never closed$"):
            report_source("import keras\nx = (\n")


class TestCheckPaths:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        return tmp_path

    @staticmethod
    def write(folder, **files: str) -> None:
        for name, text in files.items():
            (folder / f"{name}.py").write_text(text, "utf-8")

    def test_each_file_is_a_report(self, folder):
        self.write(folder, a=IMPORTS, b=IMPORTS + INERT)
        reports = list(check_paths(["."]))
        assert [(r.filename, [d.code for d in r.diagnostics]) for r in reports] == [("a.py", []), ("b.py", ["KRG302"])]

    def test_reports_can_be_pickled(self, folder):
        self.write(folder, a=IMPORTS + INERT, b="import keras\n(")
        reports = list(check_paths(["."]))
        assert pickle.loads(pickle.dumps(reports)) == reports

    def test_each_file_has_the_settings_of_its_closest_configuration(self, folder):
        self.write(folder, a=IMPORTS + INERT)
        (folder / "old").mkdir()
        self.write(folder / "old", a=IMPORTS + INERT)
        (folder / "old" / "kreglint.toml").write_text('ignore = ["KRG302"]\n', "utf-8")
        assert [(r.filename, len(r.diagnostics)) for r in check_paths(["."])] == [("a.py", 1), ("old/a.py", 0)]

    def test_given_settings_hold_for_every_file(self, folder):
        self.write(folder, a=IMPORTS + INERT)
        (folder / "kreglint.toml").write_text('ignore = ["KRG302"]\n', "utf-8")
        assert [len(r.diagnostics) for r in check_paths(["."], Settings())] == [1]

    def test_a_path_that_does_not_exist_is_an_error(self):
        with pytest.raises(MissingPathError, match=r"gone\.py does not exist"):
            list(check_paths(["gone.py"]))

    def test_many_files_have_the_findings_of_each(self, folder):
        programs = {f"m{index}": IMPORTS + statement for index, statement in enumerate(STATEMENTS)}
        self.write(folder, **programs)
        together = {r.filename: list(r.diagnostics) for r in check_paths(["."])}
        assert together == {f"{name}.py": check_source(text, f"{name}.py") for name, text in programs.items()}


class TestFixSource:
    PROGRAM = "from keras.layers import Dense\nDense(4, W_regularizer='L1L2')\n"
    SAFELY = PROGRAM.replace("W_reg", "kernel_reg")

    def test_it_gives_the_program_after_its_safe_fixes_and_what_remains(self):
        text, remaining = fix_source(self.PROGRAM, "model.py", Settings())
        assert text == self.SAFELY
        assert [(d.code, d.location) for d in remaining] == [("KRG302", Location(2, 29))]

    def test_unsafe_fixes_are_applied_if_they_are_asked_for(self):
        text, remaining = fix_source(self.PROGRAM, unsafe=True)
        assert text == (
            "from keras import regularizers\nfrom keras.layers import Dense\n"
            "Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.01))\n"
        )
        assert remaining == []

    @pytest.mark.parametrize("program", ["x = 1", "import keras\nx = (\n", "", "\ufeffimport keras\r\n"])
    def test_a_program_without_fixes_comes_back_as_it_is(self, program):
        assert fix_source(program)[0] == program
        assert fix_source(program.encode())[0] == program

    def test_bytes_come_back_as_text(self):
        assert fix_source(("\ufeff" + self.PROGRAM).encode())[0] == "\ufeff" + self.SAFELY

    def test_bytes_that_cannot_be_decoded_come_back_as_they_are(self):
        text, remaining = fix_source(b"import keras\nx = '\xff'\n")
        assert text.encode("utf-8", "surrogateescape") == b"import keras\nx = '\xff'\n"
        assert [d.code for d in remaining] == ["KRG900"]

    def test_a_setting_that_is_no_good_is_an_error_for_every_program(self):
        with pytest.raises(SettingsError, match="unfixable"):
            fix_source("x = 1", settings=Settings(unfixable=("KRG999",)))

    def test_a_program_that_cannot_be_parsed_is_left_alone_even_where_that_is_not_reported(self):
        program = "import keras\nDense(4, W_regularizer='l2'\n"
        assert fix_source(program, settings=Settings(ignore=("KRG900",))) == (program, [])
