"""What an example of a rule is: a program, and what real Keras 2 and Keras 3 do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from kreglint.records import record
from kreglint.versions import Version, within


@record()
class Penalty:
    """Keras builds the example and its losses add up to `formula`; "0" means that nothing is added.

    The formula is arithmetic (`+ - * / **`) in float64 over the weights by their own names (`kernel`, `bias`,
    `depthwise_kernel`; numbered where a name comes twice: `kernel0`, `kernel1`), `output`, `batch` (the number of
    samples), `nan` and `inf`, with `sum`, `abs`, `sqrt` and `mean_cosine(matrix)`, the orthogonal penalty by rows.
    `backend` is the one that it speaks of; empty: all.
    """

    formula: str
    backend: str = ""


class Trained(Penalty):
    """One training step moves the weights by `formula` in all: the sum of the absolute changes of every weight.

    The example has a `model` that its function `step(x, y)` trains. The step is made on samples and targets of zeros,
    where a model without biases has no loss of the data: all that moves it is the penalty's gradient. The formula is
    over the weights before the step, those of one name numbered.
    """

    __slots__ = ()


class Logged(Trained):
    """The same step, made by `fit`, says that its loss is `formula`."""

    __slots__ = ()


@record()
class Raises:
    """Keras fails with exactly `exception` at `stage`: "import", "constructor", "build", "losses" or "train".

    `match` is plain text that its message contains. `backend` is the one that it speaks of; empty: all.
    """

    exception: str
    stage: str
    match: str = ""
    backend: str = ""


Claim: TypeAlias = Penalty | Raises
Older: TypeAlias = Sequence[tuple[str, Claim | None]]


class Example:
    """A program with what it claims of each version.

    `both` is what Keras 2 and Keras 3 do alike; else `keras2` and `keras3` say it, and None says nothing about that
    major. `older` are the claims for ranges (as ">=3.1,<3.15") that differ from the newest. A program in triple
    quotes is dedented.
    """

    __slots__ = ("code", "keras2", "keras3", "majors", "older")

    def __init__(
        self,
        code: str,
        *,
        both: Claim | None = None,
        keras2: Claim | None = None,
        keras3: Claim | None = None,
        majors: tuple[int, ...] = (2, 3),
        older: Older = (),
    ) -> None:
        if both is not None and (keras2 is not None or keras3 is not None):
            raise ValueError("expected one claim for both majors or one for each, received both")
        self.code = dedented(code)
        self.keras2 = keras2 or both
        self.keras3 = keras3 or both
        self.majors = majors
        self.older = tuple(older)

    def claim(self, version: Version) -> Claim | None:
        """Return what the example says of a version."""
        for ranges, claim in self.older:
            if within(version, ranges):
                return claim
        return {2: self.keras2, 3: self.keras3}.get(version.major)


class Good(Example):
    """Code on which neither its rule nor a default one may fire, in any of `majors`."""

    __slots__ = ()


class Bad(Example):
    """Code with a fault, the finding's span between « and ».

    `majors` are the majors in which the rule must fire, and of these `versions` the range (as ">=3.1,<3.15"; empty:
    all); in the others it must be silent. `fixed` is the code after the rule's fix, `fixed2` after that of Keras 2
    where it is another.
    """

    __slots__ = ("fixed", "fixed2", "versions")

    def __init__(
        self,
        code: str,
        *,
        both: Claim | None = None,
        keras2: Claim | None = None,
        keras3: Claim | None = None,
        fixed: str | None = None,
        fixed2: str | None = None,
        majors: tuple[int, ...] = (2, 3),
        versions: str = "",
        older: Older = (),
    ) -> None:
        super().__init__(code, both=both, keras2=keras2, keras3=keras3, majors=majors, older=older)
        self.fixed = None if fixed is None else dedented(fixed)
        self.fixed2 = None if fixed2 is None else dedented(fixed2)
        self.versions = versions

    def after_fix(self, version: Version) -> str | None:
        """Return the code after the rule's fix in a version, or None if there is none or the rule does not fire."""
        if not self.fires(version):
            return None
        return self.fixed2 if version.major == 2 and self.fixed2 is not None else self.fixed

    def fires(self, version: Version) -> bool:
        """True if the rule must fire in a version."""
        return version.major in self.majors and within(version, self.versions)


Examples: TypeAlias = tuple[Bad | Good, ...]


def dedented(text: str) -> str:
    """Return a program that stands in triple quotes, without its indentation and the lines of the quotes."""
    from textwrap import dedent

    return dedent(text[1:]).removesuffix("\n") if text.startswith("\n") else text


_NETWORK = """\
class Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Dense(2, use_bias=False, kernel_regularizer=l2(0.1))

    def call(self, x):
        return self.first(x)

{methods}


model = Network()
model.compile(optimizer=optimizers.SGD(1.0){compiled})
step = model.fit
"""


def network(methods: str, compiled: str = ', loss="mse"') -> str:
    """Return a program that fits a model with one regularized layer and further methods, given at the left margin."""
    rows = (f"    {row}" if row else "" for row in methods.splitlines())
    return _NETWORK.format(methods="\n".join(rows), compiled=compiled)
