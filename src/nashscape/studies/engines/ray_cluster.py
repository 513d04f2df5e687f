"""Several machines: a Ray cluster that runs already, or one of this machine alone. Extra `[cluster]`."""

import atexit
import logging
import os
import pickle
import secrets
import shutil
import tempfile
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nashscape.core.checks import positive_integer
from nashscape.core.errors import InputError
from nashscape.studies.engines.chunks import Chunks
from nashscape.studies.engines.crew import Crew
from nashscape.studies.engines.interface import Answer, Tell
from nashscape.studies.engines.pool import ONE_DEVICE, check_limit, pickled
from nashscape.studies.engines.working import answer, prepare_process
from nashscape.studies.items import Finished, Place, Work

TOKENS = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
"""Where Ray looks for the token of a cluster, and in `~/.ray/auth_token`."""


@dataclass(frozen=True)
class RayCluster:
    """Processes of a Ray cluster, one per CPU that it says it has.

    Whoever connects needs the token of the cluster (Ray's variables `RAY_AUTH_TOKEN` or `RAY_AUTH_TOKEN_PATH`, or
    `~/.ray/auth_token`); one that is started here gets a token of its own, in a file that nobody else can read. Usage
    statistics are off. A machine that dies takes its chunks with it, which are worked on elsewhere: deaths are known
    by what does not come back, for Ray goes on listing machines that were killed.

    Attributes:
        address: of a cluster, "127.0.0.1:6379" or "auto"; by default one is started on this machine.
        workers: how many; by default as many as the cluster has CPUs when the study begins.
        limit: seconds that an item may take, after which its process is killed; None for as many as it will.

    Raises:
        InputError: where Ray is not installed or no cluster answers, for less than one worker, and a limit that is not
            above zero.
    """

    address: str | None = None
    workers: int = 0
    limit: float | None = None
    name = "ray"

    def __post_init__(self) -> None:
        """Checked, and connected: how many workers there can be is known from then on."""
        check_limit(self.limit)
        ray = _connected(self.address)
        cpus = int(ray.cluster_resources().get("CPU", 0))
        if not (cpus or self.workers):
            raise InputError(f"the Ray cluster at {self.address} has no CPUs (yet); start nodes, or give `workers`")
        object.__setattr__(self, "workers", positive_integer(self.workers or cpus, "the number of workers"))

    def run(self, work: Work, chunks: Chunks, tell: Tell) -> Generator[list[Finished]]:
        """See `Engine.run`."""
        ray = _connected(self.address)
        # what stands in a script travels with it: other machines do not have the script
        sent = ray.put(pickled(work, ray.cloudpickle.dumps))
        yield from Crew(lambda: _Actor(ray, sent), self.workers, chunks, tell, self.limit).run()


def _connected(address: str | None) -> Any:
    """Ray, connected to a cluster, once in a process."""
    # read by Ray when it is imported
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    if address is None:
        _own_token()
    try:
        import ray
    except ImportError as error:
        raise InputError(
            "the engine 'ray' needs Ray, which is not installed: pip install 'ray>=2.59', or use engine 'pool'"
        ) from error
    if not ray.is_initialized():
        try:
            ray.init(address=address or "local", logging_level=logging.ERROR, log_to_driver=False)
        except (ConnectionError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
            reason = " ".join(str(error).split())[:200]
            raise InputError(
                f"no Ray cluster answers at {address or 'this machine'} ({reason}); start one with `ray start --head`, "
                f"and give its token: {TOKENS[0]}, or the path of its file in {TOKENS[1]}"
            ) from error
    return ray


def _own_token() -> None:
    """A token for a cluster of one's own, where none was given: its port listens to the whole network."""
    if os.environ["RAY_AUTH_MODE"] != "token":
        raise InputError(
            f"RAY_AUTH_MODE is {os.environ['RAY_AUTH_MODE']!r}: whoever reaches this machine could run programs on the "
            "cluster that is to be started; unset it"
        )
    if any(os.environ.get(name) for name in TOKENS):
        return
    # in a folder of mode 0700, written with mode 0600
    path = Path(tempfile.mkdtemp(prefix="nashscape-ray-")) / "token"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    os.environ[TOKENS[1]] = str(path)


class _Member:
    """In a process of the cluster: what an actor is made of."""

    def __init__(self, work: bytes) -> None:
        os.environ.update(ONE_DEVICE)  # before JAX is imported
        self._work: Work = pickle.loads(work)

    def get_ready(self) -> None:
        prepare_process(self._work)

    def answer(self, places: Sequence[Place]) -> Answer:
        return answer(self._work, places)


class _Actor:
    """A process of the cluster with one CPU."""

    def __init__(self, ray: Any, work: Any) -> None:
        self._ray = ray
        # whether it is tried again is decided here, where it is known of which item it died
        made = ray.remote(num_cpus=1, max_restarts=0, max_task_retries=0)(_Member)
        self._actor = made.remote(work)
        self.ready: Future[Any] = self._actor.get_ready.remote().future()

    def submit(self, places: Sequence[Place]) -> "Future[Answer]":
        """See `Worker.submit`."""
        future: Future[Answer] = self._actor.answer.remote(places).future()
        return future

    def death(self, error: BaseException) -> str:
        """See `Worker.death`."""
        failed = self._ray.exceptions
        if not isinstance(error, failed.RayError) or isinstance(error, failed.RayTaskError):
            return ""
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return f"its process of the cluster died ({type(error).__name__}: {lines[-1] if lines else ''})"

    def end(self, now: bool) -> None:
        """See `Worker.end`."""
        self._ray.kill(self._actor, no_restart=True)
