"""Options of the command line: what argparse and absl give a program that is run without them.

Whoever runs the program may say otherwise, so that these are defaults.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kreglint.analysis.semantic.scopes import Scope
from kreglint.analysis.semantic.sites import CallSite
from kreglint.analysis.syntax import nodes
from kreglint.analysis.values.certainty import at_least
from kreglint.analysis.values.evaluation.calls import CallEvaluation
from kreglint.analysis.values.frames import Parsed
from kreglint.diagnostics import Span
from kreglint.facts.values import (
    Argument,
    Const,
    Construct,
    Function,
    Mapping,
    OneOf,
    Origin,
    Resolution,
    Sequence,
    Unknown,
    Value,
    one_of,
)

_PARSERS = ("argparse.ArgumentParser", "configargparse.ArgumentParser")
_FLAG = re.compile(r"(absl\.flags|tensorflow(?:\.compat\.v1)?(?:\.app)?\.flags)\.FLAGS\.(\w+)")
_DEFINES = re.compile(r"absl\.flags\.DEFINE_\w+")
_STORED_BY_DEFAULT = {"store_true": False, "store_false": True}


class OptionEvaluation(CallEvaluation):
    """Works out the options that a program takes."""

    def parsed(self, node: nodes.Call, owner: Value, scope: Scope, time: int) -> Value | None:
        """The options that a parser's `parse_args()` gives back; None for any other call, or for known arguments."""
        method = node.func.attr.value if isinstance(node.func, nodes.Attribute) else ""
        if not isinstance(owner, Construct) or owner.symbol.path not in _PARSERS or len(node.args) > 1:
            return None
        if any(not _is_of_users(self.value(arg.value, scope, time), arg) for arg in node.args):
            return None
        span, body = self.span(node), Parsed(self.session.home(owner.span))
        options = Function(span=span, name="Namespace", kind="instance", body=body)
        if method == "parse_known_args":
            rest = self.unknown(span, "arguments that the parser does not know")
            return Sequence(span=span, kind="tuple", items=(options, rest))
        return options if method == "parse_args" else None

    def options(self, value: Value, span: Span) -> Mapping | None:
        """The options of a command line as a dict, as `vars` makes it; None for any other value."""
        if not isinstance(value, Function) or not isinstance(value.body, Parsed):
            return None
        home = value.body.home
        names = [home.destination(site) for site in home.found.calls_of("add_argument")]
        known = [(name, home.option(name, span)) for name in dict.fromkeys(names) if name is not None]
        entries = tuple((name, option) for name, option in known if option is not None)
        complete = len(entries) == len(names) and not home.found.calls_of("set_defaults")
        return Mapping(span=span, entries=entries, complete=complete)

    def option(self, name: str, span: Span) -> Value | None:
        """What an option that this program adds to a parser is by default."""
        calls = self.found.calls_of("set_defaults")
        if any(
            arg.star or (arg.keyword is not None and arg.keyword.value == name) for c in calls for arg in c.node.args
        ):
            return None
        ways = [
            self._default(site, span) for site in self.found.calls_of("add_argument") if self.destination(site) == name
        ]
        return one_of([at_least(way, Resolution.DEFAULT) for way in ways], span) if ways else None

    def destination(self, site: CallSite) -> str | None:
        """The name under which a parser keeps the option that a call adds."""
        arguments = self.arguments(site.node, site.scope, site.time)
        by_keyword = next((argument for argument in arguments if argument.keyword == "dest"), None)
        if by_keyword is not None:
            return _text(by_keyword)
        names = [_text(argument) for argument in arguments if argument.keyword is None and not argument.star]
        return _destination([given for given in names if given is not None])

    def _default(self, site: CallSite, span: Span) -> Value:
        given = {argument.keyword: argument for argument in self.arguments(site.node, site.scope, site.time)}
        if "default" in given:
            return self._converted_default(site, given["default"], given.get("type"))
        stored = _STORED_BY_DEFAULT.get(_text(given["action"]) or "") if "action" in given else None
        if stored is None:
            return self.unknown(span, "an option without a default")
        place = self.span(site.node)
        return Const(span=place, value=stored, origin=(Origin(place, is_default=True),))

    def _converted_default(self, site: CallSite, default: Argument, kind: Argument | None) -> Value:
        """The default as argparse has it: a string is converted as one from the command line would be."""
        place, value = Origin(default.value_span, is_default=True), default.value
        if isinstance(value, Const) and isinstance(value.value, str) and kind is not None:
            value = self.converted(site.node, kind.source, value)
        return replace(value, origin=(place, *value.origin)) if not isinstance(value, Unknown) else value

    # absl

    def flag(self, path: str, span: Span) -> Value | None:
        """What `FLAGS.name` is by default, where this program defines it; None for any other path."""
        found = _FLAG.fullmatch(path)
        if found is None:
            return None
        defined = [self._defined_flag(site, found[1]) for site in self.found.calls_of("DEFINE_")]
        ways = [value for name, value in filter(None, defined) if name == found[2]]
        return one_of([at_least(way, Resolution.DEFAULT) for way in ways], span) if ways else None

    def held_flag(self, definition: Construct) -> Value | None:
        """What the holder that `DEFINE_float("name", 0.1, …)` gives back has as its value by default."""
        default = _given(definition.arguments, 1, "default") if _DEFINES.fullmatch(definition.symbol.path) else None
        if default is None or definition.has_star:
            return None
        found = at_least(default.value, Resolution.DEFAULT)
        return replace(found, origin=(Origin(default.value_span, is_default=True), *found.origin))

    def _defined_flag(self, site: CallSite, module: str) -> tuple[str | None, Value] | None:
        paths = self.paths.of(site.node.func, site.scope, site.time)
        if not paths or not paths[0].startswith(f"{module}.DEFINE_"):
            return None
        arguments = self.arguments(site.node, site.scope, site.time)
        name, default = (_given(arguments, index, key) for index, key in enumerate(("name", "default")))
        if name is None or default is None:
            return None
        return _text(name), replace(default.value, origin=(Origin(default.value_span, is_default=True),))


def _is_of_users(value: Value, arg: nodes.Arg) -> bool:
    """Whether arguments that are parsed may be those that the user gave: not ones written in the program."""
    if arg.keyword is not None and arg.keyword.value != "args":
        return False
    written = isinstance(value, Sequence) and value.items
    return not written and not isinstance(value, OneOf) and not (isinstance(value, Const) and value.value)


def _text(argument: Argument) -> str | None:
    value = argument.value
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def _given(arguments: tuple[Argument, ...], index: int, keyword: str) -> Argument | None:
    """The argument that sets a parameter, by its position or by its name."""
    by_position = [argument for argument in arguments if argument.keyword is None and not argument.star]
    by_keyword = next((argument for argument in arguments if argument.keyword == keyword), None)
    return by_position[index] if index < len(by_position) else by_keyword


def _destination(names: list[str]) -> str | None:
    """The attribute that argparse stores an option in: after its first long name, else its first."""
    long = next((name for name in names if name.startswith("--")), None)
    first = long or next(iter(names), None)
    return first.lstrip("-").replace("-", "_") if first is not None else None
