"""What kreglint costs, as ratios measured in one run: `python tests/benchmarks/ratios.py`.

Each figure is the median, over pairs of runs taken in turn, of kreglint's time over that of a yardstick on the
same machine at the same moment, so a slow or busy machine changes both. The limits are those that the project
holds itself to; the script exits with 1 where one is passed.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures"
PLAIN = "def mean(values):\n    return sum(values) / len(values)\n\n\n" * 25
BLOCK = """\
    # block {number}
    x = layers.Conv2D(
        {width},
        (3, 3),
        padding="same",
        kernel_initializer="he_normal",
        kernel_regularizer=regularizers.l2(WEIGHT_DECAY),
        name=f"{{prefix}}_conv{number}",
    )(x)
    x = layers.BatchNormalization(axis=channel_axis, name=f"{{prefix}}_bn{number}")(x)
    x = layers.Activation("relu")(x)
    if {number} in taps:
        outputs.append(x)

"""
CLASS = """

class Block{n}(layers.Layer):
    def __init__(self, width={n}, decay=WEIGHT_DECAY, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.decay = decay
        self.conv = layers.Conv2D(width, 3, kernel_regularizer=regularizers.l2(self.decay), name="conv{n}")

    def call(self, x):
        return self.conv(x)


def conv_bn_{n}(x, filters, weight_decay=5e-4, **kw):
    kw.setdefault("padding", "same")
    x = layers.Conv2D(filters, 3, kernel_regularizer=regularizers.l2(weight_decay), **kw)(x)
    if filters > 16:
        x = layers.BatchNormalization()(x)
    return Block{n}({n}, decay=1e-4)(x)


def build_{n}(x):
    return conv_bn_{n}(x, {n}, weight_decay=1e-3, kernel_initializer="he_normal")
"""
LENGTHS = (100, 1_000, 10_000, 100_000)  # lines
HEAD = "from tensorflow.keras import layers, regularizers\n\nWEIGHT_DECAY = 5e-4\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=15, help="how many pairs of processes to time (default 15)")
    parser.add_argument("--tree", type=Path, help="a repository (default: a copy of the installed Keras)")
    options = parser.parse_args()
    pairs = options.pairs
    with tempfile.TemporaryDirectory() as folder:
        plain, model = Path(folder, "plain.py"), Path(folder, "model.py")
        plain.write_text(PLAIN)
        model.write_text(keras_file(500))
        script = Path(sysconfig.get_path("scripts"), "kreglint")
        bare = [sys.executable, "-c", "pass"]
        parse = [sys.executable, "-c", f"import libcst; libcst.parse_module(open({str(model)!r}).read())"]
        rules = [sys.executable, "-c", "import kreglint.rules"]
        rows = [
            (
                "importing all rules / importing libcst",
                0.6,
                process_ratio(rules, [sys.executable, "-c", "import libcst"], pairs),
            ),
            (
                "a file without Keras, console script / bare Python",
                2.0,
                process_ratio([script, "check", plain], bare, pairs),
            ),
            (
                "a file without Keras, python -m kreglint / bare Python",
                1.6,
                process_ratio([sys.executable, "-m", "kreglint", "check", plain], bare, pairs),
            ),
            (
                "a 500-line Keras file / import libcst and parse it",
                1.7,
                process_ratio([script, "check", "--no-cache", model], parse, pairs),
            ),
            (
                "the same file from the cache / import libcst and parse it",
                0.8,
                process_ratio([script, "check", "--cache-dir", Path(folder, "cache"), model], parse, pairs),
            ),
        ]
    rows += tree_ratios(options.tree, max(1, pairs // 5))
    rows.append(("check_source / parse_module, per line of Keras' sources", 1.6, line_ratio()))
    one_function = growth_ratio(keras_file)
    rows.append(("the dearest line / the cheapest, 100 to 100,000 lines of one function", 1.3, one_function))
    rows.append(("the same, of many classes and wrappers", 1.3, growth_ratio(keras_classes)))
    return report(rows)


def report(rows: list[tuple[str, float, float]]) -> int:
    for name, limit, ratio in rows:
        print(f"{ratio:6.2f}  (at most {limit})  {name}")
    return int(any(ratio > limit for _, limit, ratio in rows))


def keras_file(lines: int) -> str:
    """A model as people write them, of about that many lines, with a regularized layer in each block."""
    return HEAD + function("build", lines - 8)


def keras_classes(lines: int) -> str:
    """Layers, wrappers and calls of them, about that many lines."""
    return HEAD + "".join(CLASS.replace("{n}", str(n)) for n in range(max(1, lines // CLASS.count("\n"))))


def function(name: str, lines: int) -> str:
    blocks = [BLOCK.format(number=number, width=16 + number) for number in range(lines // BLOCK.count("\n"))]
    start = f"\n\ndef {name}(x, prefix, channel_axis=-1, taps=()):\n    outputs = []\n"
    return start + "".join(blocks) + "    return outputs\n"


def tree_ratios(tree: Path | None, pairs: int) -> list[tuple[str, float, float]]:
    """Many files: against Ruff with all its rules, each in as many processes as it takes; and what flake8 waits for."""
    keras = installed_keras()
    if tree is not None:
        return many_files_ratios(tree, tree, pairs)
    if keras is None:
        return []
    with tempfile.TemporaryDirectory() as folder:  # beside the other packages, imports of these would lead on
        copied = shutil.copytree(keras, Path(folder, "keras"))
        return many_files_ratios(copied, copied / "src" / "layers", pairs)


def many_files_ratios(tree: Path, dense: Path, pairs: int) -> list[tuple[str, float, float]]:
    python = [sys.executable, "-m"]
    everything = ["--isolated", "--select", "ALL", "--no-cache", "--no-respect-gitignore", "--quiet", "--exit-zero"]
    cold = [*python, "kreglint", "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--quiet", tree]
    flake8 = ["--isolated", "--select", "KRG", "--exit-zero", dense]
    idle = "import sys, kreglint.flake8_plugin as p; p.Plugin.run = lambda self: iter(()); "
    idle += "from flake8.main.cli import main; sys.exit(main())"
    return [
        (
            "many files, cold / ruff --select ALL --no-cache",
            5.0,
            process_ratio(cold, [*python, "ruff", "check", *everything, tree], pairs),
        ),
        (
            "flake8 with the plugin / with the plugin doing nothing, on many files",
            1.5,
            process_ratio([*python, "flake8", *flake8], [sys.executable, "-c", idle, *flake8], max(1, pairs // 3)),
        ),
    ]


def installed_keras() -> Path | None:
    spec = find_spec("keras")
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def process_ratio(command: list[object], yardstick: list[object], pairs: int) -> float:
    for warm_up in (command, yardstick):
        process_seconds(warm_up)
    return statistics.median(process_seconds(command) / process_seconds(yardstick) for _ in range(pairs))


def process_seconds(command: list[object]) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    finished = subprocess.run([str(part) for part in command], env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if finished.returncode not in (0, 1):
        raise SystemExit(f"{command} failed: {finished.stderr.decode()}")
    return seconds


def line_ratio() -> float:
    """The time of the whole check over that of the bare parse, on files that are both parsed."""
    import libcst

    from kreglint.engine.api import check_source
    from kreglint.engine.concern import is_concerned
    from kreglint.settings.schema import Settings

    texts = [text for text in sources() if is_concerned(text, "keras.py", Settings(), None)]
    lines = sum(text.count("\n") for text in texts)
    libcst.parse_module(texts[0])
    check_source(texts[0])
    checked = parsed = 0.0
    for text in texts:
        parsing = seconds(lambda text=text: libcst.parse_module(text))
        checking = seconds(lambda text=text: check_source(text))
        parsed, checked = parsed + parsing, checked + checking
    print(
        f"{len(texts)} files, {lines} lines: parse_module {parsed / lines * 1e6:.1f} µs a line, "
        f"check_source {checked / lines * 1e6:.1f}"
    )
    return checked / parsed


def growth_ratio(written: Callable[[int], str]) -> float:
    """What a line costs in the length of file where it costs most, over what it costs where it costs least."""
    from kreglint.engine.api import report_source

    report_source(written(100))
    costs: dict[int, float] = {}
    for lines in LENGTHS:
        text = written(lines)
        times = [busy_seconds(lambda text=text: report_source(text)) for _ in range(max(2, min(30, 10_000 // lines)))]
        costs[lines] = min(times) / text.count("\n")
    print("report_source: " + ", ".join(f"{cost * 1e6:.0f} µs a line of {lines:,}" for lines, cost in costs.items()))
    return max(costs.values()) / min(costs.values())


def seconds(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def busy_seconds(action: Callable[[], object]) -> float:
    """The processor's time, in which others that run beside it do not count: no yardstick is run in turn here."""
    gc.collect()
    start = time.process_time()
    action()
    return time.process_time() - start


def sources() -> list[str]:
    """The installed Keras' own sources without its tests; the fixtures where there is none."""
    keras = installed_keras()
    if keras is None:
        print("Keras is not installed: the fixtures stand in for its sources")
        return [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.glob("*.py"))]
    found = sorted(keras.rglob("*.py"))
    return [path.read_text(encoding="utf-8") for path in found if not path.name.endswith("_test.py")]


if __name__ == "__main__":
    sys.exit(main())
