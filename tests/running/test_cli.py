"""The command line: help that is enough, one clean message for every mistake."""

import os
import re
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csd_helpers import batch, cli
from csd_helpers.errors import CsdError
from tests.running.conftest import write_notebook


@pytest.fixture(autouse=True)
def pipeline(monkeypatch: pytest.MonkeyPatch, stand_ins: dict[str, Callable[..., Any]]) -> None:
    """Put a preparation without figures and nbconvert's own exporter in the place of the project's."""
    monkeypatch.setattr(batch.Choice, "exporter", "markdown")
    monkeypatch.setattr(batch.Choice.__init__, "__defaults__", ((), None, 0, "csd", False, "markdown", 0, ""))


def csd(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["csd", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    return int(caught.value.code or 0)


def test_a_run_tells_its_notebooks_and_ends_with_the_pages(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert csd(monkeypatch, "run", "2020-10", "--root", str(project), "--jobs", "2") == 0
    lines = capsys.readouterr().out.splitlines()
    names = [f"part {part} {name}" for part in (1, 2) for name in ("front_door", "summary")]
    for line, name in zip(sorted(lines[:4]), names, strict=True):
        assert re.fullmatch(rf"{name}: done \d+\.\d s, \d+ MB", line)
    assert lines[4].startswith("4 pages made, 0 unchanged, in ")
    pages = project / "outputs" / "2020-10"
    assert lines[5:] == [str(pages / "part1/index.html"), str(pages / "part2/index.html")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2020-13"], "csd: the period '2020-13' is not a month\n  expected: a month such as 2020-10\n"),
        (
            ["2020-10", "--only", "x"],
            "csd: there is no notebook 'x'\n  expected: one of front_door, summary\n",
        ),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(
    arguments: list[str],
    message: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert csd(monkeypatch, "run", *arguments, "--root", str(project)) == 2
    assert capsys.readouterr() == ("", message)


@pytest.mark.parametrize("arguments", [["run"], ["run", "2020-10", "--part", "3"], ["walk"]])
def test_a_wrong_command_is_exit_code_2(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert csd(monkeypatch, *arguments) == 2
    assert "Usage: " in capsys.readouterr().err


def test_a_missing_extract_fails_before_any_notebook(
    project: Path,
    stand_ins: dict[str, Callable[..., Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def missing(*_: object) -> None:
        raise CsdError("the extract does not exist", where="extract/2020-10")

    stand_ins["preparation.prepare_once"] = missing
    assert csd(monkeypatch, "run", "2020-10", "--root", str(project)) == 2
    assert capsys.readouterr() == ("", "csd: the extract does not exist\n  where: extract/2020-10\n")


@pytest.mark.parametrize(
    ("trouble", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "csd: stopped; the last good pack is as it was\n"),
        (
            OSError(28, "No space left on device"),
            1,
            "csd: [Errno 28] No space left on device; the last good pack is as it was\n",
        ),
    ],
)
def test_trouble_is_one_line(
    trouble: BaseException,
    code: int,
    message: str,
    project: Path,
    stand_ins: dict[str, Callable[..., Any]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise trouble

    stand_ins["preparation.prepare_once"] = fail
    assert csd(monkeypatch, "run", "2020-10", "--root", str(project)) == code
    assert capsys.readouterr().err.lstrip() == message


def test_a_failing_notebook_is_named_and_exit_code_1(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(project / "notebooks" / "front_door.ipynb", "1 / 0")
    assert csd(monkeypatch, "run", "2020-10", "--root", str(project)) == 1
    shown = capsys.readouterr()
    assert "part 1 front_door: failed" in shown.out
    assert "  part 1 front_door, part 2 front_door: cell 3 (1 / 0): ZeroDivisionError: division" in shown.err
    assert "Traceback" not in shown.err


def test_demo_says_where_the_extract_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = types.ModuleType("csd_helpers.demo")
    vars(fake)["write_demo"] = lambda folder: folder.mkdir(parents=True)
    monkeypatch.setitem(sys.modules, "csd_helpers.demo", fake)
    assert csd(monkeypatch, "demo", "--root", str(tmp_path)) == 0
    assert (tmp_path / "outputs" / "demo" / "extract").is_dir()
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'outputs' / 'demo' / 'extract'}: ")


@pytest.mark.parametrize("words", ["outputs/PERIOD/part1/index.html", "--only", "--jobs", "Exit codes: 0"])
def test_the_help_is_enough(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert csd(monkeypatch, "run", "--help") == 0
    assert words in capsys.readouterr().out


def test_ctrl_c_ends_the_run_and_its_workers(project: Path) -> None:
    write_notebook(project / "notebooks" / "summary.ipynb", "import time\ntime.sleep(60)")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    drive = [sys.executable, str(Path(__file__).with_name("drive.py")), str(project)]
    run = subprocess.Popen(drive, env=environment, stderr=subprocess.PIPE, start_new_session=True)
    limit = time.monotonic() + 20
    while not list(project.glob("outputs/.2020-10.building/part*/front_door.html")):
        assert time.monotonic() < limit
        time.sleep(0.02)
    os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=40)  # the notebook alone would sleep for 60
    assert run.returncode
    assert not list(project.glob("outputs/*2020-10*/**/*.html"))
    with pytest.raises(ProcessLookupError):  # nobody of the run's session is left
        wait_until_gone(run.pid)


def wait_until_gone(group: int) -> None:
    for _ in range(100):
        os.killpg(group, 0)
        time.sleep(0.05)


def test_a_command_told_to_end_says_so_and_ends_as_after_ctrl_c() -> None:
    code = (
        "import os, signal, sys, time\nfrom csd_helpers import cli\n\n\n@cli.cli.command()\ndef wait():\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n    time.sleep(20)\n\n\n"
        "sys.argv = ['csd', 'wait']\ncli.main()"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 143
    assert ended.stderr.strip() == "csd: stopped; the last good pack is as it was"
