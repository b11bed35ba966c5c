"""An extract on a PostgreSQL server, read as the same tables in CSV are."""

import json
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from sqlalchemy import create_engine, inspect

from csd_helpers.errors import CsdError
from csd_helpers.extract import read_extract
from csd_helpers.pipeline import prepare
from csd_helpers.prepared import Prepared
from tests.conftest import OCTOBER
from tests.extract.conftest import PASSWORD

Script = Callable[..., str]
PLANS = """LAchildID,CPPstartDate,CPPendDate,InitialCategoryOfAbuse,NumberOfPreviousCPP
A,2020-05-01,2020-09-30,NEG,0
B,2020-10-31,,EMO,2
"""
WORKERS = """worker_id,team,agency,FTE,start_date,end_date
17,North,1,0.8,2019-04-01,
18,,0,1,2020-02-29,2020-10-31
"""
STATEMENTS = (
    """CREATE TABLE cp_plans ("LAchildID" VARCHAR(20), "CPPstartDate" TIMESTAMP, cppenddate DATE,
       "InitialCategoryOfAbuse" CHAR(5), "NumberOfPreviousCPP" NUMERIC(4, 1), note TEXT)""",
    """INSERT INTO cp_plans VALUES ('A', '2020-05-01 13:45:10.5', '2020-09-30', 'NEG', 0, 'x'),
       ('B', '2020-10-31', NULL, 'EMO', 2.0, NULL)""",
    """CREATE TABLE staff (id INTEGER, team VARCHAR, agency BOOLEAN, fte DOUBLE PRECISION, since DATE,
       until TIMESTAMPTZ)""",
    """INSERT INTO staff VALUES (17, 'North', TRUE, 0.8, '2019-04-01', NULL),
       (18, NULL, FALSE, 1, '2020-02-29', '2020-10-31 12:00+00')""",
    """CREATE VIEW workers AS SELECT id AS worker_id, team, agency, fte AS "FTE", since AS start_date,
       until AS end_date FROM staff""",
)


def from_csv(folder: Path) -> dict[str, pd.DataFrame]:
    (folder / "cp_plans.csv").write_text(PLANS)
    (folder / "workers.csv").write_text(WORKERS)
    return read_extract(folder).tables


def test_a_server_gives_what_csv_gives(database: Script, tmp_path: Path) -> None:
    extract = read_extract(database(*STATEMENTS))
    extract.require_sound()
    assert extract.problems == [] and extract.sources == {}
    expected = from_csv(tmp_path)
    assert set(extract.tables) == {"cp_plans", "workers"}
    for name, table in expected.items():
        pd.testing.assert_frame_equal(extract.tables[name], table)


def test_a_schema_is_named_in_the_address(database: Script, tmp_path: Path) -> None:
    there = [each.replace(" cp_plans ", " reports.cp_plans ") for each in STATEMENTS[:2]]
    url = database("CREATE SCHEMA reports", *there, "CREATE TABLE contacts (x INTEGER)")
    tables = read_extract(url + "&schema=reports").tables
    assert list(tables) == ["cp_plans"]
    pd.testing.assert_frame_equal(tables["cp_plans"], from_csv(tmp_path)["cp_plans"])
    with pytest.raises(CsdError, match="holds no table") as error:
        read_extract(url + "&schema=nowhere")
    assert "nowhere" in error.value.where


def test_rows_come_in_one_order_however_the_server_gives_them(database: Script) -> None:
    rows = "INSERT INTO contacts VALUES {}"
    table = 'CREATE TABLE contacts ("LAchildID" VARCHAR, contact_date DATE)'
    url = database(table, rows.format("('C', '2020-05-01'), ('A', '2020-05-03'), ('A', '2020-05-02')"))
    assert read_extract(url).tables["contacts"]["LAchildID"].tolist() == ["A", "A", "C"]
    assert read_extract(url).tables["contacts"]["contact_date"].dt.day.tolist() == [2, 3, 1]


def test_reading_writes_nothing(database: Script) -> None:
    url = database(*STATEMENTS)
    owner = url.replace(url.split("//")[1].split("@")[0], "owner")
    writes = (
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"  # the server's own count
    )
    before = [inspect(create_engine(owner)).get_table_names(), pd.read_sql(writes, create_engine(owner))]
    read_extract(url)
    after = [inspect(create_engine(owner)).get_table_names(), pd.read_sql(writes, create_engine(owner))]
    assert before[0] == after[0] == ["cp_plans", "staff"]
    assert before[1].equals(after[1])


def test_what_is_no_number_is_blank(database: Script) -> None:
    url = database(
        "CREATE TABLE population (year INTEGER, population_0_17 NUMERIC, population_10_17 FLOAT)",
        "INSERT INTO population VALUES (2019, 75000.00, 'NaN'), (2020, 75100.5, 'Infinity')",
    )
    table = read_extract(url).tables["population"]
    assert table["population_0_17"].tolist() == [75_000, 75_100.5]
    assert table["population_10_17"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":s3cr3t%2Fword@", ":s3cr3t%2Fwrong@", 'password authentication failed for user "reader"'),
        ("127.0.0.1:", "nosuch.invalid:", "nosuch.invalid"),
        ("/t", "/nosuch", 'database "nosuch'),
        ("connect_timeout=5", "colour=s3cr3t%2Foption", "invalid connection option"),
    ],
)
def test_what_cannot_be_reached_is_said_without_the_password(
    database: Script, old: str, new: str, said: str
) -> None:
    url = database(*STATEMENTS).replace(old, new)
    with pytest.raises(CsdError, match="cannot be read") as error:
        read_extract(url)
    assert said in str(error.value)
    assert "s3cr3t" not in "".join(traceback.format_exception(error.value))


def test_a_table_the_reader_may_not_see_into_is_named(database: Script) -> None:
    url = database(*STATEMENTS)
    hidden = url.replace(f"reader:{PASSWORD.replace('/', '%2F')}", "owner")
    engine = create_engine(hidden, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("REVOKE SELECT ON cp_plans FROM reader")
    engine.dispose()
    with pytest.raises(CsdError, match="permission denied for table cp_plans"):
        read_extract(url)


def test_a_pack_from_a_server_has_the_same_figures_and_none_of_the_credentials(
    database: Script, council: Path, prepared: Prepared, tmp_path: Path
) -> None:
    tables = read_extract("outputs/demo/extract", council).tables
    root = Path(shutil.copytree(council / "parameters", tmp_path / "own" / "parameters")).parent
    file = root / "parameters" / "periods" / "2020-10.yaml"
    url = database(**tables)
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text()) | {"extract": url}))

    made = prepare(OCTOBER, root, tmp_path / "working")
    expected = figures(prepared.releases[1].parents[1])
    pd.testing.assert_frame_equal(figures(tmp_path / "working"), expected)
    recorded = {name for name in made.inputs if name.startswith("extract/")}
    assert recorded == {f"extract/{name}" for name in tables}
    assert made.parameters["extract"] == "postgresql+psycopg://" + url.split("@")[1].split("?")[0]
    said = json.dumps([made.parameters, made.inputs, made.pages])
    files = [path.read_bytes() for path in (tmp_path / "working").rglob("*") if path.is_file()]
    assert len(files) > 5
    for content in [*files, said.encode()]:
        assert b"s3cr3t" not in content and b"reader" not in content


def figures(working: Path) -> pd.DataFrame:
    """Return a run's figures; breakdowns of a server's returns come in the order of their names."""
    table = pd.read_parquet(working / "figures.parquet")
    return table.sort_values(["indicator", "breakdown", "category", "month"], ignore_index=True)
