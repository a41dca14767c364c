"""Programs that look like a fault and are none, as people have reported them: the default rules are silent."""

from __future__ import annotations

from textwrap import dedent

import pytest

from kreglint.engine.api import check_source

PROGRAMS = {
    "a length of 1 that many call L2 regularization": """
        import tensorflow as tf
        from tensorflow.keras import Input, Model, layers

        voice = Input((64,))
        hidden = layers.Dense(32)(voice)
        unit = layers.Lambda(lambda rows: tf.math.l2_normalize(rows, axis=-1))(hidden)
        model = Model(voice, unit)
        model.compile("sgd", "mse")
    """,
    "a regularized layer that an inner layer holds too": """
        from tensorflow.keras import layers, regularizers


        class Step(layers.Layer):
            def __init__(self, head):
                super().__init__()
                self.head = head

            def call(self, x):
                return self.head(x)


        class Writer(layers.Layer):
            def __init__(self, words):
                super().__init__()
                self.head = layers.Dense(words, kernel_regularizer=regularizers.l1(1e-4))
                self.step = Step(self.head)

            def call(self, x):
                return self.step(x)


        writer = Writer(20)
    """,
    "half of a square of pictures, and of gradients": """
        import tensorflow as tf

        painter = tf.keras.Sequential([tf.keras.layers.Conv2D(3, 3, padding="same")])
        optimizer = tf.keras.optimizers.Adam()


        def step(picture, style):
            with tf.GradientTape() as tape:
                painted = painter(picture)
                loss = tf.nn.l2_loss(painted - style) / tf.cast(tf.size(style), tf.float32)
            gradients = tape.gradient(loss, painter.trainable_variables)
            optimizer.apply_gradients(zip(gradients, painter.trainable_variables))
            return tf.sqrt(tf.add_n([2 * tf.nn.l2_loss(each) for each in gradients]))
    """,
    "a half that a factor 2 makes up for, with all kernels in one vector": """
        import tensorflow as tf

        RATE = 5e-5
        model = tf.keras.Sequential([tf.keras.layers.Dense(4), tf.keras.layers.Dense(1)])
        optimizer = tf.keras.optimizers.SGD(0.1)


        def step(x, y):
            with tf.GradientTape() as tape:
                error = tf.reduce_mean(tf.square(y - model(x)))
                kernels = [tf.reshape(each, [-1]) for each in model.trainable_variables if "kernel" in each.name]
                loss = error + RATE * 2 * tf.nn.l2_loss(tf.concat(kernels, 0))
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_nothing_is_found(program):
    assert check_source(dedent(program), "example.py") == []
