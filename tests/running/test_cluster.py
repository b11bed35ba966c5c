"""A cluster makes the very pages this machine makes, even if it loses a worker on the way."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from csd_helpers import cluster
from csd_helpers.batch import run_pack
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.plan import Choice
from csd_helpers.preparation import prepare_once
from csd_helpers.workers import Step
from tests.conftest import ROOT
from tests.running.small_council import write_council, write_period, write_returns

MARCH = Period.parse("2022-03")
Tree = Callable[[Path], dict[str, bytes]]
WORKER = ("-m", "distributed.cli.dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard")


@pytest.fixture
def address() -> Iterator[str]:
    """Start a scheduler, without workers, and return where it listens."""
    distributed = pytest.importorskip("distributed")
    there = {"protocol": "tcp://", "host": "127.0.0.1", "dashboard_address": None}
    with distributed.LocalCluster(n_workers=0, processes=False, **there) as running:
        yield running.scheduler_address


@pytest.fixture
def workers(address: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start two workers, in processes as on other machines, and wait until the scheduler knows them."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, *WORKER, "--local-directory", str(tmp_path / "space"), address]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen(command, env=environment, **quiet) for _ in range(2)]
    from distributed import Client  # noqa: PLC0415  # an extra; `address` has skipped without it

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(len(started), timeout=60)
    yield started
    for worker in started:
        worker.kill()
        worker.wait()


def test_a_real_pack_is_the_same_from_a_cluster_that_loses_a_worker(
    address: str, workers: list[subprocess.Popen[bytes]], tmp_path: Path, tree: Tree
) -> None:
    root = write_council(tmp_path)
    write_period(root, str(MARCH))
    write_returns(root, str(MARCH))
    here = tree(run_pack(MARCH, root, prepare_once, Choice(workers=2)).pack)
    lost: list[str] = []

    def lose_a_worker(step: Step) -> None:
        """Kill a worker while it has a notebook: both have one until the last is done."""
        if step.state == "done" and not lost:
            workers[0].kill()
            lost.append(step.job.name)

    there = run_pack(MARCH, root, prepare_once, Choice(force=True, cluster=address), lose_a_worker)
    assert lost and workers[0].wait() and workers[1].poll() is None
    assert [result.error for result in there.made] == [""] * 9
    assert tree(there.pack) == here
    assert {"part1/front_door.html", "part2/disclosure.html"} <= here.keys()


def test_a_scheduler_that_is_away_is_one_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_PATIENCE", "0.3s")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(CsdError, match="no scheduler answers") as caught:
        cluster.run_on_cluster([], tmp_path, nobody, lambda step: None)
    assert caught.value.exit_code == 1
    assert caught.value.where == nobody
    assert len(str(caught.value).splitlines()) == 3
