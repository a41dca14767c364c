"""A program with ten findings, cell by cell, and the notebook of it."""

from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = (
    "!pip install -q keras==2.3.1",
    "import numpy as np\nfrom keras import layers, models, regularizers",
    'first = layers.Dense(8, kernel_regularizer="L1L2")',
    '%time second = layers.Dense(8, kernel_regularizer="ridge")',
    """%%time
third = layers.Dense(8, W_regularizer="l2")
fourth = layers.Dense(8, kernel_regularizer=regularizers.l2(-0.1))""",
    '''def block(width):
    """λ of a block."""
    return [
        layers.Dense(width, kernel_regularizer=regularizers.l1(0.0)),
        layers.Dense(width, bias_regularizer="l3", use_bias=True),
    ]''',
    '%matplotlib inline\nfifth = layers.Conv2D(8, 3, kernel_regularizer="l1l2")\nfiles = !ls',
    'sixth = layers.Dense(\n    8,\n    use_bias=False,\n    bias_regularizer="l2",\n)',
    "seventh = layers.Embedding(8, 4, embeddings_regularizer=regularizers.l1_l2(l1=0, l2=0))",
    "for width in (8, 16):\n    layer = layers.Dense(width, kernel_regularizer=regularizers.l2(50.0))",
)
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "version": "3.11.7",
    },
}


def ten_findings() -> nbformat.NotebookNode:
    """Return the notebook as Jupyter writes it, with text between its cells."""
    cells = [new_markdown_cell("# Ten findings\n\nEach is in a cell of code.")]
    for number, cell in enumerate(CELLS, 1):
        cells += [new_markdown_cell(f"## Step {number}"), new_code_cell(cell)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return new_notebook(cells=cells, metadata=KERNEL)
