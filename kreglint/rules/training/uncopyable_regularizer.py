"""KRG621 uncopyable-regularizer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kreglint.diagnostics import Finding, Fix, Note, Severity
from kreglint.facts.copies import Copied, Unconfigured
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Placed
from kreglint.facts.values import Argument, Construct, Function, Value
from kreglint.outcomes import Fails, Outcome
from kreglint.records import replace
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import registration
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.faults import Fault, judge, place
from kreglint.versions import Version, within

_ACTIVITY = "activity_regularizer"
_REFUSED = ">=3.1,<3.15"  # a function there is a fault of KRG107, before anything is copied
_NOT_CONFIGURED = ">=3.0,<3.5"  # most layers leave an activity regularizer out of their configuration there
_NAMED_OTHERWISE = ">=3.0,<3.16"  # what Bidirectional cannot make again is a ValueError, but for a class of the script
_LEGACY = ">=2.0,<2.13"  # with another serialization, which is not probed

_SMOOTH = """class Smooth(regularizers.Regularizer):
    def __init__(self, rate=0.1):
        self.rate = rate

    def __call__(self, x):
        return self.rate * tf.reduce_sum(tf.abs(x))

    def get_config(self):
        return {"rate": self.rate}


"""
_REGISTERED = "@keras.utils.register_keras_serializable()\n" + _SMOOTH
_TYPE_ERROR = Raises("TypeError", "constructor")
_VALUE_ERROR = Raises("ValueError", "constructor", "Could not interpret regularizer identifier")
_AT_LOSSES = Raises("TypeError", "losses", "'str' object is not callable")


class UncopyableRegularizer(Rule):
    """A layer is copied by its configuration, from which its regularizer cannot be made again.

    ## Why is this bad?
    `Bidirectional` makes its second layer from the configuration of the first. `clone_model`, `from_config` and
    `model_from_json` make all layers in this way. A configuration has only the name of a custom class or function, and
    Keras must know what this stands for. Otherwise the copy fails, or its losses do.

    ## What to write instead
    `@keras.saving.register_keras_serializable(package="…")` above the class, which needs a `get_config`. Alternatively,
    copy within `with keras.saving.custom_object_scope({"Name": Name}):`. A lambda and a partial cannot be copied in any
    way: write a class.

    ## Fix safety
    Unsafe: a saved model then has the class under another name.
    """

    code, name, severity = "KRG621", "uncopyable-regularizer", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                _SMOOTH + "layer = «Bidirectional»(GRU(4, kernel_regularizer=Smooth()))",
                keras2=_AT_LOSSES,
                keras3=_VALUE_ERROR,
                older=((">=3.16", _TYPE_ERROR),),
                fixed=_REGISTERED + "layer = Bidirectional(GRU(4, kernel_regularizer=Smooth()))",
            ),
            Bad(
                """
                class Smooth(regularizers.Regularizer):
                    def __init__(self, rate=0.1):
                        self.half = rate / 2

                    def __call__(self, x):
                        return self.half * tf.reduce_sum(tf.abs(x))


                layer = «Bidirectional»(GRU(4, kernel_regularizer=Smooth()))
                """,
                both=Raises("NotImplementedError", "constructor"),
            ),
            Bad(
                _SMOOTH
                + """inputs = keras.Input((4,))
model = keras.Model(inputs, Dense(2, kernel_regularizer=Smooth())(inputs))
copy = «keras.models.clone_model»(model)""",
                keras2=_AT_LOSSES,
                keras3=_TYPE_ERROR,
                fixed=_REGISTERED
                + """inputs = keras.Input((4,))
model = keras.Model(inputs, Dense(2, kernel_regularizer=Smooth())(inputs))
copy = keras.models.clone_model(model)""",
            ),
            Bad(
                _SMOOTH
                + """layer = Dense(2, kernel_regularizer=Smooth())
copy = «Dense.from_config»(layer.get_config())""",
                keras2=_AT_LOSSES,
                keras3=_TYPE_ERROR,
                fixed=_REGISTERED
                + """layer = Dense(2, kernel_regularizer=Smooth())
copy = Dense.from_config(layer.get_config())""",
            ),
            Bad(
                """
                def smooth(x):
                    return tf.reduce_sum(tf.abs(x))


                layer = «Bidirectional»(GRU(4, activity_regularizer=smooth))
                """,
                keras2=Raises("TypeError", "build", "'str' object is not callable"),
                keras3=_VALUE_ERROR,
                older=((">=3.16", _TYPE_ERROR),),
            ),
            Good(
                """
                @keras.utils.register_keras_serializable("nets")
                class Smooth(regularizers.Regularizer):
                    def __call__(self, x):
                        return 0.1 * tf.reduce_sum(tf.abs(x))

                    def get_config(self):
                        return {}


                layer = Dense.from_config(Dense(4, kernel_regularizer=Smooth()).get_config())
                """,
                both=Penalty("0.1 * sum(abs(kernel))"),
            ),
            Good(
                _SMOOTH
                + """with keras.utils.custom_object_scope({"Smooth": Smooth}):
    layer = Dense.from_config(Dense(4, kernel_regularizer=Smooth()).get_config())
layer""",
                both=Penalty("0.1 * sum(abs(kernel))"),
            ),
            Good(
                """
                layer = Dense.from_config(Dense(4, kernel_regularizer=l2(0.1)).get_config())
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                _SMOOTH
                + """def without(layer):
    config = layer.get_config()
    config["kernel_regularizer"] = None
    return layer.__class__.from_config(config)


model = keras.Sequential([keras.Input((4,)), Dense(2, kernel_regularizer=Smooth())])
copy = keras.models.clone_model(model, clone_function=without)"""
            ),
            Good(
                _SMOOTH
                + """def encoder(units, regularizer=None):
    return Bidirectional(LSTM(units, kernel_regularizer=regularizer))"""
            ),
            Good(
                _SMOOTH
                + """layer = TimeDistributed(Dense(4, kernel_regularizer=Smooth()))
cells = RNN(GRUCell(4, kernel_regularizer=Smooth()))"""
            ),
            Good(
                _SMOOTH
                + """model = keras.Sequential([keras.Input((4,)), Dense(2, kernel_regularizer=Smooth())])
copy = keras.Sequential.from_config(model.get_config(), custom_objects={"Smooth": Smooth})"""
            ),
            Good(
                _SMOOTH
                + """keras.utils.get_custom_objects()["Smooth"] = Smooth
layer = Bidirectional(GRU(4, kernel_regularizer=Smooth()))"""
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        facts = context.facts.copies
        if facts.copies:
            slots = Placed((layer.span, (name, argument, layer)) for name, argument, layer in context.slots)
            for copied in facts.copies:
                found = (_found(copied, *slot, context) for slot in slots.inside(copied.made_in))
                first = next((each for each in found if each is not None), None)
                if first is not None:
                    yield first


def _found(copied: Copied, name: str, argument: Argument, layer: LayerCall, context: Context) -> Finding | None:
    fault_of = partial(_fault, copied, name, layer, context)
    for found in judge(argument, "the value", fault_of, defaults=False):
        given = Note(place(argument), "this regularizer is copied")
        return replace(found, span=copied.span, related=(given, *found.related))
    return None


def _fault(copied: Copied, name: str, layer: LayerCall, context: Context, value: Value) -> Fault | None:
    version, tells = context.version, f"{copied.by} copies by configuration"
    if name == _ACTIVITY and within(version, _NOT_CONFIGURED) and copied.by != "Bidirectional":
        return None
    direct = copied.by == "Bidirectional" and copied.layer == layer.span
    if isinstance(value, Construct) and value.symbol.path == "functools.partial":
        return (
            None if _is_refused(name, version) else Fault(f"{tells}, which a partial does not have", Fails("TypeError"))
        )
    own = context.facts.copies.unconfigured(value)
    if own is None or not isinstance(value, Function) or (not own.is_regularizer and _is_refused(name, version)):
        return None
    if own.is_silent and own.is_regularizer:
        return Fault(f"{tells}, and '{value.name}' has no get_config", Fails("NotImplementedError"))
    told = "a lambda has no name to be found by" if value.kind == "lambda" else f"'{value.name}' is not registered"
    return Fault(f"{tells}, and {told}", _outcome(value, version, direct=direct), _fix(own))


def _is_refused(name: str, version: Version) -> bool:
    return name != _ACTIVITY and within(version, _REFUSED)


def _outcome(value: Function, version: Version, *, direct: bool) -> Outcome:
    """Return how the copy fails; `direct`: of the layer's own regularizer, which Bidirectional reads by itself."""
    if within(version, _LEGACY):
        return Fails("an error")
    if value.kind == "lambda":
        return Fails("ValueError" if direct else "TypeError")
    if version.major == 2:
        return Fails("TypeError", "by losses")
    if not direct or not within(version, _NAMED_OTHERWISE):
        return Fails("TypeError")
    return Fails("TypeError or ValueError" if value.kind == "instance" else "ValueError")


def _fix(own: Unconfigured) -> Fix | None:
    enough = own.body is not None and own.is_regularizer and not own.is_silent
    return registration(own.body) if own.body and enough else None
