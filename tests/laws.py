"""How often a law is tried."""

import os


def examples(few: int) -> int:
    """So many examples, or KREGLINT_EXAMPLES times as many."""
    return few * int(os.environ.get("KREGLINT_EXAMPLES", "1"))
