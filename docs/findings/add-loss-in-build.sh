#!/usr/bin/env bash
# Keras 3.15.1 on JAX 0.10.2: `add_loss` says in its own error message that it may be called "from inside `build()` or
# `call()`". What is added in `build` is in no loss: the call that follows `build` empties the list, so the layer's
# `losses` are empty and `fit` reports a loss without it. The same tensor added in `call` is there each time.
# Output seen:
#   add_loss in build: losses [], fit logs 0.0
#   add_loss in call: losses [3.0], fit logs 3.0
#   message: `add_loss()` can only be called from inside `build()` or `call()`
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q keras==3.15.1 jax==0.10.2
cat > "$folder/program.py" <<'PROGRAM'
import keras
import numpy as np


class Scaled(keras.layers.Layer):
    def __init__(self, where):
        super().__init__()
        self.where = where

    def build(self, shape):
        self.scale = self.add_weight(shape=(3,), initializer="ones")
        if self.where == "build":
            self.add_loss(keras.ops.sum(self.scale))

    def call(self, x):
        if self.where == "call":
            self.add_loss(keras.ops.sum(self.scale))
        return x * self.scale


for where in ("build", "call"):
    layer, ones = Scaled(where), np.ones((2, 3), "float32")
    layer(ones)
    losses = [float(each) for each in layer.losses]
    model = keras.Sequential([keras.Input((3,)), Scaled(where)])
    model.compile("sgd", "mse")
    logged = model.fit(ones, ones, verbose=0).history["loss"][0]
    print(f"add_loss in {where}: losses {losses}, fit logs {logged:.1f}")
try:
    Scaled("build").add_loss(None)
except ValueError as error:
    print("message:", str(error).partition(",")[0])
PROGRAM
KERAS_BACKEND=jax "$folder/venv/bin/python" "$folder/program.py" 2>"$folder/errors" | tee "$folder/seen" || { cat "$folder/errors"; exit 1; }
diff "$folder/seen" - <<'SEEN'
add_loss in build: losses [], fit logs 0.0
add_loss in call: losses [3.0], fit logs 3.0
message: `add_loss()` can only be called from inside `build()` or `call()`
SEEN
