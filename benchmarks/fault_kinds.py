"""The faults: each spoils one run of the small council at a random moment or place, and undoes what it did.

A kind is a function that returns how the run ended and what it had to say: exit codes that are right,
and a pattern of the cause, looked for in what was printed and in ``run.json``.
"""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import nbformat
import psutil
from small_council import GROUP, MONTH, Council, Ended, end

ANY = ""
GOOD, FAILED, INPUT, STOPPED = 0, 1, 2, 130
ENDED_BY_SIGTERM = 143


class ImpossibleError(Exception):
    """The fault cannot be had on this machine; the message says why."""


@dataclass(frozen=True)
class Told:
    """How the run ended, the exit codes that are right, and the cause it has to name."""

    ended: Ended
    codes: tuple[int, ...]
    cause: str = ANY


Kind = Callable[[Council, Random], Told]


def _kill_run(number: signal.Signals, code: int, cause: str) -> Kind:
    def kind(council: Council, chance: Random) -> Told:
        run = council.start("run", MONTH)
        time.sleep(chance.uniform(0.5, council.seconds))  # before, it is not yet listening
        run.send_signal(number)
        ended = end(run)
        return Told(ended, (code, GOOD), cause if ended.code else ANY)

    return kind


def kill_server(council: Council, chance: Random) -> Told:
    """The process that workers are forked from dies: it is started again, or the run says so."""
    run = council.start("run", MONTH)
    _kill(_wait_for(run, lambda own: own[:1]), chance.uniform(0, council.seconds))
    ended = end(run)
    return Told(ended, (GOOD, FAILED), "process" if ended.code else ANY)


def kill_worker(council: Council, chance: Random) -> Told:
    """A worker is killed once: its notebook is done again."""
    run = council.start("run", MONTH)
    for _ in range(chance.randrange(4)):
        _wait_for(run, lambda own: own[1:])
        time.sleep(0.2)
    _kill(_wait_for(run, lambda own: own[1:]), chance.uniform(0, 0.3))
    return Told(end(run), (GOOD, FAILED))


def _kill(process: psutil.Process | None, after: float) -> None:
    time.sleep(after)
    with contextlib.suppress(psutil.NoSuchProcess):
        if process:
            process.kill()


def _wait_for(
    run: "subprocess.Popen[str]", choose: Callable[[list[psutil.Process]], list[psutil.Process]]
) -> psutil.Process | None:
    """Return the server (first) or a worker of a run, once it is there."""
    while run.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(run.pid).children():
                if "forkserver" in " ".join(child.cmdline()):
                    chosen = choose([child, *child.children()])
                    if chosen:
                        return chosen[-1]
        time.sleep(0.01)
    return None


def full_disk(council: Council, chance: Random) -> Told:
    """A disk with a random number of bytes left."""
    if not os.path.ismount(council.root):
        raise ImpossibleError("a small file system of our own takes root: see --help")
    filler = council.root / "filler"
    free = shutil.disk_usage(council.root).free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - chance.randrange(0, 3 << 20, 4096))
    try:
        ended = council.csd("run", MONTH)
    finally:
        filler.unlink()
    return Told(ended, (GOOD, FAILED), "No space left" if ended.code else ANY)


def file_too_large(council: Council, chance: Random) -> Told:
    """A quota on the size of a file, as of a disk that is nearly full."""
    limit = chance.randrange(1, 300_000)
    ended = council.csd(
        "run", MONTH, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    return Told(ended, (GOOD, FAILED), "File too large" if ended.code else ANY)


def read_only(council: Council, chance: Random) -> Told:
    """A folder that may not be written: the outputs, or a pack that is somewhere else."""
    folder = chance.choice([council.root / "outputs", council.pack])
    with _read_only(folder):
        ended = council.csd("run", MONTH)
    return Told(ended, (FAILED,), "Read-only|Permission denied|could not be put in place")


@contextlib.contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    """Forbid to write a folder; root is forbidden by the file system only."""
    if os.geteuid():
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    try:
        subprocess.run(["mount", "--bind", folder, folder], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True, capture_output=True)
    except (subprocess.CalledProcessError, OSError):
        raise ImpossibleError("root may write everywhere, and this machine forbids it to mount") from None
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def _cell(source: str, cause: str) -> Kind:
    """Return a kind of fault that a notebook has in one of its cells."""

    def kind(council: Council, chance: Random) -> Told:
        path = council.root / "notebooks" / f"{GROUP}.ipynb"
        stored = path.read_bytes()
        notebook = nbformat.read(path, 4)
        at = chance.randrange(2, len(notebook.cells) + 1)
        notebook.cells.insert(
            at, nbformat.v4.new_code_cell(source, id="fault", metadata={"tags": ["report"]})
        )
        nbformat.write(notebook, path)
        try:
            return Told(council.csd("run", MONTH), (FAILED,), cause)
        finally:
            path.write_bytes(stored)

    return kind


HANG = "import time\nwhile True:\n    time.sleep(1)"
DEAF = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\ntime.sleep(60)"
EAT = (
    "import resource\nsize = int(open('/proc/self/statm').read().split()[0]) * 4096 + (200 << 20)\n"
    "resource.setrlimit(resource.RLIMIT_AS, (size, size))\neaten = []\n"
    "while True:\n    eaten.append(bytes(10 << 20))"
)
DIE = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)"
KILLED = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
LEAVE = "import os\nos._exit(3)"


def _truncated(choose: Callable[[Council], list[Path]], cause: str) -> Kind:
    """Return a kind of fault by which one of some files is cut off at a random byte.

    A table that is cut off between two rows is a shorter table, and nobody can tell.
    """

    def kind(council: Council, chance: Random) -> Told:
        path = chance.choice(sorted(choose(council)))
        whole = path.read_bytes()
        mode = path.stat().st_mode
        path.chmod(0o644)
        cut = whole[: chance.randrange(len(whole))]
        path.write_bytes(cut.rpartition(b"\n")[0] + b"\nX," if path.suffix == ".csv" else cut)
        try:
            ended = council.csd("run", MONTH)
        finally:
            path.write_bytes(whole)
            path.chmod(mode)
        return Told(ended, (GOOD, FAILED, INPUT), cause if ended.code else ANY)

    return kind


def parameter_gone(council: Council, chance: Random) -> Told:
    """A file that people edit is not there."""
    path = chance.choice([*_settings(council), council.root / "parameters" / "disclosure.yaml"])
    aside = path.rename(council.root / "aside")
    try:
        return Told(council.csd("run", MONTH), (INPUT,), path.name.replace(".", r"\."))
    finally:
        aside.rename(path)


def _garbage(choose: Callable[[Council], list[Path]], cause: str) -> Kind:
    """Return a kind of fault by which bytes that are no text stand somewhere in a file."""

    def kind(council: Council, chance: Random) -> Told:
        path = chance.choice(sorted(choose(council)))
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + b"\x00\xff\xfe\x81" + whole[at:])
        try:
            return Told(council.csd("run", MONTH), (FAILED, INPUT), cause)
        finally:
            path.write_bytes(whole)

    return kind


def damaged_pack(council: Council, chance: Random) -> Told:
    """A file of the previous pack is cut off, emptied or gone: the run makes it again."""
    council.csd("run", MONTH)
    files = [path for path in council.pack.rglob("*") if path.is_file() and path.suffix != ".ipynb"]
    files += [council.root / "outputs" / f".{MONTH}.seal", council.root / "outputs" / "part1.html"]
    _damage(chance.choice(sorted(files)), chance)
    return Told(council.csd("run", MONTH), (GOOD,))


def damaged_remains(council: Council, chance: Random) -> Told:
    """A run is killed, and what it left is damaged: the journal, a page, what was prepared."""
    run = council.start("run", MONTH)
    time.sleep(chance.uniform(0.5, 1) * council.seconds)
    run.kill()
    end(run)
    building = council.root / "outputs" / f".{MONTH}.building"
    files = sorted(path for path in building.rglob("*") if path.is_file())
    if files:
        journal = [path for path in files if path.name == "journal.jsonl"]
        _damage(chance.choice(journal or files) if chance.random() < 0.5 else chance.choice(files), chance)
    return Told(council.csd("run", MONTH), (GOOD,))


def _damage(path: Path, chance: Random) -> None:
    content = path.read_bytes()
    how = chance.choice(["cut", "empty", "gone", "flip"])
    if how == "gone":
        path.unlink()
    elif how == "flip" and content:
        at = chance.randrange(len(content))
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
    else:
        path.write_bytes(content[: chance.randrange(len(content) + 1)] if how == "cut" else b"")


def two_runs(council: Council, chance: Random) -> Told:
    """A second run while one is at work: it is told who that is, and the first is not disturbed."""
    first = council.start("run", MONTH)
    time.sleep(chance.uniform(0, council.seconds))
    second = council.csd("run", MONTH)
    ended = end(first)
    codes = {ended.code, second.code}
    told = ended.text + second.text
    return Told(Ended(max(codes), told), (GOOD, FAILED), "another run is at work" if max(codes) else ANY)


def kill_publish(council: Council, chance: Random) -> Told:
    """A publication is killed: it has happened, whole, or not at all; the next one makes up for it."""
    _good(council.csd("run", MONTH))
    published = council.root / "outputs" / "published"
    safe = council.root / "published.safe"
    shutil.copytree(published, safe)
    words = ("publish", MONTH, "--override", "a test", "--by", "A. Tester")
    try:
        act = council.start(*words)
        time.sleep(chance.uniform(0, council.seconds))
        act.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        end(act)
        again = council.csd(*words)
        if again.code and "published already" not in again.text:
            return Told(again, (GOOD,))
        for name, content in council.tree().items():
            if (published / MONTH / name).read_bytes() != content:
                return Told(Ended(1, f"{name} is not published as it was"), (GOOD,))
        return Told(council.csd("ledger"), (GOOD,), "2 ")
    finally:
        shutil.rmtree(published)
        safe.rename(published)
        council.csd("run", MONTH)


def _good(ended: Ended) -> None:
    if ended.code:
        raise RuntimeError(ended.text)


def _extract(council: Council) -> list[Path]:
    return list((council.root / "extract").iterdir())


def _settings(council: Council) -> list[Path]:
    parameters = council.root / "parameters"
    return [parameters / "periods" / f"{MONTH}.yaml", parameters / "suite" / "2020-21.yaml"]


def _ledger(council: Council) -> list[Path]:
    return list((council.root / "outputs" / "published" / "ledger").iterdir())


def _notebooks(council: Council) -> list[Path]:
    return list((council.root / "notebooks").iterdir())


KINDS: dict[str, Kind] = {
    "run killed (KILL)": _kill_run(signal.SIGKILL, -signal.SIGKILL, ANY),
    "run ended (TERM)": _kill_run(signal.SIGTERM, ENDED_BY_SIGTERM, "stopped"),
    "run interrupted (INT)": _kill_run(signal.SIGINT, STOPPED, "stopped"),
    "server killed": kill_server,
    "worker killed": kill_worker,
    "disk full": full_disk,
    "file size limited": file_too_large,
    "folder read-only": read_only,
    "cell hangs": _cell(HANG, "cell ran longer than its limit"),
    "cell hangs, deaf": _cell(DEAF, "ran longer than its limit"),
    "cell eats memory": _cell(EAT, "MemoryError|bad_alloc|[Mm]emory"),
    "kernel dies (SEGV)": _cell(DIE, "SIGSEGV"),
    "kernel killed": _cell(KILLED, "SIGKILL.*too little memory"),
    "kernel leaves": _cell(LEAVE, "ended with exit code 3"),
    "extract cut off": _truncated(_extract, r"care_leavers|children|population"),
    "extract not text": _garbage(_extract, r"care_leavers|children|population"),
    "parameter gone": parameter_gone,
    "settings not text": _garbage(_settings, r"\.yaml"),
    "notebook cut off": _truncated(_notebooks, "notebook"),
    "ledger cut off": _truncated(_ledger, "ledger"),
    "pack damaged": damaged_pack,
    "remains damaged": damaged_remains,
    "two runs at once": two_runs,
    "publication killed": kill_publish,
}
