"""One file, from bytes to diagnostics."""

from collections.abc import Iterator

import pytest

from kreglint.diagnostics import Diagnostic, Finding, Location, Severity
from kreglint.engine import judge as engine
from kreglint.engine.api import check_source
from kreglint.engine.check import check
from kreglint.engine.run import Run
from kreglint.rules.base import Context, Rule
from kreglint.settings.schema import Settings, SettingsError

IMPORTS = "from tensorflow.keras import layers, regularizers\n"
INERT = 'layers.Dense(4, kernel_regularizer="L1L2")\n'
ONLY_KERAS_2 = 'layers.Dense(4, kernel_regularizer="l1_l2")\n'


def found(code: str | bytes, **settings) -> list[Diagnostic]:
    return check(code, "nets/vgg.py", Settings(**settings))


def codes(code: str | bytes, **settings) -> list[str]:
    return [diagnostic.code for diagnostic in found(code, **settings)]


def test_findings_come_in_the_order_of_the_file():
    code = IMPORTS + 'layers.Dense(4, bias_regularizer="L1L2", kernel_regularizer="l3")\n' + INERT
    assert codes(code) == ["KRG302", "KRG101", "KRG302"]


def test_a_clean_file_has_none():
    assert codes(IMPORTS + 'layers.Dense(4, kernel_regularizer="l2")\n') == []


class TestNoqa:
    CALL = """\
model.add(layers.Dense({0}
    4,{1}
    kernel_regularizer=regularizers.L1L2({2}
    ),{3}
))
"""

    @pytest.mark.parametrize("row", [0, 2, 3])
    def test_on_any_line_of_the_span_or_on_the_first_of_its_statement_it_suppresses(self, row):
        comments = ["  # noqa: KRG303" if at == row else "" for at in range(4)]
        assert codes(IMPORTS + self.CALL.format(*comments)) == []

    def test_on_another_line_of_the_statement_it_does_not(self):
        assert codes(IMPORTS + self.CALL.format("", "  # noqa: KRG303", "", "")) == ["KRG303"]

    def test_on_the_def_that_the_statement_stands_in_it_does_not(self):
        code = IMPORTS + "def build():  # noqa\n    return " + INERT
        assert codes(code) == ["KRG302"]

    def test_on_the_first_line_of_an_import_it_suppresses_what_is_wrong_with_a_later_name(self):
        code = "from keras.regularizers import (  # noqa: KRG502\n    l2,\n    activity_l2,\n)\n"
        assert codes(code) == []

    def test_on_the_def_it_suppresses_what_is_wrong_with_a_default(self):
        code = (
            IMPORTS
            + "def block(units,  # noqa: KRG101\n"
            + "          reg='l3'):\n"
            + "    return layers.Dense(units, kernel_regularizer=reg)\n"
        )
        assert codes(code) == []

    @pytest.mark.parametrize(
        "comment", ["noqa", "NOQA", "noqa: KRG302", "noqa: KRG3", "noqa: E501, KRG302", "noqa:KRG302"]
    )
    def test_every_spelling_counts(self, comment):
        assert codes(IMPORTS + INERT.replace("\n", f"  # {comment}\n")) == []

    @pytest.mark.parametrize("comment", ["noqa: KRG101", "noqa: E501", "no qa"])
    def test_another_code_suppresses_nothing(self, comment):
        assert codes(IMPORTS + INERT.replace("\n", f"  # {comment}\n")) == ["KRG302"]

    def test_text_in_a_string_is_no_comment(self):
        code = IMPORTS + 'layers.Dense(4, kernel_regularizer="L1L2", name="# noqa")\n'
        assert codes(code) == ["KRG302"]

    def test_it_may_be_left_to_the_caller(self):
        code = IMPORTS + INERT.replace("\n", "  # noqa\n")
        assert [d.code for d in check(code, "a.py", Settings(), honour_noqa=False)] == ["KRG302"]


class TestIgnoreFile:
    @pytest.mark.parametrize("where", ["# kreglint: ignore-file\n{}", "{}# kreglint: ignore-file\n"])
    def test_a_comment_of_its_own_leaves_the_file_out(self, where):
        assert codes(where.format(IMPORTS + INERT)) == []

    def test_after_code_it_means_nothing(self):
        assert codes(IMPORTS + INERT.replace("\n", "  # kreglint: ignore-file\n")) == ["KRG302"]


class TestSelection:
    def test_only_what_is_selected_is_reported(self):
        code = IMPORTS + INERT + 'layers.Dense(4, kernel_regularizer="l3")\n'
        assert codes(code, select=("KRG1",)) == ["KRG101"]
        assert codes(code, ignore=("KRG101",)) == ["KRG302"]

    @pytest.mark.parametrize("pattern", ["nets/vgg.py", "nets/*.py", "vgg.py", "nets/", "**/vgg.py"])
    def test_a_file_may_have_ignores_of_its_own(self, pattern):
        assert codes(IMPORTS + INERT, per_file_ignores=((pattern, ("KRG3",)),)) == []

    def test_ignores_of_another_file_do_not_count(self):
        assert codes(IMPORTS + INERT, per_file_ignores=(("nets/resnet.py", ("KRG3",)),)) == ["KRG302"]

    def test_a_file_that_cannot_be_parsed_may_be_ignored_too(self):
        assert codes("keras = (", ignore=("KRG900",)) == []

    def test_an_unknown_code_is_an_error(self):
        with pytest.raises(SettingsError):
            found(IMPORTS, select=("KRG999",))


class TestTarget:
    def test_the_settings_tell_it(self):
        assert codes(IMPORTS + ONLY_KERAS_2, keras_version="2") == []
        [one] = found(IMPORTS + ONLY_KERAS_2, keras_version="3.15")
        assert (one.code, one.severity, one.keras) == ("KRG102", Severity.ERROR, ("3",))

    def test_without_a_target_what_fails_in_one_major_is_a_warning(self):
        [one] = found(IMPORTS + ONLY_KERAS_2)
        assert (one.code, one.severity, one.keras) == ("KRG102", Severity.WARNING, ("3",))

    def test_without_a_target_what_fails_in_both_majors_is_an_error(self):
        [one] = found(IMPORTS + INERT)
        assert (one.severity, one.keras) == (Severity.ERROR, ("2", "3"))

    @pytest.mark.parametrize(
        "imports",
        ["from tf_keras import layers\n", "import keras.engine\nfrom keras import layers\n"],
    )
    def test_imports_that_only_keras_2_has_tell_it(self, imports):
        assert codes(imports + ONLY_KERAS_2) == []

    @pytest.mark.parametrize(
        "imports",
        ["from keras import layers, ops\n", "import keras.random\nfrom keras import layers\n"],
    )
    def test_imports_that_only_keras_3_has_tell_it(self, imports):
        [one] = found(imports + ONLY_KERAS_2)
        assert (one.code, one.severity) == ("KRG102", Severity.ERROR)

    def test_an_import_that_may_fail_proves_nothing(self):
        code = "try:\n    from keras import ops\nexcept ImportError:\n    ops = None\nfrom keras import layers\n"
        [one] = found(code + ONLY_KERAS_2)
        assert one.severity is Severity.WARNING

    def test_imports_that_contradict_each_other_prove_nothing(self):
        [one] = found("import tf_keras\nfrom keras import layers, ops\n" + ONLY_KERAS_2)
        assert one.severity is Severity.WARNING

    @pytest.mark.parametrize(
        "sign",
        [
            'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\nfrom tensorflow.keras import layers\n',
            'import os\nos.environ[\n  "TF_USE_LEGACY_KERAS"  # on\n] = "True"\nfrom tensorflow.keras import layers\n',
            'import os\nos.environ.setdefault("TF_USE_LEGACY_KERAS", "1")\nfrom tensorflow.keras import layers\n',
            'from os import environ\nenviron.update(TF_USE_LEGACY_KERAS="1")\nfrom tensorflow.keras import layers\n',
            'import os\nos.environ.update({"TF_USE_LEGACY_KERAS": "1"})\nfrom tensorflow.keras import layers\n',
            "import tensorflow as tf\ntf.contrib.keras.layers.Dense(4)\nfrom tensorflow.keras import layers\n",
            "from keras import layers\nlayers.Dense(4, W_regularizer=None)  # noqa: KRG501\n",
        ],
    )
    def test_signs_of_an_older_keras_tell_it(self, sign):
        assert codes(sign + ONLY_KERAS_2) == []

    @pytest.mark.parametrize("backend", ["jax", "torch", "numpy", "openvino"])
    def test_a_backend_that_only_keras_3_has_tells_it(self, backend):
        sets = f'import os\nos.environ["KERAS_BACKEND"] = "{backend}"\nimport keras\n'
        [found] = check_source(sets + 'keras.layers.Dense(4, kernel_regularizer="l1_l2")\n', "a.py")
        assert (found.code, found.severity, found.keras) == ("KRG102", Severity.ERROR, ("3",))
        assert codes(sets + 'keras.layers.Dense(4, kernel_regularizer="l1l2")\n') == ["KRG302"]

    @pytest.mark.parametrize("backend", ["tensorflow", "theano"])
    def test_a_backend_that_others_have_too_does_not(self, backend):
        sets = f'import os\nos.environ["KERAS_BACKEND"] = "{backend}"\nimport keras\n'
        assert codes(sets + 'keras.layers.Dense(4, kernel_regularizer="l1l2")\n') == ["KRG102", "KRG302"]

    @pytest.mark.parametrize(
        "no_sign",
        [
            "# TF_USE_LEGACY_KERAS=1 would make it Keras 2\nfrom tensorflow.keras import layers\n",
            'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "0"\nfrom tensorflow.keras import layers\n',
            'env = {"TF_USE_LEGACY_KERAS": "1"}\nfrom tensorflow.keras import layers\n',
        ],
    )
    def test_words_that_switch_nothing_tell_nothing(self, no_sign):
        assert codes(no_sign + ONLY_KERAS_2) == codes("from tensorflow.keras import layers\n" + ONLY_KERAS_2) != []

    def test_the_settings_win_over_the_imports(self):
        assert codes("from keras import layers, ops\n" + ONLY_KERAS_2, keras_version="2") == []


class TestProject:
    """The project's declared dependencies tell the Keras where the settings do not."""

    def found(self, folder, requirement, imports=IMPORTS, **settings):
        (folder / ".git").mkdir()
        (folder / "requirements.txt").write_text(requirement)
        return check(imports + ONLY_KERAS_2, str(folder / "nets.py"), Settings(**settings), Run())

    def test_what_fails_in_the_declared_version_is_an_error(self, tmp_path):
        [one] = self.found(tmp_path, "keras==3.13.2")
        assert (one.code, one.severity, one.keras) == ("KRG102", Severity.ERROR, ("3",))

    def test_what_holds_in_no_declared_version_is_not_reported(self, tmp_path):
        assert self.found(tmp_path, "tensorflow==2.15") == []

    def test_what_fails_in_some_declared_versions_is_a_warning(self, tmp_path):
        [one] = self.found(tmp_path, "keras>=2.10")
        assert one.severity is Severity.WARNING

    def test_what_fails_in_all_declared_versions_is_an_error(self, tmp_path):
        [one] = self.found(tmp_path, "keras>=3")
        assert one.severity is Severity.ERROR
        assert one.message.endswith("Keras 3 raises ValueError when the layer is constructed")

    def test_a_declared_version_wins_over_a_keyword_of_keras_1(self, tmp_path):
        imports = IMPORTS + "layers.Dense(4, W_regularizer=None)  # noqa: KRG501\n"
        [one] = self.found(tmp_path, "keras>=3", imports=imports)
        assert one.severity is Severity.ERROR

    def test_a_keyword_of_keras_1_narrows_what_is_declared(self, tmp_path):
        imports = IMPORTS + "layers.Dense(4, W_regularizer=None)  # noqa: KRG501\n"
        assert self.found(tmp_path, "keras>=2.10", imports=imports) == []

    def test_the_imports_of_the_file_win(self, tmp_path):
        assert self.found(tmp_path, "keras>=3", imports="from tf_keras import layers\n") == []

    def test_the_settings_win(self, tmp_path):
        assert self.found(tmp_path, "keras>=3", keras_version="2") == []

    def test_nothing_is_read_where_no_project_is_given(self, tmp_path, monkeypatch):
        (tmp_path / "requirements.txt").write_text("keras==2.3.1")
        monkeypatch.chdir(tmp_path)
        assert codes(IMPORTS + ONLY_KERAS_2) == ["KRG102"]

    def test_a_file_without_facts_reads_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setattr(Run, "detected_keras", lambda *_: pytest.fail("read"))
        assert check("import keras\n", str(tmp_path / "nets.py"), Settings(), Run()) == []


class TestUnreadable:
    @pytest.mark.parametrize(
        ("code", "place", "message"),
        [
            (b"import keras\nx = (1))\n", Location(2, 8), "this file cannot be parsed: unmatched ')'"),
            ("# keras\nx = 'é' 1)\n".encode(), Location(2, 10), "this file cannot be parsed: unmatched ')'"),
            (b"# keras\nx = 'caf\xe9'\n", Location(2, 9), "this file cannot be decoded as utf-8: byte 0xe9"),
            (
                b"# coding: klingon\n# keras\n",
                Location(1, 11),
                "this file cannot be decoded: unknown encoding: klingon",
            ),
            (
                b"# keras\nx = '\0'\n",
                Location(2, 6),
                "this file cannot be decoded: source code cannot contain null bytes",
            ),
        ],
    )
    def test_krg900_says_where_and_why(self, code, place, message):
        [one] = found(code)
        assert (one.code, one.severity, one.location, one.message) == ("KRG900", Severity.ERROR, place, message)

    def test_strings_and_bytes_side_by_side_are_a_syntax_error(self):
        [one] = found("import keras\nx = b'' 'x'\n")
        assert (one.code, one.location.row) == ("KRG900", 2)

    def test_a_python_2_program_is_not_python(self):
        [one] = found("import keras\nprint 'x'\n")
        assert (one.code, one.location) == ("KRG900", Location(2, 1))


class TestCrash:
    class Crashing(Rule):
        """Fails on every file."""

        code, name, severity = "KRG101", "crashing", Severity.ERROR

        def check_file(self, context: Context) -> Iterator[Finding]:
            yield Finding(context.layers[0].span, "found before the crash")
            raise LookupError("no such thing")

    @pytest.fixture(autouse=True)
    def one_crashing_rule(self, monkeypatch):
        rules = (self.Crashing, *(rule for rule in engine.RULES if rule.code != "KRG101"))
        monkeypatch.setattr(engine, "RULES", rules)

    def test_it_is_krg901_and_the_other_rules_go_on(self):
        assert codes(IMPORTS + INERT) == ["KRG901", "KRG302"]

    def test_it_says_which_rule_failed_and_how(self):
        crash = found(IMPORTS + INERT)[0]
        assert (crash.severity, crash.filename) == (Severity.ERROR, "nets/vgg.py")
        assert crash.message.startswith(
            "rule KRG101 failed on this file with LookupError: no such thing; this is a bug of kreglint, please report"
        )

    def test_a_rule_that_is_not_selected_does_not_run(self):
        assert codes(IMPORTS + INERT, ignore=("KRG101",)) == ["KRG302"]

    def test_it_may_be_ignored(self):
        assert codes(IMPORTS + INERT, ignore=("KRG901",)) == ["KRG302"]


def test_an_analysis_that_fails_is_reported_and_ends_nothing(monkeypatch):
    def fail(*_: object) -> None:
        raise LookupError("no such node")

    monkeypatch.setattr("kreglint.analysis.analyse.analyse", fail)
    (found,) = check_source("import keras.regularizers\n", "model.py")
    assert (found.code, found.location) == ("KRG901", (1, 1))
    assert found.message.startswith("the analysis failed on this file with LookupError: no such node; ")


def test_a_file_that_is_to_be_ignored_need_not_be_python_3():
    assert check_source("# kreglint: ignore-file\nimport keras\nprint 'loss'\n", "old.py") == []


def test_an_unparsable_file_shows_the_line_where_it_stops_being_python():
    (found,) = check_source("import keras\nprint 'loss'\n", "old.py")
    assert (found.code, found.location.row, found.source_lines) == ("KRG900", 2, ("print 'loss'",))
