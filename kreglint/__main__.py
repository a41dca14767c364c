"""`python -m kreglint`."""

from __future__ import annotations

import sys

from kreglint.start import main

sys.exit(main())
