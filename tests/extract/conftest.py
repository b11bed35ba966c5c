"""Databases to read from: SQLite files, and a PostgreSQL server that lives as long as the tests."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import create_engine, text

PASSWORD = "s3cr3t/word"  # as a person would choose it; %2F in an address
_RULES = (  # of pg_hba.conf
    "local all all trust\nhost all owner 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
)
Script = Callable[..., str]


@pytest.fixture
def sqlite(tmp_path: Path) -> Script:
    """Return a function that fills a new SQLite file by statements and tables and returns its address."""

    def make(*statements: str, **tables: pd.DataFrame) -> str:
        url = f"sqlite:///{tmp_path / 'extract.db'}"
        _fill(url, statements, tables)
        return url

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the address of a throw-away PostgreSQL server's owner, or skip where there is none."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not binaries:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    # The socket's path must be short, and another user may have to reach it: not below pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="csd-pg-"))
    user = _server_user(folder)
    try:
        yield from _served(binaries[-1], folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(postgres: str, request: pytest.FixtureRequest) -> Iterator[Script]:
    """Return a function that fills a new database and returns its address for a reader.

    The reader may connect and select, and nothing else.
    """
    name = f"t{abs(hash(request.node.nodeid))}"
    _run(postgres, [f"CREATE DATABASE {name}"])
    owner = postgres.replace("/postgres?", f"/{name}?")
    reader = owner.replace("//owner@", f"//reader:{PASSWORD.replace('/', '%2F')}@")

    def make(*statements: str, **tables: pd.DataFrame) -> str:
        _fill(owner, statements, tables)
        grants = [f"GRANT USAGE ON SCHEMA {schema} TO reader" for schema in _schemas(owner)]
        reads = [grant.replace("USAGE ON SCHEMA", "SELECT ON ALL TABLES IN SCHEMA") for grant in grants]
        _run(owner, [*grants, *reads])
        return reader

    yield make
    _run(postgres, [f"DROP DATABASE {name} WITH (FORCE)"])


def _fill(url: str, statements: tuple[str, ...], tables: dict[str, pd.DataFrame]) -> None:
    _run(url, statements)
    for name, table in tables.items():
        table.to_sql(name, url, index=False, method=_copied if url.startswith("postgresql") else None)


def _copied(table: Any, connection: Any, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows as the server takes them fastest."""
    columns = ", ".join(f'"{name}"' for name in names)
    into = f"COPY {table.name} ({columns}) FROM STDIN"
    with connection.connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _schemas(owner: str) -> list[str]:
    """Return the schemas there are besides the server's own."""
    known = pd.read_sql("SELECT schema_name FROM information_schema.schemata", create_engine(owner))
    return [name for name in known["schema_name"] if not name.startswith(("pg_", "information"))]


def _run(url: str, statements: "tuple[str, ...] | list[str]") -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _server_user(folder: Path) -> list[str]:
    """Return the words before a command: PostgreSQL refuses to run as root, its package brings a user."""
    if os.geteuid():
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["runuser", "-u", "postgres", "--"]


def _served(binaries: Path, folder: Path, user: list[str]) -> Iterator[str]:
    """Serve a new cluster on a free port of this machine, and stop it."""
    data, port = folder / "data", _free_port()
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = [*user, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    create = ["initdb", "-D", str(data), "-U", "owner", "-E", "UTF8", "--locale=C", "--auth=trust"]
    _do([*user, str(binaries / create[0]), *create[1:]], folder)
    (data / "pg_hba.conf").write_text(_RULES)
    _do([*control, "-o", options, "start"], folder)
    try:
        url = f"postgresql+psycopg://owner@127.0.0.1:{port}/postgres?connect_timeout=5"
        _run(url, [f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'"])
        yield url
    finally:
        _do([*control, "-m", "immediate", "stop"], folder)


def _do(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])
