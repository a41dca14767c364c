"""Small programs at random, and what they do when they are run.

Each ends in, and is strewn with, calls `Conv2D(<number>, 1, kernel_regularizer=<expression>)`. `run` executes the
program with a stand-in that notes what each of these calls is really given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from tests.analysis.program_objects import ObjectShapes
from tests.analysis.program_sequences import SequenceShapes
from tests.analysis.program_wrappers import WrapperShapes

IMPORTS = (
    "import outside\nfrom functools import partial\n"
    "from keras.layers import Conv2D\nfrom keras.regularizers import l2\n"
)
_NUMBERS = ("0.1", "0.2", "0.3", "1e-3", "4")
_MOST_STEPS = 300


READERS = (
    "def changes(q): q['kernel_regularizer'] = 0.9",
    "def gives(q): return q",
    "def hands(q):",
    "    r = q",
    "    return r",
)


@dataclass(frozen=True)
class Program:
    """A program, and what steers it. `overrides`: calls override the defaults of parameters, or of these `Conv2D`."""

    body: str
    flags: tuple[bool, ...]
    overrides: bool
    overridden: frozenset[int] = frozenset()

    @property
    def source(self) -> str:
        return IMPORTS + self.body


def program(seed: int) -> Program:
    """A program of its own for every seed."""
    random = Random(seed)
    while True:
        tried = _attempt(random)
        try:
            compile(tried.body, "<program>", "exec")
        except SyntaxError:  # a `nonlocal` without a name to find, or a walrus where none may stand
            continue
        return tried


def _attempt(random: Random) -> Program:
    objects = random.random() < 0.35
    writer = _Writer(random, overrides=objects or random.random() < 0.3, objects=objects)
    lines = writer.helpers() + (writer.start_objects() if objects else [])
    lines += [f"{name} = {writer.number()}" for name in writer.some("abcd", 3, 4)]
    lines += [f"m = {{'kernel_regularizer': {writer.name()}}}", "n = {}"]
    lines += ["s = {'k': {'kernel_regularizer': 0.6}, 'j': {'k': {'kernel_regularizer': 0.7}}}", "t = {}"]
    lines += [f"e = ({writer.number()}, {writer.name()})", f"g = [{writer.number()}, {writer.name()}]"]
    lines += [*READERS, *writer.reader()]
    lines += writer.block(random.randint(1, 3), in_loop=False, kind="module")
    lines += [writer.record() for _ in range(random.randint(1, 3))]
    flags = tuple(random.random() < 0.6 for _ in range(60))
    return Program("\n".join(lines) + "\n", flags, writer.overrides, frozenset(writer.overridden))


class _Writer(ObjectShapes, SequenceShapes, WrapperShapes):
    """Writes statements at random. `kind` is that of the scope they stand in, `depth` how deeply they may nest."""

    def __init__(self, random: Random, *, overrides: bool, objects: bool) -> None:
        self.random = random
        self.overrides = overrides
        self.objects = objects
        self.walruses = True
        self.calls = 0
        self.functions = 0
        self.helper_names: list[str] = []
        self.overridden: set[int] = set()

    def reader(self) -> list[str]:
        """A function that gives layers what it reads of a dict, and may do more with it."""
        self.calls += 2
        more = ["reads(r)", "r['kernel_regularizer'] = 0.8", "gives(r)", "r.pop('k', None)", "q = r", "changes(q)"]
        lines = ["def reads(q):", "    r = q['k'] if 'k' in q else q", "    r = q.get('k') if outside.flag() else q"]
        lines = [lines[0], self.random.choice([*lines[1:], "    r = q", "    r = q['k']"])]
        lines += (
            [f"    Conv2D({self.calls - 1}, 1, kernel_regularizer=q['kernel_regularizer'])"] if self.maybe() else []
        )
        lines += [f"    {self.random.choice(more)}"] if self.random.random() < 0.3 else []
        return [*lines, f"    Conv2D({self.calls}, 1, kernel_regularizer=r['kernel_regularizer'])"]

    def some(self, choices: Sequence[str], fewest: int, most: int) -> list[str]:
        return self.random.sample(choices, self.random.randint(fewest, most))

    def maybe(self) -> bool:
        return self.random.random() < 0.5

    def name(self) -> str:
        return self.random.choice("abcd")

    def number(self) -> str:
        return self.random.choice(_NUMBERS)

    def helpers(self) -> list[str]:
        """Functions that give back a value, each free to call those before it."""
        lines: list[str] = []
        for number in range(self.random.randint(0, 3)):
            name = f"h{number}"
            lines += self.helper(name)
            self.helper_names.append(name)
        return lines

    def helper(self, name: str) -> list[str]:
        if self.random.random() < 0.2:
            return [f"{name} = lambda p, q={self.number()}: {self.helper_expression()}"]
        lines = [f"def {name}(p, q={self.number()}):"]
        for _ in range(self.random.randint(0, 3)):
            lines += self.random.choice(
                [
                    [f"    {self.random.choice('pqr')} = {self.helper_expression()}"],
                    [f"    if {self.condition()}:", f"        return {self.helper_expression()}"],
                    [f"    if {self.condition()}:", f"        q = {self.helper_expression()}"],
                    [f"    if {self.condition()}:", "        p = q", "    else:", "        return q"],
                    [f"    if {self.condition()}:", "        p = 0.2", "    else:", "        q = p"],
                    [f"    if {self.condition()}:", "        p = a", f"    elif {self.condition()}:", "        p = q"],
                    ["    for _ in outside.items():", f"        return {self.helper_expression()}"],
                    [
                        "    with outside.swallow():",
                        "        outside.fail()",
                        f"        return {self.helper_expression()}",
                    ],
                    [
                        "    try:",
                        "        outside.fail()",
                        "        return p",
                        "    except OSError:",
                        "        q = 0.3",
                    ],
                ]
            )
        return (
            [*lines, f"    return {self.helper_expression()}"] if self.random.random() < 0.8 else [*lines, "    pass"]
        )

    def condition(self) -> str:
        shapes = ["p", "not q", "p is None", "q is not None", "p == q", f"q == {self.number()}", "outside.flag()"]
        return self.random.choice(shapes)

    def helper_expression(self) -> str:
        name = self.random.choice("pqpqabr")
        shapes = [name, name, self.number(), f"l2({name})", f"p if {self.condition()} else q", "None", "p or q"]
        if self.helper_names:
            shapes += [f"{self.random.choice(self.helper_names)}({name})"] * 2
        if not self.walruses:
            return name
        return self.random.choice([*shapes, f"(lambda: {name})()"])

    def helped(self) -> str:
        if not self.helper_names:
            return self.name()
        other = f", q={self.name()}" if self.maybe() else ""
        return f"{self.random.choice(self.helper_names)}({self.name()}{other})"

    def expression(self) -> str:
        if self.objects and self.random.random() < 0.4:
            return self.object_expression()
        shape = self.random.randint(0, 14)
        if shape <= 3:
            return self.number()
        if shape <= 8 or (shape == 12 and not self.walruses):
            return self.name()
        return {
            9: f"{self.name()} + {self.number()}",
            10: f"({self.name()} if outside.flag() else {self.number()})",
            11: f"l2({self.name()})",
            12: f"({self.name()} := {self.number()})",
            13: self.helped(),
            14: f"({self.name()} if {self.name()} == {self.number()} else {self.number()})",
        }[shape]

    def record(self) -> str:
        self.calls += 1
        number, other = self.calls, self.expression() if self.maybe() else "1"
        given = f"l2({self.expression()})" if self.maybe() else self.expression()
        return f"Conv2D({number}, {other}, kernel_regularizer={given})"

    def record_in_comprehension(self) -> str:
        self.walruses = False  # one may not bind the target
        written = self.record()
        self.walruses = True
        return written

    def block(self, depth: int, *, in_loop: bool, kind: str) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, 4)):
            lines += self.statement(depth, in_loop=in_loop, kind=kind)
        return lines

    def inner(self, depth: int, *, in_loop: bool, kind: str) -> list[str]:
        return ["    " + line for line in self.block(depth - 1, in_loop=in_loop, kind=kind)]

    def statement(self, depth: int, *, in_loop: bool, kind: str) -> list[str]:
        if depth > 0 and self.random.random() < 0.6:
            return self.compound(depth, in_loop, kind)
        simple = [self.assignment] * 4 + [self.recorded] * 2 + [self.tuple_assignment, self.odd_assignment]
        simple += [
            self.comprehension,
            self.later,
            self.failure,
            self.partial,
            self.unpacking,
            self.unpacking,
            self.listed,
            self.wrapper,
            self.keeper,
        ]
        simple += (
            [self.dict_step] * 3 + [self.nested_step] * 3 + [self.unpacked] * 2 + [self.object_step] * 4 * self.objects
        )
        leaves = (["break", "continue"] if in_loop else []) + (["return"] if kind == "function" else [])
        if leaves and self.random.random() < 0.2:
            return [self.random.choice(leaves)]
        return self.random.choice(simple)()

    def compound(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        common = [self.if_, self.for_, self.while_, self.try_]
        shapes = [*common, *common, self.with_, self.match_, self.def_, self.class_]
        return self.random.choice(shapes)(depth, in_loop, kind)

    def recorded(self) -> list[str]:
        return [self.record()]

    def assignment(self) -> list[str]:
        return [f"{self.name()} = {self.expression()}"]

    def tuple_assignment(self) -> list[str]:
        return [
            self.random.choice(
                [
                    f"{self.name()}, {self.name()} = {self.expression()}, {self.expression()}",
                    f"{self.name()} = {self.name()} = {self.expression()}",
                    f"[{self.name()}, {self.name()}] = [{self.name()}, {self.expression()}]",
                    f"{self.name()} = ({self.expression()}, {self.expression()})",
                ]
            )
        ]

    def odd_assignment(self) -> list[str]:
        name, given, other = self.name(), self.expression(), self.expression()
        return self.random.choice(
            [
                [f"{name} += {self.number()}"],
                [f"del {name}"],
                [f"{name}: float = {given}"],
                [f"{name} = [{given}, {other}]", f"{name}.reverse()", f"{self.name()}, {self.name()} = {name}"],
                [f"{name} = {{'l2': {given}}}", f"{name}['l2'] = {other}"],
            ]
        )

    def dict_name(self) -> str:
        return self.random.choice(("m", "n"))

    def dict_display(self) -> str:
        key, other = "kernel_regularizer", self.expression()
        shapes = ["{}", f"{{'{key}': {other}}}", f"dict({key}={other})", f"{{**{self.dict_name()}, '{key}': {other}}}"]
        shapes += [f"{{'{key}': {other}, **{self.dict_name()}}}", f"dict({self.dict_name()})"]
        shapes += [f"{self.dict_name()} | {{'{key}': {other}}}", f"{self.dict_name()} | {self.dict_name()}"]
        return self.random.choice([*shapes, f"{self.dict_name()}.copy()", f"dict({self.dict_name()}, {key}={other})"])

    def dict_step(self) -> list[str]:
        name, other, key = self.dict_name(), self.expression(), "kernel_regularizer"
        steps = [f"{name} = {self.dict_display()}"] * 5 + [f"reads({name})", f"t = {name}; reads(t)"]
        steps += [f"{name}['{key}'] = {other}", f"{name}.update({key}={other})", f"{name}.update({self.dict_name()})"]
        steps += [f"{name}.setdefault('{key}', {other})", f"{name}.pop('{key}', None)", f"{name}.clear()"]
        steps += [f"{self.name()} = {name}.pop('{key}', {other})", f"{self.name()} = {name}.get('{key}', {other})"]
        steps += [f"{self.name()} = {name}.setdefault('{key}', {other})", f"{self.name()} = {name}['{key}']"]
        if self.random.random() < 0.2:
            steps = [f"{name} = {self.dict_name()}", f"m = n = {self.dict_display()}", f"outside.change({name})"]
            steps += [f"{name} |= {{'{key}': {other}}}", f"t = {name}; t |= {{'{key}': 0.2}}"]
            steps += [f"{name}['{key}'] += {self.number()}", f"del {name}['{key}']", f"held = [{name}]"]
            steps += [
                f"t = {name}",
                f"outside.attempt(reads, {name})",
                f"hands({name})['{key}'] = 0.4",
                f"changes({name})",
            ]
            steps += [f"(lambda: {name}.update({key}={other}))()", f"m, n = n, {self.dict_display()}"]
        return [self.random.choice(steps)]

    def nested_step(self) -> list[str]:
        """A step with the dicts `s` and `t`, which may hold others under "k"."""
        name, key = self.random.choice("sst"), "kernel_regularizer"
        if self.random.random() < 0.4:
            return [self.nested_record(name, key)]
        inner, value = f"{{'{key}': {self.expression()}}}", self.expression()
        display = f"{{'k': {inner}, 'i': {value}, 'j': {{'k': {inner}}}}}"
        if self.random.random() < 0.3:
            shared = [self.random.choice(self.shared_steps(name, key, inner, display)) for _ in range(2)]
            return [f"{name} = {display}", *shared, self.nested_record(name, key)]
        steps = [f"{name} = {display}"] * 8 + [f"{name} = dict(k={inner}, j=dict(k={inner}))", f"{name}['i'] = {value}"]
        steps += [f"{name}['k'] = {inner}", f"{name}.update(k={inner})", f"{name}.pop('k', None)"]
        return [self.random.choice(steps)]

    def nested_record(self, name: str, key: str) -> str:
        self.calls += 1
        reads = [f"{name}['k']['{key}']", f"{name}.get('k')['{key}']", f"{name}['k'].get('{key}', {self.expression()})"]
        reads += [f"{name}.get('k', {{}}).get('{key}')", f"{name}['j']['k']['{key}']"]
        given = self.random.choice([*(f"{key}={read}" for read in reads), f"**{name}['k']", f"**{name}.get('k')"])
        return f"Conv2D({self.calls}, 1, {given})"

    def shared_steps(self, name: str, key: str, inner: str, display: str) -> list[str]:
        """What gives a dict within a dict another name, or changes it in place."""
        value, other = self.expression(), self.random.choice("sst")
        alias = self.random.choice(["['k']", ".get('k')", "['j']", f".setdefault('k', {inner})"])
        steps = [f"t = {name}{alias}", f"m = {name}{alias}", f"{name}{alias}['{key}'] = {value}"]
        steps += [f"{name} = {other}.copy()", f"{name} = {{**{other}}}", f"{name} = dict({other})"]
        steps += [f"{name}['k'] = {other}['k']", f"{name}.update({other})", f"t = {name}['k'] = {inner}"]
        steps += [f"{name}['k']['{key}'] = {value}", f"{name}['k'].update({key}={value})", f"del {name}['k']['{key}']"]
        steps += [f"{name}['j']['k']['{key}'] = {value}", f"t['{key}'] = {value}", f"t['{key}'] += 0.1"]
        steps += [f"outside.change({name}['k'])", f"for t in {name}.values(): t['{key}'] = 5", f"m = [{name}['k']]"]
        steps += [f"{name} = ({display} if outside.flag() else {display})", f"(lambda: {name}['k'].clear())()"]
        steps += [
            f"t = {name}['k']",
            f"m = {name}['k']",
            f"t = {name}",
            "m = t",
            "n = m",
            "a = t['kernel_regularizer']",
        ] * 2
        steps += [f"{function}({name}{below})" for function in ("reads", "changes", "gives") for below in ("", "['k']")]
        steps += [f"t = gives({name}['k'])", f"m = hands({name}['k'])", f"hands(q={name})", f"reads({name}['j']['k'])"]
        return [*steps, f"{name} = dict(k=m)", f"{name}.update(k=n)", f"m['{key}'] = {value}"]

    def unpacked(self) -> list[str]:
        self.calls += 1
        given = "" if self.maybe() else f"kernel_regularizer={self.expression()}, "
        if not given and self.maybe():
            name = f"w{self.calls}"
            rest = self.random.choice(["", "", "r"])
            lines = [f"def {name}({f'*{rest}, ' if rest else self.random.choice(['', 'p=None, '])}**kw):"]
            lines += [f"    {line}" for line in self.some(self.WRAPPED, 0, 2)]
            lines += [f"    kw.setdefault('kernel_regularizer', *{rest})"] if rest and self.maybe() else []
            lines += [f"    Conv2D({self.calls}, {f'*{rest}' if rest else 1}, **kw)"]
            called = self.random.choice([f"kernel_regularizer={self.expression()}", f"**{self.dict_name()}", ""])
            called = f"{self.expression()}, {called}" if rest else called
            self.overridden |= {self.calls} if called else set()
            return [*lines, *self.assignment(), f"{name}({called})"]
        if self.maybe():
            key = f"{self.dict_name()}.get('kernel_regularizer', {self.expression()})"
            return [f"Conv2D({self.calls}, 1, kernel_regularizer={key})"]
        return [f"Conv2D({self.calls}, 1, {given if self.maybe() else ''}**{self.dict_name()})"]

    WRAPPED = (
        "kw.setdefault('kernel_regularizer', a)",
        "kw['kernel_regularizer'] = l2(kw.pop('kernel_regularizer', b))",
        "kw = {'kernel_regularizer': c, **kw}",
        "kw.update(kernel_regularizer=d)",
        "outside.change(kw)",
        "if outside.flag(): kw.clear()",
        "if 'kernel_regularizer' not in kw: kw['kernel_regularizer'] = b",
        "if 'kernel_regularizer' in kw: kw['kernel_regularizer'] = l2(kw['kernel_regularizer'])",
        "if a: kw['kernel_regularizer'] = c",
    )

    def partial(self) -> list[str]:
        self.calls += 1
        made = f"q{self.calls} = partial(Conv2D, {self.calls}, kernel_regularizer={self.expression()})"
        own = f", kernel_regularizer={self.expression()}" if self.maybe() else ""
        return [made, *self.assignment(), f"q{self.calls}(1{own})"]

    def comprehension(self) -> list[str]:
        loop = self.loop_head()[:-1] if self.maybe() else f"for {self.name()} in outside.items()"
        if self.maybe():
            return [f"[{self.record_in_comprehension()} {loop}]"]
        bound = f"({self.name()} := {self.number()})"
        return [f"[{self.record_in_comprehension()} for _ in outside.items() if {bound}]"]

    def later(self) -> list[str]:
        if self.maybe():
            made = f"({self.record_in_comprehension()} for {self.name()} in outside.items())"
            return [f"later = {made}", *self.assignment(), "outside.attempt(lambda: list(later))"]
        made = f"lambda {self.name()}={self.name()}: {self.record()}"
        return [f"later = {made}", *self.assignment(), "outside.attempt(later)"]

    def failure(self) -> list[str]:
        return ["raise OSError" if self.random.random() < 0.2 else "outside.fail()"]

    def if_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        test = self.known_test() if self.maybe() else "outside.flag()"
        lines = [f"if {test}:", *self.inner(depth, in_loop=in_loop, kind=kind)]
        if self.random.random() < 0.3:
            lines += [f"elif {self.known_test()}:", *self.inner(depth, in_loop=in_loop, kind=kind)]
        elif self.maybe():
            bound = f"{self.name()} := 0.2" if self.maybe() else ""
            lines += [f"elif outside.flag({bound}):", *self.inner(depth, in_loop=in_loop, kind=kind)]
        return self.with_else(lines, depth, in_loop, kind)

    def known_test(self) -> str:
        """A condition that may be known."""
        name, number, key = self.name(), self.number(), "kernel_regularizer"
        shapes = [f"{name} == {number}", f"{name} > 0.1", f"0.1 < {name} < 1", f"{name} is None", f"not {name}", name]
        shapes += [f"'{key}' in {self.dict_name()}", f"'{key}' not in {self.dict_name()}", self.dict_name(), "e"]
        shapes += [f"{name} in ({number}, {self.name()})", f"isinstance({name}, float)", f"{name} in g", "not True"]
        shapes += ["a == b and c", "'k' in s", f"isinstance({name}, (tuple, list))", f"callable({name})", "K.x == 0.1"]
        return self.random.choice(shapes)

    def for_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        target = self.random.choice(["_", "_", "a", "b"])
        head = self.loop_head() if self.maybe() else f"for {target} in outside.items():"
        lines = [head, *self.inner(depth, in_loop=True, kind=kind)]
        return self.with_else(lines, depth, in_loop, kind)

    def while_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        bound = f"{self.name()} := 0.3" if self.random.random() < 0.3 else ""
        lines = [f"while outside.flag({bound}):", *self.inner(depth, in_loop=True, kind=kind)]
        return self.with_else(lines, depth, in_loop, kind)

    def with_else(self, lines: list[str], depth: int, in_loop: bool, kind: str) -> list[str]:
        return lines + (["else:", *self.inner(depth, in_loop=in_loop, kind=kind)] if self.maybe() else [])

    def try_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        lines = ["try:", *self.inner(depth, in_loop=in_loop, kind=kind)]
        handlers = self.some(["except OSError:", "except (NameError, TypeError) as c:"], 0, 2)
        for handler in handlers:
            lines += [handler, *self.inner(depth, in_loop=in_loop, kind=kind)]
        lines = self.with_else(lines, depth, in_loop, kind) if handlers else lines
        if not handlers or self.random.random() < 0.3:
            lines += ["finally:", *self.inner(depth, in_loop=False, kind=kind.replace("function", "finally"))]
        return lines

    def with_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        return ["with outside.swallow():", *self.inner(depth, in_loop=in_loop, kind=kind)]

    def match_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        lines = ["match outside.pick():"]
        for pattern in self.some(["1", "2", f"{self.name()} if outside.flag()", "[a, *b]"], 1, 3):
            lines += [f"    case {pattern}:", *("    " + x for x in self.inner(depth, in_loop=in_loop, kind=kind))]
        return lines

    def def_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        self.functions += 1
        name = f"f{self.functions}"
        parameters = self.some("abcd", 0, 2)
        lines = [f"def {name}({', '.join(f'{p}={self.expression()}' for p in parameters)}):"]
        others = [other for other in "abcd" if other not in parameters]
        shared = self.random.choice(others)
        if self.random.random() < 0.3:
            lines += [f"    {'nonlocal' if kind == 'function' and self.maybe() else 'global'} {shared}"]
        lines += [f"    {other} = {self.number()}" for other in others if self.random.random() < 0.3]
        lines += self.inner(depth, in_loop=False, kind="function")
        arguments = f", {self.number()}" if self.overrides and parameters else ""
        between = self.assignment() if self.maybe() else []
        if self.overrides and parameters and self.random.random() < 0.4:
            shown = self.random.choice(["", "alias", "partial", "dict", "star"])
            return lines + between + self.called_otherwise(name, parameters[0], shown)
        return lines + between + [f"outside.attempt({name}{arguments})"] * self.random.randint(1, 2)

    def called_otherwise(self, name: str, parameter: str, way: str) -> list[str]:
        """A call of a function that does not name it, or does not show what it passes."""
        given = self.expression()
        match way:
            case "alias":
                lines = [f"v{name} = {name}", f"v{name}({given})"]
            case "partial":
                lines = [f"v{name} = partial({name}, {parameter}={given})", f"v{name}()", f"v{name}({parameter}=0.2)"]
            case "dict":
                lines = [f"v{name} = {{'f': {name}, 'g': None}}", f"v{name}['f']({given})"]
            case "star":
                lines = [f"v{name} = {{'{parameter}': {given}}}", f"{name}(**v{name})", f"{name}(*(0.2,))"]
            case _:
                lines = [f"{name}({given})"]
        return ["try:", *("    " + line for line in lines), "except NameError:", "    pass"]

    def class_(self, depth: int, in_loop: bool, kind: str) -> list[str]:
        lines = ["class K:", *self.inner(depth, in_loop=False, kind="class")]
        return [*lines, "    def method(self):", f"        {self.record()}", "outside.attempt(K().method)"]


class _Stop(BaseException):
    """The program has run long enough."""


class _Outside:
    """What the analysis cannot know: the flags that steer a program, in their order."""

    def __init__(self, flags: tuple[bool, ...]) -> None:
        self._flags = iter(flags)
        self._steps = 0

    def step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _Stop

    def flag(self, _: object = None) -> bool:
        self.step()
        return next(self._flags, False)

    def items(self) -> Iterator[int]:
        for item in (7, 8):
            if self.flag():
                yield item

    def pick(self) -> object:
        return (1, 2, [3, 4], None)[2 * self.flag() + self.flag()]

    def attempt(self, function: Callable[..., object], *arguments: object) -> None:
        self.step()
        with suppress(Exception):
            function(*arguments)

    def change(self, given: dict[str, object]) -> None:
        given["kernel_regularizer"] = 77

    def shuffle(self, given: object) -> None:
        if isinstance(given, list):
            given.insert(0, 78)

    def use(self, made: Callable[..., object]) -> object:
        """What is handed on may be called with anything."""
        return made(kernel_regularizer=79, r=79)

    def spoil(self, owner: object) -> None:
        """What is handed on may be changed elsewhere, but nobody expects it of an attribute."""

    def fail(self) -> None:
        if self.flag():
            raise OSError

    @contextmanager
    def swallow(self) -> Iterator[None]:
        with suppress(Exception):
            yield


def run(program: Program) -> list[tuple[int, object]]:
    """What each call was given, by its number, in the order of the calls."""
    given: list[tuple[int, object]] = []
    outside = _Outside(program.flags)

    def conv2d(number: int, _: object, *, kernel_regularizer: object = None, **_others: object) -> None:
        outside.step()
        kept = list(kernel_regularizer) if isinstance(kernel_regularizer, list) else kernel_regularizer
        given.append((number, dict(kept) if isinstance(kept, dict) else kept))

    names = {"Conv2D": conv2d, "l2": lambda factor: ("l2", factor), "outside": outside, "partial": partial}
    try:
        exec(compile(program.body, "<program>", "exec"), names)
    except (Exception, _Stop):  # it ends where it fails; what it did before counts
        return given
    return given
