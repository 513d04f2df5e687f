"""`python killed_studies.py FOLDER SEED KILLS forked|started`: a study that is killed and resumed, again and again.

Each life of the study is a `nashscape study run` or `resume` of `killed.toml` in FOLDER. What was done, and how often
it was worth something, is printed as JSON; what should not be is an AssertionError.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

LONGEST = 300.0
"""Seconds after which a life that has not ended is a fault."""


class Life:
    """One command, in a process that may be killed.

    Args:
        kind: "forked" from this process, which has imported everything and started nothing, so that it costs little; or
            "started", as a person starts it.
        words: of the command.
    """

    def __init__(self, kind, *words):
        self.began, self.code = time.monotonic(), None
        self.log = Path(str(words[-1])).parent / "said"
        command = ["study", *map(str, words)]
        self.pid = os.fork()
        if not self.pid:
            self._live(kind, command)

    def _live(self, kind, command):
        said = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(said, 1)
        os.dup2(said, 2)
        if kind == "started":
            os.execv(sys.executable, [sys.executable, "-m", "nashscape", *command])
        sys.argv = ["nashscape", *command]
        try:
            main()
        except SystemExit as left:
            os._exit(int(left.code or 0))
        os._exit(0)

    @property
    def seconds(self):
        return time.monotonic() - self.began

    def ended(self):
        """Whether it has; not waited for."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if pid else None
        assert self.seconds < LONGEST, self.log.read_text()
        return self.code is not None

    def wait(self, until=lambda: False, pause=0.005):
        """Until it has ended, or something holds."""
        while not self.ended() and not until():
            time.sleep(pause)
        return self

    def kill(self):
        """Whether it was alive then."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        return self.code == -signal.SIGKILL

    def workers(self):
        """Its processes that work on items."""
        found = []
        with contextlib.suppress(OSError):
            for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
                with contextlib.suppress(OSError):
                    if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                        found.append(int(child))
        return found


class Writes:
    """The files that are being written in a folder, counted as they appear."""

    def __init__(self, folder):
        self.folder, self.seen = folder, set()

    def at_work(self):
        """Names of the files that are being written at this moment."""
        now = set()
        for place in (self.folder, *self.folder.glob("*/")):
            with contextlib.suppress(OSError):
                now |= {name for name in os.listdir(place) if name.endswith(".unfinished")}
        return now

    def count(self):
        """How many have been seen so far."""
        self.seen |= self.at_work()
        return len(self.seen)


class Studies:
    """Folders of one study, of which the first is never killed."""

    def __init__(self, base, kind):
        self.base, self.kind = base, kind
        self.engine = ("--engine", "pool", "--workers", "2") if kind == "started" else ()
        self.ends = ("csv", "json", "parquet") if kind == "started" else ("csv",)
        if kind == "started":
            self.in_full("warm")  # programs that JAX makes are kept
        life, writes, folder = self.in_full("whole")
        self.seconds, self.writes, self.items = life.seconds, writes, len(keys_there(folder))
        self.expected = self.rows(folder), self.exported(folder)

    def in_full(self, name):
        """A life that nobody kills, the files that it writes, and its folder."""
        folder = self.new(name)
        writes, life = Writes(folder), self.run(folder)
        life.wait(lambda: writes.count() < 0, pause=0.0005)
        assert life.code == 0, life.log.read_text()
        return life, len(writes.seen), folder

    def new(self, name):
        """A folder that is not there yet."""
        (self.base / name).mkdir()
        return self.base / name / "killed"

    def run(self, folder):
        """What begins a study, and continues it as well."""
        return Life(self.kind, "run", self.base / "killed.toml", "--quiet", *self.engine, "--into", folder)

    def resume(self, folder):
        """What continues it by the folder alone; before there is a store in it, one begins again."""
        if not (folder / "manifest.json").exists():
            return self.run(folder)
        # until the files that the study names are beside its results, they are where they were
        files = () if (folder / "mine.py").exists() else ("--files", self.base)
        return Life(self.kind, "resume", "--quiet", *self.engine, *files, folder)

    def rows(self, folder):
        """All rows of all tables, sorted by key, to the last bit."""
        store = Store.open(folder)
        return {
            (table, name): (column.dtype.str, column.tolist() if column.dtype == object else column.tobytes())
            for table in store.tables
            for name, column in store.columns(table).items()
        }

    def exported(self, folder):
        """The bytes of all tables as files, by `nashscape study export`."""
        made = []
        for table in Store.open(folder).tables:
            for end in self.ends:
                out = folder.parent / f"{table}.{end}"
                life = Life("forked", "export", folder, "--table", table, "--out", out).wait()
                assert life.code == 0, life.log.read_text()
                made.append(out.read_bytes())
        return made

    def killed(self, folder, who, draws):
        """Whether a life, or one of its workers, was killed at a drawn moment; whether the life came to its end.

        Moments are those of a clock, or of the beginning of a write.
        """
        known = keys_there(folder)
        life, writes = self.resume(folder), Writes(folder)
        if who == "write":
            number = draws.randint(1, self.writes)
            life.wait(lambda: writes.count() >= number, pause=0.0005)
        else:
            moment = draws.uniform(0.0, self.seconds)
            life.wait(lambda: life.seconds >= moment)
        if who == "worker":
            workers = [] if life.ended() else life.workers()
            for worker in workers[:1]:
                with contextlib.suppress(ProcessLookupError):  # it ended just now
                    os.kill(worker, signal.SIGKILL)
            done = bool(workers)
            life.wait()
        else:
            done = life.kill()
        assert life.code == (-signal.SIGKILL if done and who != "worker" else 0), life.log.read_text()
        assert keys_there(folder) >= known, "what was kept is kept"
        if life.code == 0:
            self.check(folder)
        return done, life.code == 0

    def check(self, folder):
        """The study is there in full, and nothing else."""
        assert (self.rows(folder), self.exported(folder)) == self.expected
        assert not list(folder.rglob("*.unfinished"))


def keys_there(folder):
    return Store.open(folder).keys if (folder / "manifest.json").exists() else frozenset()


def campaign(base, seed, kills, kind):
    """Kill so often: a folder is resumed, and killed again, until a life in it ends by itself; then it is looked at.

    And more often, until a sixth of the kills have left a part of the items, as slow machines leave fewer.
    """
    studies, draws, told = Studies(base, kind), random.Random(seed), Counter()
    everyone = ("clock", "write", "worker") if kind == "started" else ("clock", "write")
    ended, lives, folder = True, 0, base
    while not ended or sum(told[who] for who in everyone) < kills or 6 * told["with a part of the items"] < kills:
        who = everyone[lives % len(everyone)]
        lives += 1
        assert lives <= 4 * kills, f"the moments are worth nothing: {told}"
        folder = studies.new(str(lives)) if ended else folder
        done, ended = studies.killed(folder, who, draws)
        told[who] += done
        told["folders"] += ended
        told["in the middle of a write"] += any(folder.rglob("*.unfinished"))
        told["with a part of the items"] += 0 < len(keys_there(folder)) < studies.items
    print(json.dumps({"seconds": studies.seconds, "writes": studies.writes, "lives": lives, **told}))


if __name__ == "__main__":
    # once, and not in each life: what commands import only where they need it
    import pandas  # noqa: F401
    import pyarrow.csv  # noqa: F401

    from nashscape.cli import main, output, study_stores  # noqa: F401
    from nashscape.studies import running, toml_models, working  # noqa: F401
    from nashscape.studies.store import Store, exporting, extending  # noqa: F401

    campaign(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
    # Arrow ends its threads in no good order in a process that was forked while they ran: one in three aborts after all
    # is done; no command of ours forks
    sys.stdout.flush()
    os._exit(0)
