"""Ctrl-C at random moments, on the command line and in Python: nothing is torn down, and it does not take long."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

COMMANDS = (
    "games stag-hunt", "rules lola --game stag-hunt", "basin stag-hunt --grid 61 --json",
    "basin stag-hunt --grid 31 --estimator sampled:batch=16 --steps 400 --out OUT",
    "entry stag-hunt --n 8000 --estimator sampled:batch=16 --steps 400 --json",
    "restarts stag-hunt --runs 400 --estimator sampled:batch=16 --json",
    "sweep stag-hunt --vary peer=0:5:41 --json",
    "steer stag-hunt --vary peer=0:10 --at-least 0.6 --json", "phase donation --vary coupling=0:1.5:60 --json",
    "threshold prisoners-dilemma --json", "equilibria stag-hunt --json", "explain stag-hunt --start 0.4,0.7 --json",
    "compare stag-hunt --rule pg --rule lola --json", "program-equilibria donation --coupling 0.5 --json",
    "simulate stag-hunt --start 0.4,0.7 --json", "certify stag-hunt --resolution 0.005 --save OUT/proved.json",
    "verify CERTIFICATE --json", "systems --json", "reproduce basin-entry --quick",
    "study run STUDY --into OUT/slow --quiet",
)  # fmt: skip
SLOW = 0.25
"""Seconds that an item of the study takes; the first Ctrl-C lets the one under way finish, and no further one begin."""

ITEMS = 40
MINE = """
import time

def waited(game, *, seed: int = 0):
    time.sleep(WAIT)
    return {"seed": float(seed)}
"""
STUDY = f"""
[study]
name = "slow"
about = "Items of which each takes a while."
[fixed]
game = "stag_hunt"
[[measure]]
verb = "mine.py:waited"
what = "numbers"
replicates = {ITEMS}
"""
VERBS = (
    "basin_map(G, [ns.pg(), ns.lola(), ns.meta_mapg()], grid=201)",
    "entry_probability(G, ns.pg(), n=20000, estimator=ns.sampled(16), steps=400)",
    "restarts(G, ns.pg(), runs=2000, estimator=ns.sampled(16))", "sweep(G, 'peer', [0.1 * k for k in range(60)])",
    "steer(G, 'peer', 'CC', at_least=0.6)", "phase_diagram(ns.games.donation(), [0.02 * k for k in range(60)])",
    "explain(G, ns.meta_mapg(), [0.5, 0.5], 'CC')", "plan(G, ns.meta_mapg(), 'CC', n=400, runs=50)",
    "certify(G, ns.pg(), 'CC', resolution=1 / 512)", "theory.fixed_points(ns.meta_mapg(), G, prove=True)",
    "equilibria(ns.games.random_game((9, 9), 3))", "theory.continuation(ns.games.prisoners_dilemma(), 0.2, 0.7)",
    "separatrix(G, ns.pg())", "simulate(G, ns.meta_mapg(), [0.4, 0.7], steps=3000)", "flow(G, ns.pg(), [0.7, 0.7])",
    "selection.term_field(G, ns.meta_mapg(), grid=41)", "alignment(G, ns.meta_mapg(), 'CC')",
    "corrected_steps_needed(G, ns.meta_mapg(), ns.starts.normal(std=1.0), n=50)",
)  # fmt: skip
COMMAND = """
import sys
from pathlib import Path
from nashscape.cli import main
sys.argv[0] = "nashscape"
Path(MARK).touch()
main()
"""
"""What the installed command does, and it says when it begins: what comes before is Python's own start."""

SOON = 0.1
"""Seconds after which it has begun."""

SCRIPT = """
import signal, time
import nashscape as ns
G = ns.games.stag_hunt()
ns.NAME
print("ready", flush=True)
try:
    found = ns.VERB
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    one = next(iter(found.values())) if isinstance(found, dict) else found
    said = one.status.value
except KeyboardInterrupt:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said = "nothing"
print(time.monotonic(), said, flush=True)
"""
LOST = "Exception ignored in: <function _xla_gc_callback"
"""Where Ctrl-C comes while Python tells JAX of its garbage, before a verb waits for signals, Python drops it."""

TORN = ("Traceback", "Exception ignored", "Fatal", "FATAL", "terminate called")
LOAD = 25.0
"""So often the time of an empty Python program is given on top of a second."""

LATEST = (1.0, 3.0, 10.0, 25.0)
"""Seconds after the start up to one of which a signal is sent."""


@dataclass
class Interrupted:
    """A process that was sent Ctrl-C."""

    code: int
    seconds: float  # from the signal to the end, or until the verb had returned
    ended: bool  # before the signal
    out: str
    wrong: list[str] = field(default_factory=list)


def time_to_stop():
    """A second, as many times as there are processes for a core, and what a program takes that does nothing."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    busy = max(1.0, os.getloadavg()[0] / os.cpu_count())
    return busy + LOAD * (time.monotonic() - began)


def interrupted(command, delay, folder, *, after="", mark=None):
    """Run a process, send it Ctrl-C so many seconds after what it says or a file is there, and see what is left."""
    out, err = folder / "stdout", folder / "stderr"
    mark = out if mark is None else mark
    with out.open("wb") as first, err.open("wb") as second:
        process = subprocess.Popen(command, stdout=first, stderr=second, start_new_session=True)
    while not (mark.exists() and after.encode() in out.read_bytes()) and process.poll() is None:
        time.sleep(0.01)
    try:
        process.wait(delay)
        ended = True
    except subprocess.TimeoutExpired:
        ended = False
        sent = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
    try:
        code = process.wait(300)
    finally:
        process.kill()
    lines = out.read_text().splitlines()
    seconds = 0.0 if ended else time.monotonic() - sent
    if not ended and after and len(lines) > 1:
        seconds = float(lines[1].split()[0]) - sent
    told = err.read_text()
    return Interrupted(code, seconds, ended, out.read_text(), [f"{part}: {told}" for part in TORN if part in told])


def broken(folder):
    """Files that are there, and not whole."""
    ends = {".png": b"IEND\xaeB`\x82", ".svg": b"</svg>\n", ".json": b"}\n"}
    files = [path for path in folder.rglob("*") if path.suffix in ends]
    return [path.name for path in files if not path.read_bytes().endswith(ends[path.suffix])]


def check(found, folder, bound):
    assert found.wrong == []
    assert found.seconds <= bound
    assert broken(folder) == []


def of_a_command(line, delay, folder, certificate, study=""):
    given = [
        {"CERTIFICATE": str(certificate), "STUDY": str(study)}.get(word, word.replace("OUT", str(folder)))
        for word in line.split()
    ]
    mark = folder / "begun"
    script = COMMAND.replace("MARK", repr(str(mark)))
    found = interrupted([sys.executable, "-c", script, *given], SOON + delay, folder, mark=mark)
    check(found, folder, time_to_stop() + (SLOW if "study" in given else 0.0))
    assert found.code in ((0,) if found.ended else (0, 130))
    if "--json" in given and found.out:
        json.loads(found.out)
    if "--into" in given and not found.ended:
        check_continued(given, folder / "slow", found.code)
    return found


def check_continued(given, folder, code):
    """Items that were finished are kept, and the same command computes those that are missing."""
    before = kept(folder)
    assert (len(before) == ITEMS) == (code == 0)
    after = subprocess.run([sys.executable, "-m", "nashscape", *given], capture_output=True, text=True, check=False)
    assert (after.returncode, after.stderr) == (0, "")
    began = [one for one in map(json.loads, (folder / "events.jsonl").read_text().splitlines()) if "asked" in one]
    assert [one["done"] for one in began][-2:] == [len(before), ITEMS]
    whole = set(kept(folder))
    assert len(whole) == ITEMS
    assert whole >= set(before)


def kept(folder):
    """The numbers that a study has found so far."""
    from nashscape.studies.store import Store

    return Store.open(folder).columns("values")["value"].tolist() if (folder / "manifest.json").exists() else []


def of_a_verb(verb, delay, folder):
    script = SCRIPT.replace("VERB", verb).replace("NAME", verb.partition("(")[0])
    found = interrupted([sys.executable, "-c", script], delay, folder, after="ready")
    if found.wrong and all(LOST in told for told in found.wrong):
        return replace(found, ended=True)  # as if nothing had been sent
    check(found, folder, time_to_stop())
    assert found.code == 0
    return found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    import nashscape as ns

    path = tmp_path_factory.mktemp("proved") / "hunt.json"
    return ns.certify(ns.games.stag_hunt(), ns.pg(), "CC", resolution=1 / 32).save(path)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    (folder / "mine.py").write_text(MINE.replace("WAIT", str(SLOW)))
    (folder / "slow.toml").write_text(STUDY)
    return folder / "slow.toml"


@pytest.mark.parametrize("line", [COMMANDS[k] for k in (0, 2, 4)])
def test_a_command_leaves_by_130(line, tmp_path):
    assert of_a_command(line, time_to_stop(), tmp_path, "").code in (0, 130)


@pytest.mark.parametrize("verb", [VERBS[k] for k in (0, 10, 13)])
def test_a_verb_returns_or_raises(verb, tmp_path):
    assert of_a_verb(verb, 0.3, tmp_path).out.splitlines()[1].split()[1] in ("nothing", "interrupted", "complete")


@pytest.mark.long
def test_a_study_stops_after_the_item_under_way_and_continues(tmp_path, study):
    moments, codes = random.Random(0), []
    for k in range(6):
        folder = tmp_path / str(k)
        folder.mkdir()
        delay = moments.uniform(0.0, 1.3 * SLOW * ITEMS)
        found = of_a_command(COMMANDS[-1], delay, folder, "", study)
        codes.append((found.code, found.ended))
    assert codes.count((130, False)) >= 3


@pytest.mark.long
@pytest.mark.parametrize("kind", ["commands", "verbs"])
def test_a_hundred_moments(kind, tmp_path, certificate, study):
    moments = random.Random(kind)
    items = COMMANDS if kind == "commands" else VERBS
    outcomes = {}
    for k in range(100):
        folder = tmp_path / str(k)
        folder.mkdir()
        delay = moments.uniform(0.0, moments.choice(LATEST))
        if kind == "commands":
            found = of_a_command(items[k % len(items)], delay, folder, certificate, study)
        else:
            found = of_a_verb(items[k % len(items)], delay, folder)
        outcomes[found.code, found.ended] = outcomes.get((found.code, found.ended), 0) + 1
    print(kind, outcomes)
    assert sum(count for (_, ended), count in outcomes.items() if not ended) > 50


def test_what_is_not_whole_is_seen(tmp_path):
    Path(tmp_path / "results.json").write_text('{"a": [1,')
    assert broken(tmp_path) == ["results.json"]


@pytest.mark.long
def test_what_is_done_is_printed(monkeypatch):
    from typer.testing import CliRunner

    from nashscape.cli.app import app
    from nashscape.cli.progress import ProgressBar

    calls = []

    def stop(bar, done, total):
        calls.append(done)
        if calls.count(total) == 1 and done < total:  # the first block of the second rule
            raise KeyboardInterrupt

    monkeypatch.setattr(ProgressBar, "__call__", stop)
    monkeypatch.setattr("nashscape.cli.errors.GRACE", 300.0)
    rules = ["--rule", "pg", "--rule", "lola", "--rule", "lookahead", "--baseline", "lookahead"]
    line = ["entry", "stag-hunt", "--n", "4000", "--estimator", "sampled:batch=8", "--steps", "20", "--json", *rules]
    told = CliRunner().invoke(app, line)
    assert told.exit_code == 130, told.output
    made = json.loads(told.stdout)
    assert {name: one["status"] for name, one in made["rules"].items()}["lola"] == "INTERRUPTED"
    assert list(made["rules"]) == ["pg", "lola"]
    assert made.get("comparisons", {}) == {}
    question = made["rules"]["lola"]["provenance"]["question"]["asked"]
    assert sum(made["rules"]["lola"]["outcomes"].values()) == question["runs"] < question["of_runs"] == 4000
