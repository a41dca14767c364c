"""Classes at random, for the random programs: constants, constructors, methods, dataclasses, and what inherits."""

from __future__ import annotations

from random import Random

_NUMBERS = ("0.1", "0.2", "0.3", "1e-3", "4")
_ATTRIBUTES = "xyz"
_KEY = "kernel_regularizer"
_ROOT = (
    "class R:",
    "    x = y = z = 0.9",
    "    w = 0.5",
    "    d = {'kernel_regularizer': 0.4}",
    "    n = {'k': {'kernel_regularizer': 0.4}}",
    "    def __init__(self, x=0.6, y=0.7):",
    "        self.z = x",
    "    def set(self):",
    "        pass",
    "    def reg(self):",
    "        return self.x",
    "    v = 0.8",
    "    @staticmethod",
    "    def s(p=0.3):",
    "        return p",
    "    @classmethod",
    "    def k(cls, p=0.3):",
    "        return p",
)


class ObjectShapes:
    """Writes classes at the head of a program, and expressions and statements that use them."""

    random: Random
    calls: int

    def start_objects(self) -> list[str]:
        self.class_names: list[str] = []
        lines = ["from collections import namedtuple", "from dataclasses import asdict, dataclass, field, replace"]
        lines += ["from enum import Enum", "from typing import NamedTuple", *_ROOT, *self.records()]
        for number in range(self.random.randint(1, 3)):
            lines += self.made_class(f"C{number}")
            self.class_names.append(f"C{number}")
        lines += [f"o = {self.constructed()}", f"u = {self.constructed()}", f"y = {self.record_made()}"]
        return lines

    def records(self) -> list[str]:
        """Named tuples, a dataclass that inherits, and an enum."""
        given = self.random.choice(["", f", defaults=({self.drawn()}, {self.drawn()})"])
        base = ["@dataclass", "class A:", f"    x: float = {self.drawn()}", f"    y: float = {self.drawn()}"]
        below = ["    y: float = 0.8", f"    z: float = field(default_factory=lambda: {self.drawn()})"]
        below += ["    w: float = field(default=0.3, init=False)"] if self.likely() else []
        below += ["    def __post_init__(self):", "        self.v = self.x"] if self.likely(0.3) else []
        kinds = ["class E(Enum):", f"    P = {self.drawn()}", "    Q = 0.7"]
        return [f"T = namedtuple('T', 'x y z'{given})", *base, "@dataclass", "class D(A):", *below, *kinds]

    def record_made(self) -> str:
        shapes = [f"T({self.drawn()}, y={self.drawn()}, z=0.2)", f"D({self.drawn()})", f"D(z={self.drawn()})", "D()"]
        shapes += [f"T(*[0.2, 0.3, {self.drawn()}])", f"replace(D(), x={self.drawn()})", "T(0.1)"]
        return self.random.choice([*shapes, f"T({self.drawn()}, 0.2, 0.3)._replace(y={self.drawn()})"])

    def record_read(self) -> str:
        made = self.record_made()
        shapes = [f"y.{self.random.choice('xyzvw')}", "y[1]", f"{made}.{self.random.choice('xyz')}", "E.P.value"]
        shapes += ["E['Q'].value", "E(0.7).value", "E(0.1).value", "asdict(D())['x']", "T(0.1, 0.2, 0.3)[-1]"]
        return self.random.choice([*shapes, "getattr(y, 'x')", "T(0.1, 0.2, 0.3)._asdict()['y']"])

    def likely(self, probability: float = 0.5) -> bool:
        return self.random.random() < probability

    def drawn(self) -> str:
        return self.random.choice(_NUMBERS)

    def made_class(self, name: str) -> list[str]:
        kind = self.random.random()
        fields = [f"    {attribute}: float = {self.drawn()}" for attribute in _ATTRIBUTES]
        if kind < 0.2:
            return ["@dataclass", f"class {name}:", *fields, "    w = 0.4", *self.methods(inherits=False)]
        if kind < 0.3:
            return [f"class {name}(NamedTuple):", *fields, *self.methods(inherits=False)]
        bases = ", ".join(self.random.sample(self.class_names, min(len(self.class_names), self.random.randint(0, 2))))
        bases = bases or self.random.choice(["R", "R", "R", ""])
        lines = [f"class {name}({bases}):", "    w = 0.5"]
        lines += [f"    {attribute} = {self.drawn()}" for attribute in _ATTRIBUTES if self.likely()]
        lines += [f"    d = {{'{_KEY}': {self.drawn()}}}"] if self.likely(0.3) else []
        made = self.constructor() if self.likely(0.6) else []
        lines += [f"    n = {{'k': {{'{_KEY}': {self.drawn()}}}}}"] if self.likely(0.3) else []
        return [*lines, *made, *self.methods(inherits=bool(bases))]

    def constructor(self) -> list[str]:
        lines = [f"    def __init__(self, x={self.drawn()}, y={self.drawn()}):"]
        if self.likely(0.3):
            lines += [f"        super().__init__({self.random.choice(['', 'x', 'y=x', self.drawn()])})"]
        for attribute in _ATTRIBUTES:
            if self.likely(0.6):
                lines += [f"        self.{attribute} = {self.random.choice(['x', 'y', 'x or y', self.drawn()])}"]
            if self.likely(0.2):
                lines += ["        if outside.flag():", f"            self.{attribute} = {self.drawn()}"]
        lines += (
            [f"        self.d = {{'{_KEY}': {self.random.choice(['x', self.drawn()])}}}"] if self.likely(0.3) else []
        )
        return [*lines, "        pass"]

    def methods(self, *, inherits: bool) -> list[str]:
        lines: list[str] = []
        for name in ("reg", "reg", "set"):
            if self.likely(0.6):
                lines += self.method(name, inherits=inherits)
        if self.likely():
            self.calls += 1
            given = self.random.choice(["p", "l2(p)", self.read("self"), f"l2({self.read('self')})"])
            lines += ["    def build(self, p=0.3):", f"        Conv2D({self.calls}, 1, kernel_regularizer={given})"]
        if self.likely(0.3):
            lines += ["    @property", "    def v(self):", f"        return {self.read('self')}"]
        if self.likely(0.2):
            lines += ["    @staticmethod", "    def s(p=0.3):", "        return l2(p)"]
        if self.likely(0.2):
            lines += ["    @classmethod", "    def k(cls, p=0.3):", f"        return {self.read('cls')}"]
        return lines

    def method(self, name: str, *, inherits: bool) -> list[str]:
        if name == "set":
            return ["    def set(self):", f"        self.{self.random.choice(_ATTRIBUTES)} = {self.drawn()}"]
        shapes = [self.read("self"), f"l2({self.read('self')})", "p", "l2(p)", *(["super().reg()"] * inherits)]
        given = self.random.choice(shapes)
        lines = ["    def reg(self, p=0.3):"]
        lines += ["        if p == 0.1:", f"            return {self.read('self')}"] if self.likely(0.3) else []
        return [*lines, f"        return {given}"]

    def read(self, owner: str) -> str:
        return f"{owner}.{self.random.choice(_ATTRIBUTES)}"

    def constructed(self) -> str:
        given = self.random.choice(["", "", self.drawn(), f"x={self.drawn()}", f"{self.drawn()}, {self.drawn()}"])
        return f"{self.random.choice(self.class_names)}({given})"

    def owner(self) -> str:
        return self.random.choice(["o", "o", "u", self.constructed(), self.random.choice(self.class_names)])

    def object_expression(self) -> str:
        owner = self.owner()
        shapes = [self.read(owner)] * 5 + [f"{owner}.w", f"{owner}.v", f"{owner}.reg()", f"{owner}.reg({self.drawn()})"]
        shapes += [self.record_read() for _ in range(3)]
        shapes += [f"{owner}.n['k']['{_KEY}']", f"{owner}.n['k'].get('{_KEY}')"]
        shapes += [f"{owner}.d['{_KEY}']", f"{owner}.d.get('{_KEY}')"]
        return self.random.choice([*shapes, f"{owner}.s(0.2)", f"{owner}.k()", f"l2({self.read(owner)})"])

    def object_step(self) -> list[str]:
        built = [f"outside.attempt(lambda: {self.owner()}.build({self.random.choice(['', 'p=0.1', 'a', '0.2'])}))"]
        built += [f"y = {self.record_made()}", f"{self.random.choice('abcd')}, *_, {self.random.choice('abcd')} = y"]
        steps = built * 2 + [f"o = {self.constructed()}"] * 4 + ["o = u", f"u = {self.constructed()}", "o.set()"]
        if self.likely(0.15):
            owner = self.owner()
            steps = [f"{self.read(owner)} = {self.drawn()}", f"setattr({owner}, 'x', 0.7)"]
            steps += [f"{self.read(owner)} += 1", f"outside.spoil({owner})", f"outside.change({owner}.d)"]
            steps += [f"{owner}.d['{_KEY}'] = {self.drawn()}", f"n = {owner}.d", f"{owner}.d.clear()"]
            steps += [f"{owner}.n['k']['{_KEY}'] = {self.drawn()}", f"t = {owner}.n['k']; t['{_KEY}'] = {self.drawn()}"]
            steps += [f"for t in {owner}.n.values(): t['{_KEY}'] = 5", f"outside.change({owner}.n['k'])"]
        return [self.random.choice(steps)]
