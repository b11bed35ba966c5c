"""How a run went as a short plain text, fit for an e-mail: it holds no figure and nothing of any record."""

from pathlib import Path

from csd_helpers.period import Period
from csd_helpers.record import page_path
from csd_helpers.task import MonthResult

_WHY = {  # by exit code; the message itself may quote a record, so it stays on the page
    2: "an extract or a parameter must be put right first",
    130: "it was stopped",
}


def run_summary(results: list[MonthResult], homes: dict[str, Path], waiting: dict[str, str]) -> str:
    """Return a subject line, an empty line, and the text.

    Parameters
    ----------
    homes
        The folder that holds ``outputs``, by council.
    waiting
        What stands between a pack and its publication, in numbers of matters, by the name of the result.
    """
    failed = [result for result in results if result.error]
    ready = f"{len(results) - len(failed)} of {len(results)} packs ready"
    subject = f"Children's scrutiny dataset, {_months(results)}: {ready}"
    ordered = [*failed, *(result for result in results if not result.error)]
    blocks = [_block(result, homes[result.council], waiting.get(result.name, "")) for result in ordered]
    return "\n\n".join([subject, *blocks]) + "\n"


def _months(results: list[MonthResult]) -> str:
    months = sorted({Period.parse(result.period) for result in results})
    return months[0].label if len(months) == 1 else f"{months[0].label} to {months[-1].label}"


def _block(result: MonthResult, home: Path, waiting: str) -> str:
    head = f"{result.council}, ".removeprefix(", ") + Period.parse(result.period).label
    if result.error:
        why = _WHY.get(result.exit_code, "a notebook, the disk or the memory failed")
        lines = [f"{head}: FAILED: {why}", "the last good pack, if there was one, is as it was"]
        return "\n  ".join([*lines, f"why, and what to do: {page_path(home, result.period)}"])
    pack = home / "outputs" / result.period
    lines = [f"{head}: ready: {result.made} pages made, {result.kept} up to date"]
    lines += [f"Part 1 (public): {pack / 'part1' / 'index.html'}"]
    lines += [f"Part 2 (exempt): {pack / 'part2' / 'index.html'}"]
    return "\n  ".join([*lines, *([f"before publication: {waiting}"] if waiting else [])])
