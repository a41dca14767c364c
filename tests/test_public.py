"""What `import kreglint` alone gives."""

import ast
import inspect
import pydoc
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import kreglint

PACKAGE = Path(kreglint.__file__).parent
FUNCTIONS = ("check_paths", "check_source", "fix_source", "report_source", "verify")
WITHOUT_NUMPY = "import sys; sys.modules['numpy'] = None; import kreglint\n"


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("name", kreglint.__all__)
def test_every_public_name_is_there_without_another_import(name):
    done = run(f"import kreglint; kreglint.{name}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'kreglint' has no attribute 'nothing'"):
        kreglint.nothing  # noqa: B018  the access is what is tested


@pytest.mark.parametrize("code", ["import kreglint", "import kreglint; dir(kreglint)"])
def test_importing_it_imports_neither_the_parser_nor_numpy(code):
    heavy = {"libcst", "numpy", "keras", "argparse", "kreglint.engine.api"}
    done = run(f"{code}; import sys; print(sorted({heavy!r} & set(sys.modules)))")
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_completion_finds_every_public_name():
    assert set(kreglint.__all__) <= set(dir(kreglint))


class TestHelp:
    def test_it_lists_the_public_functions_with_their_signatures_and_texts(self):
        text = pydoc.plain(pydoc.render_doc(kreglint))
        functions = text.partition("\nFUNCTIONS\n")[2].partition("\nDATA\n")[0]
        for name in FUNCTIONS:
            function = getattr(kreglint, name)
            assert f"\n    {name}(" in f"\n{functions}"
            assert all(parameter in functions for parameter in inspect.signature(function).parameters)
            assert inspect.getdoc(function).splitlines()[0] in functions
        assert functions.count("Raises:") == len(FUNCTIONS)

    @pytest.mark.parametrize(
        "code", ["help(kreglint)", "from kreglint import *", "import inspect; inspect.getmembers(kreglint)"]
    )
    def test_it_needs_nothing_that_only_verify_needs(self, code):
        done = run(WITHOUT_NUMPY + code)
        assert (done.returncode, done.stderr) == (0, "")

    def test_every_public_function_is_annotated_and_says_what_it_raises(self):
        for name in FUNCTIONS:
            function = getattr(kreglint, name)
            parts = inspect.signature(function)
            assert parts.return_annotation is not inspect.Signature.empty
            assert all(each.annotation is not inspect.Parameter.empty for each in parts.parameters.values())
            assert "Raises:" in inspect.getdoc(function)

    def test_a_type_checker_is_told_of_the_same_names(self):
        [typed] = [
            node for node in ast.parse((PACKAGE / "__init__.py").read_text("utf-8")).body if isinstance(node, ast.If)
        ]
        told = {alias.asname for line in typed.body if isinstance(line, ast.ImportFrom) for alias in line.names}
        assert told == set(kreglint.__all__)


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """An interpreter in whose environment the package is, as a wheel installs it."""
    folder = tmp_path_factory.mktemp("user") / "venv"
    venv.create(folder)
    [site] = [*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages")]
    shutil.copytree(PACKAGE, site / "kreglint", ignore=shutil.ignore_patterns("__pycache__"))
    return next(path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists())


class TestTypes:
    """An installed package tells its types to whoever uses it."""

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            ("import kreglint\n\nfound = kreglint.check_source('x')\nprint(found[0].code.upper())\n", ""),
            ("import kreglint\n\nkreglint.testing.assert_penalties_match(None, tolerance=0.1)\n", ""),
            (
                "import kreglint\n\nkreglint.check_source(1)\n",
                'Argument 1 to "check_source" has incompatible type "int"',
            ),
        ],
    )
    def test_strict_mypy_reads_them(self, python, tmp_path, code, error):
        user = tmp_path / "user.py"
        user.write_text(code, encoding="utf-8")
        command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python)]
        done = subprocess.run(
            [*command, "--cache-dir", str(python.parent / "cache"), "user.py"],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, error in done.stdout) == (int(bool(error)), True), done.stdout
