"""Reports by exception: management's words on something outside the suite, good or bad."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from csd_helpers.errors import CsdError


class Confirmation(BaseModel):
    """Somebody has looked at words a check reports, and says that they may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    by: str
    date: date
    #: The words as the check quotes them; other words need a confirmation of their own.
    words: str


class ExceptionReport(BaseModel):
    """An entry of a period file's ``reports_by_exception``.

    The committee agreed that a month's report may tell of something the suite does not count.

    Parameters
    ----------
    title
        What it is about.
    verdict
        Whether it is good news or bad.
    part
        The part that tells it.
    text, file
        The words in Markdown, or the file that holds them, from the project's folder.
    author, date
        Whose words they are, and of which day.
    figure
        The number it is about, as it is to be printed.
    confirmed
        Who says that words the checks report may stand.
    numbers_agreed
        Who decided that its numbers may be public although Part 1 withholds a figure like one of them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    title: str
    verdict: Literal["good", "bad"]
    part: Literal["1", "2", "both"]
    text: str = ""
    file: str = ""
    author: str
    date: date
    figure: str = ""
    confirmed: list[Confirmation] = []
    numbers_agreed: str = ""

    @model_validator(mode="after")
    def _words_from_one_place(self) -> "ExceptionReport":
        if bool(self.text.strip()) == bool(self.file.strip()):
            raise ValueError("give either text or file")
        return self

    def is_for(self, part: int) -> bool:
        """Say whether a part tells it."""
        return self.part in ("both", str(part))

    def with_words(self, root: Path, where: str) -> "ExceptionReport":
        """Return the report with the words of its file in ``text``.

        Raises
        ------
        CsdError
            If the file is not in the project, or is empty.
        """
        if not self.file:
            return self
        path = (root / self.file).resolve()
        inside = path.is_relative_to(root.resolve()) and path.is_file()
        try:
            words = path.read_text(encoding="utf-8-sig").strip() if inside else ""
        except UnicodeDecodeError:
            raise CsdError(f"{self.file} is not text in UTF-8", where, fix="save it as UTF-8") from None
        if not words:
            raise CsdError(
                f"the words of '{self.title}' are not in {self.file}", where, "a text file in the project"
            )
        return self.model_copy(update={"text": words})
