"""A program for test_placed: says in JSON where the layers of its models were constructed, by their names.

Argument: the Keras to use. What constructs a layer has, in a comment on its line, `at` and the columns it starts at.
"""

import importlib
import json
import sys

from kreglint.runtime import places

places.watch()
keras = importlib.import_module(sys.argv[1])
Dense, LSTM, Bidirectional = keras.layers.Dense, keras.layers.LSTM, keras.layers.Bidirectional

from kreglint.runtime.live import LayerNode  # noqa: E402

# fmt: off
one = Dense(4, name="one"); two = Dense(4, name="two")  # noqa: E702  at 7 35
three, four = [Dense(4, name="three"), Dense(4, name="four")]  # at 16 40
λ, five = "λ", Dense(4, name="five")  # at 16
several = [Dense(4, name=name) for name in ("six", "seven")]  # at 12 12
both = Bidirectional(LSTM(3, name="eight")), Bidirectional(LSTM(3, name="nine"))  # at 8 46
nested = keras.layers.TimeDistributed(Dense(4, name="ten"))  # at 39
lines = Dense(  # at 9
    4,
    name="eleven",
)
# fmt: on

made = [one, two, three, four, five, *several, *(each.forward_layer for each in both), nested.layer, lines]
print(json.dumps([[place.row, place.column] for place in (places.place_of(LayerNode(each, "")) for each in made)]))
