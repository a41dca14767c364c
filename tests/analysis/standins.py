"""Stand-ins for Keras and TensorFlow that record which losses a tape gets, and what is set on a layer that is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from inspect import currentframe
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

MAIN = "main.py"
_LATE = "kernel_regularizer"


class Tensor:
    """A number that knows the layers whose penalties, or weights, are part of it, and those that made it."""

    def __init__(self, terms: Iterable[Layer] = (), layers: Iterable[Layer] = ()) -> None:
        self.terms = frozenset(terms)
        self.layers = tuple(layers)

    def joined(self, other: object = None) -> Tensor:
        return Tensor(self.terms | (other.terms if isinstance(other, Tensor) else frozenset()), self.layers)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = joined


class Layer:
    """A Dense layer: it reads its regularizer when it is built, and again by whoever asks for its configuration."""

    def __init__(self, _: object = 1, kernel_regularizer: object = None, name: str = "", **__: object) -> None:
        vars(self).update(kernel_regularizer=kernel_regularizer, name=name, built=False, penalty=False)
        vars(self).update(trainable=True, late=[], asked_again=False, frozen_in=[])

    def __setattr__(self, name: str, value: object) -> None:
        if name == _LATE:
            self.late.append((_row(), self.built))
        if name == "trainable":
            self.frozen_in.append(_row())
        vars(self)[name] = value

    @property
    def wants_penalty(self) -> bool:
        """Whether it has a penalty, or will have it once it is built."""
        return self.penalty if self.built else bool(_factor(self.kernel_regularizer))

    def build(self, _: object = None) -> None:
        if not self.built:
            vars(self).update(built=True, penalty=bool(_factor(self.kernel_regularizer)), asked_again=bool(self.late))

    def get_config(self) -> dict[str, object]:
        vars(self)["asked_again"] = self.asked_again or bool(self.late)
        return {_LATE: self.kernel_regularizer}

    def __call__(self, x: Tensor) -> Tensor:
        self.build()
        return Tensor(x.terms, (*x.layers, self))


class Weights(list[Tensor]):
    """What a model trains; the model is known by it."""

    model: Model


class Model:
    """A model: functional, Sequential or subclassed."""

    all: ClassVar[list[Model]] = []  # of the run

    def __init__(self, inputs: object = None, outputs: object = None, **_: object) -> None:
        self.made = list(outputs.layers) if isinstance(outputs, Tensor) else []
        Model.all.append(self)
        vars(self).update(trainable=True, frozen_in=[], compiled=[], fitted_in=[], evaluated=False)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "trainable":
            self.frozen_in.append(_row())
        vars(self)[name] = value

    @property
    def layers(self) -> list[Layer]:
        own = (each for each in vars(self).values() if isinstance(each, Layer))
        return [*self.made, *(each for each in own if each not in self.made)]

    @property
    def penalized(self) -> list[Layer]:
        return [each for each in self.layers if each.penalty and each.trainable and self.trainable]

    @property
    def losses(self) -> list[Tensor]:
        return [Tensor([each]) for each in self.penalized]

    @property
    def trainable_variables(self) -> Weights:
        found = Weights(Tensor([each]) for each in self.layers if each.built)
        found.model = self
        return found

    def get_layer(self, name: str = "", index: int = 0) -> Layer:
        return self.layers[index]

    def build(self, _: object = None) -> None:
        for each in self.layers:
            each.build()

    def compile(self, optimizer: object = None, *_: object, **__: object) -> None:
        self.compiled.append((_row(), optimizer))

    def fit(self, *_: object, **__: object) -> None:
        self.fitted_in.append(_row())
        self.build()

    def evaluate(self, *_: object) -> None:
        self.evaluated = True

    def summary(self) -> None: ...

    def save(self, _: object = None) -> None:
        self.evaluated = True  # by who loads it
        self.get_config()

    def get_config(self) -> list[dict[str, object]]:
        return [each.get_config() for each in self.layers]

    def call(self, x: Tensor) -> Tensor:
        for each in self.made:
            x = each(x)
        return Tensor()

    def __call__(self, x: object = None, **_: object) -> Tensor:
        result = self.call(x if isinstance(x, Tensor) else Tensor())
        return Tensor(result.terms)


class Sequential(Model):
    """It is built as soon as it knows its input."""

    def __init__(self, layers: Iterable[object] = ()) -> None:
        super().__init__()
        self.is_shaped = False
        for each in layers:
            self.add(each)

    def add(self, layer: object) -> None:
        self.is_shaped = self.is_shaped or not isinstance(layer, Layer)
        self.made += [layer] if isinstance(layer, Layer) else []
        if self.is_shaped:
            self.build()

    def pop(self) -> None:
        self.made.pop()


class Optimizer:
    """It decays all weights, until somebody takes some out."""

    def __init__(self, *_: object, **__: object) -> None:
        self.decays_all = True

    def apply_gradients(self, _: object) -> None: ...

    def exclude_from_weight_decay(self) -> None:
        self.decays_all = False


class Tape:
    def __init__(self, record: Callable[[int, bool, bool], None]) -> None:
        self._record = record

    def __enter__(self) -> Tape:
        return self

    def __exit__(self, *_: object) -> None: ...

    def gradient(self, loss: object, weights: object) -> list[Tensor]:
        if isinstance(weights, Weights):
            terms = loss.terms if isinstance(loss, Tensor) else frozenset()
            self._record(_row(), bool(weights.model.penalized), bool(terms.intersection(weights.model.penalized)))
        return []


def _factor(given: object) -> object:
    return 0.01 if given == "l2" else given


def _row() -> int:
    """The row of the main program that is running; 0 for a row of another file."""
    frame = currentframe()
    for _ in range(2):
        frame = frame.f_back if frame is not None else None
    return frame.f_lineno if frame is not None and frame.f_code.co_filename == MAIN else 0


def clone(model: Model) -> Model:
    model.get_config()
    copy = Sequential()
    copy.made = [Layer(1, each.kernel_regularizer) for each in model.layers]
    copy.build()
    return copy


class World:
    """The libraries of one run, and code that is not seen: it keeps what it is given, and does what harms most."""

    def __init__(self, flags: Iterable[bool]) -> None:
        self.flags = iter(flags)
        self.layers: list[Layer] = []
        self.gradients: list[tuple[int, bool, bool]] = []
        self.kept: list[Model] = []
        self.models = self._models()
        self.modules = {"keras": self._keras(), "tensorflow": self._tensorflow(), "outside": self._outside()}
        for name in ("layers", "regularizers", "models", "optimizers"):
            self.modules[f"keras.{name}"] = getattr(self.modules["keras"], name)

    def late(self) -> Iterator[tuple[int, bool, bool]]:
        """What was set on layers: in which row, whether the layer was built, and whether it was asked for it later."""
        for layer in self.layers:
            yield from ((row, built, layer.asked_again) for row, built in layer.late)

    def _models(self) -> list[Model]:
        """Every model that is made from now on, until the next world."""
        Model.all = []
        return Model.all

    def dense(self, *given: Any, **named: Any) -> Layer:
        self.layers.append(Layer(*given, **named))
        return self.layers[-1]

    def _keras(self) -> ModuleType:
        keras: Any = ModuleType("keras")
        keras.Model, keras.Sequential, keras.Input = Model, Sequential, lambda *_, **__: Tensor()
        keras.layers = SimpleNamespace(Dense=self.dense)
        keras.regularizers = SimpleNamespace(l2=lambda factor=0.01: factor)
        keras.models = SimpleNamespace(clone_model=clone, Model=Model, Sequential=Sequential)
        keras.optimizers = SimpleNamespace(SGD=Optimizer, AdamW=Optimizer)
        return keras

    def _tensorflow(self) -> ModuleType:
        tensorflow: Any = ModuleType("tensorflow")
        tensorflow.GradientTape = lambda **_: Tape(lambda *event: self.gradients.append(event))
        tensorflow.reduce_mean = tensorflow.square = tensorflow.reduce_sum = lambda x: Tensor().joined(x)
        tensorflow.add_n = lambda terms: sum(terms, Tensor())
        tensorflow.function = lambda function: function
        return tensorflow

    def _outside(self) -> ModuleType:
        outside: Any = ModuleType("outside")
        outside.keep, outside.error, outside.rebuild = self.keep, self.error, self.rebuild
        outside.flag, outside.tick = lambda: next(self.flags, False), self.tick
        outside.decorate = self.decorate
        return outside

    def keep(self, *given: object, **_: object) -> None:
        new = [each for each in given if isinstance(each, Model) and each not in self.kept]
        self.kept += new
        for each in new:
            each.trainable = next(self.flags, True)
            each.evaluated = True
        for optimizer in given:
            if isinstance(optimizer, Optimizer):
                optimizer.exclude_from_weight_decay()

    def error(self, *given: object, **_: object) -> Tensor:
        self.keep(*given)
        return sum((loss for model in self.kept for loss in model.losses), Tensor())

    def rebuild(self, model: Model) -> Model:
        self.keep(model)
        return clone(model)

    def tick(self) -> None:
        for model in self.kept:
            model.get_config()

    def decorate(self, function: Callable[..., object]) -> Callable[..., object]:
        def run(*given: object, **named: object) -> object:
            self.keep(*given)
            result = function(*given, **named)
            self.keep(result)
            return self.error() if isinstance(result, Tensor) else result

        return run
