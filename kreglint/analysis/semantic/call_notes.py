"""The walk over calls: notes each, and which of the dicts and lists that it is given may be changed by it."""

from __future__ import annotations

from kreglint.analysis.semantic.access_paths import ANY, first_key
from kreglint.analysis.semantic.class_sites import receiver_class
from kreglint.analysis.semantic.constants import string_of
from kreglint.analysis.semantic.reads import lent, note_item, parts_but_names, read_attribute
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.semantic.targets import change
from kreglint.analysis.semantic.walk import Walk, expression
from kreglint.analysis.syntax import nodes

_ATTRIBUTE_FUNCTIONS = ("getattr", "setattr", "delattr", "vars")
_ALL_NAMES = ("exec", "eval", "locals")  # by which a class may be given any member in its body
_CHANGING_METHODS = ("update", "setdefault", "pop", "popitem", "clear")
_READING_METHODS = frozenset(("get", "keys", "copy", "items", "values"))
_DICT_METHODS = frozenset((*_READING_METHODS, *_CHANGING_METHODS))
_TAKING_METHODS = ("pop", "setdefault")
_SHARING_METHODS = ("items", "values", "copy", "popitem")
_COPIERS = frozenset(("dict", "sorted", "list", "set", "tuple", "enumerate", "zip", "reversed", "max", "min", "sum"))
_READERS = frozenset(("print", "len", "str", "bool", "float", "int", *_COPIERS))  # builtins that keep none of them


def call(walk: Walk, node: nodes.Call) -> bool:
    unpacked = id(node) in walk.read_on  # `**vars(owner)` hands on no more than what the owner holds
    site = CallSite(node, walk.statement, walk.scope, walk.clock.now, walk.provoked, walk.around + walk.guards)
    if isinstance(node.func, nodes.Name) and node.func.value in _ATTRIBUTE_FUNCTIONS and not unpacked:
        _note_attribute_function(walk, site, node.func.value)
    elif isinstance(node.func, nodes.Name) and node.func.value in _ALL_NAMES and walk.scope.kind == "class":
        walk.found.objects.untraceable = walk.found.objects.untraceable_by_others = True
    walk.found.calls.append(site)
    func = node.func
    if isinstance(func, nodes.Attribute) and isinstance(func.value, nodes.Name) and func.attr.value in _DICT_METHODS:
        _dict_method(walk, node, func.value.value, func.attr.value)
    elif isinstance(func, nodes.Name):
        _call_arguments(walk, node, harmless=func.value in _READERS, copied=func.value in _COPIERS)
    elif isinstance(func, nodes.Attribute):
        _method(walk, node, func)
        _call_arguments(walk, node)
    else:
        expression(walk, func)
        _call_arguments(walk, node)
    return False


def _method(walk: Walk, node: nodes.Call, func: nodes.Attribute) -> None:
    """Note a method that is called, which is not handed on; nor is the dict that it only reads."""
    if func.attr.value == "get":
        note_item(walk, node)
        walk.read_on.add(id(func.value))
    elif isinstance(func.value, nodes.Attribute):
        _share_items(walk, node, func.attr.value)
    if isinstance(func.value, nodes.Attribute) and func.attr.value not in _READING_METHODS:
        walk.found.objects.handed_on.add(func.value.attr.value)
    read_attribute(walk, func)


def _dict_method(walk: Walk, node: nodes.Call, name: str, method: str) -> None:
    """Note `name.update(…)` and the like: what looks so may be the method of a dict."""
    update = method == "update"
    _call_arguments(walk, node, harmless=update, copied=update)
    walk.found.before[node] = walk.clock.now
    _share_items(walk, node, method)
    if method in _CHANGING_METHODS:
        change(walk, name, node)


def _share_items(walk: Walk, node: nodes.Call, method: str) -> None:
    """Note which items of a dict its method gives to others."""
    assert isinstance(node.func, nodes.Attribute)
    if method == "get":
        note_item(walk, node)
    elif method in _TAKING_METHODS:
        walk.found.shared.note(node.func.value, first_key(node))
    elif method in _SHARING_METHODS:
        walk.found.shared.note(node.func.value, ANY)


def _call_arguments(walk: Walk, node: nodes.Call, *, harmless: bool = False, copied: bool = False) -> None:
    """Walk the arguments. A `harmless` call keeps none of them; one that copies a dict keeps what it holds."""
    for arg in node.args:
        if arg.star or (harmless and arg.keyword is None):
            if copied or arg.star:
                walk.found.shared.note(arg.value, ANY)
            parts_but_names(walk, arg.value)
        elif (isinstance(node.func, nodes.Name) or gives_regularizer(arg)) and lent(walk, arg.value, node, arg):
            parts_but_names(walk, arg.value)
        else:
            expression(walk, arg.value)


def gives_regularizer(arg: nodes.Arg) -> bool:
    """True if an argument is named for a regularizer."""
    return arg.keyword is not None and arg.keyword.value.endswith("_regularizer")


def _note_attribute_function(walk: Walk, site: CallSite, function: str) -> None:
    """`setattr(owner, "x", …)` and `getattr` with a plain name are about that one; anything else about any."""
    objects, node = walk.found.objects, site.node
    name = node.args[1].value if len(node.args) > 1 else None
    text = string_of(name)
    if text is not None:
        (objects.handed_on if function == "getattr" else objects.set_from_outside).add(text)
    elif function == "getattr":
        objects.hands_on_any = True
    else:
        objects.untraceable = True
        owner = node.args[0].value if node.args else None
        cls = receiver_class(owner.value, walk.scope) if isinstance(owner, nodes.Name) else None
        if function == "setattr" and cls is not None:
            objects.classes[cls].setters.append(site)
        else:
            objects.untraceable_by_others = True
