"""A drill that is stopped takes its server and its processes along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from desk.commands.outcome import INTERRUPTED
from desk.drills.stopping import not_broken_off, stopped_in_order

GENEROUS = 120.0


class LosesExceptions:
    """What is raised while it is taken down is dropped by Python."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_a_wish_to_stop_that_python_drops_is_heard_all_the_same() -> None:
    def work() -> None:
        thing = LosesExceptions()
        del thing
        time.sleep(GENEROUS)

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), stopped_in_order():
        work()
    assert time.monotonic() - begun < GENEROUS / 2


def test_work_that_may_not_be_broken_off_is_finished_first() -> None:
    done = []

    def work() -> None:
        with not_broken_off():
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
            done.append("started")
        done.append("went on")

    with pytest.raises(KeyboardInterrupt), stopped_in_order():
        work()
    assert done == ["started"]


def test_what_fails_while_a_drill_ends_is_not_its_outcome() -> None:
    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            raise ConnectionError("the server is recovering")

    with pytest.raises(KeyboardInterrupt), stopped_in_order():
        work()


def test_without_a_wish_to_stop_an_error_is_an_error() -> None:
    with pytest.raises(ConnectionError), stopped_in_order():
        raise ConnectionError("the server is away")


def servers_in(folder: Path) -> list[psutil.Process]:
    """The servers whose data lie below this folder."""
    numbers = [first for file in folder.rglob("postmaster.pid") for first in file.read_text("utf-8").split()[:1]]
    return [psutil.Process(int(number)) for number in numbers if psutil.pid_exists(int(number))]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program without asking it")
def test_a_drill_that_is_stopped_leaves_no_server_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    drill = subprocess.Popen([sys.executable, "-m", "desk", "drill", "kill"], env=environment)
    try:
        end = time.monotonic() + GENEROUS
        while not (servers := servers_in(tmp_path)):
            assert time.monotonic() < end, "no server was started"
            assert drill.poll() is None
            time.sleep(0.05)
        while not list(tmp_path.glob("meja-pst-catatan-*")):  # its workstations are at work
            assert time.monotonic() < end
            time.sleep(0.05)
        drill.send_signal(signal.SIGTERM)
        drill.send_signal(signal.SIGINT)
        assert drill.wait(GENEROUS) == INTERRUPTED
    finally:
        drill.kill()
    _, alive = psutil.wait_procs(servers, GENEROUS)
    assert not alive
    assert not list(tmp_path.glob("meja-pst-*"))
