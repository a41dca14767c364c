"""What builders of random projects do with layers beside a plain chain: names set anew, ways that part, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Dense = Callable[[], str]
Choose = Callable[..., str]


def of_functions(dense: Dense, one_of: Choose) -> str:
    """Statements between the first layer of a functional model and the model."""
    return one_of(
        f"dropped = {dense()}(x)",
        f"y = {dense()}(x)\n    x = inputs if outside.flag() else y",
        f"y = {dense()}(x)\n    if outside.flag():\n        x = y",
        f"y = {dense()}(x)\n    x, y = y, x",
        f"y = x\n    x = inputs\n    if outside.flag():\n        x = {dense()}(y)",
        f"y = x\n    x = {dense()}(inputs)\n    x = x + y",
        f"pair = (x, {dense()}(inputs))\n    x = pair[{one_of('0', '1')}]",
        f"made = [{dense()}, {dense()}]\n    for layer in made:\n        x = layer({one_of('x', 'x', 'inputs')})",
        f"for _ in range(units):\n        y = {dense()}(x)\n        x = {one_of('y', 'inputs', 'x')}",
        f"for _ in range(2):\n        if outside.flag():\n            break\n        x = {dense()}(x)",
        f"try:\n        x = {dense()}(x)\n    except ValueError:\n        x = {dense()}(inputs)",
        f"layer = {dense()}\n    layer = {dense()}\n    x = layer(x)",
        f"if outside.flag():\n        x = {dense()}(x)\n    else:\n        x = {dense()}(inputs)",
        f"def block(x, other):\n        return {one_of('other', 'x', 'x if outside.flag() else other')}\n"
        f"    x = block({dense()}(x), inputs)",
    )


def of_lists(dense: Dense, one_of: Choose) -> Sequence[str]:
    """Statements that make a Sequential model of a list."""
    change = one_of("parts = [Dense(1)]", f"parts.append({dense()})", "parts.pop()", f"parts += [{dense()}]", "pass")
    late = one_of("pass", f"parts.append({dense()})", "parts.clear()")
    return (f"parts = [{dense()}]", change, "model = keras.Sequential(parts)", late)
