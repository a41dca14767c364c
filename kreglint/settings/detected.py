"""The versions of Keras that a project may run on."""

from __future__ import annotations

from kreglint.records import record
from kreglint.versions import Version


@record()
class Detected:
    """The versions of Keras that a project may run on, oldest first, and what says so: "keras>=3 in setup.cfg".

    `old` are versions that some TensorFlow among them shares its names with, and is not judged by.
    """

    versions: tuple[Version, ...]
    source: str
    old: tuple[Version, ...] = ()
