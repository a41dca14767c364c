"""What an analysis leaves behind has no circles: reference counts free it, and no search for garbage is needed."""

from __future__ import annotations

import gc
from textwrap import dedent

import pytest

from kreglint.analysis.analyse import analyse
from kreglint.analysis.values.project import Project
from kreglint.facts.file import ON_DEMAND

TEXTS = {
    "layers": """
        import keras
        from keras import layers, regularizers

        DECAY = 5e-4

        def block(x, width, decay=DECAY):
            for number in range(3):
                x = layers.Dense(width, kernel_regularizer=regularizers.l2(decay), name=f"d{number}")(x)
            return x

        outputs = [block(keras.Input((3,)), width) for width in (1, 2)]
    """,
    "classes": """
        import keras
        from keras import layers

        class Base(layers.Layer):
            def __init__(self, kernel_regularizer=None, **kwargs):
                super().__init__(**kwargs)
                self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
                self.inner = layers.Dense(3, kernel_regularizer=self.kernel_regularizer)

        class Own(Base):
            def make(self, decay):
                return Own(kernel_regularizer=keras.regularizers.L2(decay))

        Own("l2").make(0.1)
    """,
    "models": """
        import tensorflow as tf

        def build():
            return tf.keras.Sequential([tf.keras.layers.Dense(3, kernel_regularizer="l2")])

        model = build()
        model.layers[0].kernel_regularizer = tf.keras.regularizers.l2(0.1)
        for x, y in data:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x))
            optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights))
    """,
    "imports": """
        import keras
        from nets import build, DECAY

        model = build(DECAY)
        model.layers[0].kernel_regularizer = keras.regularizers.L2(0.1)
        model.fit(x, y)
    """,
}
PROGRAMS = {name: dedent(text) for name, text in TEXTS.items()}
NETS = """
from keras import layers, regularizers, Sequential

DECAY = 0.1

def build(decay):
    return Sequential([layers.Dense(3, kernel_regularizer=regularizers.L2(decay))])
"""


class Files:
    """As many files as are asked for, all of the same text."""

    def find(self, module: str, importer: str) -> str | None:
        return f"/{module}.py" if module.startswith("nets") else None

    def read(self, filename: str) -> str:
        return NETS


@pytest.fixture
def no_search():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_leaves_no_circles(text, no_search):
    analyse(text, wanted=ON_DEMAND)  # what is imported or worked out once may have some
    gc.collect()
    facts = analyse(text, "/main.py", wanted=ON_DEMAND)
    assert facts.layers or facts.regularizer_calls
    assert gc.collect() == 0


def test_nor_do_programs_of_a_project(no_search):
    project = Project(Files())
    text = PROGRAMS["imports"]
    analyse(text, "/main.py", project, wanted=ON_DEMAND)
    gc.collect()
    analyse(text, "/main.py", project, wanted=ON_DEMAND)
    assert gc.collect() == 0


def test_nor_do_programs_of_a_project_that_are_not_kept(no_search, monkeypatch):
    monkeypatch.setattr("kreglint.analysis.bounds.PROGRAMS_KEPT", 1)
    project = Project(Files())
    texts = [PROGRAMS["imports"].replace("from nets", f"from nets{number}") for number in range(3)]
    analyse(texts[0], "/main.py", project, wanted=ON_DEMAND)
    gc.collect()
    for text in texts:
        analyse(text, "/main.py", project, wanted=ON_DEMAND)
    assert gc.collect() == 0


def test_a_program_that_is_kept_can_be_asked_again():
    project = Project(Files())
    once, again = (analyse(PROGRAMS["imports"], "/main.py", project, wanted=ON_DEMAND) for _ in range(2))
    assert once == again
