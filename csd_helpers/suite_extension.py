"""An edition of the suite that extends another: only what changed is written down."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from csd_helpers.errors import CsdError
from csd_helpers.yamlfile import Lines, Location, line_of, read_entries, validated

Entries = dict[str, Any]
_WORDS = ("definition", "numerator", "denominator")  # what says in words what is counted


class _Changes(BaseModel):
    """What an edition may say about the one it extends; the entries themselves are checked merged."""

    model_config = ConfigDict(extra="forbid")

    suite: Any
    start: Any
    extends: str
    indicators: dict[str, dict[str, Any]] = {}
    added: dict[str, dict[str, Any]] = {}
    dropped: list[str] = []
    #: Indicators whose definition says the same in other words. Of this edition only, so never merged.
    reworded: list[str] = []
    links: list[Any] | None = None


def entries_of(path: Path, children: tuple[Path, ...] = ()) -> tuple[Entries, Lines]:
    """Return the entries of an edition, merged with those of the edition it extends.

    Raises
    ------
    CsdError
        With file and line, for an edition that is not there, a circle of editions, a change to an
        indicator the extended edition does not have, or a definition in other words where nothing
        says whether it is another: its line would go on, or break, without anybody's decision.
    """
    content, lines = read_entries(path)
    if "extends" not in content:
        return content, lines
    changes = validated(content, lines, path, _Changes)
    parent = path.with_name(f"{changes.extends}.yaml")
    _refuse_parent(parent, (*children, path), lines)
    merged, _ = entries_of(parent, (*children, path))
    _refuse_changes(changes, merged, path, lines)
    _refuse_words(changes, merged, path, lines)
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
    for name, keys in (("dropped", changes.dropped), ("reworded", changes.reworded)):
        places += [((name, at), key) for at, key in enumerate(keys)]
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


def _refuse_words(changes: _Changes, parent: Entries, path: Path, lines: Lines) -> None:
    """Refuse other words for what is counted where the edition does not say whether they mean another."""
    for key, entry in changes.indicators.items():
        was = parent["indicators"][key]
        other = [name for name in _WORDS if name in entry and _plain(entry[name]) != _plain(was.get(name))]
        breaks = entry.get("definition_changed", "") not in ("", was.get("definition_changed", ""))
        if other and not breaks and key not in changes.reworded:
            raise CsdError(
                f"{key} has another {other[0]} than in {changes.extends}, and nothing says whether it counts "
                "the same",
                f"{path}, line {line_of(lines, ('indicators', key, other[0]))}",
                "definition_changed where something else is counted, or the key under reworded",
                f"write beside it definition_changed: {changes.start}, and the line breaks there; "
                f"if only the wording was improved, add reworded: [{key}] to the file",
            )


def _plain(words: object) -> str:
    """Return words without regard to how the lines of a file are broken."""
    return " ".join(str(words or "").split())


def _names(key: str, entry: Entries) -> set[str]:
    """Return the names an indicator's counts have in links: its own and its companions'."""
    return {key, *entry.get("companions", {})}


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
