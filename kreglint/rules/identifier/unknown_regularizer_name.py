"""KRG109 unknown-regularizer-name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kreglint.catalog.model import Keras
from kreglint.diagnostics import Finding, Fix, Safety, Severity, Span
from kreglint.facts.file import NameUse
from kreglint.likeness import closest
from kreglint.outcomes import Fails
from kreglint.rules.base import Context, Rule
from kreglint.rules.edits import replacement
from kreglint.rules.examples import Bad, Examples, Good, Penalty, Raises
from kreglint.rules.identifier.strings import METHODS
from kreglint.rules.migrate.keras1_regularizer import SUCCESSORS
from kreglint.versions import Version

_MODULE = "regularizers"
_METHODS = {**{name.replace("_", ""): meant for name, meant in METHODS.items()}, "weightdecay": "l2"}
_ADDED = r"regulari[sz](?:er|ation|ers)|penalty|norm"  # to the name in other libraries
_FIRST_API = Version(2, 4)  # before, a module of Keras had all that it imported
_INNER = frozenset(  # what `keras.regularizers` of some version imports for itself
    "K backend np math math_ops six tf ops warnings keras_export initializers regularizers validate_float_arg "
    "serialize_keras_object deserialize_keras_object generic_utils get_from_module absolute_import division "
    "print_function".split()
)


class UnknownRegularizerName(Rule):
    """A name is imported or read from `keras.regularizers` that is not there.

    ## Why is this bad?
    Keras has `L1`, `L2`, `L1L2` and `OrthogonalRegularizer`. Importing anything else is an `ImportError`, and reading
    it from the module is an `AttributeError`. It is the same for a misspelt module, such as `keras.regularizer`, and
    for a regularizer that is looked for in `keras.layers`.

    ## What to write instead
    The name as the target version has it. A regularizer of your own is not in Keras' module: use it by its own name.

    ## Fix safety
    Unsafe: the nearest name is a guess.
    """

    code, name, severity = "KRG109", "unknown-regularizer-name", Severity.ERROR

    @staticmethod
    def examples() -> Examples:
        return (
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.ridge»(0.1))",
                both=Raises("AttributeError", "constructor", "has no attribute 'ridge'"),
                fixed="Dense(4, kernel_regularizer=regularizers.l2(0.1))",
            ),
            Bad(
                "Dense(4, kernel_regularizer=«regularizers.L1_L2»(l1=0.1, l2=0.1))",
                both=Raises("AttributeError", "constructor", "has no attribute 'L1_L2'"),
                fixed="Dense(4, kernel_regularizer=regularizers.L1L2(l1=0.1, l2=0.1))",
            ),
            Bad("from keras.regularizers import l2, «l12»", both=Raises("ImportError", "import")),
            Bad(
                "Dense(4, kernel_regularizer=«keras.regularizer».l2(0.1))",
                both=Raises("AttributeError", "constructor", "has no attribute 'regularizer'"),
                fixed="Dense(4, kernel_regularizer=keras.regularizers.l2(0.1))",
            ),
            Bad("from keras import layers, «regularizer»", both=Raises("ImportError", "import")),
            Bad("from «keras.regularisers» import l1, l2", both=Raises("ModuleNotFoundError", "import")),
            Bad(
                "from keras.layers import Dense, «l2»\nDense(4, kernel_regularizer=l2(0.1))",
                both=Raises("ImportError", "import"),
            ),
            Bad(
                """
                class Sparse(regularizers.Regularizer):
                    def __call__(self, x):
                        return 0.1 * tf.reduce_sum(x)


                Dense(4, activity_regularizer=«regularizers.Sparse»())
                """,
                both=Raises("AttributeError", "constructor", "has no attribute 'Sparse'"),
            ),
            Bad(
                """
                make = getattr(regularizers, '«L3»')
                Dense(4, kernel_regularizer=make(0.1))
                """,
                both=Raises("AttributeError", "constructor", "has no attribute 'L3'"),
                fixed="""
                make = getattr(regularizers, 'L2')
                Dense(4, kernel_regularizer=make(0.1))
                """,
            ),
            Good(
                """
                from keras.layers import Dense
                from keras.regularizers import L1, L2, L1L2, OrthogonalRegularizer, Regularizer, get, l1_l2, serialize

                layer = Dense(4, kernel_regularizer=l1_l2(l1=0.1, l2=0.1))
                """,
                both=Penalty("0.1 * sum(abs(kernel)) + 0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                try:
                    from keras.regularizers import l12
                except ImportError:
                    from keras.regularizers import l1_l2 as l12
                """
            ),
            Good(
                """
                if hasattr(regularizers, 'L3'):
                    cubic = regularizers.L3(0.1)
                Dense(4)
                """
            ),
            Good(
                """
                make = getattr(regularizers, 'L3', regularizers.L2)
                Dense(4, kernel_regularizer=make(0.1))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                def ridge(factor):
                    return L2(factor)


                regularizers.ridge = ridge
                Dense(4, kernel_regularizer=regularizers.ridge(0.1))
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good(
                """
                if keras.__version__ < '1':
                    penalty = regularizers.weight_decay(0.1)
                Dense(4)
                """
            ),
            Good(
                """
                from mynets import regularizers as ours

                build = lambda: Dense(4, kernel_regularizer=ours.ridge(0.1))
                """
            ),
            Good(
                """
                class Block:
                    def __init__(self, regularizer):
                        self.regularizer = regularizer

                    def make(self):
                        return Dense(4, kernel_regularizer=self.regularizer)


                Block(regularizers.L2(0.1)).make()
                """,
                both=Penalty("0.1 * sum(kernel**2)"),
            ),
            Good("print(regularizers.__name__, regularizers.L2.from_config({'l2': 0.1}))\nDense(4)"),
            Good(
                """
                import pytest

                with pytest.raises(AttributeError):
                    regularizers.ridge(0.1)
                """
            ),
        )

    def check_file(self, context: Context) -> Iterator[Finding]:
        for use in context.facts.regularizer_names:
            if use.module is not None and not (use.guarded or use.provoked) and _is_absent(use, context):
                yield _finding(use, context)


def _is_absent(use: NameUse, context: Context) -> bool:
    """True if the Keras that is judged certainly has no such name."""
    name = use.symbol.name
    if use.module != _MODULE:
        path = f"{use.module}.{name}".removeprefix(".")
        return context.version >= _FIRST_API and path not in context.keras.module_paths
    told = name in SUCCESSORS or name in _INNER or name.startswith("_")
    return not told and f"{_MODULE}.{name}" not in context.keras.module_paths


def _finding(use: NameUse, context: Context) -> Finding:
    name, module = use.symbol.name, f"keras.{use.module}".removesuffix(".")
    meant = _meant(use, context.keras)
    whole = "." in use.symbol.path and use.imported and use.span.end - use.span.start > len(name)
    error = "AttributeError" if not use.imported else "ModuleNotFoundError" if whole else "ImportError"
    told = f"; this file has a '{name}' of its own" if use.defined and not use.imported else ""
    return Finding(
        use.span,
        f"{module} has no '{name}'{told}",
        outcome=Fails(error),
        meant=f"'{meant}'" if meant is not None and not told else "",
        fix=_fix(use, meant, context) if meant is not None and not told else None,
    )


def _meant(use: NameUse, keras: Keras) -> str | None:
    """Return the name that was probably meant: as it is written after its module, or after `keras` for another one."""
    name = use.symbol.name
    if use.module == "":
        return _MODULE if name not in keras.regularizers else f"keras.{_MODULE}.{name}"
    if use.module != _MODULE:
        return f"keras.{_MODULE}.{name}" if name != _MODULE else f"keras.{_MODULE}"
    if closest(name, ["Regularizer", "OrthogonalRegularizer"], 0.85) == "Regularizer":
        return "Regularizer"
    known = [each for each in keras.regularizers if each != "Regularizer"]
    plain = re.sub(_ADDED, "", name.replace("_", "").lower()) or name.lower()
    alike = next((each for each in known if each.replace("_", "").lower() == plain), None)
    if alike is None and {"1", "2"} <= set(plain) and "l" in plain:
        alike = next((each for each in ("L1L2", "l1_l2") if each in known), None)
    named = alike or _METHODS.get(plain) or closest(name, known, 0.5)
    return named if named in known else None


def _fix(use: NameUse, meant: str, context: Context) -> Fix | None:
    """Write the nearest name where it is read; what is imported is used elsewhere too."""
    name = use.symbol.name
    there = context.names.has(f"keras.{_MODULE}.{meant}") if use.module == _MODULE else meant == _MODULE
    if use.imported or not there or "." in meant:
        return None
    start = use.span.end - len(name)
    return replacement(f"Write {meant}", Span(start, use.span.end), meant, Safety.UNSAFE)
