"""The interpreter's search for cyclic garbage, held off while one program is read.

A tree is many objects and no garbage, and the search goes through all of them again each time that they have grown
by some share: most of what makes a line of a long file dearer than one of a short file.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Stop the search for cycles within, where there was one before."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
