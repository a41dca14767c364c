"""Whether a program may run its models step by step in Python, where others would be made a graph of.

That is asked of all files that objects are followed through: a switch in one of them holds for the others.
"""

from __future__ import annotations

from kreglint.analysis.keras.reader import View, called
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes

_SWITCH = "run_eagerly"
_FOR_ALL = frozenset(("run_functions_eagerly", "experimental_run_functions_eagerly", "disable_jit"))
_RECORDS = "GradientTape"


def all_views(view: View) -> list[View]:
    """Return the program's view, and those of the others through which its objects are followed."""
    return [view, *view.others(view.across)] if view.across is not None else [view]


def may_run_eagerly(view: View) -> bool:
    """True if something says so, or a gradient is recorded where no decorator and no method of Keras' may trace it."""
    return any(_may(each) for each in all_views(view))


def _may(view: View) -> bool:
    set_later = (each for each in view.program.found.attributes if each.assigned)
    if any(each.node.attr.value == _SWITCH for each in set_later):
        return True
    return any(_says_so(site) or _records(site, view) for site in view.program.found.calls)


def _says_so(site: CallSite) -> bool:
    name = called(site.node)
    if name == "compile" and any(arg.star == "**" for arg in site.node.args):
        return True
    if name in _FOR_ALL or any(_is_switch(arg) for arg in site.node.args):
        return True
    return name == "setattr" and any(string_of(arg.value) == _SWITCH for arg in site.node.args)


def _is_switch(arg: nodes.Arg) -> bool:
    is_off = isinstance(arg.value, nodes.Name) and arg.value.value in ("False", "None")
    return arg.keyword is not None and arg.keyword.value == _SWITCH and not is_off


def _records(site: CallSite, view: View) -> bool:
    if called(site.node) != _RECORDS:
        return False
    around = view.program.found.functions_around(site.scope)
    return not any(node.decorators or node.name.value == "train_step" for node in around)
