from __future__ import annotations

import gc

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.syntax.errors import UnparsableError
from kreglint.analysis.syntax.gc_pause import no_collection


def test_no_cycles_are_searched_within_and_the_search_goes_on_after():
    with no_collection():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_who_searches_for_no_cycles_is_left_so():
    gc.disable()
    try:
        with no_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_program_that_cannot_be_parsed_leaves_the_search_on():
    with pytest.raises(UnparsableError):
        analyse("import keras\nx = (\n")
    assert gc.isenabled()
