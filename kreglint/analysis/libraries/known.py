"""All that is known of libraries, from the files beside this one. A new library is a new file, and its tables here."""

from __future__ import annotations

from kreglint.analysis.libraries import (
    arithmetic,
    data_classes,
    enums,
    environment,
    flags,
    json_texts,
    named_tuples,
    options,
    partials,
    reflection,
    sequences,
)
from kreglint.analysis.values.module import Library

LIBRARY = Library(
    calls={**arithmetic.CALLS, **environment.CALLS, **data_classes.CALLS, **json_texts.CALLS},
    attributes={**environment.ATTRIBUTES, **flags.ATTRIBUTES},
    made_calls={**partials.MADE_CALLS, **named_tuples.MADE_CALLS},
    builtins={**arithmetic.BUILTINS, **sequences.BUILTINS, **reflection.BUILTINS, **options.BUILTINS},
    methods={**reflection.METHODS, **options.METHODS, **named_tuples.METHODS},
    followed=environment.FOLLOWED | flags.FOLLOWED | partials.FOLLOWED | options.FOLLOWED,
    constructors=(enums.member_by_value, data_classes.made, named_tuples.made_by_subclass),
    members=(enums.member, data_classes.default),
)
