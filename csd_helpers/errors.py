"""The one class for everything a user can put right."""

from dataclasses import dataclass


@dataclass
class CsdError(Exception):
    """Say what is wrong, where, what was expected and how to fix it.

    One class, so that the command line can turn every mistake of a user into one clean
    message and an exit code, and anything else is a fault of the program.

    Parameters
    ----------
    what
        The fault in one sentence.
    where
        File, line, table, row or field: where to look.
    expected
        What would have been right.
    fix
        What to do about it.
    exit_code
        Exit code of the command: 2 for input that must be put right (the default),
        1 for a run that failed.

    Examples
    --------
    >>> print(CsdError("the period '2020-13' is not a month", expected="a month such as 2020-10"))
    the period '2020-13' is not a month
      expected: a month such as 2020-10
    """

    what: str
    where: str = ""
    expected: str = ""
    fix: str = ""
    exit_code: int = 2

    def __str__(self) -> str:
        """Return the message as the command line prints it."""
        details = {"where": self.where, "expected": self.expected, "to fix": self.fix}
        lines = [self.what] + [f"  {name}: {text}" for name, text in details.items() if text]
        return "\n".join(lines)


class Terminated(KeyboardInterrupt):
    """The system told the command to end (SIGTERM): a shutdown, or a scheduler's time limit.

    It is raised where Ctrl-C would be, so that whatever was begun is put back as after that.
    """

    exit_code = 143  # what shells expect of a program ended by SIGTERM

    def __str__(self) -> str:
        """Say what happened, for the record of the run."""
        return "the system told the run to end (SIGTERM)"
