"""Comparisons with other libraries: each runs, agrees with what is computed from definitions, and can fail."""

import importlib
import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from oracles import __main__ as command
from oracles import gambit_files, nashpy_equilibria, nashpy_paths, open_spiel_replicator, open_spiel_trees, problems
from oracles.cart_pole import CartPole
from oracles.compared import Comparison, Deviations, Missing, library

from nashscape.testing import check_environment

LIBRARIES = {
    "nashpy_equilibria": "nashpy",
    "nashpy_paths": "nashpy",
    "nashpy_replicator": "nashpy",
    "open_spiel_replicator": "open_spiel",
}
"""Of the comparisons in this process; Gambit's files are read in one of their own."""

NAMED = [
    *LIBRARIES,
    "open_spiel_populations",
    "open_spiel_trees",
    "open_spiel_learners",
    "gambit_files",
    "rejax_training",
]


def said(monkeypatch, capsys, *arguments):
    """The code and the lines of the command, on next to nothing."""
    monkeypatch.setattr(sys, "argv", ["oracles", "--tiny", *arguments])
    code = command.main()
    return code, capsys.readouterr().out.splitlines()


@pytest.mark.long
@pytest.mark.parametrize("name", LIBRARIES)
def test_every_comparison_agrees_with_definitions(others, name):
    found = importlib.import_module(f"oracles.{name}").compare(problems.TINY)
    assert len({one.what for one in found}) == len(found) > 0
    for one in found:
        assert one.agrees, str(one)
        assert one.library == LIBRARIES[name]
        # rounding at least: a library compared with itself would show none
        assert one.points > 0
        assert 0.0 < one.deviation <= one.tolerance < 1e-5


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_comparison_agrees_with_the_library_itself(name):
    pytest.importorskip(LIBRARIES[name], reason=f"{LIBRARIES[name]} is an extra, compared by make oracles")
    assert all(one.agrees for one in importlib.import_module(f"oracles.{name}").compare(problems.TINY))


def bent(function, by=1e-3):
    """What gives everything a little too large."""

    def wrong(*args, **named):
        found = function(*args, **named)
        return [part + by for part in found] if isinstance(found, list) else found + by

    return wrong


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "module", "part", "wrong"),
    [
        ("nashpy_replicator", "nashpy.learning.replicator_dynamics", "get_derivative_of_fitness", [0]),
        ("nashpy_replicator", "nashpy.learning.replicator_dynamics", "get_derivative_of_asymmetric_fitness", [1]),
        ("open_spiel_replicator", "open_spiel.python.egt.dynamics", "MultiPopulationDynamics", [1, 2]),
    ],
)
def test_a_field_that_differs_is_told_and_fails_the_command(monkeypatch, capsys, others, name, module, part, wrong):
    usual = getattr(others[module], part)
    made = bent(usual) if name.startswith("nashpy") else lambda *args: bent(usual(*args))
    monkeypatch.setattr(others[module], part, made)
    code, lines = said(monkeypatch, capsys, name)
    assert code == 1
    assert [k for k, line in enumerate(lines) if "DISAGREES" in line] == wrong
    assert all("largest deviation 1.0e-03" in lines[k] for k in wrong if k < 2)
    assert lines[-1] == f"{len(wrong)} disagreements, 0 libraries not compared"


@pytest.mark.parametrize(("part", "wrong"), [("lemke_howson", 0), ("linear_program", 1)])
def test_a_path_or_a_value_that_differs_is_a_disagreement(monkeypatch, others, part, wrong):
    usual = getattr(others["nashpy"].Game, part)
    monkeypatch.setattr(
        others["nashpy"].Game, part, lambda *args, **how: tuple(own + 1e-3 for own in usual(*args, **how))
    )
    found = nashpy_paths.compare(problems.TINY)
    assert [k for k, one in enumerate(found) if not one.agrees] == [wrong]


@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_a_lost_equilibrium_of_either_is_a_disagreement(monkeypatch, others, whose):
    if whose == "theirs":
        usual = others["nashpy"].Game.vertex_enumeration
        monkeypatch.setattr(others["nashpy"].Game, "vertex_enumeration", lambda self: list(usual(self))[1:])
    else:
        usual = nashpy_equilibria.equilibria
        monkeypatch.setattr(nashpy_equilibria, "equilibria", lambda *args, **how: list(usual(*args, **how))[1:])
    found = nashpy_equilibria.compare(problems.TINY)
    assert [one.agrees for one in found] == [False, False]


def test_a_profile_at_which_somebody_gains_is_left_out(monkeypatch, others):
    usual = others["nashpy"].Game.vertex_enumeration

    def generous(game):
        rows, columns = game.payoffs[0].shape
        return [*usual(game), (np.full(rows, 1 / rows), np.eye(columns)[0])]

    monkeypatch.setattr(others["nashpy"].Game, "vertex_enumeration", generous)
    assert all(one.agrees for one in nashpy_equilibria.compare(problems.TINY))


@pytest.mark.long
def test_the_command_compares_all_and_says_so(monkeypatch, capsys, others):
    code, lines = said(monkeypatch, capsys, *LIBRARIES)
    assert code == 0
    assert [line.split()[0] for line in lines[:-1]] == ["nashpy"] * 8 + ["open_spiel"] * 3
    assert all(" agrees: " in line for line in lines[:-1])
    assert lines[-1] == "0 disagreements, 0 libraries not compared"


@pytest.mark.parametrize(("allowed", "code"), [([], 1), (["--allow-missing"], 0)])
def test_a_library_that_is_missing_is_told_and_fails_unless_allowed(monkeypatch, capsys, nothing_else, allowed, code):
    assert set(command.ORACLES) == set(NAMED)
    for name in ("NASHSCAPE_GAMBIT", "NASHSCAPE_OPEN_SPIEL"):
        monkeypatch.setenv(name, "no-such-python")
    found, lines = said(monkeypatch, capsys, *allowed)
    assert found == code
    missing = [*LIBRARIES.values(), "open_spiel", "open_spiel", "open_spiel", "pygambit", "rejax"]
    assert [line.partition(": not compared, not installed")[0] for line in lines[:-1]] == missing
    assert lines[-1] == f"0 disagreements, {len(missing)} libraries not compared"


def test_gambit_is_nobodys_duty(monkeypatch, capsys):
    monkeypatch.setenv("NASHSCAPE_GAMBIT", "no-such-python")
    code, lines = said(monkeypatch, capsys, "gambit_files")
    assert code == 0
    assert "NASHSCAPE_GAMBIT=no-such-python does not run" in lines[0]
    assert lines[1] == "0 disagreements, 1 libraries not compared"


def test_gambits_payoffs_are_compared_as_fractions(monkeypatch):
    """Its answers are made here: the payoffs that the texts stand for, once all a little larger."""

    def answers(asked, *, shipped, by=0):
        games = []
        for one in asked:
            game = gambit_files.games.parse_game(one["text"], one["format"])
            payoffs = [[str(x + by) for x in own.flat] for own in game.fractions]
            games.append({**one, "shape": list(game.shape), "payoffs": payoffs})
        return {"version": "0", "games": games}

    monkeypatch.setattr(gambit_files, "by_gambit", answers)
    found = gambit_files.compare(problems.TINY)
    assert [(one.agrees, one.deviation) for one in found] == [(True, 0.0)] * 3
    assert [one.points for one in found] == [238, 206, 33]
    monkeypatch.setattr(gambit_files, "by_gambit", lambda *args, **how: answers(*args, **how, by=Fraction(1, 10**18)))
    found = gambit_files.compare(problems.TINY)
    assert [(one.agrees, one.deviation) for one in found] == [(False, 1e-18)] * 3

    def refuses(asked, *, shipped):
        return {"version": "0", "games": [{**one, "refused": "no"} for one in asked]}

    monkeypatch.setattr(gambit_files, "by_gambit", refuses)
    assert not any(one.agrees for one in gambit_files.compare(problems.TINY))


@pytest.mark.parametrize(("part", "by"), [("sets", 1), ("paid", 1e-9), ("best", 1e-9)])
def test_a_tree_that_differs_is_a_disagreement(monkeypatch, part, by):
    """Answers are those of OpenSpiel 1.6.11 for the first two trees, once one of them a little larger."""
    hexes, kuhn = list(open_spiel_trees.TREES)[:2]
    answers = {
        hexes: {"sets": [59, 35], "plays": 234, "paid": [11 / 24, -11 / 24], "best": [5 / 6, 0.0]},
        kuhn: {"sets": [6, 6], "plays": 30, "paid": [1 / 8, -1 / 8], "best": [1 / 2, 5 / 12]},
    }
    monkeypatch.setattr(open_spiel_trees, "by_open_spiel", lambda asked: ({"trees": answers}, "0"))
    assert [one.agrees for one in open_spiel_trees.compare(problems.TINY)] == [True] * 3
    answers[kuhn][part][1] += by
    found = open_spiel_trees.compare(problems.TINY)
    assert [one.agrees for one in found] == [name != part for name in ("sets", "paid", "best")]


def test_gambit_itself_agrees():
    try:
        found = gambit_files.compare(problems.TINY)
    except Missing as error:
        pytest.skip(str(error))
    assert all(one.agrees for one in found)


def test_who_misses_a_part_of_a_library_hears_which(monkeypatch, tmp_path):
    (tmp_path / "halfway.py").write_text("import what_nobody_has\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Missing, match=r"halfway: not compared, not installed: .*what_nobody_has"):
        library("halfway", "halfway")


def test_an_oracle_that_compares_nothing_fails(monkeypatch, capsys, others):
    monkeypatch.setattr(open_spiel_replicator, "compare", lambda amount: [])
    code, lines = said(monkeypatch, capsys, "open_spiel_replicator")
    assert (code, lines[-1]) == (1, "1 disagreements, 0 libraries not compared")


def test_an_unknown_oracle_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["oracles", "gambit"])
    with pytest.raises(SystemExit, match="2"):
        command.main()
    assert "no oracle is called gambit; there are nashpy_equilibria" in capsys.readouterr().err


def test_deviations_are_the_largest_of_all():
    found = Deviations()
    found.add([], [])
    assert not found.comparison("l", "1", "w", 1.0).agrees
    found.add([1.0, 2.0], [1.5, 2.25])
    found.add([[0.0, 3.0]], [[0.125, 3.0]])
    one = found.comparison("l", "1", "w", 0.5)
    assert (one.points, one.deviation, one.agrees) == (4, 0.5, True)
    assert not found.comparison("l", "1", "w", 0.49).agrees
    found.add([math.nan], [0.0])
    found.add([0.0], [0.0])
    assert math.isnan(found.comparison("l", "1", "w", 1.0).deviation)
    assert not found.comparison("l", "1", "w", 1.0).agrees
    with pytest.raises(ValueError, match=r"\(2,\) and \(2, 1\) cannot be compared"):
        found.add([1.0, 2.0], [[1.0], [2.0]])
    assert str(Comparison("l", "1", "w", 1234, 0.5, 1.0)) == (
        "l 1: agrees: w, 1,234 numbers, largest deviation 5.0e-01 (tolerance 1e+00)"
    )


def test_the_environment_that_others_train_on_passes_the_kit():
    check_environment(CartPole())
