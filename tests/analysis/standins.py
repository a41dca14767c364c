"""Stand-ins for Keras and TensorFlow that record what a program does with models, layers, losses and regularizers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from inspect import currentframe
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

MAIN = "main.py"
_LATE = "kernel_regularizer"


class Tensor:
    """A number that knows the layers whose penalties, or weights, are part of it, and those that made it.

    `twice` are the penalties that it has more than once, `scaled` says that it is a share of something.
    """

    def __init__(self, terms: Iterable[Layer] = (), layers: Iterable[Layer] = ()) -> None:
        self.terms = frozenset(terms)
        self.layers = tuple(layers)
        self.twice: frozenset[Layer] = frozenset()
        self.scaled = False
        self.step: Step | None = None  # of which it is a gradient

    def joined(self, other: object = None) -> Tensor:
        terms, twice, scaled, layers = frozenset[Layer](), frozenset[Layer](), False, self.layers
        if isinstance(other, Tensor):
            terms, twice, scaled = other.terms, other.twice, other.scaled
            layers = (*layers, *(each for each in other.layers if each not in layers))
        result = Tensor(self.terms | terms, layers)
        result.twice = self.twice | twice | (self.terms & terms)
        result.scaled, result.step = self.scaled or scaled, self.step
        return result

    def share(self, other: object = None) -> Tensor:
        result = self.joined(other)
        result.scaled = True
        return result

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = joined
    __truediv__ = share


class Regularizer:
    """L2: who reads or changes its factor is noted while a model is fitted."""

    def __init__(self, factor: Any = 0.01) -> None:
        vars(self).update(l2=factor, changed_in=[])

    def __setattr__(self, name: str, value: object) -> None:
        self.changed_in.append(_row())
        vars(self)[name] = value

    def __call__(self, _: object = None) -> Tensor:
        return Tensor()


class Step:
    """A gradient that was taken, and how it was applied."""

    def __init__(self, row: int, penalized: list[Layer], loss: Tensor, *, replicated: bool) -> None:
        self.row, self.penalized, self.loss, self.replicated = row, penalized, loss, replicated
        self.applied_in_part = False


class Callback:
    """It gets the model that is fitted, and is told when an epoch ends."""

    model: Any = None

    def on_epoch_end(self, epoch: int, logs: object = None) -> None: ...


class Checkpoint(Callback):
    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        self.model.save()


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
    changes: ClassVar[dict[int, bool]] = {}  # the rows that change a factor in `fit`: whether a step reads it there
    misplaced: ClassVar[set[int]] = set()  # the rows that give a model a regularizer
    eager: ClassVar[bool] = False  # all of TensorFlow

    def __init__(self, inputs: object = None, outputs: object = None, **named: object) -> None:
        self.made = list(outputs.layers) if isinstance(outputs, Tensor) else []
        Model.all.append(self)
        vars(self).update(trainable=True, frozen_in=[], compiled=[], fitted_in=[], evaluated=False)
        vars(self).update(run_eagerly=False, traced=False, set_in=[], was_read=False)
        self._refuse(named, _row())

    def __setattr__(self, name: str, value: object) -> None:
        if name == "trainable":
            self.frozen_in.append(_row())
        if name == _LATE:
            self.set_in.append(_row())
            name = "_set"
        vars(self)[name] = value

    def __getattr__(self, name: str) -> object:
        if name == _LATE and "_set" in vars(self):
            self.was_read = True
            return vars(self)["_set"]
        raise AttributeError(name)

    def _refuse(self, named: dict[str, object], row: int) -> None:
        if _LATE in named:
            Model.misplaced.add(row)
            raise TypeError(_LATE)

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

    def compute_loss(self, *_: object, **__: object) -> Tensor:
        return sum(self.losses, Tensor())

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

    def compile(
        self, optimizer: object = None, loss: object = None, run_eagerly: bool = False, **named: object
    ) -> None:
        row = _row()
        if isinstance(loss, Regularizer):
            Model.misplaced.add(row)
        self._refuse(named, row)
        self.compiled.append((row, optimizer))
        vars(self).update(run_eagerly=run_eagerly, traced=False)

    def fit(
        self, *given: object, callbacks: Iterable[Callback] = (), validation_data: object = None, **named: object
    ) -> None:
        row = _row()
        self._refuse(named, row)
        self.fitted_in.append(row)
        self.build()
        vars(self)["evaluated"] = self.evaluated or validation_data is not None
        told = list(callbacks)
        for epoch in range(2):
            self._train()
            for each in told:
                each.model = self
                each.on_epoch_end(epoch)
        for regularizer in self._regularizers():
            regularizer.changed_in.clear()

    def _regularizers(self) -> list[Regularizer]:
        found = [each.kernel_regularizer for each in self.layers]
        return [each for each in found if isinstance(each, Regularizer)]

    def _train(self) -> None:
        """A step, which reads the factors only when it is traced or not traced at all."""
        for regularizer in self._regularizers():
            for row in regularizer.changed_in:
                read = not self.traced or self.run_eagerly or Model.eager
                Model.changes[row] = Model.changes.get(row, False) or read
        vars(self)["traced"] = True

    def evaluate(self, *_: object) -> None:
        vars(self)["evaluated"] = True

    predict = get_weights = evaluate

    def summary(self) -> None: ...

    def save(self, _: object = None) -> None:
        vars(self)["evaluated"] = True  # by who loads it
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
        row = _row()
        for each in layers:
            self._put(each, row)

    def add(self, layer: object) -> None:
        self._put(layer, _row())

    def _put(self, layer: object, row: int) -> None:
        if isinstance(layer, Regularizer):
            Model.misplaced.add(row)
            raise TypeError("layer")
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

    def apply_gradients(self, pairs: Iterable[tuple[object, object]], *, name: str = "", **more: object) -> None:
        for gradient, _ in pairs:
            if isinstance(gradient, Tensor) and gradient.step is not None:
                gradient.step.applied_in_part = gradient.step.applied_in_part or gradient.scaled or bool(more)

    def exclude_from_weight_decay(self) -> None:
        self.decays_all = False


class Tape:
    def __init__(self, record: Callable[[int, Model, Tensor], Step]) -> None:
        self._record = record

    def __enter__(self) -> Tape:
        return self

    def __exit__(self, *_: object) -> None: ...

    def gradient(self, loss: object, weights: object) -> list[Tensor]:
        if not isinstance(weights, Weights):
            return []
        found = Tensor()
        found.step = self._record(_row(), weights.model, loss if isinstance(loss, Tensor) else Tensor())
        return [found for _ in weights]


class Strategy:
    """Two replicas: each runs the step."""

    num_replicas_in_sync = 2
    is_running: ClassVar[bool] = False

    def run(self, step: Callable[..., object], args: Iterable[object] = ()) -> object:
        Strategy.is_running = True
        try:
            return step(*args)
        finally:
            Strategy.is_running = False

    def reduce(self, _: object, value: object) -> object:
        return (
            [each.share() if isinstance(each, Tensor) else each for each in value] if isinstance(value, list) else value
        )


def _factor(given: object) -> object:
    return given.l2 if isinstance(given, Regularizer) else 0.01 if given == "l2" else given


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
        self.steps: list[Step] = []
        self.rows: set[int] = set()  # of the main program that ran
        self.kept: list[Model] = []
        self.models = self._models()
        self.modules = {"keras": self._keras(), "tensorflow": self._tensorflow(), "outside": self._outside()}
        for name in ("layers", "regularizers", "models", "optimizers", "callbacks"):
            self.modules[f"keras.{name}"] = getattr(self.modules["keras"], name)

    def late(self) -> Iterator[tuple[int, bool, bool]]:
        """What was set on layers: in which row, whether the layer was built, and whether it was asked for it later."""
        for layer in self.layers:
            yield from ((row, built, layer.asked_again) for row, built in layer.late)

    def _models(self) -> list[Model]:
        """Every model that is made from now on, until the next world."""
        Model.all, Model.changes, Model.misplaced, Model.eager = [], {}, set(), False
        self.changes, self.misplaced = Model.changes, Model.misplaced
        return Model.all

    def dense(self, *given: Any, **named: Any) -> Layer:
        self.layers.append(Layer(*given, **named))
        return self.layers[-1]

    def _keras(self) -> ModuleType:
        keras: Any = ModuleType("keras")
        keras.Model, keras.Sequential, keras.Input = Model, Sequential, lambda *_, **__: Tensor()
        keras.layers = SimpleNamespace(Dense=self.dense)
        keras.regularizers = SimpleNamespace(l2=Regularizer)
        keras.callbacks = SimpleNamespace(Callback=Callback, EarlyStopping=Callback, ModelCheckpoint=Checkpoint)
        keras.models = SimpleNamespace(clone_model=clone, Model=Model, Sequential=Sequential)
        keras.optimizers = SimpleNamespace(SGD=Optimizer, AdamW=Optimizer)
        return keras

    def _tensorflow(self) -> ModuleType:
        tensorflow: Any = ModuleType("tensorflow")
        tensorflow.GradientTape = lambda **_: Tape(self.record)
        tensorflow.distribute = SimpleNamespace(MirroredStrategy=Strategy)
        tensorflow.config = SimpleNamespace(run_functions_eagerly=self.run_eagerly)
        tensorflow.reduce_mean = tensorflow.square = tensorflow.reduce_sum = lambda x: Tensor().joined(x)
        tensorflow.nn = SimpleNamespace(compute_average_loss=tensorflow.reduce_mean)
        tensorflow.add_n = lambda terms: sum(terms, Tensor())
        tensorflow.function = lambda function: function
        return tensorflow

    def record(self, row: int, model: Model, loss: Tensor) -> Step:
        self.steps.append(Step(row, model.penalized, loss, replicated=Strategy.is_running))
        return self.steps[-1]

    def run_eagerly(self, eager: bool) -> None:
        Model.eager = eager

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
            vars(each).update(evaluated=True, run_eagerly=True, was_read=True)
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
