"""The cells that the tables of a verification have, in plain text."""

from __future__ import annotations

from kreglint.runtime.keras_objects import one_line
from kreglint.runtime.result import MATCH, NOT_CHECKED, UNREGULARIZED, Penalty, Verification

HEADINGS = ("Layer", "Weight", "Regularizer", "Weights", "Expected", "Keras", "Error", "Share", "Status")
NUMBERS = ("Weights", "Expected", "Keras", "Error", "Share")


def cells(penalty: Penalty) -> tuple[str, ...]:
    """Return one penalty under HEADINGS."""
    return (
        one_line(f"{penalty.path} ({penalty.class_name})"),
        one_line(penalty.variable) + (" *" if penalty.seeded else ""),
        regularizer_text(penalty),
        f"{penalty.weights:,}" if penalty.weights else "-",
        _number(penalty.expected),
        _number(penalty.actual),
        _error(penalty.relative_error),
        _number(penalty.share, 3),
        penalty.status,
    )


def shown(found: Verification) -> list[Penalty]:
    """Return the rows that tables have: not the weights that nobody asked to regularize."""
    return [each for each in found.penalties if each.status != UNREGULARIZED]


def regularizer_text(penalty: Penalty) -> str:
    """As Python writes it: `L2(l2=0.01)`; a user's own by its name."""
    value = penalty.regularizer
    if value is None:
        return "-"
    factors = [f"{name}={value[name]:g}" for name in ("l1", "l2", "factor") if value[name] is not None]
    return f"{value['kind']}({', '.join(factors)})" if factors else str(value.get("name", value["kind"]))


def headline(found: Verification) -> str:
    """Return the verdict in one line."""
    rows = shown(found)
    matched = sum(each.status == MATCH for each in rows)
    left = [each for each in rows if each.status == NOT_CHECKED]
    errors = sum(each.severity != "info" for each in found.findings)
    clean = "no finding" if left else "ok"
    verdict = clean if found.ok else f"{errors} finding{'' if errors == 1 else 's'}"
    told = f"{verdict}, {matched} of {len(rows)} penalties match{_left(left)}"
    return f"{found.target}: {told} (Keras {found.keras}, {found.backend})"


def _left(rows: list[Penalty]) -> str:
    """Return how many penalties are not held against a formula: a regularizer of the user's own has none."""
    custom = sum(each.regularizer is not None and each.regularizer["kind"] == "custom" for each in rows)
    others = len(rows) - custom
    text = f", {custom} {'has' if custom == 1 else 'have'} no known formula" if custom else ""
    return text + (f", {others} not checked" if others else "")


def is_all_well(found: Verification) -> bool:
    """True if nothing was found and every penalty was held against its formula."""
    return found.ok and all(each.status != NOT_CHECKED for each in found.penalties)


def remarks(found: Verification) -> list[str]:
    """Return the lines below the table: the checks of the whole model, the findings, what was not checked."""
    total = found.total
    lines = [
        f"total       {total.status}: model.losses is {total.actual:.6g}, its parts are {total.expected:.6g}"
        + (f", {total.custom:.6g} of it custom" if total.custom else ""),
        f"training    {found.training.status}: {found.training.detail}",
        f"prediction  {found.prediction.status}: {found.prediction.detail}",
        f"survival    {found.survival.status}: {found.survival.detail}",
    ]
    allowed = [each.tolerance for each in found.penalties if each.tolerance is not None]
    if allowed:
        lines.append(f"tolerance   {_range(min(allowed), max(allowed))}, relative, {_whence(found)}")
    unregularized = sum(each.status == UNREGULARIZED for each in found.penalties)
    if unregularized:
        lines.append(f"{unregularized} trained weight{'s' if unregularized > 1 else ''} without a regularizer")
    if any(each.seeded for each in found.penalties):
        lines.append("* weights that prove nothing (zeros, ones) were random for the time of the check")
    return lines


def _range(least: float, most: float) -> str:
    low, high = f"{least:.2g}", f"{most:.2g}"
    return low if low == high else f"{low} to {high}"


def _whence(found: Verification) -> str:
    return "by dtype and number of weights" if found.stated_tolerance is None else "as stated"


def finding_lines(found: Verification) -> list[str]:
    return [
        f"{each.place.filename}:{each.place.row}: {each.code} {each.message}"
        if each.place
        else f"{each.code} {each.message}"
        for each in found.findings
    ]


def not_checked_lines(found: Verification) -> list[str]:
    return [f"not checked: {each.what}: {each.why}" for each in found.not_checked]


def _number(value: float | None, digits: int = 6) -> str:
    return "-" if value is None else f"{value:.{digits}g}"


def _error(value: float | None) -> str:
    return "-" if value is None else f"{value:.1e}"
