"""The project's own layers, as its settings declare them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kreglint.catalog.model import load
from kreglint.likeness import closest
from kreglint.settings.schema import Settings, SettingsError
from kreglint.versions import MAJORS


@cache
def own_layers(settings: Settings) -> Mapping[str, str]:
    """Return the Keras layer that each class or function of the project's own behaves like, by its dotted path.

    Raises:
        SettingsError: no Keras has a layer of this name.
    """
    catalogs = [load(major) for major in MAJORS] if settings.layers else []
    for path, name in settings.layers:
        if not any(catalog.layer(name) for catalog in catalogs):
            known = sorted({layer for catalog in catalogs for layer in catalog.layer_names})
            near = closest(name, known)
            hint = f'; did you mean "{near}"?' if near is not None else ""
            expected = f"expected the class name of a Keras layer for {path!r}"
            raise SettingsError(f'{settings.origin("layers")}: {expected}, received the string "{name}"{hint}')
    return dict(settings.layers)
