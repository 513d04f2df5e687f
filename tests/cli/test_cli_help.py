"""What help says: readable at 80 columns, and every example of every command is understood, and runs."""

import json
import shlex

import pytest
import typer
from typer.testing import CliRunner

from nashscape.cli.app import app

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

CHEAP = ("games", "equilibria", "threshold", "certify", "verify", "show", "systems")
"""Commands that compile next to nothing, whose examples the usual tests run."""

ELSEWHERE = ("study", "reproduce")
"""Groups of which examples need folders of results, or minutes: that they are understood is seen all the same."""


def leaves(command=ROOT, path=()):
    """Every command with its path."""
    if hasattr(command, "declared"):
        for name, one in command.commands.items():
            yield from leaves(command.declared[name].made if name in command.declared else one, (*path, name))
    else:
        yield path, command


LEAVES = dict(leaves())


def examples(command):
    """The lines under Examples, as words; a backslash at the end joins two."""
    text = command.help.partition("Examples\n")[2].replace("\\\n", " ")
    return [shlex.split(line) for line in text.splitlines() if line.strip().startswith("nashscape ")]


EVERY = {" ".join(words[1:]): (path, words) for path, one in LEAVES.items() for words in examples(one)}


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


@pytest.mark.parametrize("line", EVERY)
def test_every_example_is_understood(line):
    path, words = EVERY[line]
    command = LEAVES[tuple(words[1 : len(path) + 1])]
    typed = words[len(path) + 1 :]
    typed = typed[: typed.index(">")] if ">" in typed else typed
    command.make_context(path[-1], list(typed))


def small(path, words):
    """The words of an example with what makes it small."""
    more = shlex.split(SMALL.get(path[0], ""))
    for flag, value in zip(more[::2], more[1::2], strict=True):
        if flag not in words and not set(CLASHES.get(flag, ())) & set(words):
            words = [*words, flag, value]
    return words[1:]


def run_examples(names, folder, monkeypatch, without=()):
    """Run the examples of some commands, one after the other in one folder: some read what others write."""
    monkeypatch.chdir(folder)
    for line, (path, words) in EVERY.items():
        if path[0] in names and not line.startswith(without):
            done = CliRunner().invoke(app, small(path, words))
            assert done.exit_code == 0, (line, done.output, done.exception)
            assert done.stdout, line
            if "--json" in words:
                json.loads(done.stdout)


def test_cheap_examples_run(tmp_path, monkeypatch):
    # a proof without a limit of updates takes the seconds that it is given
    seconds = ("certify stag-hunt --rule", "certify prisoners-dilemma")
    run_examples(CHEAP, tmp_path, monkeypatch, without=seconds)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted({path[0] for path in LEAVES} - {*CHEAP, *ELSEWHERE} | {"certify"}))
def test_every_example_runs(name, tmp_path, monkeypatch):
    run_examples([name], tmp_path, monkeypatch)
