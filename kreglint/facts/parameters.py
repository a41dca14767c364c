"""What a program's own layers, models and functions do with an activity regularizer, or a λ, that they are given."""

from __future__ import annotations

import re

from kreglint.diagnostics import Span
from kreglint.facts.custom import DroppedParameter
from kreglint.records import record

# What a λ is called. The names only choose among parameters that certainly go nowhere. `reg` alone is one; in longer
# names it may be short for regression, so these need a word beside it that is of penalties.
_OF = "(?:l1|l2|l1l2|l1_l2|kernel|bias|weights?|w|embeddings?|recurrent|activity|dense|conv|dnn)"
_AS = "(?:lambda|strength|coeff?|coefficient|factor|rate|weight|scale|param|penalty|val|value|l1|l2)"
_STRENGTH = (  # compiled when it is first asked for
    rf"{_OF}_?regs?(?:_\w+)?|regs?(?:_{_AS})?|(?:\w+_)?weights?_decay(?:_{_AS})?|{_OF}_regulari[sz]ation|"
    rf"regulari[sz]ation(?:_{_AS})?|regulari[sz]er_{_AS}|(?:lambda|{_OF})_(?:l1|l2)|l[12]_{_AS}|lambda_reg\w*"
)
_ENDS = r"\s*[=,):#\\\"']"  # what may follow a parameter, or end a key
STRENGTH_TRIGGERS = (  # patterns that begin with a word, which makes the search fast
    rf"regs?(?:_\w+)?{_ENDS}",
    rf"lambda_reg\w*{_ENDS}",
    rf"weight_decay\w*{_ENDS}",
    rf"weights_decay\w*{_ENDS}",
    r"l1\s*[=:]",
    r"l2\s*[=:]",
    rf"l1_{_AS}{_ENDS}",
    rf"l2_{_AS}{_ENDS}",
    rf"_l1{_ENDS}",
    rf"_l2{_ENDS}",
)


def is_strength(name: str) -> bool:
    """True if a parameter of this name is meant for a λ."""
    return re.fullmatch(_STRENGTH, name) is not None


@record(kw_only=True)
class DroppedActivity:
    """A layer's or model's parameter for an activity regularizer that its output never meets.

    `kept` is the attribute that it is set to instead of `activity_regularizer`; empty for none. `reset`: that is set
    before the constructor of Keras' base class, which sets it anew. `forward_at` is where the call of that ends, if it
    can be given the parameter.
    """

    span: Span
    owner: str
    kept: str = ""
    reset: bool = False
    forward_at: int | None = None


@record(kw_only=True)
class RepeatedActivity:
    """A layer inside an own layer that is given the activity regularizer which that applies to its own output.

    `span` is the callee of the call that makes it, `layer` its class, `of_keras` or another own layer. `argument` is
    the argument in its `call`; None where a dict brings it. Or `layer` is `add_loss`, which is given the penalty.
    """

    span: Span
    owner: str
    layer: str
    of_keras: bool
    call: Span
    argument: Span | None


@record(kw_only=True)
class ParameterFacts:
    """All of one file; `strengths` are parameters of layers and models, `ignored` those of functions."""

    dropped: tuple[DroppedActivity, ...] = ()
    repeated: tuple[RepeatedActivity, ...] = ()
    strengths: tuple[DroppedParameter, ...] = ()
    ignored: tuple[DroppedParameter, ...] = ()
