"""From declared dependencies to the versions of Keras that they allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.specifiers import SpecifierSet
from packaging.version import Version as Release

from kreglint.settings.declarations import KERAS, KERAS_NIGHTLY, TENSORFLOW, TF_KERAS, Declared
from kreglint.settings.detected import Detected
from kreglint.versions import PREVIEW, RELEASED, Version, nearest, newest

_LAST_MINOR = {KERAS: {1: 2, 2: 15}, TENSORFLOW: {1: 15}}
_FUTURE = 40  # more than any major has that goes on, so that a version to come is met too
_LOWER_BOUNDS = frozenset({">=", ">", "==", "~=", "==="})
_PATCHES = range(10)
_FIRST_TENSORFLOW_WITH_KERAS_3 = (2, 16)
_FIRST_TF_KERAS = Version(2, 4)
_FIRST_TENSORFLOW_WITH_CLASSES = (2, 3)  # `L1` and `L2`: before, tf.keras has the regularizers of Keras 2.3
_BEFORE_CLASSES = Version(2, 3)


def allowed(declared: Sequence[Declared]) -> Detected | None:
    """The versions that the files of one folder allow together; None where that is any.

    Of several files each may be in use, but locked versions are those that are installed.
    """
    locked = [each for each in declared if each.locked]
    legacy = any(each.legacy for each in declared)
    versions: set[Version] = set()
    sources: list[str] = []
    for each in locked or declared:
        found = _of_file(each.packages, legacy=legacy)
        if found is not None:
            versions.update(found[0])
            sources.append(f"{found[1]} in {each.file}")
    if not versions and legacy:
        versions, sources = {newest(2)}, ["TF_USE_LEGACY_KERAS"]
    if not versions:
        return None
    old = (_BEFORE_CLASSES,) if any(map(_allows_old_names, locked or declared)) and min(versions).major < 3 else ()
    return Detected(tuple(sorted(versions)), ", ".join(sources), old)


def _allows_old_names(declared: Declared) -> bool:
    """True if a file allows a TensorFlow whose Keras has no `L1` and `L2` yet."""
    tensorflow = declared.packages.get(TENSORFLOW)
    releases = _minors(TENSORFLOW, tensorflow, (1, 2)) if tensorflow else ()
    return any(release < _FIRST_TENSORFLOW_WITH_CLASSES for release in releases)


def _of_file(packages: Mapping[str, SpecifierSet], *, legacy: bool) -> tuple[tuple[Version, ...], str] | None:
    """The versions that a file allows, and the requirements that say so: Keras' own, or else TensorFlow's."""
    package = KERAS if packages.get(KERAS) else KERAS_NIGHTLY
    keras, tf_keras, tensorflow = (packages.get(name) for name in (package, TF_KERAS, TENSORFLOW))
    versions: list[Version] = []
    named: list[str] = []
    if keras and not legacy:
        versions += _keras(keras)
        named.append(f"{package}{keras}")
    if tf_keras is not None:
        versions += _minors(TF_KERAS, tf_keras, (2,))
        named.append(f"{TF_KERAS}{tf_keras}")
    if not versions and tensorflow:
        for release in _minors(TENSORFLOW, tensorflow, (1, 2)):
            versions += _brought_by(release, legacy=legacy)
        named.append(f"{TENSORFLOW}{tensorflow}")
    return (spoken_for(versions), " and ".join(named)) if versions else None


def spoken_for(allowed: Iterable[Version]) -> tuple[Version, ...]:
    """One version for each catalog that speaks for some of those allowed: its own, or the first that is allowed.

    What is not released is meant only where nothing else is allowed.
    """
    found: dict[Version, Version] = {}
    for version in sorted(allowed):
        catalog = nearest(version)
        found[catalog] = catalog if version == catalog else found.get(catalog, version)
    released = [version for catalog, version in found.items() if catalog not in PREVIEW]
    return tuple(sorted(released or found.values()))


def _keras(specifiers: SpecifierSet) -> list[Version]:
    """The minor versions of Keras that are allowed. What is only not ruled out, far below, is not meant."""
    found = list(_minors(KERAS, specifiers, (1, 2, 3)))
    if not any(specifier.operator in _LOWER_BOUNDS for specifier in specifiers):
        found = [version for version in found if version.major == found[-1].major and version >= _FIRST_TF_KERAS]
    return found


def _minors(package: str, specifiers: SpecifierSet, majors: Iterable[int]) -> Iterator[Version]:
    """Every minor version of some majors of which a specifier allows a release."""
    for major in majors:
        for minor in range(_LAST_MINOR.get(package, {}).get(major, _FUTURE) + 1):
            releases = [f"{major}.{minor}.{patch}" for patch in _PATCHES]
            if any(specifiers.contains(each, prereleases=True) for each in (*releases, *_named(specifiers, releases))):
                yield Version(major, minor)


def _named(specifiers: SpecifierSet, releases: Sequence[str]) -> Iterator[str]:
    """The prereleases of some releases that a specifier names, as `==3.16.0.dev2026102704`."""
    exact = (each.version for each in specifiers if each.operator == "==" and not each.version.endswith(".*"))
    yield from (version for version in exact if Release(version).base_version in releases)


def _brought_by(tensorflow: Version, *, legacy: bool) -> Iterator[Version]:
    """The versions of Keras that a release of TensorFlow comes with. TensorFlow 1 has what became tf.keras 2.4."""
    if tensorflow < _FIRST_TENSORFLOW_WITH_KERAS_3:
        yield max(tensorflow, _FIRST_TF_KERAS)
    elif legacy:
        yield tensorflow
    else:
        yield from (version for version in RELEASED if version.major == 3)
