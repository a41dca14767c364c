"""Wrappers at random, for the random programs: functions that pass on what they are given, and classes that keep it."""

from __future__ import annotations

from random import Random

_KEY = "kernel_regularizer"
_NUMBERS = ("0.1", "0.2", "0.3", "1e-3", "4")


class WrapperShapes:
    """Writes wrappers with their calls, and classes that set attributes by names which they work out."""

    random: Random
    calls: int
    functions: int
    overridden: set[int]

    def expression(self) -> str:
        """An expression of the program around."""
        raise NotImplementedError

    def wrapper(self) -> list[str]:
        """A function that makes a layer of its keywords, another that calls it, and calls of both."""
        self.calls += 1
        self.functions += 1
        inner, outer = f"w{self.functions}", f"v{self.functions}"
        lines = [f"def {inner}(*args, **kwargs):", *self._made(), f"    Conv2D({self.calls}, 1, **kw)"]
        if self.random.random() < 0.5:
            lines += [f"def {outer}(*args, **kwargs):", *self._passed_on(inner)]
        else:
            outer = inner
        for _ in range(self.random.randint(0, 3)):
            lines += self._caught(f"{self.random.choice((inner, outer))}({self._keywords()})")
        self.overridden.add(self.calls)  # where not all calls are seen, it is told that callers may decide otherwise
        if self.random.random() < 0.25:
            lines += self._caught(self.random.choice([f"outside.use({inner})", f"z = {outer}; outside.use(z)"]))
        return lines

    def _made(self) -> list[str]:
        """The dict of keywords, made of those that callers pass."""
        factor = self.random.choice([self._number(), f"kwargs.get('decay', {self._number()})", self.expression()])
        lines = [f"    kw = {{'{_KEY}': {self.random.choice([factor, f'l2({factor})'])}}}"]
        lines += self._without_decay()
        steps = ["kw.update(kwargs)", "kw |= kwargs", "kw = {**kw, **kwargs}", "kw = dict(kw, **kwargs)"]
        steps += ["kw = kw | kwargs", "kw = {**kwargs, **kw}", "kwargs.update(kw); kw = {**kwargs}", "kw = kwargs"]
        steps += [f"kwargs.setdefault('{_KEY}', {self._number()}); kw = kwargs.copy()", "pass"]
        return [*lines, f"    {self.random.choice(steps)}"]

    def _without_decay(self) -> list[str]:
        shapes = [
            ["    kwargs.pop('decay', None)"],
            ["    try:", "        del kwargs['decay']", "    except KeyError:", "        pass"],
            ["    try:", "        kwargs.pop('decay')", "    except KeyError:", f"        kw['{_KEY}'] = 0.3"],
            ["    if 'decay' in kwargs:", "        del kwargs['decay']"],
            [f"    kw['{_KEY}'] = kwargs.pop('decay', {self._number()})"],
            [
                "    try:",
                f"        del kwargs['{_KEY}']",
                "        outside.fail()",
                "    except Exception:",
                "        pass",
            ],
            [f"    del kwargs['{_KEY}']"],
            [],
        ]
        return self.random.choice(shapes)

    def _passed_on(self, inner: str) -> list[str]:
        shapes = [
            [f"    {inner}(*args, **kwargs)"],
            [f"    more = {{'decay': {self._number()}}}", "    more.update(kwargs)", f"    {inner}(**more)"],
            [f"    kwargs.setdefault('decay', {self._number()})", f"    {inner}(**kwargs)"],
            [f"    {inner}({_KEY}={self._number()}, **kwargs)"],
        ]
        return self.random.choice(shapes)

    def _keywords(self) -> str:
        shapes = ["", f"{_KEY}={self.expression()}", f"decay={self.expression()}", "**m", "**n"]
        shapes += [f"{_KEY}={self._number()}, decay={self._number()}", f"**{{'{_KEY}': {self._number()}}}"]
        return self.random.choice(shapes)

    def keeper(self) -> list[str]:
        """A class whose base sets its attributes by `setattr`, and instances of it."""
        self.calls += 1
        self.functions += 1
        base, cls = f"B{self.functions}", f"N{self.functions}"
        self.overridden.add(self.calls)  # as for wrappers: of `r` it is told what it is by default
        lines = [f"class {base}:", *self._setting()]
        passed = self.random.choice(
            ["r=r, **kw", "**kw, r=r", "r=r", f"r=r, q={self._number()}, **kw", "**{'r': r, **kw}"]
        )
        lines += [f"class {cls}({base}):", f"    def __init__(self, r={self._number()}, **kw):"]
        own = [[], [f"        self.r = {self._number()}"], [f"        if outside.flag(): self.r = {self._number()}"]]
        lines += [f"        super().__init__({passed})", *self.random.choice(own), "    def use(self):"]
        lines += [f"        Conv2D({self.calls}, 1, {_KEY}={self.random.choice(['self.r', 'l2(self.r)'])})"]
        for _ in range(self.random.randint(1, 2)):
            given = self.random.choice(["", f"r={self.expression()}", f"q={self._number()}", self._number()])
            lines += self._caught(f"{cls}({given}).use()")
        return lines

    def _setting(self) -> list[str]:
        head = ["    def __init__(self, **kw):"]
        shapes = [
            ["        for key in kw:", "            setattr(self, key, kw[key])"],
            ["        for key, value in kw.items():", "            setattr(self, key, value)"],
            ["        for key in kw:", "            value = kw[key]", "            if key.endswith('r'):"],
            [f"        self.r = {self._number()}", "        for key in ('r', 'q'):"],
            ["        for key in 'q', 'r':", "            if outside.flag():"],
            ["        for key, value in kw.items():", f"            value = {self._number()} if key == 'q' else value"],
        ]
        lines = self.random.choice(shapes)
        if "setattr" in lines[-1]:
            return [*head, *lines]
        indent = "                " if lines[-1].strip().startswith("if ") else "            "
        value = "value" if any("value" in line for line in lines) else f"kw.get(key, {self._number()})"
        return [*head, *lines, f"{indent}setattr(self, key, {value})"]

    def _caught(self, line: str) -> list[str]:
        return ["try:", *(f"    {part}" for part in line.split("; ")), "except Exception:", "    pass"]

    def _number(self) -> str:
        return self.random.choice(_NUMBERS)
