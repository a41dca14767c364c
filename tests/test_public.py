"""What `import kreglint` alone gives."""

import subprocess
import sys

import pytest

import kreglint


@pytest.mark.parametrize("name", kreglint.__all__)
def test_every_public_name_is_there_without_another_import(name):
    done = subprocess.run(
        [sys.executable, "-c", f"import kreglint; kreglint.{name}"], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="module 'kreglint' has no attribute 'nothing'"):
        kreglint.nothing  # noqa: B018  the access is what is tested


def test_importing_it_imports_neither_the_parser_nor_numpy():
    text = "import sys, kreglint; sys.exit(bool({'libcst', 'numpy', 'keras'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0
