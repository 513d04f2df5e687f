"""What help says: readable at 80 columns, and every example of every command is understood, and runs."""

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from nashscape.cli import varying
from nashscape.cli.app import app
from nashscape.cli.asked import Asked

ROOT = typer.main.get_command(app)
SMALL = {
    "basin": "--grid 3 --steps 6", "entry": "--n 6 --steps 6", "compare": "--n 6 --steps 6",
    "restarts": "--runs 4 --budget 2 --steps 6", "sweep": "--grid 3 --steps 6", "phase": "--n 6 --steps 6 --diagonal 3",
    "steer": "--scan 3 --tolerance 2 --grid 5 --n 20 --steps 20 --most-trials 64", "simulate": "--steps 6",
    "rules": "--grid 3 --arrows 3 --steps 6", "explain": "--steps 60", "certify": "--resolution 0.25 --seconds 3",
    "verify": "--sample 4", "equilibria": "--seconds 3",
}  # fmt: skip
"""What makes the examples of a command small, where they do not say it themselves."""

CLASHES = {"--grid": ("--n", "--starts", "restarts", "coupling", "noise=0:2"), "--n": ("--grid", "game:R=4:6")}
"""Beside which words a flag says something else."""

CHEAP = ("games", "equilibria", "concepts", "threshold", "certify", "verify", "show", "rank", "tournament", "systems",
         "versions")  # fmt: skip
"""Commands that compile next to nothing, whose examples the usual tests run."""

ELSEWHERE = ("study", "reproduce", "app")
"""Commands of which examples need folders of results, or minutes, or serve until they are ended: that they are
understood is seen all the same."""


def leaves(command=ROOT, path=()):
    """Every command with its path, as it is declared."""
    for name, one in command.commands.items():
        if name in command.declared:
            yield (*path, name), command.declared[name]
        else:
            yield from leaves(one, (*path, name))


DECLARED = dict(leaves())
LEAVES = {path: one.made for path, one in DECLARED.items()}


def examples(command):
    """The lines under Examples, as words; a backslash at the end joins two."""
    text = command.help.partition("Examples\n")[2].replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line.strip().startswith("nashscape ")]


EVERY = {shlex.join(words[1:]): (path, words) for path, one in LEAVES.items() for words in examples(one)}


@pytest.mark.parametrize("path", [(), ("study",), *LEAVES], ids=" ".join)
def test_help_fits_80_columns_and_describes_every_option(path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = CliRunner().invoke(app, [*path, "--help"]).stdout
    assert max(map(len, text.splitlines())) <= 80
    described = [line for line in text.splitlines() if line.startswith("  --")]
    # a long flag has its text on the next line
    assert all(len(line.split()) > 2 or len(line) > 24 or line.endswith((".", "]")) for line in described)
    if path in LEAVES:
        own = [words for words in examples(LEAVES[path]) if words[1 : len(path) + 1] == list(path)]
        assert own, "help has an example"
        assert all(one.help for one in LEAVES[path].params)


def typed(line):
    """The words of a line up to where a shell sends its output."""
    words = shlex.split(line)
    return words[: words.index(">")] if ">" in words else words


def path_of(words):
    """The command that a line begins with."""
    return next((path for path in LEAVES if list(path) == words[: len(path)]), None)


def understand(path, words):
    """Parse what is typed, and read it as the library takes it."""
    context = LEAVES[path].make_context(path[-1], list(words))
    command = DECLARED[path]
    asked = Asked(command.rows, command.verb, {name: own for name, own in context.params.items() if own})
    for name in asked.given:
        assert asked[name] is not None
    if "rule" in asked and command.rows["rule"].several:
        assert len(asked.rules()) == len(asked.given["rule"])
    for text in asked.given.get("changes", []):
        assert varying.changed(asked, text).high
    if "vary" in asked and "game" in asked:
        texts = asked["vary"]
        for text in [texts] if isinstance(texts, str) else texts:
            name, values = varying.split(text)
            if name != "restarts":
                dial = varying.dial_of(asked, name)
                assert path[0] in ("steer", "threshold") or varying.spaced(values, dial)


@pytest.mark.parametrize("line", EVERY)
def test_every_example_is_understood(line):
    words = typed(line)
    path = path_of(words)
    understand(path, words[len(path) :])


HERE = Path(__file__).parents[2]
SHOWN = re.compile(r"^ *(nashscape [a-z][^\n#]*)", re.MULTILINE)
INLINE = re.compile(r"`(nashscape\s[a-z][^`]*)`")
BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown():
    """Every command line that documentation shows, with its file."""
    for path in (HERE / "README.md", *sorted((HERE / "docs").rglob("*.md"))):
        text = path.read_text(encoding="utf-8")
        blocks = "".join(BLOCK.findall(text)).replace("\\\n", " ")
        for line in (*SHOWN.findall(blocks), *INLINE.findall(BLOCK.sub("", text))):
            yield path.name, " ".join(line.split())
    # in help of the whole, what a command does stands after it
    for line in SHOWN.findall(app_help()):
        yield "nashscape --help", re.split(r"\s{3,}", line)[0]


OWN_GAME = re.compile(r"nashscape (?!verify|show)[a-z-]+ \S+\.(json|nfg|efg|gam|csv)\b")
"""A command about payoffs in a file of the reader's own."""


def app_help():
    return CliRunner().invoke(app, ["--help"]).stdout.partition("Options:")[0]


def test_every_command_line_in_the_documentation_is_understood():
    # things in files of the reader's own are seen in test_cli_files
    lines = sorted(line for line in set(shown()) if ".py:" not in line[1] and not OWN_GAME.match(line[1]))
    assert len(lines) > 40
    for name, line in lines:
        words = typed(line)[1:]
        path = path_of(words)
        if path is None:
            assert words == ["study"] or words[-1:] in (["--help"], ["-h"]), (name, line)
        elif "--help" not in words and len(words) > len(path):
            try:
                understand(path, words[len(path) :])
            except Exception as error:
                raise AssertionError(f"{name}: {line}: {error}") from error


def small(path, words):
    """The words of an example with what makes it small: fewer runs, and fewer values of what varies."""
    more, words = shlex.split(SMALL.get(path[0], "")), [re.sub(r":\d\d$", ":3", word) for word in words]
    for flag, value in zip(more[::2], more[1::2], strict=True):
        if flag in words:
            at = words.index(flag) + 1
            words[at] = min(words[at], value, key=float)
        elif not set(CLASHES.get(flag, ())) & set(words):
            words = [*words, flag, value]
    return words[1:]


TABLES = {
    "matches.csv": "player,player,result\nann,bob,1\nbob,ann,1\nbob,cy,win\ncy,bob,win\n",
    "games.csv": "date,white,black,points\n1,ann,bob,1\n2,bob,ann,0.5\n",
    "races.csv": "1,2,3\nann,bob,cy\ncy,bob,ann\nbob,ann\n",
    "scores.csv": "agent,task,score\nann,maze,1\nann,tag,3\nbob,maze,2\nbob,tag,1\n",
}
"""Files that examples read and no example writes."""


def run_examples(names, folder, monkeypatch, without=()):
    """Run the examples of some commands, one after the other in one folder: some read what others write."""
    monkeypatch.chdir(folder)
    for table, text in TABLES.items():
        (folder / table).write_text(text)
    for line, (path, words) in EVERY.items():
        if path[0] in names and not line.startswith(without):
            done = CliRunner().invoke(app, small(path, words))
            assert done.exit_code == 0, (line, done.output, done.exception)
            assert done.stdout, line
            if "--json" in words:
                json.loads(done.stdout)


@pytest.mark.long
def test_cheap_examples_run(tmp_path, monkeypatch):
    # a proof without a limit of updates takes the seconds that it is given
    seconds = ("certify stag-hunt --rule", "certify prisoners-dilemma")
    run_examples(CHEAP, tmp_path, monkeypatch, without=seconds)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted({path[0] for path in LEAVES} - {*CHEAP, *ELSEWHERE} | {"certify"}))
def test_every_example_runs(name, tmp_path, monkeypatch):
    run_examples([name], tmp_path, monkeypatch)
