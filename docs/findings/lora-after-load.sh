#!/usr/bin/env bash
# Keras 3.15.1 on JAX 0.10.2: a model with LoRA that was saved and loaded never trains its factors again. Saving merges
# the factors into the kernel; loading gives both back as zeros. The gradient of each has the other as its factor, so
# both stay zero in every `fit`, while the layer says that LoRA is enabled. Fresh factors are zeros and random numbers.
# Output seen:
#   made: factors zero: [False, True], trained by fit: True
#   loaded: factors zero: [True, True], trained by fit: False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q keras==3.15.1 jax==0.10.2
cat > "$folder/program.py" <<'PROGRAM'
import sys

import keras
import numpy as np


def trained(model):
    """Whether a fit moves the factors, and which of them were zeros before."""
    layer = model.layers[0]
    factors = [np.array(each) for each in (layer.lora_kernel_a, layer.lora_kernel_b)]
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(np.ones((8, 4)), np.full((8, 3), 5.0), epochs=2, verbose=0)
    after = [np.array(each) for each in (layer.lora_kernel_a, layer.lora_kernel_b)]
    moved = any((one != other).any() for one, other in zip(factors, after, strict=True))
    return f"factors zero: {[not each.any() for each in factors]}, trained by fit: {moved}"


keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.layers[0].enable_lora(2)
print("made:", trained(model))
model.save(sys.argv[1])
print("loaded:", trained(keras.models.load_model(sys.argv[1])))
PROGRAM
KERAS_BACKEND=jax "$folder/venv/bin/python" "$folder/program.py" "$folder/model.keras" 2>"$folder/errors" | tee "$folder/seen" || { cat "$folder/errors"; exit 1; }
diff "$folder/seen" - <<'SEEN'
made: factors zero: [False, True], trained by fit: True
loaded: factors zero: [True, True], trained by fit: False
SEEN
