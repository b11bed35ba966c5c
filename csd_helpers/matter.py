"""A matter: one thing to see to before a month can be published."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Matter:
    """What a check found: what, where, and which command or file puts it right.

    Parameters
    ----------
    check
        The check that found it, as the screen groups it.
    severity
        ``blocking`` stops a publication; a ``warning`` is to be looked at; a ``note`` is good to know.
    """

    check: str
    severity: str
    what: str
    where: str
    fix: str
