"""The rules of the house that a machine can check."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = {  # each floor may import only from itself and the floors above it
    "vocabulary": [
        "errors",
        "period",
        "rounding",
        "leftovers",
        "root",
        "csvfile",
        "yaml_mistakes",
        "yamlfile",
        "suite_extension",
        "suite",
        "suite_editions",
        "exception_report",
        "council",
        "parameters",
    ],
    "intake": ["extract"],
    "measures": ["measures", "figures", "shaping"],
    "judgement": ["rag", "direction", "judge", "reasoning", "reconciliation", "trend", "trend_words"],
    "disclosure": ["release", "commentary", "ledger", "disclosure"],
}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def imports(path: Path) -> set[str]:
    """Return the modules of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("csd_helpers."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "csd_helpers":
            found.update(name.name for name in node.names)
    return found


def files(module: str) -> list[Path]:
    package = ROOT / "csd_helpers" / module
    return sorted(package.rglob("*.py")) if package.is_dir() else [package.with_suffix(".py")]


@pytest.mark.parametrize("floor", FLOORS)
def test_each_floor_imports_only_from_the_floors_above(floor: str) -> None:
    order = list(FLOORS)
    allowed = {module for name in order[: order.index(floor) + 1] for module in FLOORS[name]}
    for module in FLOORS[floor]:
        for path in files(module):
            assert imports(path) <= allowed, path


@pytest.mark.parametrize(
    "module",
    [
        "blocks",
        "charts",
        "committee_report",
        "disclosure_section",
        "downloads",
        "excel",
        "facts",
        "open_document",
        "pack",
        "page",
        "part_files",
        "section",
        "series",
        "sheets",
        "sparklines",
        "summary",
        "tables",
        "word",
    ],
)
def test_telling_sees_no_records_and_no_unreleased_figures(module: str) -> None:
    hidden = {"extract", "measures", "figures", "judge", "release", "disclosure", "pipeline", "workbench"}
    for path in files(module):
        assert path.exists()
        assert not imports(path) & hidden, path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_short_articles_stored_without_outputs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(cells) <= 15
    assert not any(cell["outputs"] or cell["execution_count"] for cell in code)
    for cell in code:
        kinds = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse("".join(cell["source"]))))


def test_there_is_a_notebook_for_the_summary_each_group_the_report_and_disclosure_control() -> None:
    assert len(NOTEBOOKS) == 10


def test_no_module_is_longer_than_a_person_reads() -> None:
    long = {p.name: n for p in (ROOT / "csd_helpers").rglob("*.py") if (n := p.read_text().count("\n")) > 350}
    assert not long


def test_the_readme_has_a_line_for_every_module() -> None:
    listed = (ROOT / "README.md").read_text(encoding="utf-8").split("    csd_helpers/\n")[1]
    package = ROOT / "csd_helpers"
    modules = [path.relative_to(package).as_posix() for path in package.rglob("*.py")]
    missing = [m for m in modules if f"      {m.removesuffix('__init__.py')} " not in listed]
    assert sorted(missing) == ["page/__init__.py"]


def test_the_constraints_pin_versions_and_name_no_index() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert lines and all("==" in line and "://" not in line and "--" not in line for line in lines)
