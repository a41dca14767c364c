"""What a string may be that is given as a regularizer: one of another version, another role, or a call in quotes."""

from __future__ import annotations

import re

from kreglint.catalog.model import MAJORS, Keras, load

METHODS = {"ridge": "l2", "lasso": "l1", "elasticnet": "l1_l2", "elastic_net": "l1_l2"}  # what others call the same
_CALL = r"(?s)\s*[A-Za-z_][\w.]*\s*\(.*\)\s*"


def looks_like_a_call(identifier: str) -> bool:
    """True if it is written as `l2(0.01)`."""
    return re.fullmatch(_CALL, identifier) is not None


def other_major(identifier: str, keras: Keras) -> int | None:
    """Return the other major of Keras that knows it as a regularizer, if there is one."""
    others = (major for major in MAJORS if major != keras.major)
    return next((major for major in others if identifier in load(major).identifiers), None)


def is_other_role(identifier: str) -> bool:
    """True if it names a constraint, an initializer or an activation instead, in some major of Keras."""
    return role_of(identifier) is not None


def role_of(identifier: str) -> str | None:
    """Return the role that a string has instead of a regularizer's: "constraint", "initializer" or "activation"."""
    for keras in map(load, MAJORS):
        if identifier in keras.constraint_identifiers:
            return "constraint"
        if identifier in keras.initializer_identifiers:
            return "initializer"
        if identifier in keras.activation_identifiers:
            return "activation"
    return None
