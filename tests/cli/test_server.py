"""`kreglint server` on the command line; what it says to editors is in tests/server."""

from __future__ import annotations

import sys

import pytest

from kreglint.cli.errors import UsageError
from kreglint.cli.server import run


def test_an_operand_is_refused():
    with pytest.raises(UsageError, match=r"expected no argument, received nets/"):
        run(["nets/"])


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.delitem(sys.modules, "kreglint.server.serve", raising=False)
    monkeypatch.delitem(sys.modules, "pygls.lsp.server", raising=False)
    with pytest.raises(UsageError, match=r"expected the extra lsp \(pip install 'kreglint\[lsp\]'\)"):
        run([])
