"""Sequences at random, for the random programs: unpacking of every form, loops over items, lists under names."""

from __future__ import annotations

from random import Random

_NAMES = "abcd"


class SequenceShapes:
    """Writes statements with tuples and lists; `e` is a tuple and `g` a list that may be changed."""

    random: Random
    calls: int

    def expression(self) -> str:
        raise NotImplementedError

    def any_name(self) -> str:
        return self.random.choice(_NAMES)

    def sequence(self) -> str:
        """An expression for two or three items."""
        items = [self.expression() for _ in range(self.random.randint(2, 3))]
        shapes = [f"({', '.join(items)})", f"[{', '.join(items)}]"] * 3
        shapes += [f"(*({items[0]},), {items[1]})", f"({items[0]},) + ({items[1]},)", "e", "g", "(*e, 0.4)", "[*g]"]
        shapes += ["g + [0.2]", "[0.3] + g + g", "(e + e)"]
        shapes += ["tuple(g)", "list(e)", "sorted([0.3, 0.2])", "reversed(e)", "{'k': 0.6, 'j': 0.7}.values()"]
        return self.random.choice(shapes)

    def unpacking(self) -> list[str]:
        one, two, three = (self.any_name() for _ in range(3))
        item, other = self.expression(), self.expression()
        shapes = [f"{one}, *{two} = {self.sequence()}", f"*{one}, {two} = {self.sequence()}"]
        shapes += [f"{one}, *_, {two} = {self.sequence()}", f"{one}, {two} = {self.sequence()}"]
        shapes += [f"{one}, ({two}, {three}) = {item}, ({other}, 0.2)", f"[{one}, [{two}]] = [{item}, [{other}]]"]
        shapes += [f"({one}, *{two}), {three} = ({item}, {other}, 0.3), 0.4", f"{one}, {two} = e = {item}, {other}"]
        shapes += [f"{one}, {two} = (g := [{item}, {other}])", f"{one} = e[{self.random.choice(['0', '1', '-1'])}]"]
        return [self.random.choice([*shapes, f"{one} = g[0]", f"{one} = max({item}, 0.2)", f"{one} = (e + (0.1,))[1]"])]

    def listed(self) -> list[str]:
        """A step with the tuple `e` or the list `g`."""
        item, other = self.expression(), self.expression()
        steps = [f"g = [{item}, {other}]"] * 5 + [f"e = ({item}, {other})"] * 4
        if self.random.random() < 0.4:
            steps = [f"g.append({item})", f"g[0] = {item}", "outside.shuffle(g)", "e = g", "g = list(e)", "g.reverse()"]
            steps += ["del g[0]", f"g += [{item}]", "held = [g]", f"e = (g, {item})", f"e = ({item}, [{other}])"]
            steps += [
                f"e = g = [{item}, {other}]",
                "(lambda: g.clear())()",
                "g.pop()",
                "m = {'g': g}",
                f"g[-1] = {item}",
            ]
        return [self.random.choice(steps)]

    def loop_head(self) -> str:
        """The head of a loop over items that are known, or may be."""
        target, other = self.random.sample(_NAMES, 2)
        item = self.expression()
        heads = [f"for {target} in {self.sequence()}:"] * 4
        heads += [f"for {target}, {other} in (({item}, 0.2), (0.3, {item})):", f"for _, {target} in enumerate(e):"]
        heads += [f"for {target}, {other} in zip({self.sequence()}, (0.2, 0.3)):", f"for {target} in range(2):"]
        heads += [f"for {target}, ({other}, *_) in [(0.2, ({item}, 0.1))]:", "for t in [{'k': 0.2}, {'k': 0.3}]:"]
        return self.random.choice([*heads, f"for _, {target} in m.items():", f"for {target} in {{{item}: 0.1}}:"])
