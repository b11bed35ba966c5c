"""The lines of docs/unattended.md do what the page says: they are run here as schedulers run them."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from csd_helpers.cli import cli
from csd_helpers.seal import circumstances, seal
from tests.conftest import ROOT
from tests.running.test_seal import OCTOBER, make_pack

DOCS = ROOT / "docs"
TEXT = (DOCS / "unattended.md").read_text(encoding="utf-8")
LINES = [line.strip() for line in TEXT.splitlines() if line.startswith("    ")]
CRON = [line for line in LINES if re.match(r"0 6 5 \* \* ", line)]
PATH_OF_DOCS = "/srv/csd"
SCHTASKS_LIMIT = 261  # characters of /TR that Windows takes


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that nothing has changed for, with `csd` and `mail` where the lines have them."""
    root = tmp_path_factory.mktemp("srv") / "csd"
    shutil.copytree(ROOT / "parameters", root / "parameters")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    (root / "outputs/demo/extract").mkdir(parents=True)
    (root / "outputs/demo/extract/children.csv").write_text("a")
    make_pack(root)
    seal(OCTOBER, root, circumstances(OCTOBER, root))
    script(root / ".venv/bin/csd", f'exec "{sys.executable}" -m csd_helpers.cli "$@"')
    script(root / "tools/mail", 'printf "%s|" "$@" > mailed; cat >> mailed')
    return root


def script(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def run(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a line with the few variables that cron gives, from a folder that is not the project's."""
    environment = {"PATH": f"{home / 'tools'}:/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": str(ROOT)}
    line = line.replace(PATH_OF_DOCS, str(home))
    return subprocess.run(
        ["/bin/sh", "-c", line], env=environment, cwd="/", capture_output=True, text=True, check=False
    )


def test_the_line_for_cron_runs_the_latest_month_and_logs_it(home: Path) -> None:
    done = run(CRON[0].removeprefix("0 6 5 * * "), home)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (home / "outputs/run.log").read_text().startswith("1 pages unchanged\n")
    assert (home / "outputs/2020-10.run.html").is_file()


def test_the_line_with_a_mail_sends_the_summary_under_its_first_line(home: Path) -> None:
    done = run(CRON[1].removeprefix("0 6 5 * * "), home)
    assert (done.returncode, done.stderr) == (0, "")
    sent = (home / "mailed").read_text()
    subject = "Children's scrutiny dataset, October 2020: 1 of 1 packs ready"
    assert sent.startswith(f"-s|{subject}|performance@example.gov.uk|{subject}\n")
    assert f"Part 1 (public): {home}/outputs/2020-10/part1/index.html" in sent


def test_no_line_for_cron_has_a_percent_sign_which_ends_a_command_there() -> None:
    assert len(CRON) == 2 and not any("%" in line for line in CRON)


def units(home: Path) -> dict[str, str]:
    """Return the two unit files of the page."""
    block = "\n".join(LINES[LINES.index("[Service]") :])
    block = block[: block.index("WantedBy=timers.target") + len("WantedBy=timers.target")]
    service, timer = block.split("[Timer]")
    account = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    service = service.replace(PATH_OF_DOCS, str(home)).replace("User=csd", f"User={account}")
    return {"csd.service": service.strip() + "\n", "csd.timer": f"[Timer]{timer}\n"}


def test_what_systemd_starts_runs_the_latest_month(home: Path) -> None:
    service = dict(line.split("=", 1) for line in units(home)["csd.service"].splitlines() if "=" in line)
    done = subprocess.run(
        shlex.split(service["ExecStart"]),
        cwd=service["WorkingDirectory"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 pages unchanged\n")


def test_systemd_takes_the_units_and_the_date(home: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is not on this machine")
    for name, text in units(home).items():
        (tmp_path / name).write_text(text)
    verify = [analyze, "verify", *(str(tmp_path / name) for name in units(home))]
    checked = subprocess.run(verify, capture_output=True, text=True, check=False)
    ours = [line for line in checked.stderr.splitlines() if "csd" in line]
    assert ours == []
    calendar = re.search(r"OnCalendar=(.+)", units(home)["csd.timer"])
    assert calendar
    said = subprocess.run([analyze, "calendar", calendar[1]], capture_output=True, text=True, check=False)
    assert said.returncode == 0 and "*-*-05 06:00:00" in said.stdout


def test_the_line_for_windows_is_one_that_schtasks_takes() -> None:
    [line] = [line for line in LINES if line.startswith("schtasks ")]
    words = re.findall(r'"[^"]*"|\S+', line)
    options = dict(zip(words[2::2], words[3::2], strict=True))
    task = options.pop("/TR").strip('"')
    assert words[:2] == ["schtasks", "/Create"]
    assert options == {"/TN": '"CSD pack"', "/SC": "MONTHLY", "/D": "5", "/ST": "06:00"}
    assert len(task) <= SCHTASKS_LIMIT and line.count('"') == 4
    assert re.fullmatch(r"cmd /c cd /d C:\\csd && \.venv\\Scripts\\csd run --latest --wait 600", task)


@pytest.mark.parametrize("page", ["unattended.md", "region.md"])
def test_every_csd_command_of_the_page_is_one_that_is_understood(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.findall(r"(?:^    |bin/|Scripts\\|`)csd ([a-z][^\n`>#\"]*)", text, re.MULTILINE)
    assert len(found) >= 5
    for words in (shlex.split(line) for line in found):
        command = cli.get_command(click.Context(cli), words[0])
        assert command is not None, words
        command.make_context(words[0], words[1:])
