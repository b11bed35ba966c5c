"""Injects faults into real runs of a small council, and checks after each that nothing was lost.

Each fault strikes a run that has a new pack to make. Afterwards the pack must be the old one or the new
one, byte for byte; annotations, parameters, commentary, ledger and publications must be untouched; the
run must have said the cause, without a traceback; no process may be left; and the next run must succeed
and make the expected bytes.

    python benchmarks/faults.py --faults 200           every kind in turn, moments and places by the seed
    python benchmarks/faults.py --only "disk full"     one kind (repeatable)
    python benchmarks/faults.py --folder /mnt/small    where to work: a file system of its own can be filled

As root on Linux a small file system (tmpfs) is mounted for it. The exit code is 1 after any violation.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
from fault_kinds import KINDS, ImpossibleError, Told
from small_council import MONTH, Council


def main() -> int:
    """Inject the faults, print a table of them, and return the exit code."""
    given = _options()
    kinds = given.only or list(KINDS)
    counts = {kind: Counter() for kind in kinds}
    violations = []
    with _folder(given.folder) as folder:
        council = Council(folder)
        council.settle()
        print(f"an undisturbed run takes {council.seconds:.1f} s", flush=True)
        for number in range(given.faults):
            kind = kinds[number % len(kinds)]
            wrong, outcome = strike(council, kind, Random(f"{given.seed} {number}"), number)
            counts[kind][outcome] += 1
            violations += [f"{number} {kind}: {what}" for what in wrong]
            print(
                f"{number:4} {kind}: {outcome}{''.join(f'; VIOLATION: {what}' for what in wrong)}", flush=True
            )
    _print_table(counts)
    print(f"{given.faults} faults, {len(violations)} violations", *violations, sep="\n")
    return 1 if violations else 0


def strike(council: Council, kind: str, chance: Random, number: int) -> tuple[list[str], str]:
    """Let a fault strike a run; return what is wrong afterwards, and how it ended."""
    council.annotate(f"Note {number}: the manager was told on {chance.randrange(1, 31)} November.")
    council.change()
    try:
        told = KINDS[kind](council, chance)
    except ImpossibleError as why:
        return [], f"skipped: {why}"
    wrong = council.violations() + _untold(told, council) + _processes_left(council)
    outcome = "went through" if told.ended.code == 0 else f"exit code {told.ended.code}"
    again = council.csd("run", MONTH)
    if again.code or "Traceback" in again.text:
        wrong.append(f"the next run failed: {again.text}")
    elif council.tree() != council.good[council.state]:
        wrong.append("the next run made other bytes")
    return wrong + council.violations() + council.leftovers(), outcome


def _untold(told: Told, council: Council) -> list[str]:
    """Say what the run should have said of the fault and did not."""
    ended = told.ended
    record = council.record()
    wrong = [] if ended.code in told.codes else [f"exit code {ended.code}: {ended.text}"]
    if "Traceback" in ended.text or record.get("traceback"):
        wrong.append(f"a traceback: {ended.text}{record.get('traceback', '')}")
    if not re.search(told.cause, ended.text, re.DOTALL):
        wrong.append(f"did not say {told.cause!r}: {ended.text}")
    return wrong


def _processes_left(council: Council) -> list[str]:
    """Say which processes of the council's runs are still there after a moment."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        left = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.environ().get("TMPDIR") == str(council.root / "tmp"):
                    left.append(f"process left: {' '.join(process.cmdline())}")
        if not left:
            return []
        time.sleep(0.1)
    return left


@contextlib.contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """Give a folder to work in: a file system of its own where that can be had."""
    if given:
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="csd-faults-") as name:
        mounted = (
            sys.platform == "linux"
            and os.geteuid() == 0
            and not subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", name], check=False, capture_output=True
            ).returncode
        )
        try:
            yield Path(name)
        finally:
            if mounted:
                subprocess.run(["umount", name], check=True)


def _print_table(counts: dict[str, Counter[str]]) -> None:
    width = max(map(len, counts))
    for kind, outcomes in counts.items():
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        print(f"{kind:{width}}  {sum(outcomes.values()):3}  {told}")


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--faults", type=int, default=len(KINDS), help="how many")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", action="append", choices=KINDS, metavar="KIND")
    options.add_argument("--folder", type=Path)
    return options.parse_args()


if __name__ == "__main__":
    sys.exit(main())
