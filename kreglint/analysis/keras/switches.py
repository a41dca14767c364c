"""What a program sets in its own environment for Keras, which reads it when it is first imported."""

from __future__ import annotations

from collections.abc import Iterator

from kreglint.analysis.keras.reader import View
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes

_LEGACY = "TF_USE_LEGACY_KERAS"  # of TensorFlow 2.16 and later
_BACKEND = "KERAS_BACKEND"  # of Keras 3
_ENVIRONMENT = "os.environ"
_ON = ("1", "true")


def sets_legacy_keras(view: View) -> bool:
    """Return True if some statement makes tf.keras Keras 2. "1" and "true" count, in any case."""
    return any((text or "").lower() in _ON for text in _set(view, _LEGACY))


def chosen_backend(view: View) -> str | None:
    """Return the one backend of Keras 3 that the program chooses; None where it does not, or may choose several."""
    found = set(_set(view, _BACKEND))
    return found.pop() if len(found) == 1 else None


def _set(view: View, name: str) -> Iterator[str | None]:
    """What a variable of the environment is set to; None for what is no plain string."""
    if name not in view.text:
        return
    found = view.program.found
    given = [each for node, scope, time in found.moments for each in _assigned(view, node, scope, time)]
    given += [each for site in found.calls for each in _passed(view, site)]
    yield from (string_of(value) for key, value in given if key == name)


def _assigned(view: View, node: nodes.Node, scope: Scope, time: int) -> Iterator[tuple[str | None, nodes.Expression]]:
    """Yield what `os.environ["NAME"] = value` sets."""
    if not isinstance(node, nodes.Assign):
        return
    for place in (each.target for each in node.targets):
        if isinstance(place, nodes.Subscript) and _is_environment(view, place.value, scope, time):
            index = place.slice[0].slice
            if isinstance(index, nodes.Index):
                yield string_of(index.value), node.value


def _passed(view: View, site: CallSite) -> Iterator[tuple[str | None, nodes.Expression]]:
    """Yield what `os.environ.setdefault("NAME", value)`, `os.putenv` and `os.environ.update(NAME=value)` set."""
    func, args = site.node.func, site.node.args
    puts = view.paths.of(func, site.scope, site.time) == ("os.putenv",)
    owner = func.value if isinstance(func, nodes.Attribute) and func.attr.value in ("setdefault", "update") else None
    if not puts and (owner is None or not _is_environment(view, owner, site.scope, site.time)):
        return
    if len(args) == 2 and args[0].keyword is None:
        yield string_of(args[0].value), args[1].value
    for arg in args:
        if arg.keyword is not None:
            yield arg.keyword.value, arg.value
        elif isinstance(arg.value, nodes.Dict):
            entries = (each for each in arg.value.elements if isinstance(each, nodes.DictElement))
            yield from ((string_of(each.key), each.value) for each in entries)


def _is_environment(view: View, node: nodes.Expression, scope: Scope, time: int) -> bool:
    return view.paths.of(node, scope, time) == (_ENVIRONMENT,)
