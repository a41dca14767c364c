"""What `verify` costs, as ratios measured in one run: `python tests/benchmarks/verify_ratios.py`.

Time is that of judging the penalties over that of building the model and calling it once, the median of several
models; memory is the most that the process held over what it held with Keras imported, in the bytes of the weights.
The script exits with 1 where a limit is passed. It needs TensorFlow and Linux.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LAYERS = 10
KERAS = ("keras", "tf_keras")
SLOWEST, LARGEST = 1.0, 4.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=int, default=5, help="how many models to time (default 5)")
    parser.add_argument("--measure", choices=MEASURES, help=argparse.SUPPRESS)
    parser.add_argument("--keras", choices=KERAS, help="only this Keras")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(MEASURES[options.measure](importlib.import_module(options.keras), options.models)))
        return 0
    worst = 0.0
    for name in [options.keras] if options.keras else KERAS:
        time_ratio, whole = measured("seconds", name, options.models)
        penalties, everything = measured("memory", name, options.models)
        worst = max(worst, time_ratio / SLOWEST, penalties / LARGEST, everything / LARGEST)
        print(f"{name}, 10 M weights: the time of building the model and calling it once")
        print(f"{time_ratio:6.2f}  (at most {SLOWEST})  the penalties verified")
        print(f"{whole:6.2f}               everything verified")
        print(f"{name}, 100 M weights: memory, in the bytes of the weights")
        print(f"{penalties:6.2f}  (at most {LARGEST})  the penalties verified")
        print(f"{everything:6.2f}  (at most {LARGEST})  everything verified")
    return int(worst > 1.0)


def measured(measure: str, keras: str, models: int) -> tuple[float, float]:
    """In a process of its own, so that nothing of another model is in it."""
    command = [sys.executable, __file__, "--measure", measure, "--keras", keras, "--models", str(models)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{measure} of {keras} failed: {done.stderr}")
    first, second = json.loads(done.stdout.splitlines()[-1])
    return first, second


def seconds(keras: Any, models: int) -> tuple[float, float]:
    built_and_called(keras, 1000)  # what Keras does once
    only_penalties(built_and_called(keras, 1000))
    ratios, whole = [], []
    for _ in range(models):
        model, building = timed(lambda: built_and_called(keras, 10_000_000))
        ratios.append(timed(lambda made=model: only_penalties(made))[1] / building)
        whole.append(timed(lambda made=model: everything(made))[1] / building)
    return statistics.median(ratios), statistics.median(whole)


def memory(keras: Any, _: int) -> tuple[float, float]:
    built_and_called(keras, 1000)
    before = peak()
    model = built_and_called(keras, 100_000_000)
    size = 4 * sum(math.prod(each.shape) for each in model.weights)
    only_penalties(model)
    penalties = peak()
    everything(model)
    return (penalties - before) / size, (peak() - before) / size


MEASURES: dict[str, Callable[[Any, int], tuple[float, float]]] = {"seconds": seconds, "memory": memory}


def built_and_called(keras: Any, weights: int) -> Any:
    import numpy as np

    side = int((weights / LAYERS) ** 0.5)
    dense = [keras.layers.Dense(side, kernel_regularizer="l2", bias_regularizer="l1") for _ in range(LAYERS)]
    model = keras.Sequential([keras.layers.Input((side,)), *dense])
    model.compile("sgd", "mse")
    model(np.zeros((2, side), "float32"))
    return model


def only_penalties(model: Any) -> None:
    from kreglint.runtime.live import Live
    from kreglint.runtime.penalties import total_of
    from kreglint.runtime.probe import Probe
    from kreglint.runtime.slots import activity_slots, weight_slots
    from kreglint.runtime.trial import undisturbed

    live = Live(model)
    with undisturbed(live, everything=False):
        book = Probe(model, restore=False).penalties(weight_slots(live), activity_slots(live))
    if book.faults or total_of(book).status != "match":
        raise SystemExit("the penalties do not match")


def everything(model: Any) -> None:
    import kreglint

    if not kreglint.verify(model):
        raise SystemExit("the model does not match")


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    found = call()
    return found, time.perf_counter() - start


def peak() -> int:
    """The most memory that the process held so far, in bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    sys.exit(main())
