"""How safe kreglint says the fix of an example is, asked of the linter itself."""

from kreglint.diagnostics import Safety
from kreglint.engine.api import check_source
from kreglint.rules.prelude import program
from kreglint.settings.schema import Settings
from tests.oracle.cases import Case

_MILDEST_FIRST = (Safety.SAFE, Safety.UNSAFE, Safety.DISPLAY)


def safety(case: Case) -> Safety | None:
    """The safety of an example's fix in its major, the worst of several; None where the rule offers none."""
    if case.fixed is None:
        return None
    settings = Settings(select=(case.rule.code,), keras_version=str(case.version))
    found = check_source(program(case.example.code).text, settings=settings)
    safeties = [diagnostic.fix.safety for diagnostic in found if diagnostic.fix is not None]
    return max(safeties, key=_MILDEST_FIRST.index, default=None)
