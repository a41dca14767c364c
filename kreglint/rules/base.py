"""What a rule is: a code, a text, examples that Keras proves (`kreglint.rules.examples`), and a check over facts.

A rule judges one version of Keras at a time. The engine asks it once for each version that the file may run on
and merges the findings, so no rule compares versions by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Note, Severity
from kreglint.facts.binding import regularizer_arguments
from kreglint.facts.defaults import chosen_layer, made_layers, made_regularizers
from kreglint.facts.file import FileFacts, LayerCall, RegularizerCall
from kreglint.facts.values import Argument
from kreglint.outcomes import Fails
from kreglint.records import replace
from kreglint.rules.names import Names
from kreglint.versions import Version

if TYPE_CHECKING:
    from kreglint.rules.examples import Examples

REGULARIZER = "egulari"  # of any regularizer, keyword or attribute of Keras, and of British spelling
Trigger = str | tuple[str, ...]  # a pattern, or several of which a file must have each

IDENTIFIER = r"[\"']\s*[lL][0-9]"  # a string such as 'l2', which by its place alone may be a regularizer


def word(text: str) -> str:
    """Return the pattern of a whole word. It starts with the word itself, because such a search is fast."""
    return rf"{text}\b(?<!\w{text})"


class Context:
    """What a rule may ask besides the fact itself: one for each file and each Keras that it is judged by.

    `layers` are the layer calls and `calls` the regularizer calls, without those that are meant to fail;
    `slots` are the arguments that set a regularizer of a Keras layer: parameter's name, argument, layer; those of a
    weight of one's own count as the kernel's.
    `version` is the Keras that is judged, for which `keras` speaks. `names` are those that a fix may write: what all
    versions have that the file may run on.
    """

    __slots__ = ("_by_choice", "calls", "facts", "keras", "layers", "max_lambda", "names", "slots", "version")

    def __init__(
        self,
        keras: Keras,
        facts: FileFacts,
        max_lambda: float = 1.0,
        version: Version | None = None,
        names: Names | None = None,
    ) -> None:
        self.keras = keras
        self.names = Names((keras,)) if names is None else names
        self.version = keras.number if version is None else version
        self.facts = facts
        self.max_lambda = max_lambda
        self.layers = made_layers(facts.layers)
        self.calls = made_regularizers(facts.regularizer_calls)
        self.slots = tuple(
            (name, argument, layer)
            for layer in (*self.layers, *made_layers(facts.weights))
            for name, argument in regularizer_arguments(layer, keras)
        )
        self._by_choice: dict[str, Context] | None = None

    @property
    def by_choice(self) -> dict[str, Context]:
        """The layers among whose classes branches choose, each as it is constructed under one condition."""
        if self._by_choice is None:
            calls: dict[str, list[LayerCall]] = {}
            for layer in self.facts.layers:
                for choice in layer.choices:
                    calls.setdefault(choice.condition, []).append(chosen_layer(layer, choice))
            self._by_choice = {condition: self._of(layers) for condition, layers in calls.items()}
        return self._by_choice

    def _of(self, layers: Iterable[LayerCall]) -> Context:
        facts = replace(self.facts, layers=tuple(layers), regularizer_calls=(), weights=())
        return Context(self.keras, facts, self.max_lambda, self.version, self.names)


def naming(finding: Finding, layer: LayerCall) -> Finding:
    """Name the layer's call in a finding that is outside of it, such as in a dict that is unpacked there."""
    places = (finding.span, *(note.span for note in finding.related if note.elsewhere is None))
    if any(layer.span.start <= place.start and place.end <= layer.span.end for place in places):
        return finding
    what = layer.layer or f"call of {layer.dotted}"
    return replace(finding, related=(*finding.related, Note(layer.span, f"given to this {what}")))


def _when_built(finding: Finding) -> Finding:
    """Return a finding about the regularizer of a weight, which its layer makes when it is built."""
    does = finding.outcome
    if isinstance(does, Fails) and does.stage == "constructor" and does.subject == "layer":
        return replace(finding, outcome=replace(does, stage="build"))
    return finding


def _conditional(finding: Finding, condition: str, severity: Severity) -> Finding:
    """Return a finding about a layer that is constructed only under a condition."""
    least = min(finding.severity or severity, Severity.WARNING, key=lambda each: each.rank)
    return replace(finding, message=f"{condition}, {finding.message}", fix=None, severity=least)


class Rule:
    """The base of every rule: one file each, stateless. Override the check that fits."""

    code: ClassVar[str]
    name: ClassVar[str]
    since: ClassVar[str] = "0.1"
    severity: ClassVar[Severity]
    default: ClassVar[bool] = True
    ranges: ClassVar[tuple[str, ...]] = ()  # as ">=3.1,<3.15": where it says something else than for the newest
    triggers: ClassVar[tuple[Trigger, ...]] = (REGULARIZER,)  # in a file with none of them it finds nothing
    reads: ClassVar[tuple[str, ...]] = ()  # of the facts that are worked out only where a rule reads them

    @staticmethod
    def examples() -> Examples:
        """Return the programs that say what it finds and what not."""
        return ()

    def check_file(self, context: Context) -> Iterator[Finding]:
        """All that the rule finds in a file: by the checks that it overrides.

        What it finds only of a layer whose class a branch chooses, it tells with the condition.
        """
        found = list(self._found(context))
        yield from found
        told = {finding.span for finding in found}
        for condition, there in context.by_choice.items():
            for finding in self._found(there):
                if finding.span not in told:
                    yield _conditional(finding, condition, self.severity)

    def _found(self, context: Context) -> Iterator[Finding]:
        kind = type(self)
        if kind.check_layer is not Rule.check_layer:
            for layer in context.layers:
                for finding in self.check_layer(layer, context):
                    yield naming(finding, layer)
        if kind.check_slot is not Rule.check_slot:
            for name, argument, layer in context.slots:
                for finding in self.check_slot(name, argument, layer, context):
                    named = naming(finding, layer)
                    yield _when_built(named) if layer.kind == "weight" else named
        if kind.check_call is not Rule.check_call:
            for call in context.calls:
                yield from self.check_call(call, context)

    def check_layer(self, layer: LayerCall, context: Context) -> Iterator[Finding]:
        """Judge a call of a Keras layer."""
        return iter(())

    def check_slot(self, name: str, argument: Argument, layer: LayerCall, context: Context) -> Iterator[Finding]:
        """Judge one regularizer argument, by its parameter's name, of a Keras layer."""
        return iter(())

    def check_call(self, call: RegularizerCall, context: Context) -> Iterator[Finding]:
        """Judge a call of a Keras regularizer, wherever it stands."""
        return iter(())

    @classmethod
    def explanation(cls) -> str:
        """Return the rule's text in Markdown: its class docstring, dedented."""
        from inspect import cleandoc

        return cleandoc(cls.__doc__ or "")
