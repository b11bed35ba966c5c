"""Part 1 from twin worlds is the same to the byte; and if it leaked anything, it would not be."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from csd_helpers import charts, execution, section
from csd_helpers.batch import run_notebooks
from csd_helpers.disclosure.decision import Chosen, choose
from csd_helpers.disclosure.memory import load_memory
from csd_helpers.facts import Fragment
from csd_helpers.handover import Edition, hand_over
from csd_helpers.job import NotebookJob
from csd_helpers.judge import judge
from csd_helpers.page_frame import page_frames
from csd_helpers.parameters import load_rules
from csd_helpers.part_files import part_files
from csd_helpers.plan import Choice, all_jobs
from csd_helpers.prepared import Prepared
from csd_helpers.release import release
from csd_helpers.series import OneSeries, Series
from tests.conftest import OCTOBER
from tests.pipeline.test_part1_is_blind import files
from tests.running.conftest import write_notebook

World = dict[str, int]
MONTHLY, DIVIDED = "permanent_exclusions", "care_leavers_ete"  # with hidden months; with hidden categories
CELLS = (
    "from csd_helpers.pack import open_pack\npack = open_pack(period, part, release)",
    "pack.heading()",
    f'pack.indicator("{MONTHLY}")',
    f'pack.breakdown("{DIVIDED}", "activity")',
)


@pytest.fixture(scope="module")
def figures(prepared: Prepared) -> pd.DataFrame:
    return pd.read_parquet(working(prepared) / "figures.parquet")


@pytest.fixture(scope="module")
def chosen(told_by: Edition, figures: pd.DataFrame, council: Path) -> Chosen:
    suite = told_by.suite
    memory = load_memory(council, OCTOBER, suite)
    return choose(figures, suite, load_rules(council, list(suite.indicators)), memory)


@pytest.fixture(scope="module")
def worlds(prepared: Prepared) -> list[World]:
    """Return the worlds of the kept certificate: what they say other than the truth."""
    kept = json.loads((working(prepared) / "disclosure" / "twins.json").read_text(encoding="utf-8"))
    return [entry["differs"] for entry in kept]


def working(prepared: Prepared) -> Path:
    return prepared.releases[1].parents[1]


def twin_figures(told_by: Edition, figures: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return the figures of another world, rated anew."""
    parts = figures[["indicator", "breakdown", "category", "period"]].to_numpy().tolist()
    names = ["|".join(part for part in row if part != "all") for row in parts]
    other = figures.drop(columns=["rating", "text", "numerator_text", "denominator_text"])
    numerator = pd.Series([world.get(name) for name in names], dtype="float64")
    denominator = pd.Series([world.get(f"all of {name}") for name in names], dtype="float64")
    other["numerator"] = numerator.fillna(figures["numerator"])
    other["denominator"] = denominator.fillna(figures["denominator"])
    plain = other["unit"].eq("count")
    other["value"] = other["value"].mask(plain & numerator.notna(), other["numerator"])
    shares = 100 * other["numerator"] / other["denominator"].where(other["denominator"].gt(0))
    changed = other["unit"].eq("percent") & (numerator.notna() | denominator.notna())
    other["value"] = other["value"].mask(changed, shares)
    return judge(other, told_by.suite, told_by.benchmarks)


def test_packs_of_twin_worlds_are_the_same_to_the_byte(
    pack: Path, told_by: Edition, figures: pd.DataFrame, chosen: Chosen, worlds: list[World],
    council: Path, tmp_path: Path,
) -> None:  # fmt: skip
    """Two worlds in which hidden counts of the month are others: every page of Part 1 is the same."""
    changed = [world for world in worlds if any(name.endswith("2020-10") for name in world)]
    assert len(changed) >= 2
    for at, world in enumerate((changed[0], changed[-1])):
        other = twin_figures(told_by, figures, world)
        assert not other[["numerator", "denominator"]].equals(figures[["numerator", "denominator"]])
        releases = {1: tmp_path / f"release{at}"}
        hand_over(release(other, 1, chosen.withheld), 1, told_by, releases[1])
        assert files(releases[1]) == files(pack / "working" / "release" / "part1")
        own = Prepared(releases, page_frames(told_by, releases, {}), {}, {})
        run_notebooks(all_jobs(own, OCTOBER, council, Choice()), tmp_path / f"pages{at}", workers=2)
        expected = files(pack / "part1")
        downloads = part_files(releases[1])
        assert downloads == {name: expected.pop(name) for name in downloads}
        assert files(tmp_path / f"pages{at}" / "part1") == expected


class Leak:
    """What a careless hand would need: the hidden figures, within reach of the code that tells."""

    def __init__(self, full: pd.DataFrame) -> None:
        self._full = full.set_index(["indicator", "breakdown", "category", "period"])["numerator"]

    def months(self, key: str, months: list[str]) -> list[float]:
        return [float(self._full[key, "all", "all", month]) for month in months]

    def category(self, row: Any) -> float:
        return float(self._full[row.indicator, row.breakdown, row.category, row.period])


Mutant = Callable[[pytest.MonkeyPatch, Leak], None]


def in_alt_text(patch: pytest.MonkeyPatch, leak: Leak) -> None:
    honest = section._alt

    def alt(entry: dict[str, Any], own: OneSeries) -> str:
        return f"{honest(entry, own)} {leak.months(MONTHLY, own.months)}"

    patch.setattr(section, "_alt", alt)


def in_an_svg_path(patch: pytest.MonkeyPatch, leak: Leak) -> None:
    full = property(lambda own: leak.months(MONTHLY, own.months))
    patch.setattr(OneSeries, "values", full)
    patch.setattr(charts, "_limits", lambda trend: (0.0, 100.0))  # the scale says nothing: the line does


def in_an_axis_limit(patch: pytest.MonkeyPatch, leak: Leak) -> None:
    honest = charts._limits

    def limits(trend: charts.Trend) -> tuple[float, float]:
        numbers = leak.months(MONTHLY, [str(month) for month in trend.months])
        hidden = [value for value, is_hidden in zip(numbers, trend.hidden, strict=True) if is_hidden]
        return honest(trend)[0], 50.0 + sum(hidden)

    patch.setattr(charts, "_limits", limits)


def in_the_order_of_a_masked_table(patch: pytest.MonkeyPatch, leak: Leak) -> None:
    honest = Series.cells

    def cells(own: Series, *names: str) -> pd.DataFrame:
        rows = honest(own, *names)
        numbers = [leak.category(row) for row in rows.itertuples()]
        return rows.iloc[pd.Series(numbers).argsort(kind="stable").to_numpy()[::-1]]

    patch.setattr(Series, "cells", cells)


def in_the_width_of_a_column(patch: pytest.MonkeyPatch, leak: Leak) -> None:
    honest = Series.cells

    def cells(own: Series, *names: str) -> pd.DataFrame:
        rows = honest(own, *names)
        width = max(int(leak.category(row)) for row in rows.itertuples() if row.marker == "c")
        return rows.assign(text=[text + "\u2007" * width for text in rows["text"]])

    patch.setattr(Series, "cells", cells)


def in_the_notebook_only(patch: pytest.MonkeyPatch, leak: Leak) -> None:
    def bundle(own: Fragment, **kinds: object) -> dict[str, Any]:
        months = [str(month) for month in OCTOBER.window(24)]
        return {"text/html": own._repr_html_(), "application/json": leak.months(MONTHLY, months)}

    patch.setattr(Fragment, "_repr_mimebundle_", bundle, raising=False)


MUTANTS: list[Mutant] = [
    in_alt_text,
    in_an_svg_path,
    in_an_axis_limit,
    in_the_order_of_a_masked_table,
    in_the_width_of_a_column,
    in_the_notebook_only,
]


@pytest.fixture(scope="module")
def two_worlds(
    told_by: Edition, figures: pd.DataFrame, chosen: Chosen, worlds: list[World],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[tuple[Path, Leak]]]:  # fmt: skip
    """Return the release folders of the truth and of a world that differs in what the mutants tell."""
    made = []
    other = far_away(worlds)
    for world in ({}, other):
        full = twin_figures(told_by, figures, world)
        folder = tmp_path_factory.mktemp("release")
        hand_over(release(full, 1, chosen.withheld), 1, told_by, folder)
        made.append((folder, Leak(full)))
    yield made


def far_away(worlds: list[World]) -> World:
    """Join two worlds that have nothing to do with each other: hidden months, and hidden categories.

    Of those with other categories in the month, the one in which they are the most alike.
    """
    monthly = next(own for own in map(only(f"{MONTHLY}|"), worlds) if own)
    divided = [own for own in map(only(f"{DIVIDED}|activity", "2020-10"), worlds) if own]
    return monthly | min(divided, key=lambda own: max(own.values()))


def only(start: str, end: str = "") -> Callable[[World], World]:
    """Return what takes from a world the counts of a name."""
    return lambda world: {
        name: value for name, value in world.items() if name.startswith(start) and name.endswith(end)
    }


def made_of(release_folder: Path, notebook: Path, folder: Path) -> tuple[bytes, list[Any]]:
    """Return the finished page of a release, and everything its executed notebook shows."""
    parameters = {"period": "2020-10", "part": 1, "release": str(release_folder)}
    page = {"title": "t", "org": "o", "part": 1, "marking": "m", "nav": [], "footer": "f", "downloads": []}
    job = NotebookJob(notebook, 1, parameters, page, "page.html", "page.ipynb")
    done = execution.do(job, folder, lambda cell, of: None)
    assert done.error == ""
    cells = nbformat.read(folder / "page.ipynb", as_version=4).cells
    return (folder / "page.html").read_bytes(), [cell.get("outputs") for cell in cells]


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "leaky.ipynb", *CELLS)


def test_honest_code_tells_the_same_of_both_worlds(
    two_worlds: list[tuple[Path, Leak]], notebook: Path, tmp_path: Path
) -> None:
    (truth, _), (other, _) = two_worlds
    assert made_of(truth, notebook, tmp_path / "a") == made_of(other, notebook, tmp_path / "b")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_hidden_value_left_anywhere_is_seen(
    mutant: Mutant,
    two_worlds: list[tuple[Path, Leak]],
    notebook: Path,
    tmp_path: Path,
) -> None:
    """What the comparison of finished pages is worth: it sees each of the leaks it is there for."""
    made = []
    for at, (folder, leak) in enumerate(two_worlds):
        with pytest.MonkeyPatch.context() as patch:
            mutant(patch, leak)
            made.append(made_of(folder, notebook, tmp_path / str(at)))
    (page, shown), (other_page, other_shown) = made
    assert shown != other_shown
    assert (page != other_page) == (mutant is not in_the_notebook_only)  # its page is clean, the notebook not
