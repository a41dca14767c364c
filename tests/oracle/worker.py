"""A process that has imported one major of Keras and says what it does with a program.

Run as a script with the package to import, `keras` or `tf_keras`. It writes one JSON line with the version,
then reads requests {"program": text} and answers each with one JSON line: {"stage", "exception", "message"},
or {"penalty", "terms", "values"}, with a penalty of null where the program makes no layer or model, and "trained"
where it was (see training.py).
"""

import gc
import importlib
import json
import os
import sys
import warnings
from typing import Any

import batches
import example
import numpy as np
import training
import weights


class Trial:
    """One run of a program. `stage` is how far it has come."""

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.stage = "syntax"

    def observe(self, text: str) -> dict[str, Any]:
        try:
            return self._run(text)
        except Exception as error:  # whatever Keras raises is the observation
            return {"stage": self.stage, "exception": type(error).__name__, "message": str(error)}

    def _run(self, text: str) -> dict[str, Any]:
        namespace: dict[str, Any] = {"__name__": "example"}
        subject = self._made_by(example.parsed(text, self.keras.__name__), namespace)
        if subject is None:
            return {"penalty": None, "terms": 0, "values": {}}
        self.stage = "build"
        inputs = batches.arguments(subject)
        subject(*inputs)
        weights.assign_random(subject)
        if training.is_trained(subject, namespace):
            self.stage = "train"
            return training.moved(subject, inputs, namespace)
        outputs = subject(*inputs)
        self.stage = "losses"
        terms = [_total(term) for term in subject.losses]
        return {"penalty": sum(terms, 0.0), "terms": len(terms), "values": _values(subject, outputs)}

    def _made_by(self, statements: list[Any], namespace: dict[str, Any]) -> Any:
        """Run the program and give the last layer, model, tensor or regularizer that it shows, made callable."""
        subject = None
        for statement in statements:
            self.stage = "import" if example.is_import(statement) else "constructor"
            for value in example.run(statement, namespace):
                subject = value if self._is_subject(value) else subject
        return self._callable(subject)

    def _is_subject(self, value: object) -> bool:
        kinds = (self.keras.layers.Layer, self.keras.regularizers.Regularizer)
        return isinstance(value, kinds) or _is_symbolic(value)

    def _callable(self, subject: Any) -> Any:
        if isinstance(subject, self.keras.regularizers.Regularizer):
            return self.keras.layers.Dense(4, kernel_regularizer=subject)
        if _is_symbolic(subject):
            return self.keras.Model(self.keras.utils.get_source_inputs(subject), subject)
        if type(subject).__name__.endswith(("Cell", "RNNCells")):
            return self.keras.layers.RNN(subject)
        return subject


def _is_symbolic(value: object) -> bool:
    return type(value).__name__ == "KerasTensor"


def _total(term: Any) -> float:
    return float(np.sum(np.asarray(weights.array(term), "float64")))


def _values(subject: Any, outputs: Any) -> dict[str, Any]:
    tensors = outputs if isinstance(outputs, list | tuple) else [outputs]
    found = weights.named(subject) | weights.numbered([("output", each) for each in tensors])
    return {name: _floats(value) for name, value in found.items()} | {"batch": batches.BATCH}


def _floats(tensor: Any) -> Any:
    return np.asarray(weights.array(tensor), "float64").tolist()


def _answers() -> Any:
    """The pipe to answer on, after turning standard output away: Keras prints there too."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return pipe


def _split_processor() -> None:
    """Give TensorFlow two devices, so that an example can have replicas; what names none runs on the first."""
    tensorflow = importlib.import_module("tensorflow")
    (processor,) = tensorflow.config.list_physical_devices("CPU")
    halves = [tensorflow.config.LogicalDeviceConfiguration() for _ in range(2)]
    tensorflow.config.set_logical_device_configuration(processor, halves)


def main(package: str) -> None:
    answers = _answers()
    warnings.simplefilter("ignore")
    _split_processor()
    keras = importlib.import_module(package)
    gc.freeze()  # Keras 3 searches all objects for garbage in each clear_session: a third of a second for its modules
    answers.write(json.dumps({"version": keras.__version__}) + "\n")
    for line in sys.stdin:
        keras.backend.clear_session()
        answers.write(json.dumps(Trial(keras).observe(json.loads(line)["program"])) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
