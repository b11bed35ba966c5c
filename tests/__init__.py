"""The tests, which do without what the command does without: it takes a second or two in every process."""

import sys

from csd_helpers.cli import SLOW_AND_OPTIONAL

sys.modules.setdefault(SLOW_AND_OPTIONAL, None)  # type: ignore[arg-type]
