"""Goals as formulas against plain loops, games of goals, and universes of tasks on grids; bad input."""

from itertools import combinations, product

import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError

SMALL = games.goal_universe(["rg", "gb"], steps=1)


def true_of(text, truth):
    """Whether a formula holds, by what Python says of it, of truth values by name."""
    return any(all((word.strip().lstrip("~") in truth) != word.strip().startswith("~") for word in part.split("&"))
               for part in text.split("|"))  # fmt: skip


@pytest.mark.parametrize("text", ["a", "~a", "a & b", "a&~b|c", "~a & ~b & ~c | a & c | b", "a | ~a"])
def test_a_goal_holds_where_one_option_holds_of_which_all_literals_do(text):
    found = games.goal(text)
    cases = [set(own) for count in range(4) for own in combinations("abc", count)]
    truths = {name: [name in case for case in cases] for name in "abc"}
    assert found.holds(truths).tolist() == [true_of(text, case) for case in cases]
    assert games.goal(str(found)) == found
    assert set(found.predicates) <= set("abc")


def test_a_game_of_goals_pays_one_where_they_hold():
    near, red = np.eye(3, dtype=bool)[:2], np.array([[1, 0, 0], [0, 1, 1]], bool)
    found = games.goal_game({"near": near, "red": red}, ["near & red", games.goal("~red | near")], players=["x", "y"])
    assert found.shape == (2, 3)
    for i, j in product(range(2), range(3)):
        truth = {name for name, own in (("near", near), ("red", red)) if own[i, j]}
        assert found.payoffs[:, i, j].tolist() == [true_of("near & red", truth), true_of("~red | near", truth)]
    three = games.goal_game({"all": np.arange(8).reshape(2, 2, 2) == 7}, ["all"] * 3)
    assert three.payoffs.sum() == 3


def test_formulas_and_tasks_are_counted_and_different_ones_told_apart():
    names = list(SMALL.predicates)
    literals = [(name, wanted) for name in names for wanted in (True, False)]
    pairs = [(one, other) for one, other in combinations(literals, 2) if one[0] != other[0]]
    options = [(one,) for one in literals] + pairs
    written = [{one, other} for one, other in combinations(options, 2)] + [{one} for one in options]
    assert SMALL.formulas == len(written)
    assert SMALL.tasks == 4 * 4 * len(written) ** 2
    seen = set()
    for formula in written:
        cells = [
            any(all(bool(SMALL.predicates[name][i, j]) == wanted for name, wanted in option) for option in formula)
            for i, j in product(range(4), repeat=2)
        ]
        seen.add(tuple(cells))
    assert SMALL.meanings() == len(seen)
    with pytest.raises(InputError, match="too many to compare"):
        games.goal_universe(options=3, literals=3).meanings()


def test_predicates_are_those_of_places_on_the_grid():
    universe = games.goal_universe([["red", "red", "blue"], ["blue", "red", "grey"]], steps=2)
    for (i, one), (j, other) in product(enumerate(product(range(2), range(3))), repeat=2):
        far = abs(one[0] - other[0]) + abs(one[1] - other[1])
        assert universe.predicates["near"][i, j] == (far <= 1)
        assert universe.predicates["together"][i, j] == (one == other)
        assert universe.reach[i, j] == (far <= 2)
        for colour in ("red", "blue", "grey"):
            assert universe.predicates[f"1 on {colour}"][i, j] == (universe.colours[one[0]][one[1]] == colour)
            assert universe.predicates[f"2 on {colour}"][i, j] == (universe.colours[other[0]][other[1]] == colour)


def walked(rows, columns, start, steps):
    """The cells in which walks of at most so many steps end, step after step."""
    ends = {divmod(start, columns)}
    for _ in range(steps):
        ends |= {(r + dr, c + dc) for r, c in ends for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0))
                 if 0 <= r + dr < rows and 0 <= c + dc < columns}  # fmt: skip
    return sorted(r * columns + c for r, c in ends)


def test_a_task_is_the_game_of_where_walks_end():
    universe = games.goal_universe(["rgby", "ybrg", "grbr"], steps=2)
    for task in universe.draw(20, seed=3):
        one, other = (walked(3, 4, start, 2) for start in task.starts)
        found = universe.game(task)
        assert [own.tolist() for own in universe.ends(task)] == [one, other]
        for (a, i), (b, j) in product(enumerate(one), enumerate(other)):
            truth = {name for name, own in universe.predicates.items() if own[i, j]}
            paid = [float(true_of(str(goal), truth)) for goal in task.goals]
            assert found.payoffs[:, a, b].tolist() == paid


def test_draws_are_of_the_universe_and_of_their_seed():
    drawn = SMALL.draw(300, seed=1)
    assert drawn == SMALL.draw(300, seed=1) != SMALL.draw(300, seed=2)
    sizes = [[len(option) for option in goal.options] for task in drawn for goal in task.goals]
    assert {len(own) for own in sizes} == {1, 2} == {size for own in sizes for size in own}
    assert {start for task in drawn for start in task.starts} == {0, 1, 2, 3}
    assert all(len(set(goal.options)) == len(goal.options) for task in drawn for goal in task.goals)
    # of 600 goals half have one option, within four standard deviations
    assert abs(sum(len(own) == 1 for own in sizes) - 300) < 4 * np.sqrt(150)


@pytest.mark.parametrize("text", ["", "a &", "| a", "a & & b", "(a)", "~", "a ~b", None, 3])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(InputError, match="a goal is"):
        games.goal(text)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: games.goal("a & ~a"), "wants a to be true and not to be"),
        (lambda: games.goal_game({"a": [[1, 0]]}, ["a", "b"]), "unknown predicate 'b'"),
        (lambda: games.goal_game({"a": [[1, 0]]}, ["a"]), "a goal for each of 2 players"),
        (lambda: games.goal_game({"a": [[1, 0]], "b": [1, 0]}, ["a", "b"]), "of one shape"),
        (lambda: games.goal_game({}, []), "of one shape"),
        (lambda: games.goal_universe(["rg", "r"]), "rows of one length"),
        (lambda: games.goal_universe([]), "rows of one length"),
        (lambda: games.goal_universe(["r" * 145]), "144 cells"),
        (lambda: games.goal_universe(["r", "&"]), "letters"),
        (lambda: games.goal_universe(["r"], literals=5), "predicates, 4"),
        (lambda: games.goal_universe(steps=-1), "steps must be"),
        (lambda: SMALL.draw(0), "count must be"),
    ],
)
def test_what_is_no_game_of_goals_is_refused_with_the_reason(call, why):
    with pytest.raises(InputError, match=why):
        call()
