"""The address of a database: read without being quoted, shown without anything secret."""

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from csd_helpers.errors import CsdError

if TYPE_CHECKING:  # SQLAlchemy takes a quarter of a second, which an extract in files need not wait for
    from sqlalchemy import URL

_EXAMPLE = "an address such as sqlite:///extract.db or postgresql+psycopg://reader@server/council"
_SHORTEST = 4  # an option's value shorter than this is no secret, and taking it out would garble a message
_ODBC_PASSWORD = re.compile(r"(?i)\bpwd=([^;]*)")


def read_address(url: str) -> "URL":
    """Return the parsed URL of a database; the text is never quoted, since it may hold a password.

    Raises
    ------
    CsdError
        If it is no URL, or is cut in the wrong place: a password with an unescaped ``@`` would
        otherwise be taken for a part of the server's name, and be shown with it.
    """
    from sqlalchemy import make_url  # noqa: PLC0415  # see above
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise CsdError("the address of the database cannot be read", expected=_EXAMPLE) from None
    is_file = address.get_backend_name() == "sqlite"
    if "@" in (address.host or "") or ("@" in (address.database or "") and not is_file):
        raise CsdError(
            "the address of the database has an @ too many", expected=_EXAMPLE,
            fix="leave the password to the database's own store, or write @ in it as %40",
        )  # fmt: skip
    return address


def shown_source(source: str) -> str:
    """Return where an extract comes from as it may be written down: no user, password or option.

    Examples
    --------
    >>> shown_source("postgresql+psycopg://reader:secret@server/council?schema=reports&sslpassword=x")
    'postgresql+psycopg://server/council?schema=reports'
    >>> shown_source("outputs/demo/extract")
    'outputs/demo/extract'
    """
    return shown(read_address(source)) if "://" in source else source


def shown(address: "URL") -> str:
    """Name a database by its server and name, and the schema if there is one."""
    options = {name: value for name, value in address.query.items() if name == "schema"}
    plain = address.create(
        address.drivername, host=address.host, port=address.port, database=address.database, query=options
    )
    return plain.render_as_string()


def without_secrets(text: str, address: "URL") -> str:
    """Take the password and every option's value out of what a driver said."""
    values = [
        str(value)
        for entry in address.query.values()
        for value in ([entry] if isinstance(entry, str) else entry)
    ]
    hidden = [value for value in values if len(value) >= _SHORTEST]
    secrets = [str(address.password or ""), *hidden, *_ODBC_PASSWORD.findall(" ".join(values))]
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for form in (secret, quote(secret, safe=""), quote_plus(secret)):
            text = text.replace(form, "***")
    return text
