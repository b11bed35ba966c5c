"""A real council made small: one group of indicators from typed returns, six months, every kind of page."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

GROUP = "education_and_youth"
_RETURNS = """indicator,period,numerator,denominator,value,breakdown,category,as_at,status,source
permanent_exclusions,2020-09,6,52310,,,,2020-09-30,final,schools team
permanent_exclusions,2020-10,7,52310,,,,2020-10-31,final,schools team
suspensions,2020-10,120,52310,,,,2020-10-31,final,schools team
first_time_entrants,2020-10,31,31000,,,,2020-10-31,final,youth justice
"""


def make_small(root: Path) -> Path:
    """Write a project with the real suite, rules and notebooks cut down to one group."""
    shutil.copytree(ROOT / "parameters", root / "parameters")
    shutil.rmtree(root / "parameters/commentary")
    for name in ("published_elsewhere", "revisions"):  # of indicators that are left out here
        (root / "parameters" / f"{name}.csv").unlink()
    for name in ("summary", GROUP, "report", "disclosure"):
        (root / "notebooks").mkdir(exist_ok=True)
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", root / "notebooks")
    edit(root / "parameters/suite/2020-21.yaml", _lean)
    edit(root / "parameters/disclosure.yaml", lambda rules: rules | {"whole_indicators": {}})
    edit(root / "parameters/periods/2020-10.yaml", lambda period: period | {"months": 6})
    extract = root / "outputs/demo/extract"
    extract.mkdir(parents=True)
    (extract / "returns.csv").write_text(_RETURNS)
    return root


def _lean(suite: dict[str, Any]) -> dict[str, Any]:
    indicators = {key: entry for key, entry in suite["indicators"].items() if entry["group"] == GROUP}
    return suite | {"groups": {GROUP: suite["groups"][GROUP]}, "indicators": indicators, "links": []}


def edit(path: Path, change: Any) -> None:
    path.write_text(yaml.safe_dump(change(yaml.safe_load(path.read_text())), sort_keys=False))
