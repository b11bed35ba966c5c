"""Run the pack of a test's project in a process of its own: ``python drive.py ROOT``."""

import signal
import sys
from dataclasses import replace
from pathlib import Path

from csd_helpers.batch import run_pack
from tests.running.conftest import OCTOBER, PLAIN, prepare

if __name__ == "__main__":
    # A shell's background job is started deaf to Ctrl-C, and would pass that on to this process.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run_pack(OCTOBER, Path(sys.argv[1]), prepare, replace(PLAIN, force=True))
