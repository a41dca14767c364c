"""Projects at random: a file that makes models, one with losses, one with helpers, and a script that trains.

They are run with stand-ins (`project_runs.py`), and what the analysis says of the script is held against what happened.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from kreglint.analysis.values.project import Project
from kreglint.engine.run import Run
from tests.analysis.model_shapes import of_functions, of_lists
from tests.analysis.project_scripts import ADAMW, ScriptShapes
from tests.analysis.standins import MAIN

_LOOP = "for layer in model.layers:\n    layer.trainable = False"
_JUDGED = (*[f"model.compile({ADAMW})"] * 2, "model.trainable = False", _LOOP, "skip(adam)")
_HEAD = "import keras\nfrom keras.layers import Dense\nfrom keras.regularizers import l2\n"


_OVERRIDDEN = (
    "    def compute_loss(self, *given):\n        return 1.0\n",
    "    @property\n    def losses(self):\n        return []\n",
    "    def compile(self, *given, **named):\n        super().compile('sgd')\n",
    "    def fit(self, *given, **named):\n        super().fit(1, 2, validation_data=3)\n",
    "    def note(self):\n        return self.kernel_regularizer\n",
)


@dataclass(frozen=True)
class MadeProject:
    """Files by their paths, and the answers that code which is not seen gives in their order."""

    files: Mapping[str, str]
    flags: tuple[bool, ...]

    @property
    def script(self) -> str:
        return self.files[f"/{MAIN}"]

    def find(self, module: str, importer: str) -> str | None:
        name = module.lstrip(".")
        folder = "/"
        if name != module:
            folder = posixpath.dirname(importer)
            for _ in range(len(module) - len(name) - 1):
                folder = posixpath.dirname(folder)
        place = posixpath.join(folder, *name.split(".")) if name else folder
        choices = (posixpath.join(place, "__init__.py"), f"{place}.py")
        return next((each for each in choices if each in self.files), None)

    def read(self, filename: str) -> str | None:
        return self.files.get(filename)

    def naming(self, word: str, near: str) -> tuple[str, ...] | None:
        return tuple(file for file, text in self.files.items() if word in text)


class Maker(ScriptShapes):
    """Writes one project."""

    def __init__(self, seed: int, *, passes_rates: bool = True) -> None:
        self.random = Random(seed)
        self.passes_rates = passes_rates  # others than the default, which rules take a parameter for
        self.noise = self.random.choice((0.0, 0.05, 0.2, 1.0))  # how much of what is not followed

    def rare(self, plain: str, *others: str) -> str:
        """The plain way, or now and then another."""
        return self.one_of(plain, *others) if self.likely(self.noise) else plain

    def project(self) -> MadeProject:
        files = {"/losses.py": self.losses(), "/blocks.py": self.blocks(), f"/{MAIN}": self.script()}
        nets = self.nets()
        if self.likely(0.3):
            files |= {"/nets/__init__.py": "from .inner import *\n" * self.likely() + self.handed_on()}
            files |= {"/nets/inner.py": nets}
        else:
            files |= {"/nets.py": nets}
        return MadeProject(files, tuple(self.likely() for _ in range(20)))

    def handed_on(self) -> str:
        names = ("build", "other", "Net", "Watch", "MODELS", "MODEL", "refresh", "strip", "use", "skip")
        return "".join(f"from .inner import {name}\n" for name in names)

    # Models

    def regularizer(self) -> str:
        given = self.one_of("None", "l2(0.1)", "l2(0.1)", "l2(rate)", "l2(rate)", "l2(RATE)", "l2(0.0)", "'l2'")
        return given + self.rare("", " if rate else None", " if outside.flag() else None")

    def dense(self) -> str:
        given = f", kernel_regularizer={self.regularizer()}" if self.likely(0.8) else ""
        rates = ["dense(units, rate)", "dense(2, 0.0)"] if self.passes_rates else []
        shapes = [f"Dense(units{given})"] * 4 + ["dense(units)", *rates]
        return self.one_of(*shapes, f"Dense(\n        units{given},\n    )")

    def nets(self) -> str:
        rate = self.one_of("0.1", "0.0", "0.2")
        sequential = "keras.Sequential([keras.Input((3,)), Dense(2, kernel_regularizer=l2(RATE))])"
        return "".join(
            (
                f"{_HEAD}import outside\nfrom blocks import dense\nRATE = {rate}\nMODELS = []\n",
                "def other(units, rate=0.1):\n" + self.builder(plain=True),
                self.rare("", "@outside.decorate\n"),
                f"def build(units=3, rate={self.one_of('0.1', '0.0')}):\n" + self.builder(),
                self.rare("", "build = outside.decorate(build)\n", "if outside.flag():\n    build = other\n"),
                self.net(),
                f"class Watch(keras.callbacks.Callback):\n    {self.watched()}\n",
                f"MODEL = {self.one_of('build()', 'other(2)', sequential)}\n",
                "def refresh(model):\n" + self.refreshed(),
                "def strip(model):\n    " + self.stripped() + "\n    return model\n",
                "def use(model):\n    " + self.used() + "\n",
                "def skip(optimizer):\n    " + self.skipped() + "\n",
            )
        )

    def watched(self) -> str:
        told = "def on_epoch_end(self, epoch, logs=None):\n        "
        return self.rare("note = 1", f"{told}self.model.evaluate(1, 2)", f"{told}outside.keep(self.model)")

    def refreshed(self) -> str:
        shapes = ["    return keras.models.clone_model(model)\n", "    model.get_config()\n    return model\n"]
        shapes += ["    outside.keep(model)\n    return model\n", "    model.save('x')\n"]
        return self.rare("    model.summary()\n    return model\n", *shapes, "    return model\n")

    def stripped(self) -> str:
        shapes = ["pass", "model.pop()", "model.layers[0].trainable = False", "model.trainable = False"]
        return self.rare("model.compile('sgd')", *shapes)

    def used(self) -> str:
        shapes = ["model.fit(1, 2)", "model.evaluate(1, 2)", "model.trainable = True", "MODELS.append(model)"]
        shapes += ["global MODEL\n    MODEL = model", "model.note = 1"]
        return self.rare(self.one_of("model.summary()", "len(model.layers)"), *shapes)

    def skipped(self) -> str:
        return self.rare("pass", "optimizer.exclude_from_weight_decay()", "outside.keep(optimizer)")

    def builder(self, *, plain: bool = False) -> str:
        shapes = [self.functional, self.functional, self.sequential, self.added]
        if not plain:
            rates = ("units, rate", "units, 0.0", "rate=rate, units=2") if self.passes_rates else ()
            given = self.one_of("units", *rates)
            shapes += [lambda: f"    return other({given})\n", lambda: "    return Net(units)\n"]
            if self.likely(self.noise):
                shapes += [lambda: "    return MODELS[-1] if MODELS else other(units)\n"]
                shapes += [lambda: "    if outside.flag():\n        return other(units)\n" + self.functional()]
        return self.random.choice(shapes)()

    def functional(self) -> str:
        lines = ["inputs = keras.Input((4,))", f"x = {self.dense()}(inputs)"]
        lines += [f"if {self.condition()}:\n        x = {self.dense()}(x)"] if self.likely(0.3) else []
        times = self.one_of("0", "1", "units")
        lines += [f"for _ in range({times}):\n        x = {self.dense()}(x)"] if self.likely(0.2) else []
        lines += [f"unused = {self.dense()}"] if self.likely(0.2) else []
        lines += [of_functions(self.dense, self.one_of)] if self.likely(0.3) else []
        again = self.rare("", "x = inputs", f"x = {self.dense()}(inputs)", "if outside.flag():\n        x = inputs")
        lines += [again] if again else []
        return self.ended([*lines, "model = keras.Model(inputs, Dense(1)(x))"])

    def sequential(self) -> str:
        if self.likely(0.2):
            return self.ended(list(of_lists(self.dense, self.one_of)))
        first = self.rare("keras.Input((4,)), ", "")
        return self.ended([f"model = keras.Sequential([{first}{self.dense()}, Dense(1)])"])

    def added(self) -> str:
        lines = ["model = keras.Sequential()"]
        lines += ["model.add(keras.Input((4,)))"] * self.likely(0.7) + [f"model.add({self.dense()})"]
        lines += [f"if {self.condition()}:\n        model.add({self.dense()})"] if self.likely(0.3) else []
        return self.ended(lines)

    def condition(self) -> str:
        return self.one_of("rate", "units > 2", "outside.flag()", "RATE", "not rate")

    def ended(self, lines: list[str]) -> str:
        strange = ("outside.keep(model)", "MODELS.append(model)", "use(model)", "model.get_config()")
        extra = self.rare(self.one_of("", "model.build((None, 4))", "model.compile('sgd')"), "strip(model)", *strange)
        last = self.one_of("return model", "net = model\n    return net", "return (\n        model\n    )")
        last = self.rare(last, "return strip(model)", "return refresh(model)")
        return "".join(f"    {line}\n" for line in [*lines, extra, last] if line)

    def net(self) -> str:
        read = self.one_of("self.d(x)", "self.d(x)", "self.e(x)", "self.e(self.d(x))")
        more = self.rare("", " + sum(self.losses)", " + self.extra()", " + self.rest")
        early = self.rare("", "        if outside.flag():\n            return self.e(x)\n")
        return (
            "class Net(keras.Model):\n    def __init__(self, units=2, rate=0.1):\n        super().__init__()\n"
            f"        self.d = {self.dense()}\n        self.e = Dense(1)\n"
            f"{self.rare('', '        self.d = Dense(1)' + chr(10), f'        self.e = {self.dense()}' + chr(10))}"
            f"    def call(self, x):\n{early}        return {read}{more}\n"
            "    def extra(self):\n        return sum(self.losses)\n"
            "    @property\n    def rest(self):\n        return self.extra()\n" + self.rare("", *_OVERRIDDEN)
        )

    # Losses and helpers

    def losses(self) -> str:
        plain = "tf.reduce_mean(y - p)"
        error = self.rare(plain, "outside.error(y, p)", plain + " + more(y)", "inner(y, p)")
        inner = self.rare("", " + sum(nets.MODEL.losses)", " + extras(nets.MODEL)")
        total = self.one_of(" + sum(model.losses)", " + extras(model)", " + extras([model][0])", "")
        extras = ("return sum(net.trainable_variables)", "return outside.error(net)", "net.summary()")
        return (
            "import tensorflow as tf\nimport outside\nimport nets\n"
            f"def error(y, p):\n    return {error}\ndef inner(y, p):\n    return {plain}{inner}\n"
            f"def more(y):\n    return {self.rare('y', 'sum(each for net in nets.MODELS for each in net.losses)')}\n"
            f"def total(model, y, p):\n    return {plain}{total}\n"
            f"def extras(net):\n    {self.rare(self.one_of('return 0.0', 'return sum(net.losses)'), *extras)}\n"
        )

    def blocks(self) -> str:
        given = self.one_of("l2(rate)", "l2(rate)", "None", "l2(0.1)", "l2(rate) if rate else None")
        early = self.rare("", "    if not rate:\n        return Dense(units)\n")
        layer = f"Dense(units, kernel_regularizer={given})"
        made = self.one_of(f"    return {layer}\n", f"    made = {layer}\n    return made\n")
        head = f"{_HEAD}import outside\n{self.rare('', '@outside.decorate' + chr(10))}"
        return f"{head}def dense(units=2, rate={self.one_of('0.1', '0.0')}):\n{early}{made}"

    # The script

    def script(self) -> str:
        self.of_nets, self.of_losses = self.random.choice([("nets", "losses"), ("n", "m")])
        lines = ["import tensorflow as tf", "import keras", "import outside", "from keras.regularizers import l2"]
        lines += [f"import nets as {self.of_nets}", f"import losses as {self.of_losses}", "X = Y = 1.0"]
        lines += ["from nets import build, other, Net, Watch, MODEL, refresh, strip, use, skip"]
        lines += ["from losses import error, total, extras, more", "opt = keras.optimizers.SGD(0.1)"]
        lines += self.before() if self.likely(0.6 * self.noise) else []
        lines += [f"model = {self.made()}"]
        steps = self.random.randint(0, 2)
        parts = [self.step(number) for number in range(steps)] if steps else [["model.fit(X, Y)"]]
        parts += [self.late() for _ in range(self.random.randint(0, 2))]
        parts += [self.event() for _ in range(self.random.randint(0, 2))]
        more = (self.doubled, self.replicated, self.watching, self.judged, self.own)
        parts += [each() for each in more if self.likely(0.25)]
        self.random.shuffle(parts)
        lines += [line for part in parts for line in part]
        lines += self.misplaced() if self.likely(0.3) else []
        return "\n".join(lines) + "\n"

    def before(self) -> list[str]:
        nets, losses = self.of_nets, self.of_losses
        shapes = [f"{nets}.build = other", f"{losses}.error = total", f"setattr({nets}, 'build', other)"]
        shapes += [f"{nets}.build = outside.decorate({nets}.build)", f"outside.keep({nets})", "make = build"]
        shapes += [f"{nets}.RATE = 0.0", f"{nets}.RATE = 0.0", f"{nets}.Dense = lambda *_, **__: keras.layers.Dense(1)"]
        shapes += [f"build = {nets}.other", "error = more", f"def error(y, p):\n    return {losses}.error(y, p)"]
        return [self.one_of(*shapes, "def make(*given):\n    return build(*given)")]

    def made(self) -> str:
        plain = ("3", "units=2", "2", "\n    3,\n")
        given = (
            self.one_of(*plain)
            if not self.passes_rates
            else self.one_of(
                "3", "3, 0.2", "3, rate=0.0", "units=2", "2", "2, outside.flag()", "\n    3,\n    rate=0.3,\n"
            )
        )
        name = self.one_of("build", "build", "build", "other", "Net", f"{self.of_nets}.build", f"{self.of_nets}.Net")
        name = self.rare(f"{name}({given})", "MODEL", f"{self.of_nets}.MODEL", "strip(build(3))", "refresh(build(3))")
        return self.rare(name, "outside.rebuild(build(3))", "[build(3)][0]")

    def step(self, number: int) -> list[str]:
        name = self.one_of("model", "model", "model", "net")
        losses = f"{name}.losses"
        added = ("", "", "", f"loss += sum({losses})", f"loss = loss + tf.add_n(\n            {losses}\n        )")
        more = self.rare(self.one_of(*added), f"loss += extras({name})", "loss += more(y)", "use(model)")
        body = ["with tf.GradientTape() as tape:", f"    loss = {self.loss(name)}", *([f"    {more}"] if more else [])]
        given = self.one_of("loss", "loss", "\n        loss")
        body += [f"grads = tape.gradient({given}, {name}.trainable_variables)"]
        body += [f"opt.apply_gradients(zip(grads, {name}.trainable_variables))"]
        alias = ["net = model"] if name == "net" else []
        if self.likely(0.25):
            return [*alias, "for x, y in [(X, Y)]:", *(f"    {line}" for line in body)]
        decorated = ["@tf.function"] * self.likely(0.2)
        called = [f"step{number}(X, Y)"] * self.random.randint(1, 2)
        given = "x, y"
        if self.likely(0.25):
            called = [each.replace("(X", "(model, X") for each in called]
            given, alias = f"{name}, x, y", []
        return [*alias, *decorated, f"def step{number}({given}):", *(f"    {line}" for line in body), *called]

    def loss(self, name: str) -> str:
        run = self.one_of(*[f"{name}(x)"] * 2, f"{name}(\n            x\n        )", f"{name}(x, training=True)")
        shapes = [f"error(y, {run})"] * 3 + [f"{self.of_losses}.error(y, {run})", f"tf.reduce_mean(y - {run})"]
        shapes += [
            f"total({name}, y, {run})",
            f"total(\n            {name},\n            y,\n            {run},\n        )",
        ]
        strange = (f"outside.error(y, {run})", f"error(y, {run}) + sum({name}.losses)")
        return self.rare(self.one_of(*shapes, f"{self.of_losses}.total({name}, y, {run})"), *strange)

    def late(self) -> list[str]:
        value = self.one_of("l2(0.3)", "l2(0.3)", "None")
        shapes = [[f"model.layers[{self.one_of('0', '-1')}].kernel_regularizer = {value}"]] * 3
        shapes += [["for layer in model.layers:", f"    layer.kernel_regularizer = {value}"]]
        shapes += [["for layer in model.layers:", f"    setattr(layer, 'kernel_regularizer', {value})"]]
        shapes += [["layer = model.get_layer(index=0)", f"layer.kernel_regularizer = {value}"]]
        shapes += [["net = model", f"net.layers[0].kernel_regularizer = {value}"]]
        return self.random.choice(shapes)

    def event(self) -> list[str]:
        shapes = ("strip(model)", "model.compile('sgd')", "model.fit(X, Y)", "model.summary()", "use(model)")
        plain = self.one_of(*shapes, "model.fit(X, Y)", *_JUDGED)
        if plain.startswith("skip"):
            return [f"adam = {ADAMW}", plain, "model.compile(adam)"]
        strange = ["model = refresh(model)", "again = refresh(model)", "outside.keep(model)", "outside.tick()"]
        strange += ["nets_made = [model]", "model = build(2)", "extra = build(3)", "more(model)", "model(X)"]
        strange += [
            "model.trainable = True",
            "model.evaluate(X, Y)",
            f"{self.of_nets}.refresh(model)",
            f"{self.of_nets}.MODELS.append(model)",
        ]
        return [self.rare(plain, *strange)]


def run_of(project: MadeProject) -> Run:
    """A run that finds these files around the one that it judges."""
    run = Run()
    run.project = Project(project)
    return run


def made_project(seed: int) -> MadeProject:
    return Maker(seed).project()


def made_file(seed: int) -> MadeProject:
    """All that a project has in one file."""
    return in_one_file(Maker(seed, passes_rates=False).project())


_NAMES = "build other Net Watch MODELS MODEL RATE Dense refresh strip use skip error inner more total extras".split()
_IMPORTS = re.compile(r"^(?:import|from) (?:nets|losses|blocks|\.inner)\b.*$", re.MULTILINE)
_OF_FILES = re.compile(rf"\b(?:nets|n|losses|m)\.(?=(?:{'|'.join(_NAMES)})\b)")


def in_one_file(project: MadeProject) -> MadeProject:
    """The same in the script alone: what it imports stands above."""
    nets = project.files.get("/nets.py") or project.files["/nets/inner.py"]
    parts = (project.files["/blocks.py"], nets, project.files["/losses.py"], project.script)
    text = _IMPORTS.sub("", "".join(parts))
    return MadeProject({f"/{MAIN}": _OF_FILES.sub("", text)}, project.flags)
