"""Whatever is typed after an option that cannot be used is told in one line, with code 2, whichever command it is."""

import pytest
from typer.testing import CliRunner

from nashscape.cli.app import All, app

GAME, FEW, SHORT = ["stag-hunt"], ["--n", "2"], ["--steps", "2"]
LINES = {
    "games": GAME,
    "equilibria": GAME,
    "rules": ["pg", "--game", *GAME],
    "basin": [*GAME, "--grid", "3", *SHORT],
    "entry": [*GAME, *FEW, *SHORT],
    "compare": [*GAME, "--rule", "pg", "--rule", "lola", *FEW, *SHORT],
    "restarts": [*GAME, "--runs", "2", *SHORT],
    "sweep": [*GAME, "--vary", "peer=0,1", "--grid", "3", *SHORT],
    "steer": [*GAME, "--grid", "3", *SHORT],
    "phase": ["donation", "--vary", "coupling=0,1", *FEW, *SHORT],
    "threshold": ["donation"],
    "program-equilibria": ["donation", "--coupling", "0.5"],
    "simulate": [*GAME, "--start", "0.4,0.7", *SHORT],
    "explain": [*GAME, "--start", "0.4,0.7", *SHORT],
    "certify": [*GAME, "--resolution", "0.5"],
}
"""A right line of every command that computes something; what is wrong comes after it."""
FILES = {"out", "save"}
"""Any text is the name of a file, but none."""


def said(name, row, text):
    """Code and lines on stderr; the code alone where nothing was said."""
    shown = CliRunner().invoke(app, [name, *LINES[name], row.flag, text])
    lines = shown.stderr.strip().splitlines()
    return shown.exit_code, lines


def options(name):
    return [row for row in All.declared[name].rows.values() if not row.argument and row.type != "bool"]


def wrong(name, texts):
    for row in options(name):
        for text in texts:
            if not (row.name in FILES and text) and not (row.name == "coupling" and text == "-1"):
                yield row, text


def check(name, texts):
    for row, text in wrong(name, texts):
        code, lines = said(name, row, text)
        assert code == 2, (row.flag, text, code, lines)
        assert lines[0].startswith("error: "), (row.flag, text, lines)
        assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("Try ")), (row.flag, text, lines)


@pytest.mark.parametrize("name", LINES)
def test_what_cannot_be_used_is_one_line_and_code_two(name):
    check(name, ["nonsense", ""])


@pytest.mark.long
@pytest.mark.parametrize("name", LINES)
def test_numbers_that_cannot_be_are_one_line_and_code_two(name):
    check(name, ["-1", "nan", "1e999", "0:1:2:3"])


def test_the_table_is_long():
    assert sum(len(list(wrong(name, ["nonsense", ""]))) for name in LINES) > 300
