"""Holds every claim against older Keras and other backends: `python -m tests.oracle.matrix [NAME…] [--rule CODE]`.

Each engine has a virtual environment below the folder, which is made when it is missing; that takes the network, a
few minutes and 2 GB each, and a Python that its TensorFlow supports (3.11 for all). Run it from the top folder.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import CalledProcessError

from kreglint.rules import RULES
from kreglint.rules.base import Rule
from tests.oracle.cases import cases
from tests.oracle.engines import RECIPES, Engine, environment, named
from tests.oracle.fixes import safety
from tests.oracle.process import Oracle
from tests.oracle.record import faults


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.matrix", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(recipe.name for recipe in RECIPES))
    codes = [rule.code for rule in RULES]
    parser.add_argument("--rule", action="append", choices=codes, metavar="CODE", help="only the claims of this rule")
    parser.add_argument("--folder", type=Path, default=Path(".oracle"), help="where the environments are (.oracle)")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {recipe.name for recipe in RECIPES}
    if unknown:
        parser.error(f"expected names of {', '.join(recipe.name for recipe in RECIPES)}, received {unknown.pop()!r}")
    rules = [rule for rule in RULES if not options.rule or rule.code in options.rule]
    failed = False
    for recipe in named(options.names):
        try:
            wrong = _held(environment(recipe, options.folder), rules)
        except CalledProcessError as error:
            print(f"{recipe.name}: cannot be installed: {error}", file=sys.stderr)
            wrong = True
        failed = failed or wrong
    return 1 if failed else 0


def _held(engine: Engine, rules: Sequence[type[Rule]]) -> bool:
    """Hold the rules' claims that speak of an engine's version; say what is not so, and whether anything was."""
    oracle = Oracle(engines={engine.version.major: engine})
    try:
        wrong = faults(rules, oracle, safety, (engine.version,), engine.backend)
        version = oracle.version(engine.version.major)
    finally:
        oracle.close()
    claims = len(cases(rules, (engine.version,), engine.backend))
    for line in wrong:
        print(f"  {line}")
    print(f"{engine.name} (Keras {version}, {engine.backend}): {claims} claims, {len(wrong)} not borne out", flush=True)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
