"""The tree that the analysis reads: classes of nodes, each with its place in the text.

Names and shapes are those of libcst's nodes, without blanks, commas and parentheses. The tree is made from the standard
library's `ast` (`from_ast.py`), or from libcst's where the Python that runs us does not read the syntax
(`from_libcst.py`); whoever reads it need not know which.
"""

# ruff: noqa: F403  (one vocabulary, which readers have by one name)

from kreglint.analysis.syntax.nodes.blocks import *
from kreglint.analysis.syntax.nodes.displays import *
from kreglint.analysis.syntax.nodes.expressions import *
from kreglint.analysis.syntax.nodes.node import *
from kreglint.analysis.syntax.nodes.operators import *
from kreglint.analysis.syntax.nodes.statements import *
