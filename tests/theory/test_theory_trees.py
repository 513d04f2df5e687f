"""Subgame perfection, values and rationality of trees: against trying everything, and games of textbooks."""

from collections import Counter
from fractions import Fraction
from itertools import product

import jax
import numpy as np
import pytest
from oracles.random_trees import Drawn

import nashscape as ns
from nashscape import InputError, games, theory
from nashscape.games import chance, decision, ending, extensive_game
from nashscape.games.forms.trees.nodes import Tree
from nashscape.theory.trees.subgames import layout


def entry():
    answer = decision("firm", {"fight": ending(-1, -1), "yield": ending(1, 1)})
    return extensive_game(
        decision("entrant", {"enter": answer, "stay out": ending(0, 2)}), players=("entrant", "firm"), name="entry"
    )


def horse():
    """Selten's: player 3 does not know which of the others has moved."""
    first = decision(2, {"L": ending(3, 3, 2), "R": ending(0, 0, 0)}, knows="asked")
    second = decision(2, {"L": ending(4, 4, 0), "R": ending(0, 0, 1)}, knows="asked")
    return extensive_game(
        decision(0, {"D": first, "C": decision(1, {"d": second, "c": ending(1, 1, 1)})}), players=3, name="horse"
    )


def paid(tree: Tree, choices, number=0):
    """What a pure profile pays from a node on, and the number after all below it, by recursion alone."""
    node, at, parts = tree.nodes[number], number + 1, []
    for _ in range(node.branches):
        part, at = paid(tree, choices, at)
        parts.append(part)
    here = np.array(node.payoffs or [Fraction(0)] * len(tree.players), dtype=object)
    if node.mover is None:
        return here, at
    if node.mover < 0:
        return here + sum(p * part for p, part in zip(node.chances, parts, strict=True)), at
    return here + parts[choices[node.mover, node.place]], at


def perfect_by_trying(game):
    """All pure profiles of which no player improves in any subgame, by trying every plan in every one."""
    tree = game.tree
    keys = [(i, k) for i, sets in enumerate(tree.sets) for k in range(len(sets))]
    profiles = [dict(zip(keys, one, strict=True)) for one in product(*(range(len(tree.sets[i][k])) for i, k in keys))]
    roots, found = layout(tree).roots, []
    for choices in profiles:
        good = True
        for root, player in product(roots, range(len(tree.players))):
            now = paid(tree, choices, root)[0][player]
            own = [key for key in keys if key[0] == player]
            for other in product(*(range(len(tree.sets[i][k])) for i, k in own)):
                if paid(tree, {**choices, **dict(zip(own, other, strict=True))}, root)[0][player] > now:
                    good = False
                    break
            if not good:
                break
        if good:
            found.append(tuple(sorted(choices.items())))
    return found


def small(seed):
    """A random tree with few pure profiles."""
    if not any(own[0] >= 0 for own in Drawn(seed).sets):
        return None
    game = games.parse_tree(Drawn(seed).text)
    sizes = [len(actions) for sets in game.tree.sets for actions in sets]
    return game if 2 < np.prod(sizes, dtype=float) <= 60 and len(game.tree.nodes) < 80 else None


SMALL = [(seed, game) for seed in range(400) if (game := small(seed)) is not None]


@pytest.mark.parametrize(("seed", "game"), SMALL[:10], ids=lambda one: str(one)[:4])
def test_subgame_perfect_equilibria_are_those_found_by_trying_everything(seed, game):
    found = theory.subgame_perfect(game)
    assert found.complete
    wanted = perfect_by_trying(game)
    made = []
    for one in found.equilibria:
        choices = {
            (i, place): game.columns[i][row].index(one.actions[i][row])
            for i, places in enumerate(game.places)
            for row, place in enumerate(places)
        }
        made.append(tuple(sorted(choices.items())))
        pays, _ = paid(game.tree, choices)
        assert tuple(pays) == one.payoffs
        judged = theory.sequential_rationality(game, found.strategies(len(made) - 1))
        assert judged.is_equilibrium
        assert judged.is_subgame_perfect
    assert sorted(made) == sorted(wanted)


def test_random_trees_have_ties_and_nodes_that_are_not_told_apart_among_them():
    assert any(len(theory.subgame_perfect(game).equilibria) > 1 for _, game in SMALL[:10])
    counts = [Counter((own.mover, own.place) for own in game.tree.nodes if own.branches and own.mover >= 0)
              for _, game in SMALL[:10]]  # fmt: skip
    assert any(max(own.values(), default=0) > 1 for own in counts)


def test_threats_that_nobody_would_carry_out_are_told():
    found = theory.subgame_perfect(entry())
    assert (found.outcomes, found.subgames) == ((("enter yield",),), 2)
    threat = theory.sequential_rationality(entry(), [[[0, 1]], [[1, 0]]])
    assert (threat.is_equilibrium, threat.is_subgame_perfect, threat.is_rational) == (True, False, False)
    assert threat.unreached == ((), ("enter",))
    assert threat.subgames.tolist() == [[0, 0], [0, 2]]
    assert threat.least_gains[1].tolist() == [2.0]


def test_seltens_horse_has_a_subgame_perfect_equilibrium_that_is_not_sequential():
    bad = theory.sequential_rationality(horse(), [[[1, 0]], [[0, 1]], [[1, 0]]])  # D, c, L
    assert (bad.is_equilibrium, bad.is_subgame_perfect, bad.is_rational) == (True, True, False)
    assert bad.least_gains[1].tolist() == [3.0]
    for right in (0.75, 1.0):  # C, c, and R at least three quarters
        good = theory.sequential_rationality(horse(), [[[0, 1]], [[0, 1]], [[1 - right, right]]])
        assert (good.is_equilibrium, good.is_subgame_perfect, good.is_rational) == (True, True, True)
    worse = theory.sequential_rationality(horse(), [[[0, 1]], [[0, 1]], [[0.5, 0.5]]])
    assert not worse.is_equilibrium
    # both pure ones are found, though one is not sequential
    found = theory.subgame_perfect(horse())
    assert set(found.outcomes) == {("D L",), ("C c",)}
    assert found.subgames == 1


@pytest.mark.parametrize("units", [1e6, 1e-6])
def test_verdicts_are_the_same_in_other_units_of_either_players_payoffs(units):
    """A loss of a thousandth of the range is one, and one of a billionth is none, whatever payoffs are counted in."""

    def verdicts(loss, first, second):
        answer = decision("firm", {"fight": ending(-first, -second), "yield": ending(first, second)})
        game = extensive_game(
            decision("entrant", {"enter": answer, "stay out": ending(0, 2 * second)}), players=("entrant", "firm")
        )
        judged = theory.sequential_rationality(game, [[[1, 0]], [[loss, 1 - loss]]])
        return judged.is_equilibrium, judged.is_subgame_perfect, judged.is_rational

    for first, second in ((units, 1.0), (1.0, units), (units, units)):
        assert verdicts(1e-3, first, second) == (False, False, False)
        assert verdicts(1e-9, first, second) == (True, True, True)


def test_beliefs_that_make_it_right_are_enough_where_nobody_comes():
    """Whom nobody asks may answer anything that is best under some belief, and nothing that is dominated."""

    def asked(x, y):
        branches = {"l": ending(0, x), "m": ending(0, 1), "r": ending(0, y)}
        return decision(1, branches, knows="k")

    game = extensive_game(decision(0, {"out": ending(5, 0), "a": asked(3, 0), "b": asked(0, 3)}))
    verdicts = {}
    for action in range(3):
        judged = theory.sequential_rationality(game, [[[1, 0, 0]], [np.eye(3)[action]]])
        verdicts[action] = (judged.is_rational, round(float(judged.least_gains[1][0]), 6))
    # the middle one is never best: under even beliefs another gains one half
    assert verdicts == {0: (True, 0.0), 1: (False, 0.5), 2: (True, 0.0)}


def follows(side, later, row):
    """Whether the last own move before a row of two actions is in another."""
    before = int(side.before[later])
    return before > 0 and (before - 1) // 2 == row


def test_gains_at_rows_are_the_gains_of_who_is_there():
    """Against payoffs of deviating from a row on, conditional on being there, whatever the player did before."""
    game = games.kuhn_poker()
    random = np.random.default_rng(3)
    strategies = [random.dirichlet([1, 1], size=6) for _ in range(2)]
    judged = theory.sequential_rationality(game, strategies)
    with jax.enable_x64(True):
        for player, rows in enumerate(game.rows):
            for row in range(len(rows)):
                there = [own.copy() for own in strategies]
                side = game.sequences.sides[player]
                before = int(side.before[row])
                if before:
                    there[player][(before - 1) // 2] = np.eye(2)[(before - 1) % 2]
                later = [k for k in range(len(rows)) if k == row or follows(side, k, row)]
                best = -np.inf
                for one in product((0, 1), repeat=len(later)):
                    tried = [own.copy() for own in there]
                    for k, action in zip(later, one, strict=True):
                        tried[player][k] = np.eye(2)[action]
                    best = max(best, float(game.expected_payoffs(tried)[player]))
                gain = (best - float(game.expected_payoffs(there)[player])) / float(judged.reach[player][row])
                assert judged.gains[player][row] == pytest.approx(gain, abs=1e-12)


def constant_sum(seed):
    """A random tree of two players with opposite interests, and moves that are not seen."""
    random = np.random.default_rng(seed)

    def node(depth, past):
        if depth == 0 or random.random() < 0.15:
            x = int(random.integers(-9, 10))
            return ending(Fraction(x, 4) + 1, 1 - Fraction(x, 4))
        kind = int(random.integers(3))
        if kind == 2:
            weights = random.integers(1, 4, size=2)
            shares = [Fraction(int(w), int(weights.sum())) for w in weights]
            return chance([(p, node(depth - 1, past)) for p in shares])
        own = tuple(step for step in past if step[0] == kind)
        size = 2 + (len(own) + kind) % 2
        return decision(kind, {a: node(depth - 1, (*past, (kind, a))) for a in "lmr"[:size]}, knows=own)

    return extensive_game(node(5, ()), name=f"drawn {seed}")


@pytest.mark.parametrize("seed", [1, 7, *(pytest.param(seed, marks=pytest.mark.long) for seed in (0, 2, 4, 5, 6))])
def test_values_by_the_sequence_form_are_those_of_the_normal_form(seed):
    game = constant_sum(seed)
    found = theory.sequence_form_value(game)
    exact = theory.zero_sum_value(games.normal_form(game))
    assert found.value == pytest.approx(float(exact.value), abs=1e-7)
    assert found.upper - found.lower < 1e-7
    assert found.total == pytest.approx(2.0)
    assert theory.regret(game, found.strategies) == pytest.approx([0.0, 0.0], abs=1e-7)
    assert theory.sequential_rationality(game, found.strategies, tolerance=1e-6).is_equilibrium


def test_the_value_of_kuhn_poker():
    found = theory.sequence_form_value(games.kuhn_poker())
    assert found.value == pytest.approx(-1 / 18)
    assert found.exploitability == pytest.approx(0.0, abs=1e-9)
    first, second = found.strategies
    bets = dict(zip(games.kuhn_poker().rows[0], first[:, 1].tolist(), strict=True))
    assert bets["K"] == pytest.approx(3 * bets["J"], abs=1e-9)
    assert bets["Q pb"] == pytest.approx(bets["J"] + 1 / 3)
    answers = dict(zip(games.kuhn_poker().rows[1], second[:, 1].tolist(), strict=True))
    assert answers["J p"] == pytest.approx(1 / 3)


def test_regrets_of_rows_are_told_by_the_checked_form_too():
    assert theory.regret(games.kuhn_poker(), games.kuhn_poker().uniform()) == pytest.approx([3 / 8, 13 / 24])


def test_long_games_are_solved_subgame_by_subgame():
    def on(k):
        if k == 200:
            return ending(k, k)
        return decision(k % 2, {"take": ending(k + 1 - 2 * (k % 2), k - 1 + 2 * (k % 2)), "pass": on(k + 1)})

    found = theory.subgame_perfect(extensive_game(on(0)))
    assert found.subgames == 200
    # the last mover does not mind, and what it does decides what all before it do
    assert found.outcomes == (("take",), (" ".join(["pass"] * 200),))


def test_where_there_are_too_many_it_is_said():
    node = ending(0, 0)
    for _ in range(9):
        node = decision(0, {"a": node, "b": node})
    found = theory.subgame_perfect(extensive_game(node), most=50)
    assert (len(found.equilibria), found.complete) == (50, False)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: theory.subgame_perfect(games.stag_hunt()), "in extensive form, with moves one after another"),
        (lambda: theory.sequence_form_value(games.kuhn_poker(3)), "a value is one of two players; kuhn_poker has 3"),
        (lambda: theory.sequence_form_value(entry()), "do not sum to a constant: from -2 to 2"),
        (lambda: theory.sequential_rationality(entry(), [[[1, 0]]]), "needs 2 strategies, one per player"),
        (lambda: theory.subgame_perfect(entry(), most=0), "most"),
        (lambda: theory.subgame_perfect(games.kuhn_poker(3)), r"pure profiles beside the subgames inside it; at most"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_equilibria_of_trees_say_which_are_credible():
    found = ns.equilibria(entry())
    assert (len(found), found.complete) == (3, True)
    assert [one.is_subgame_perfect for one in found] == [True, False, False]
    assert found.names == ("enter yield", "stay out", "stay out")
    kinds = {(name, one.is_subgame_perfect, one.is_rational) for name, one in zip(*_named(horse()), strict=True)}
    assert kinds == {("C c", True, True), ("D L", True, False)}


def _named(game):
    found = theory.tree_equilibria(game)
    return found.names, found.equilibria


@pytest.mark.parametrize(
    ("seed", "game"),
    [*SMALL[:2], *(pytest.param(*one, marks=pytest.mark.long) for one in SMALL[2:5])],
    ids=lambda one: str(one)[:4],
)
def test_every_equilibrium_of_the_normal_form_pays_the_same_in_behaviour(seed, game):
    normal = games.normal_form(game)
    solved = ns.equilibria(normal, logit=None)
    found = theory.tree_equilibria(game)
    wanted = {tuple(np.round([float(x) for x in normal.expected_payoffs(one.strategies)], 4)) for one in solved}
    assert {tuple(np.round(one.payoffs, 4)) for one in found} == wanted
    assert all(one.regret < 1e-9 for one in found)
    # what players would do where they themselves never go costs no verdict: all pure subgame-perfect outcomes are there
    perfect = {own.plays for own in theory.subgame_perfect(game).equilibria}
    pure = {tuple(np.flatnonzero(one.plays).tolist()) for one in found if one.is_subgame_perfect}
    assert perfect <= pure


def test_equilibria_of_trees_are_asked_for_in_one_way():
    with pytest.raises(InputError, match="leave rule, method and most out"):
        ns.equilibria(entry(), method="pure")


def test_a_threat_stays_one_whatever_others_or_other_plays_pay():
    """Gains are small or large beside the player's own payoffs, not beside those of others."""
    answer = decision("firm", {"fight": ending(-(10**7), -1), "yield": ending(10**7, 1)})
    game = extensive_game(decision("entrant", {"enter": answer, "stay out": ending(0, 2)}), players=("entrant", "firm"))
    found = ns.equilibria(game)
    assert [one.is_rational for one in found] == [True, False, False]


def test_what_equilibria_leave_open_costs_no_verdict():
    """What is done where nobody comes is that of a subgame-perfect profile, or what is best from the ends on."""
    s1 = decision(1, {"bad": ending(-9, 0), "good": ending("1/2", 1)}, knows="s1")
    r2 = decision(0, {"safe": ending(0, 0), "risk": s1}, knows="r2")
    r1 = decision(0, {"go": r2, "quit": ending(-1, -1)}, knows="r1")
    s0 = decision(1, {"stop": ending(0, 2), "cont": r1}, knows="s0")
    found = ns.equilibria(extensive_game(decision(0, {"in": s0, "out": ending(1, 1)}, knows="r0")))
    assert any(name == "out" and one.is_subgame_perfect for name, one in zip(found.names, found, strict=True))
    tie = decision(0, {"A": ending(0, 0), "B": ending(0, 5)}, knows="b")
    after = decision(1, {"y": ending(2, 1), "x": tie})
    found = ns.equilibria(extensive_game(decision(0, {"in": after, "out": ending(1, 1)})))
    assert any(name == "out" and one.is_subgame_perfect for name, one in zip(found.names, found, strict=True))
