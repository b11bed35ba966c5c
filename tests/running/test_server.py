"""Questions that workers answer: what a function returns or raises comes back as it is."""

import os
import pickle
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from csd_helpers import server
from csd_helpers.errors import CsdError
from csd_helpers.server import CAN_FORK, Question, ask


def test_the_answer_is_what_the_function_returns() -> None:
    assert [str(month) for month in ask("months.months_of", "2019-12:2020-01")] == ["2019-12", "2020-01"]


def test_a_mistake_of_the_user_comes_back_as_the_same_message() -> None:
    with pytest.raises(CsdError) as told:
        ask("months.latest_month", Path("/nowhere"))
    assert (told.value.what, told.value.where, told.value.exit_code) == (
        "no month has both a parameter file and an extract",
        "parameters/periods",
        2,
    )
    assert not getattr(told.value, "__notes__", [])


def test_every_field_of_an_error_survives_the_way_back() -> None:
    error = CsdError("what", where="where", expected="expected", fix="fix", exit_code=3)
    assert pickle.loads(pickle.dumps(error)) == error


def test_a_fault_of_the_program_comes_back_with_where_it_happened() -> None:
    with pytest.raises(AttributeError) as raised:
        ask("months.months_of", None)
    assert "in months_of" in "".join(raised.value.__notes__)


def test_an_error_of_a_library_comes_back_in_words() -> None:
    """Not all of them can be sent from one process to another."""
    with pytest.raises(RuntimeError, match=r"^ExporterNameError: ") as raised:
        ask("execution.exporter", "no such exporter")
    assert "in a worker process" in "".join(raised.value.__notes__)


@pytest.fixture
def endless(tmp_path: Path) -> Question:
    """Return a question that is never answered: a pipe is read into which nobody writes."""
    if not CAN_FORK:
        pytest.skip("named pipes and signals are those of a POSIX system")
    os.mkfifo(tmp_path / "pipe")
    return Question("manifest.digest", tmp_path / "pipe")


def kill(question: Question) -> int:
    """Kill the worker of a question; return which it was."""
    worker = question._process.pid or 0
    os.kill(worker, signal.SIGKILL)
    return worker


def test_another_worker_is_asked_if_one_is_killed(endless: Question, tmp_path: Path) -> None:
    kill(endless)
    with ThreadPoolExecutor() as beside:
        beside.submit((tmp_path / "pipe").write_bytes, b"number")  # waits for a worker that reads
        assert endless.answer() == sha256(b"number").hexdigest()


def test_a_worker_that_is_killed_twice_is_one_message(endless: Question) -> None:
    first = kill(endless)

    def kill_the_second() -> None:
        while endless._process.pid == first:
            time.sleep(0.01)
        kill(endless)

    with ThreadPoolExecutor() as beside:
        beside.submit(kill_the_second)
        with pytest.raises(CsdError, match=r"was killed, twice; is there too little memory\?") as told:
            endless.answer()
    assert told.value.exit_code == 1


def test_no_worker_is_left_when_its_answer_is_no_longer_waited_for(
    endless: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(endless._pipe, "recv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        endless.answer()
    assert not endless._process.is_alive()


class Lost:
    """A process whose server is killed while it is being started."""

    def start(self) -> None:
        raise EOFError("unexpected EOF")


@pytest.mark.parametrize(("losses", "answered"), [(0, True), (1, True), (2, False)])
def test_a_server_that_is_killed_is_started_again_once(
    losses: int, answered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, lost = server._new_process, iter(range(losses))
    monkeypatch.setattr(
        server, "_new_process", lambda *told: Lost() if next(lost, None) is not None else new(*told)
    )
    if answered:
        assert ask("marking.marking", 1, "") == "Part 1: public"
    else:
        with pytest.raises(CsdError, match="no worker process can be started"):
            ask("marking.marking", 1, "")
