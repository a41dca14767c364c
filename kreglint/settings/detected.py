"""The versions of Keras that a project may run on."""

from __future__ import annotations

from dataclasses import dataclass

from kreglint.versions import Version


@dataclass(frozen=True, slots=True)
class Detected:
    """The versions of Keras that a project may run on, oldest first, and what says so: "keras>=3 in setup.cfg".

    `old` are versions that some TensorFlow among them shares its names with, and is not judged by.
    """

    versions: tuple[Version, ...]
    source: str
    old: tuple[Version, ...] = ()
