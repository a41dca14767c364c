"""argparse: the options of a command line, as a program has them that is run without any.

Whoever runs the program may say otherwise, so that these are defaults.
"""

from __future__ import annotations

from kreglint.analysis.libraries.arithmetic import converted
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.values.arguments import arguments_of
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.module import At, Call, Module
from kreglint.analysis.values.own_classes import is_settled
from kreglint.analysis.values.own_values import OwnValue
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Mapping,
    OneOf,
    Origin,
    Provenance,
    Sequence,
    Unknown,
    Value,
    one_of,
    unknown,
)
from kreglint.records import record, replace

_PARSERS = ("argparse.ArgumentParser", "configargparse.ArgumentParser")
_STORED_BY_DEFAULT = {"store_true": False, "store_false": True}


@record(kw_only=True)
class OptionsValue(OwnValue):
    """The options of a command line, as the module that makes their parser adds them."""

    name: str = "Namespace"
    kind: str = "instance"
    home: Module

    @property
    def identity(self) -> object:
        return self.home

    def attribute(self, name: str, span: Span, at: At) -> Value | None:
        settled = is_settled(name, at.module) and self.home.found.objects.is_settled(name)
        return _option(name, span, self.home) if settled else None


def parsed(owner: Value, name: str, call: Call) -> Value | None:
    """Return what a parser's `parse_args()` gives back; None for any other call, or for arguments that are known."""
    arguments = call.arguments()
    if not isinstance(owner, Construct) or owner.symbol.path not in _PARSERS or len(arguments) > 1:
        return None
    if not all(map(_is_of_users, arguments)):
        return None
    options = OptionsValue(span=call.span, home=call.at.module.analysis.home(owner.span))
    if name == "parse_args":
        return options
    rest = unknown(call.span, "arguments that the parser does not know")
    return Sequence(span=call.span, kind="tuple", items=(options, rest))


def as_dict(name: str, call: Call) -> Value | None:
    """`vars(options)`."""
    arguments = call.arguments()
    options = arguments[0].value if len(arguments) == 1 else None
    if not isinstance(options, OptionsValue):
        return None
    home = options.home
    names = [destination(site, home) for site in home.found.calls_of("add_argument")]
    known = [(name, _option(name, call.span, home)) for name in dict.fromkeys(names) if name is not None]
    entries = tuple((name, option) for name, option in known if option is not None)
    complete = len(entries) == len(names) and not home.found.calls_of("set_defaults")
    return Mapping(span=call.span, entries=entries, complete=complete)


def _option(name: str, span: Span, home: Module) -> Value | None:
    """Return what an option that a module adds to a parser is by default."""
    for site in home.found.calls_of("set_defaults"):
        if any(arg.star or (arg.keyword is not None and arg.keyword.value == name) for arg in site.node.args):
            return None
    added = [site for site in home.found.calls_of("add_argument") if destination(site, home) == name]
    ways = [at_least(_default(site, span, home), Provenance.DEFAULT) for site in added]
    return one_of(ways, span) if ways else None


def destination(site: CallSite, home: Module) -> str | None:
    """Return the name under which a parser keeps the option that a call adds."""
    arguments = arguments_of(site.node, home.of(site))
    by_keyword = next((argument for argument in arguments if argument.keyword == "dest"), None)
    if by_keyword is not None:
        return _text(by_keyword)
    names = [_text(argument) for argument in arguments if argument.keyword is None and not argument.star]
    return _destination([given for given in names if given is not None])


def _destination(names: list[str]) -> str | None:
    """Return the attribute that argparse stores an option in: after its first long name, else its first."""
    long = next((name for name in names if name.startswith("--")), None)
    first = long or next(iter(names), None)
    return first.lstrip("-").replace("-", "_") if first is not None else None


def _default(site: CallSite, span: Span, home: Module) -> Value:
    given = {argument.keyword: argument for argument in arguments_of(site.node, home.of(site))}
    if "default" in given:
        return _converted_default(home.span(site.node), given["default"], given.get("type"))
    stored = _STORED_BY_DEFAULT.get(_text(given["action"]) or "") if "action" in given else None
    if stored is None:
        return unknown(span, "an option without a default")
    place = home.span(site.node)
    return Const(span=place, value=stored, origin=(Origin(place, is_default=True),))


def _converted_default(span: Span, default: Argument, kind: Argument | None) -> Value:
    """Return the default as argparse has it: a string is converted as one from the command line would be."""
    place, value = Origin(default.value_span, is_default=True), default.value
    if isinstance(value, Const) and isinstance(value.value, str) and kind is not None:
        value = converted(kind.source, value, span)
    return replace(value, origin=(place, *value.origin)) if not isinstance(value, Unknown) else value


def _is_of_users(argument: Argument) -> bool:
    """True if arguments that are parsed may be those that the user gave: not ones written in the program."""
    if argument.keyword not in (None, "args"):
        return False
    value = argument.value
    written = isinstance(value, Sequence) and value.items
    return not written and not isinstance(value, OneOf) and not (isinstance(value, Const) and value.value)


def _text(argument: Argument) -> str | None:
    value = argument.value
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


BUILTINS = {"vars": as_dict}
METHODS = {"parse_args": parsed, "parse_known_args": parsed}
FOLLOWED = frozenset(("argparse.ArgumentParser",))
