"""An edition of the suite that extends another: only what changed is written down."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from csd_helpers.errors import CsdError
from csd_helpers.yamlfile import Lines, Location, line_of, read_entries, validated

Entries = dict[str, Any]


class _Changes(BaseModel):
    """What an edition may say about the one it extends; the entries themselves are checked merged."""

    model_config = ConfigDict(extra="forbid")

    suite: Any
    start: Any
    extends: str
    indicators: dict[str, dict[str, Any]] = {}
    added: dict[str, dict[str, Any]] = {}
    dropped: list[str] = []
    links: list[Any] | None = None


def entries_of(path: Path, children: tuple[Path, ...] = ()) -> tuple[Entries, Lines]:
    """Return the entries of an edition, merged with those of the edition it extends.

    Raises
    ------
    CsdError
        With file and line, for an edition that is not there, a circle of editions, or a change
        to an indicator the extended edition does not have.
    """
    content, lines = read_entries(path)
    if "extends" not in content:
        return content, lines
    changes = validated(content, lines, path, _Changes)
    parent = path.with_name(f"{changes.extends}.yaml")
    _refuse_parent(parent, (*children, path), lines)
    merged, _ = entries_of(parent, (*children, path))
    _refuse_changes(changes, merged, path, lines)
    return _merged(changes, merged), _moved(lines)


def files_of(path: Path) -> list[Path]:
    """Return the files an edition is made of: its own, and those it extends."""
    content, _ = read_entries(path)
    if "extends" not in content:
        return [path]
    return [path, *files_of(path.with_name(f"{content['extends']}.yaml"))]


def _refuse_parent(parent: Path, children: tuple[Path, ...], lines: Lines) -> None:
    where = f"{children[-1]}, line {line_of(lines, ('extends',))}"
    if parent in children:
        names = " -> ".join(path.stem for path in (*children, parent))
        raise CsdError(f"the editions extend each other in a circle: {names}", where)
    if not parent.is_file():
        beside = sorted(path.stem for path in parent.parent.glob("*.yaml") if path != children[-1])
        raise CsdError(f"there is no edition '{parent.stem}' to extend", where, "one of " + ", ".join(beside))


def _refuse_changes(changes: _Changes, parent: Entries, path: Path, lines: Lines) -> None:
    """Refuse what does not fit the edition extended, at its line."""
    known = parent["indicators"]
    linked = _linked(parent.get("links", [])) if changes.links is None else set()
    places: list[tuple[Location, str]] = [(("indicators", key), key) for key in changes.indicators]
    places += [(("dropped", at), key) for at, key in enumerate(changes.dropped)]
    for location, key in places:
        where = f"{path}, line {line_of(lines, location)}"
        if key not in known:
            raise CsdError(f"{changes.extends} has no indicator '{key}' to change or drop", where)
        if location[0] == "dropped" and key in changes.indicators:
            raise CsdError(f"{key} is both changed and dropped", where)
        if location[0] == "dropped" and linked & _names(key, known[key]):
            raise CsdError(
                f"{key} is dropped but {changes.extends} links its counts to others",
                where,
                fix="write the links of this edition, without it",
            )
    for key in set(changes.added) & set(known):
        where = f"{path}, line {line_of(lines, ('added', key))}"
        raise CsdError(f"{key} is added but {changes.extends} has it", where, fix="put it under indicators")


def _names(key: str, entry: Entries) -> set[str]:
    """Return the names an indicator's counts have in links: its own and its companions'."""
    return {key, *(f"{key}_{companion}" for companion in entry.get("companions", {}))}


def _linked(links: list[Entries]) -> set[str]:
    return {name.split(".")[0] for link in links for name in (link["total"], *link["parts"])}


def _merged(changes: _Changes, parent: Entries) -> Entries:
    """Put an edition's changes over the entries it extends, field by field."""
    indicators = {
        key: entry | changes.indicators.get(key, {})
        for key, entry in parent["indicators"].items()
        if key not in changes.dropped
    }
    merged = parent | {
        "suite": changes.suite,
        "start": changes.start,
        "indicators": indicators | changes.added,
    }
    return merged if changes.links is None else merged | {"links": changes.links}


def _moved(lines: Lines) -> Lines:
    """Find added indicators where the merged edition has them."""
    moved = {
        ("indicators", *place[1:]): line
        for place, line in lines.items()
        if place[:1] == ("added",) and place[1:]
    }
    return lines | moved
