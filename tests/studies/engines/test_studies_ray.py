"""A real Ray cluster of two nodes on this machine; one is killed in the middle of a study."""

import json
import os
import secrets
import signal
import socket
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from fake_studies import FakeFolder, FakeKeeping, FakeStudy

from nashscape.core import InputError
from nashscape.studies.driving import run
from nashscape.studies.engines import ray_cluster
from nashscape.studies.events import read_events

POINTS, SECONDS = 150, 0.02


def descendants(pid):
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [*descendants(int(child)), int(child)]
    return found


def kill_all(process):
    """A machine that goes down takes everything with it."""
    for pid in [process.pid, *descendants(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def token(tmp_path, monkeypatch):
    path = tmp_path / "token"
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32))
    for name, value in {
        "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(path), "RAY_USAGE_STATS_ENABLED": "0",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return path


@pytest.fixture
def cluster(token):
    """The address of a head without CPUs, and a function that starts a node of one CPU."""
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    nodes = []

    def node(*options):
        command = [str(Path(sys.executable).with_name("ray")), "start", "--block", "--disable-usage-stats", *options]
        nodes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return nodes[-1]

    def cpus():
        asked = "import ray; ray.init(address='auto', log_to_driver=False); print(ray.cluster_resources().get('CPU'))"
        environment = {**os.environ, "RAY_ADDRESS": address}
        command = [sys.executable, "-c", asked]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stdout.strip()

    head = ("--head", "--node-ip-address=127.0.0.1", f"--port={address.partition(':')[2]}", "--include-dashboard=false")
    try:
        node(*head, "--num-cpus=0")
        waiting_for(lambda: cpus() == "None")
        for there in ("1.0", "2.0"):  # two that start at once may take one port
            node(f"--address={address}", "--num-cpus=1")
            waiting_for(lambda there=there: cpus() == there)
        yield address, nodes
    finally:
        for one in nodes:
            kill_all(one)


def waiting_for(what, seconds=120.0):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.05)


def began(address, folder):
    script = Path(__file__).with_name("fake_studies.py")
    command = [sys.executable, str(script), str(folder), f"ray@{address}", str(POINTS), str(SECONDS)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def lines(folder):
    path = folder / "rows.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


@pytest.mark.long
def test_two_nodes_give_the_rows_of_one_process_and_a_killed_one_loses_nothing(tmp_path, cluster):
    address, nodes = cluster
    whole = FakeKeeping()
    run(FakeStudy(("cheap", "values"), POINTS, replicates=2), whole)
    for killed in (False, True):
        folder = tmp_path / f"killed {killed}"
        folder.mkdir()
        process = began(address, folder)
        if killed:
            waiting_for(lambda folder=folder: lines(folder) >= 100)
            assert lines(folder) < 500
            kill_all(nodes[2])
        output, errors = process.communicate(timeout=240)
        assert process.returncode == 0, errors
        # what Ray says of a killed node stands before it
        assert json.loads(output.splitlines()[-1]) == ["complete", 4 * POINTS, 4 * POINTS, 4 * POINTS]
        assert FakeFolder(folder).close().rows() == whole.rows()
        events = read_events(folder / "events.jsonl")
        workers = {event["workers"] for event in events if event["event"] == "began"}
        deaths = [event for event in events if event["event"] == "died"]
        assert workers == {2}
        assert bool(deaths) == killed
        assert not [event for event in events if event["event"] == "failed"]


@pytest.mark.long
def test_without_the_token_there_is_no_cluster_to_connect_to(tmp_path, cluster, monkeypatch):
    address, _ = cluster
    other = tmp_path / "other"
    other.write_text(secrets.token_hex(32))
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(other))
    process = began(address, tmp_path)
    _, errors = process.communicate(timeout=240)
    last = errors.strip().splitlines()[-1]
    assert process.returncode == 1
    assert f"InputError: no Ray cluster answers at {address}" in last
    assert "RAY_AUTH_TOKEN_PATH" in last


def test_a_cluster_of_ones_own_gets_a_token_that_nobody_else_can_read(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    for name in ray_cluster.TOKENS:
        monkeypatch.setenv(name, "")
    ray_cluster._own_token()
    path = Path(os.environ["RAY_AUTH_TOKEN_PATH"])
    assert len(path.read_text()) == 64
    assert [stat.S_IMODE(os.stat(one).st_mode) for one in (path, path.parent)] == [0o600, 0o700]
    # the one that is there stays
    ray_cluster._own_token()
    assert os.environ["RAY_AUTH_TOKEN_PATH"] == str(path)


def test_a_cluster_that_would_be_open_to_all_is_refused(monkeypatch):
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    with pytest.raises(InputError, match="whoever reaches this machine could run programs"):
        ray_cluster.RayCluster()


def test_without_ray_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"pip install 'ray>=2.59', or use engine 'pool'"):
        ray_cluster.RayCluster("127.0.0.1:6379")
