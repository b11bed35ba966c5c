"""What changed from one edition of the suite to another, in words."""

from csd_helpers.suite import Amber, Indicator, Suite, Target

_COMPARED = ("number", "title", "target", "amber", "definition")
_HEADINGS = {
    "number": "Renumbered",
    "title": "Retitled",
    "target": "Targets",
    "amber": "Tolerance",
    "definition": "Definition",
    "other": "Otherwise changed",
    "added": "Added",
    "dropped": "Dropped",
}


def suite_changes(old: Suite, new: Suite) -> dict[str, list[str]]:
    """Return the changes by kind, in the order of the new numbers; kinds without any are left out.

    Indicators are matched by key, which never changes.
    """
    found: dict[str, list[str]] = {kind: [] for kind in _HEADINGS}
    for key, indicator in new.by_number.items():
        if key in old.indicators:
            _compare(key, old.indicators[key], indicator, found)
        else:
            found["added"].append(f"{key}: {indicator.number} {indicator.title}")
    for key, indicator in old.by_number.items():
        if key not in new.indicators:
            found["dropped"].append(f"{key}: {indicator.number} {indicator.title}")
    return {kind: lines for kind, lines in found.items() if lines}


def changes_text(changes: dict[str, list[str]]) -> str:
    """Print the changes, a heading for each kind."""
    if not changes:
        return "nothing changed"
    return "\n\n".join(
        "\n".join([f"{_HEADINGS[kind]} ({len(lines)})", *(f"  {line}" for line in lines)])
        for kind, lines in changes.items()
    )


def _compare(key: str, old: Indicator, new: Indicator, found: dict[str, list[str]]) -> None:
    for field in _COMPARED:
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            found[field].append(f"{key}: {_said(was)} -> {_said(now)}")
    if new.definition_changed not in ("", old.definition_changed):
        found["definition"].append(f"{key}: changed from {new.definition_changed} on: the line breaks there")
    others = [name for name in type(new).model_fields if name not in (*_COMPARED, "definition_changed")]
    names = [name for name in others if getattr(old, name) != getattr(new, name)]
    if names:
        found["other"].append(f"{key}: {', '.join(names)}")


def _said(value: object) -> str:
    if isinstance(value, Target):
        profile = f", profile {value.profile}" if value.profile else ""
        return f"{value.lower} to {value.upper} ({value.origin}{profile})"
    if isinstance(value, Amber):
        return (
            f"{value.points} points" if value.points is not None else f"{value.percent_of_target}% of target"
        )
    return "none" if value is None else str(value)
