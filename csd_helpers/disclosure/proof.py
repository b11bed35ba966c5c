"""The proof that a released Part 1 gives nothing hidden back, made from what it shows and nothing else."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.disclosure.arithmetic import arithmetic
from csd_helpers.disclosure.audit import SAFE, Audit, audit
from csd_helpers.disclosure.case import Case, parse_case
from csd_helpers.disclosure.decision import exchange_of, release_targets
from csd_helpers.disclosure.memory import NOTHING, Memory, remember
from csd_helpers.disclosure.model import Exchange, Model, are_people, have_parts, model_of
from csd_helpers.disclosure.printed import exchanged, shown_in
from csd_helpers.disclosure.statements import whole
from csd_helpers.disclosure.status import silence
from csd_helpers.disclosure.twins import Twin, covered, require_true
from csd_helpers.errors import CsdError
from csd_helpers.figures import walkable
from csd_helpers.parameters import DisclosureRules
from csd_helpers.release import SUPPRESSED
from csd_helpers.suite import Suite

CASE, TWINS, VERDICTS = "case.json", "twins.json", "verdicts.csv"
_LISTED = 5


@dataclass(frozen=True)
class Proof:
    """The audit of a release, with the case it was made on and the model behind it."""

    model: Model
    case: Case
    exchange: Exchange
    audit: Audit

    def require_safe(self, unfixable: Iterable[str] = ()) -> None:
        """Refuse a release that gives something away, naming what and how.

        Parameters
        ----------
        unfixable
            Counts that are public already, whatever this release withholds.

        Raises
        ------
        CsdError
            If a count that could still be protected is not.
        """
        known = set(unfixable)
        unsafe = [entry for entry in self.audit.unsafe if entry.target not in known]
        if unsafe:
            lines = [f"  {entry.target}: {arithmetic(self.case, entry)}" for entry in unsafe[:_LISTED]]
            more = f"\n  and {len(unsafe) - _LISTED} more" if len(unsafe) > _LISTED else ""
            raise CsdError(
                f"{len(unsafe)} hidden counts can be worked out from Part 1\n" + "\n".join(lines) + more,
                "the disclosure audit of Part 1",
                "no count that a reader can work out",
                "withhold one of the figures named, in parameters/disclosure.yaml",
            )  # fmt: skip

    def table(self) -> pd.DataFrame:
        """Return the verdicts as a table: target, truth, least, most, verdict and why."""
        rows = [
            (entry.target, self.case.secret[entry.target], entry.low, entry.high, entry.verdict,
             "" if entry.verdict == SAFE else arithmetic(self.case, entry))
            for entry in self.audit.verdicts.values()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["count", "truth", "least", "most", "verdict", "because"])

    def write(self, folder: Path) -> None:
        """Keep the case, the twin worlds and the verdicts: confidential, never in a part."""
        folder.mkdir(parents=True, exist_ok=True)
        exchange = {"id": "part1", **self.exchange, "statements": exchanged(self.exchange["statements"])}
        (folder / CASE).write_text(json.dumps(exchange), encoding="utf-8")
        secret = self.case.secret
        twins = [
            {"target": twin.target, "value": twin.value,
             "differs": {name: value for name, value in twin.world.items() if secret[name] != value}}
            for twin in self.audit.twins
        ]  # fmt: skip
        (folder / TWINS).write_text(json.dumps(twins), encoding="utf-8")
        self.table().to_csv(folder / VERDICTS, index=False)


def prove(
    released: pd.DataFrame,
    figures: pd.DataFrame,
    suite: Suite,
    rules: DisclosureRules,
    memory: Memory = NOTHING,
) -> Proof:
    """Audit a released Part 1 against everything published before.

    What is shown is read from the released table itself, so that a figure that slipped through the
    release is found, whoever decided what.

    Parameters
    ----------
    released
        Part 1's released figures.
    figures
        All figures, with the true counts.
    """
    _require_parts(released, figures, suite, rules)
    figures = walkable(figures)
    model = model_of(figures, suite, rules)
    frozen, _, announced = remember(model, memory, suite, rules)
    release_targets(model, figures, rules)
    silent = silence(announced.asked(figures, suite), model.secret)
    shown = shown_in(walkable(released), model, suite, rules)
    exchange = exchange_of(model, rules, [*shown, *silent, *frozen])
    case = parse_case(exchange)
    return Proof(model, case, exchange, audit(case))


def _require_parts(
    released: pd.DataFrame, figures: pd.DataFrame, suite: Suite, rules: DisclosureRules
) -> None:
    """Refuse to prove anything of a share that nobody can say the people of, unless people released it."""
    open_ = are_people(figures, suite) & figures["value"].notna() & ~have_parts(figures)
    open_ &= released["marker"].ne(SUPPRESSED)
    for entry in rules.released:
        open_ &= ~entry.names(figures)
    if open_.any():
        raise ArithmeticError(f"{figures.loc[open_, 'indicator'].iloc[0]} is shown without its parts")


def check_certificate(case: Case, folder: Path) -> list[str]:
    """Check kept twin worlds against a case, in whole numbers and without a solver.

    Returns
    -------
    list of str
        Targets that no kept world gives one of their required values; empty when the certificate
        proves every target safe.

    Raises
    ------
    CsdError
        If there is no certificate, or a world in it contradicts what is shown.
    """
    path = folder / TWINS
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        twins = [_twin(entry) for entry in kept]
        require_true(case, frozenset(), twins)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CsdError(f"there is no certificate: {error}", str(path), "the twin worlds of a run") from None
    except ArithmeticError as error:
        what = f"the certificate is of other figures: {error}"
        raise CsdError(what, str(path), fix="run the period again") from None
    values = covered(twins, case.targets, case.secret)
    return [target for target, required in case.targets.items() if not set(required) <= values[target]]


def _twin(entry: Mapping[str, Any]) -> Twin:
    differs = {name: whole(value) for name, value in entry["differs"].items()}
    return Twin(entry["target"], whole(entry["value"]), differs)
