"""What a rule is: a code, a text, examples that Keras proves, and a check over facts.

A rule judges one version of Keras at a time. The engine asks it once for each version that the file may run on
and merges the findings, so no rule compares versions by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import InitVar, dataclass, replace
from typing import ClassVar

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Note, Severity
from kreglint.facts.binding import regularizer_arguments
from kreglint.facts.defaults import made_layers, made_regularizers
from kreglint.facts.file import FileFacts, LayerCall, RegularizerCall
from kreglint.facts.values import Argument
from kreglint.rules.names import Names
from kreglint.versions import Version, within

REGULARIZER = "egulari"  # of any regularizer, keyword or attribute of Keras, and of British spelling
IDENTIFIER = r"[\"']\s*[lL][0-9]"  # a string such as 'l2', which by its place alone may be a regularizer


def word(text: str) -> str:
    """The pattern of a whole word: it begins with the word itself, as a search is fast for what begins with letters."""
    return rf"{text}\b(?<!\w{text})"


@dataclass(frozen=True, slots=True)
class Penalty:
    """Keras builds the example and its losses add up to `formula`; "0" means that nothing is added.

    The formula is arithmetic (`+ - * / **`) in float64 over the weights by their own names (`kernel`, `bias`,
    `depthwise_kernel`; numbered where a name comes twice: `kernel0`, `kernel1`), `output`, `batch` (the number of
    samples), `nan` and `inf`, with `sum`, `abs`, `sqrt` and `mean_cosine(matrix)`, the orthogonal penalty by rows.
    `backend` is the one that it speaks of; empty: all.
    """

    formula: str
    backend: str = ""


@dataclass(frozen=True, slots=True)
class Trained(Penalty):
    """One training step moves the weights by `formula` in all: the sum of the absolute changes of every weight.

    The example has a `model` that its function `step(x, y)` trains. The step is made on samples and targets of zeros,
    where a model without biases has no loss of the data: all that moves it is the penalty's gradient. The formula is
    over the weights before the step, those of one name numbered.
    """


@dataclass(frozen=True, slots=True)
class Logged(Trained):
    """The same step, made by `fit`, says that its loss is `formula`."""


@dataclass(frozen=True, slots=True)
class Raises:
    """Keras fails with exactly `exception` at `stage`: "import", "constructor", "build", "losses" or "train".

    `match` is plain text that its message contains. `backend` is the one that it speaks of; empty: all.
    """

    exception: str
    stage: str
    match: str = ""
    backend: str = ""


Claim = Penalty | Raises


@dataclass(frozen=True, slots=True)
class Bad:
    """Code with a fault, the finding's span between « and ».

    `majors` are the majors in which the rule must fire, and of these `versions` the range (as ">=3.1,<3.15"; empty:
    all); in the others it must be silent. `fixed` is the code after the rule's fix,
    `fixed2` after that of Keras 2 where it is another.
    A claim of None says nothing about that major; `both` is that of Keras 2 and Keras 3 where they do the same, and
    `older` are the claims for ranges that differ from the newest. A program in triple quotes is dedented.
    """

    code: str
    keras2: Claim | None = None
    keras3: Claim | None = None
    fixed: str | None = None
    fixed2: str | None = None
    majors: tuple[int, ...] = (2, 3)
    versions: str = ""
    older: tuple[tuple[str, Claim | None], ...] = ()
    both: InitVar[Claim | None] = None

    def __post_init__(self, both: Claim | None) -> None:
        _complete(self, both)

    def claim(self, version: Version) -> Claim | None:
        """What the example says of a version."""
        return _claim(self, version)

    def after_fix(self, version: Version) -> str | None:
        """The code after the rule's fix in a version; None where there is none or the rule does not fire."""
        if not self.fires(version):
            return None
        return self.fixed2 if version.major == 2 and self.fixed2 is not None else self.fixed

    def fires(self, version: Version) -> bool:
        """Whether the rule must fire in a version."""
        return version.major in self.majors and within(version, self.versions)


@dataclass(frozen=True, slots=True)
class Good:
    """Code on which neither its rule nor a default one may fire, in any of `majors`. The claims are as in `Bad`."""

    code: str
    keras2: Claim | None = None
    keras3: Claim | None = None
    majors: tuple[int, ...] = (2, 3)
    older: tuple[tuple[str, Claim | None], ...] = ()
    both: InitVar[Claim | None] = None

    def __post_init__(self, both: Claim | None) -> None:
        _complete(self, both)

    def claim(self, version: Version) -> Claim | None:
        """What the example says of a version."""
        return _claim(self, version)


Examples = tuple[Bad | Good, ...]


def _complete(example: Bad | Good, both: Claim | None) -> None:
    """Say `both` of each major, and take the layout of the rule's file from the programs."""
    if both is not None:
        object.__setattr__(example, "keras2", both)
        object.__setattr__(example, "keras3", both)
    for name in ("code", "fixed", "fixed2"):
        text = getattr(example, name, None)
        if text is not None:
            object.__setattr__(example, name, dedented(text))


def dedented(text: str) -> str:
    """A program that stands in triple quotes, without its indentation and the lines of the quotes."""
    from textwrap import dedent

    return dedent(text[1:]).removesuffix("\n") if text.startswith("\n") else text


def _claim(example: Bad | Good, version: Version) -> Claim | None:
    for ranges, claim in example.older:
        if within(version, ranges):
            return claim
    return {2: example.keras2, 3: example.keras3}.get(version.major)


class Context:
    """What a rule may ask besides the fact itself: one for each file and each Keras that it is judged by.

    `layers` are the layer calls and `calls` the regularizer calls, without those that are meant to fail;
    `slots` are the arguments that set a regularizer of a Keras layer: parameter's name, argument, layer; those of a
    weight of one's own count as the kernel's.
    `version` is the Keras that is judged, for which `keras` speaks. `names` are those that a fix may write: what all
    versions have that the file may run on.
    """

    __slots__ = ("calls", "facts", "keras", "layers", "max_lambda", "names", "slots", "version")

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


def naming(finding: Finding, layer: LayerCall) -> Finding:
    """A finding about a layer that stands outside of its call, in a dict that it is given, says which call that is."""
    places = (finding.span, *(note.span for note in finding.related if note.elsewhere is None))
    if any(layer.span.start <= place.start and place.end <= layer.span.end for place in places):
        return finding
    what = layer.layer or f"call of {layer.dotted}"
    return replace(finding, related=(*finding.related, Note(layer.span, f"given to this {what}")))


def _when_built(finding: Finding) -> Finding:
    """A finding about the regularizer of a weight, which its layer makes when it is built."""
    return replace(finding, outcome=finding.outcome.replace("layer is constructed", "layer is built"))


class Rule:
    """The base of every rule: one file each, stateless. Override the check that fits."""

    code: ClassVar[str]
    name: ClassVar[str]
    since: ClassVar[str] = "0.1"
    severity: ClassVar[Severity]
    default: ClassVar[bool] = True
    ranges: ClassVar[tuple[str, ...]] = ()  # as ">=3.1,<3.15": where it says something else than for the newest
    triggers: ClassVar[tuple[str, ...]] = (REGULARIZER,)  # patterns: in a file with none of them it finds nothing
    reads: ClassVar[tuple[str, ...]] = ()  # of the facts that are worked out only where a rule reads them

    @staticmethod
    def examples() -> Examples:
        """Return the programs that say what it finds and what not."""
        return ()

    def check_file(self, context: Context) -> Iterator[Finding]:
        """All that the rule finds in a file: by the checks that it overrides."""
        kind = type(self)
        if kind.check_layer is not Rule.check_layer:
            for layer in context.layers:
                yield from (naming(finding, layer) for finding in self.check_layer(layer, context))
        if kind.check_slot is not Rule.check_slot:
            for name, argument, layer in context.slots:
                found = (naming(each, layer) for each in self.check_slot(name, argument, layer, context))
                yield from map(_when_built, found) if layer.dotted == "self.add_weight" else found
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
        """The rule's text in Markdown: its class docstring, dedented."""
        from inspect import cleandoc

        return cleandoc(cls.__doc__ or "")
