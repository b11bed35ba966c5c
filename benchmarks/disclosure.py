"""Time disclosure control on the demonstration, and compare what simpler rules give away.

python benchmarks/disclosure.py              one year of every indicator, with its breakdowns
python benchmarks/disclosure.py --growth     1, 3, 6, 12 and 24 months
python benchmarks/disclosure.py --editions CHECK.PY
                                             24 monthly editions, published one after the other; the last
                                             is put to an independent checker, all counts of it
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from csd_helpers.demo import write_demo
from csd_helpers.disclosure.audit import audit
from csd_helpers.disclosure.case import Case, parse_case
from csd_helpers.disclosure.coarse import with_coarser
from csd_helpers.disclosure.decision import Chosen, choose
from csd_helpers.disclosure.memory import Memory, Publication, load_memory
from csd_helpers.disclosure.printed import exchanged
from csd_helpers.disclosure.proof import CASE, prove
from csd_helpers.disclosure.protect import protect
from csd_helpers.extract import read_extract
from csd_helpers.handover import Edition
from csd_helpers.parameters import DisclosureRules, load_rules
from csd_helpers.period import Period
from csd_helpers.pipeline import judged_figures, load_edition
from csd_helpers.release import release

ROOT = Path(__file__).resolve().parents[1]


def demonstration(period: str) -> tuple[Edition, pd.DataFrame]:
    """Return the demonstration's edition and all its figures, 24 months of them."""
    edition = load_edition(Period.parse(period), ROOT)
    with tempfile.TemporaryDirectory() as folder:
        write_demo(Path(folder))
        return edition, judged_figures(edition, read_extract(Path(folder)))[0]


def simple_masking(case: Case, chosen: Chosen) -> tuple[int, int, int]:
    """Return how many counts come back exactly, or are not safe, when only small counts are masked."""
    small = {name for name, entry in case.statements.items() if entry.rows and _states_target(case, name)}
    verdicts = audit(case, small).verdicts.values()
    exact = sum(entry.verdict == "exact" for entry in verdicts)
    return len(small), exact, sum(entry.verdict != "safe" for entry in verdicts)


def _states_target(case: Case, name: str) -> bool:
    rows = case.statements[name].rows
    return any(len(row.terms) == 1 and set(row.terms) <= set(case.targets) for row in rows)


def one_more(case: Case) -> tuple[int, int, int]:
    """Return the same for a careful hand: where a sum has one mask, another of its counts is masked too."""
    masked = {name for name in case.statements if _states_target(case, name)}
    names = {
        name: {var for row in entry.rows for var in row.terms} for name, entry in case.statements.items()
    }
    by_count = {var: name for name, counts in names.items() for var in counts}
    for row in case.relations:
        own = {by_count[var] for var in row.terms if var in by_count}
        if len(own & masked) == 1 and len(own) > 1:
            masked.add(min(own - masked, key=lambda name: (case.statements[name].cost, name)))
    verdicts = audit(case, masked).verdicts.values()
    exact = sum(entry.verdict == "exact" for entry in verdicts)
    return len(masked), exact, sum(entry.verdict != "safe" for entry in verdicts)


def measure(edition: Edition, figures: pd.DataFrame, rules: DisclosureRules, months: int) -> Chosen:
    """Protect and audit the latest months, and say how long it took."""
    own = figures[figures["month"].gt(figures["month"].max() - months)].reset_index(drop=True)
    start = time.perf_counter()
    chosen = choose(own, edition.suite, rules)
    decided = time.perf_counter()
    proof = prove(release(own, 1, chosen.withheld), own, edition.suite, rules)
    proven = time.perf_counter()
    decision, size = chosen.decision, f"{len(chosen.case.statements):5,} statements"
    print(
        f"{months:2} months: {size}, {len(chosen.case.targets):4} counts to protect; "
        f"{len(decision.withheld):4} withheld at a cost of {decision.cost:g} "
        f"({'proven' if decision.proven else 'not proven'}) in {decided - start:.1f} s; "
        f"audited in {proven - decided:.1f} s: {len(proof.audit.unsafe)} not safe"
    )
    return chosen


def publish_all(edition: Edition, figures: pd.DataFrame, rules: DisclosureRules, folder: Path) -> None:
    """Publish an edition in each month, knowing those before; keep the last one's case in a folder."""
    elsewhere = load_memory(ROOT, edition.period, edition.suite).elsewhere
    memory = Memory((), elsewhere)
    for month in sorted(figures["month"].unique()):
        own = figures[figures["month"].le(month)].reset_index(drop=True)
        start = time.perf_counter()
        chosen = choose(own, edition.suite, rules, memory)
        public, full = release(own, 1, chosen.withheld), release(own, 2)
        proof = prove(public, own, edition.suite, rules, memory)
        period = str(own["period"][own["month"].eq(month)].iloc[0])
        print(
            f"{period}: {len(proof.case.targets):4} counts to protect, {len(proof.audit.unsafe)} not safe, "
            f"{len(chosen.reasons):4} figures withheld, {time.perf_counter() - start:.1f} s"
        )
        memory = Memory((*memory.editions, Publication(period, public, full)), elsewhere)
    proof.write(folder)


def judge_editions(edition: Edition, figures: pd.DataFrame, rules: DisclosureRules, judge: Path) -> None:
    """Publish 24 editions and ask the independent checker of every count."""
    with tempfile.TemporaryDirectory() as name:
        publish_all(edition, figures, rules, Path(name))
        command = [sys.executable, str(judge), "attack", str(Path(name) / CASE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found = json.loads(done.stdout)
    print(f"checker: {len(found['targets'])} counts, {found['exact']} exact, {found['unsafe']} not safe")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--editions", type=Path, metavar="CHECK.PY")
    parser.add_argument("--period", default="2020-10")
    arguments = parser.parse_args()
    edition, figures = demonstration(arguments.period)
    rules = load_rules(ROOT, list(edition.suite.indicators))
    if arguments.editions:
        judge_editions(edition, figures, rules, arguments.editions)
        return
    rules = rules.model_copy(update={"whole_indicators": {}})
    for months in (1, 3, 6, 12, 24) if arguments.growth else (12,):
        chosen = measure(edition, figures, rules, months)
    for words, (masked, exact, unsafe) in {
        "mask the small counts": simple_masking(chosen.case, chosen),
        "mask, and one more in each sum": one_more(chosen.case),
    }.items():
        print(f"{words}: {masked} withheld; {exact} counts come back exactly, {unsafe} are not safe")
    content = {**chosen.exchange, "statements": exchanged(chosen.exchange["statements"])}
    singly = protect(parse_case(content))
    coarse = protect(parse_case({**content, "statements": with_coarser(content)}))
    print(f"number by number: cost {singly.cost:g}; rounding to 10 and to 5 points first: {coarse.cost:g}")


if __name__ == "__main__":
    main()
