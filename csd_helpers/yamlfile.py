"""Reading a parameter file so that every mistake in it comes with its line."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from csd_helpers.errors import CsdError
from csd_helpers.yaml_mistakes import not_yaml

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]
Lines = dict[Location, int]
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, where PyYAML was built with it


def read_parameters(path: Path, model: type[Model]) -> tuple[Model, Lines]:
    """Read and validate a YAML file against a model.

    People edit these files by hand, so every mistake is reported at once, with its line.

    Returns
    -------
    tuple
        The validated model, and the line of each entry by its location in the file.

    Raises
    ------
    CsdError
        If the file is missing, is not YAML, repeats a key or does not fit the model.
    """
    content, lines = read_entries(path)
    return validated(content, lines, path, model), lines


def read_entries(path: Path) -> tuple[dict[str, Any], Lines]:
    """Read a YAML file as it stands, with the line of each entry by its location."""
    text = _text(path)
    node = _compose(text, path)
    lines: Lines = {}
    _note_lines(node, (), lines, path)
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node), lines
    except yaml.YAMLError as error:
        raise not_yaml(error, text, str(path)) from None
    finally:
        loader.dispose()


def validated(content: dict[str, Any], lines: Lines, path: Path, model: type[Model]) -> Model:
    """Validate a file's entries against a model, all mistakes in one message."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _mistakes(path, lines, error) from None


def line_of(lines: Lines, location: Location) -> int:
    """Return the line of an entry, or of the nearest entry that holds it."""
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1)


def _text(path: Path) -> str:
    """Return what a file holds."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CsdError(f"there is no file {path}", fix="check the name, or create the file") from None
    except UnicodeDecodeError:
        raise CsdError(
            "the file is not text in UTF-8", str(path), fix="save it again with the encoding UTF-8"
        ) from None


def _compose(text: str, path: Path) -> Node:
    """Parse a file's text into YAML nodes, which know their lines."""
    try:
        node = yaml.compose(text, Loader=_PARSER)
    except yaml.YAMLError as error:
        raise not_yaml(error, text, str(path)) from None
    if not isinstance(node, MappingNode):
        fix = "write name: value, with a space after the colon"
        raise CsdError("the file holds no entries", str(path), "entries of the form name: value", fix)
    return node


def _note_lines(node: Node, location: Location, lines: Lines, path: Path) -> None:
    """Note the line of every entry, refusing a key that is given twice."""
    lines.setdefault(location, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise CsdError("a name must be plain text", f"{path}, line {key.start_mark.line + 1}")
            here = (*location, key.value)
            line = key.start_mark.line + 1
            if here in lines:
                raise CsdError(
                    f"'{key.value}' is given twice",
                    f"{path}, lines {lines[here]} and {line}",
                    fix="remove one",
                )
            lines[here] = line
            _note_lines(value, here, lines, path)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*location, index), lines, path)
    elif isinstance(node, ScalarNode) and node.tag.endswith(":timestamp"):
        _require_day(node, path)


def _require_day(node: ScalarNode, path: Path) -> None:
    """Refuse what is written as a day and is none."""
    try:
        yaml.SafeLoader("").construct_yaml_timestamp(node)
    except ValueError:
        where = f"{path}, line {node.start_mark.line + 1}"
        raise CsdError(
            f"'{node.value}' is no day of the calendar", where, "a day such as 2020-11-30", "correct the day"
        ) from None


def _mistakes(path: Path, lines: Lines, error: ValidationError) -> CsdError:
    """Turn a model's complaints into one message, a line of text for each."""
    found = []
    for item in error.errors():
        location = tuple(str(part) if isinstance(part, str) else part for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            message = "this name is not known here"
        given = _given(item["input"])
        found.append((line_of(lines, location), ".".join(map(str, location)), message + given))
    text = [f"line {line}: {name}: {message}" for line, name, message in sorted(found)]
    heading = f"{path} has {'a mistake' if len(text) == 1 else f'{len(text)} mistakes'}"
    return CsdError("\n  ".join([heading, *text]), fix="correct the file and run the command again")


def _given(value: Any) -> str:
    """Quote a short wrong value; an address may hold a password."""
    short = isinstance(value, str | int | float | bool) and "://" not in str(value)
    return f" (given: {value!r})" if short else ""
