"""Examples as a person would write them: with the imports that they use, and no others."""

from __future__ import annotations

import ast

# What `from keras.regularizers import *` of the examples' prelude may be there for.
REGULARIZERS = {"L1", "L1L2", "L2", "OrthogonalRegularizer", "Regularizer", "deserialize", "get", "l1", "l1_l2", "l2"}


def with_needed_imports(text: str) -> str:
    """A program without the lines that import what it does not use: the prelude of every example names regularizers."""
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    lines = text.splitlines()
    for node in tree.body:
        if isinstance(node, ast.Import):
            needed = any((alias.asname or alias.name.partition(".")[0]) in used for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = {alias.asname or alias.name for alias in node.names}
            of_star = REGULARIZERS if node.module == "keras.regularizers" else used
            needed = bool((of_star if names == {"*"} else names) & used) or not names <= PRELUDE
        else:
            continue
        if not needed:
            lines[node.lineno - 1] = ""
    return "\n".join(lines)


PRELUDE = {"*", "constraints", "initializers", "layers", "optimizers", "regularizers"}
