"""What `verify --output-format json` may write."""

STATUS = {"enum": ["match", "mismatch", "inert", "unregularized", "not-checked"]}
NUMBER, TEXT = {"type": ["number", "null"]}, {"type": "string"}


def record(**properties):
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


REGULARIZER = {
    "anyOf": [
        {"type": "null"},
        record(
            kind={"enum": ["L1", "L2", "L1L2", "OrthogonalRegularizer", "Regularizer"]},
            l1=NUMBER,
            l2=NUMBER,
            factor=NUMBER,
        ),
        record(kind={"const": "custom"}, l1=NUMBER, l2=NUMBER, factor=NUMBER, name=TEXT),
    ]
}
PENALTY = record(
    **dict.fromkeys(("layer", "path", "class", "variable", "dtype"), TEXT),
    **dict.fromkeys(("expected", "actual", "relative_error", "tolerance", "share"), NUMBER),
    regularizer=REGULARIZER,
    weights={"type": "integer", "minimum": 0},
    status=STATUS,
    seeded={"type": "boolean"},
)
CHECK = record(status=STATUS, detail=TEXT)
LOCATION = {"anyOf": [{"type": "null"}, record(row={"type": "integer"}, column={"type": "integer"})]}
FINDING = record(
    code={"type": "string", "pattern": "^KRG80[1-9]$"},
    severity={"enum": ["error", "warning", "info"]},
    message=TEXT,
    layer={"type": ["string", "null"]},
    filename={"type": ["string", "null"]},
    location=LOCATION,
)
SCHEMA = record(
    schema={"const": 1},
    target=TEXT,
    keras=TEXT,
    backend={"enum": ["tensorflow", "jax", "torch"]},
    ok={"type": "boolean"},
    penalties={"type": "array", "items": PENALTY},
    total=record(expected=NUMBER, actual=NUMBER, status=STATUS, custom=NUMBER),
    training=CHECK,
    prediction=CHECK,
    survival=CHECK,
    findings={"type": "array", "items": FINDING},
    not_checked={"type": "array", "items": record(what=TEXT, why=TEXT)},
)
