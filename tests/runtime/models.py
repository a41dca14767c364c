"""Small models, and what a verification says of them in short."""

import numpy as np


def dense(keras, **arguments):
    """Four inputs, a Dense of three units called `d`, compiled."""
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3, name="d", **arguments)])
    return compiled(model)


def compiled(model, loss="mse"):
    model.compile(optimizer="adam", loss=loss)
    return model


def values(model):
    return [np.asarray(each) for each in model.get_weights()]


def codes(found):
    return [each.code for each in found.findings if each.severity != "info"]


def statuses(found):
    """Each judged weight with its status, by layer and weight."""
    return {f"{each.layer}/{each.variable}": each.status for each in found.penalties if each.status != "unregularized"}


def messages(found):
    return "\n".join(each.message for each in found.findings)
