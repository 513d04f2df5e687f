"""All equilibria of small games against other ways to find them, textbooks, and games with ties."""

import itertools
import json

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.spatial import HalfspaceIntersection

from nashscape import games, lola, meta_mapg, pg
from nashscape.core import InputError, Status
from nashscape.figures.equilibria import equilibria_figure
from nashscape.figures.style import to_png_bytes
from nashscape.games import pure_equilibria
from nashscape.theory import regret
from nashscape.theory.nash.finding import equilibria
from nashscape.theory.nash.foreign_solvers import installed
from nashscape.theory.nash.results import Equilibria

SHAPES = [(2, 2), (2, 3), (3, 2), (3, 3), (2, 5), (4, 3), (4, 4), (4, 5)]
TEXTBOOK = {
    "battle_of_the_sexes": 3,
    "matching_pennies": 1,
    "rock_paper_scissors": 1,
    "chicken": 3,
    "stag_hunt": 3,
    "shapley": 1,
    "prisoners_dilemma": 1,
    "donation": 1,
    "harmony": 1,
    "deadlock": 1,
}


def found_in(game, **options):
    return equilibria(game, logit=None, **options)


def polytope(earned):
    """Corners of `{x ≥ 0, xᵀE ≤ 1}` by Qhull, made strategies, with all labels: an independent enumeration."""
    m, k = earned.shape
    positive = earned - earned.min() + 1.0
    halfspaces = np.vstack([np.hstack([-np.eye(m), np.zeros((m, 1))]), np.hstack([positive.T, -np.ones((k, 1))])])
    corners = HalfspaceIntersection(halfspaces, np.full(m, 0.5 / (m * positive.max()))).intersections
    corners = corners[corners.sum(axis=1) > 1e-7]
    labels = np.hstack([corners < 1e-9, 1 - corners @ positive < 1e-9])
    return corners / corners.sum(axis=1, keepdims=True), labels


def by_polytopes(game):
    row, column = game.payoffs
    m, _ = row.shape
    (x, first), (y, second) = polytope(column), polytope(row.T)
    second = np.hstack([second[:, -m:], second[:, :-m]])
    pairs = [np.append(x[a], y[b]) for a, b in np.argwhere((first[:, None] | second[None]).all(axis=2))]
    return np.unique(np.round(pairs, 7), axis=0)


def by_linear_programs(game):
    """For every pair of supports, of any sizes, the strategies with the largest least probability, if positive."""
    row, column = game.payoffs
    supports = [[s for n in range(1, k + 1) for s in itertools.combinations(range(k), n)] for k in game.shape]
    made = []
    for own, other in itertools.product(*supports):
        y, x = indifferent(row, own, other), indifferent(column.T, other, own)
        if x is not None and y is not None:
            made.append(np.append(x, y))
    return np.unique(np.round(made, 7), axis=0)


def indifferent(table, own, other):
    """What the other plays on its support, so that the actions in `own` are best."""
    m, k = table.shape
    rest = [a for a in range(m) if a not in own]
    equal = np.hstack([table[list(own)], -np.ones((len(own), 1)), np.zeros((len(own), 1))])
    equal = np.vstack([equal, [*np.ones(k), 0, 0], *(np.eye(k + 2)[[b for b in range(k) if b not in other]])])
    below = np.hstack([table[rest], -np.ones((len(rest), 1)), np.zeros((len(rest), 1))])
    least = np.hstack([-np.eye(k), np.zeros((k, 1)), np.ones((k, 1))])[list(other)]
    solved = linprog(
        [*np.zeros(k + 1), -1],
        A_ub=np.vstack([below, least]),
        b_ub=np.zeros(len(rest) + len(other)),
        A_eq=equal,
        b_eq=[*np.zeros(len(own)), 1, *np.zeros(k - len(other))],
        bounds=[(0, 1)] * k + [(None, None)] + [(0, 1)],
    )
    return solved.x[:k] if solved.status == 0 and solved.x[-1] > 1e-9 else None


def as_rows(found):
    return np.unique(np.round([np.concatenate(one.strategies) for one in found], 7) + 0.0, axis=0)


@pytest.mark.parametrize("seeds", [range(250), pytest.param(range(250, 1000), marks=pytest.mark.long)])
def test_a_thousand_random_games_have_the_equilibria_that_polytopes_have(seeds):
    counts = set()
    for seed in seeds:
        game = games.random_game(SHAPES[seed % len(SHAPES)], seed)
        found = found_in(game)
        assert found.complete
        assert found.degenerate is False
        assert len(found) % 2 == 1
        for one in found:
            x, y = one.strategies
            u, v = game.payoffs[0] @ y, x @ game.payoffs[1]
            gains = [u.max() - x @ u, v.max() - y @ v]
            assert max(gains) < 1e-9
            np.testing.assert_allclose(one.regret, gains, atol=1e-12)
            np.testing.assert_allclose(one.payoffs, [x @ u, y @ v], atol=1e-12)
            assert [len(own) for own in one.support] == [int((s > 0).sum()) for s in (x, y)]
            assert one.strict == one.pure == (one.support[0] + one.support[1] == (u.argmax(), v.argmax()))
            assert one.isolated
        np.testing.assert_allclose(as_rows(found), by_polytopes(game), atol=1e-6)
        assert [one.name for one in found if one.pure] == [one.name for one in pure_equilibria(game)]
        counts.add(len(found))
    assert {1, 3, 5} <= counts


@pytest.mark.parametrize("seed", range(12))
def test_linear_programs_over_supports_of_any_sizes_find_the_same(seed):
    game = games.random_game([(3, 3), (2, 4), (3, 2)][seed % 3], seed + 500)
    np.testing.assert_allclose(as_rows(found_in(game)), by_linear_programs(game), atol=1e-6)


@pytest.mark.long
def test_games_with_ties_get_all_their_extreme_points_and_are_called_degenerate():
    degenerate = infinite = 0
    for seed in range(160):
        shape = SHAPES[seed % len(SHAPES)]
        game = games.dense(np.random.default_rng(seed).integers(0, 4, (2, *shape)))
        found = found_in(game)
        np.testing.assert_allclose(as_rows(found), by_polytopes(game), atol=1e-6)
        degenerate += found.degenerate
        assert found.degenerate or not any(ties(game.payoffs[i], i, found) for i in (0, 1))
        assert sorted(k for group in found.components for k in group) == list(range(len(found)))
        assert found.complete
        assert found.status is Status.COMPLETE
        several = any(len(group) > 1 for group in found.components)
        infinite += several
        if several:
            assert "Degenerate" in found.note
            between = [pair for group in found.components for pair in itertools.combinations(group, 2)]
            shared = [pair for pair in between if same(found, pair, 0) or same(found, pair, 1)]
            assert shared
            for a, b in shared:
                middle = [(p + q) / 2 for p, q in zip(found[a].strategies, found[b].strategies, strict=True)]
                assert regret(game, middle).max() < 1e-9
    assert degenerate > 130
    assert 30 < infinite < degenerate


def same(found, pair, player):
    return np.array_equal(*(np.round(found[k].strategies[player], 9) for k in pair))


def ties(own, player, found):
    """Whether at some equilibrium a player has more best responses than the other has actions in use."""
    table = own if player == 0 else own.T
    for one in found:
        worth = table @ one.strategies[1 - player]
        if (worth > worth.max() - 1e-9).sum() > len(one.support[1 - player]):
            return True
    return False


@pytest.mark.parametrize("name", TEXTBOOK)
def test_textbook_games(name):
    found = found_in(games.by_name(name))
    assert len(found) == TEXTBOOK[name]
    assert found.complete
    assert found.degenerate is False


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_coordination_has_one_equilibrium_per_set_of_actions(size):
    found = found_in(games.pure_coordination(size))
    assert len(found) == 2**size - 1
    for one in found:
        assert one.support[0] == one.support[1]
        np.testing.assert_allclose(one.payoffs, 1 / len(one.support[0]))


def test_a_row_twice_and_a_weakly_dominated_action():
    hunt = games.stag_hunt().payoffs
    twice = found_in(games.dense(hunt[:, [0, 0, 1]]))
    assert twice.degenerate
    assert twice.complete
    assert "2 sets of infinitely many" in repr(twice)
    # full cooperation can be played as either row, or as any mixture of them
    assert any({twice[k].name for k in group} == {"AA", "BA"} for group in twice.components)
    tied = found_in(games.bimatrix([[1, 1], [0, 2]], [[1, 1], [0, 3]]))
    assert (tied.degenerate, tied.complete, tied.infinite) == (True, True, 1)
    # player 1 keeps to A as long as player 2, who does not care, plays A at least half of the time
    np.testing.assert_allclose(tied["A/A+B"].strategies[1], [0.5, 0.5])
    assert tied.components == ((0, 2), (1,))
    assert (tied["AA"].strict, tied["AA"].isolated, tied["BB"].strict, tied["BB"].isolated) == (
        False,
        False,
        True,
        True,
    )
    assert "extreme points" in tied.note
    everything = found_in(games.dense(np.ones((2, 3, 2))))
    assert len(everything) == 6
    assert everything.components == (tuple(range(6)),)
    # a tie far from every equilibrium leaves the list complete, in a game that is degenerate all the same
    far = found_in(games.bimatrix([[5, 5, 5], [0, 1, 0]], [[3, 2, 1], [1, 1, 0]]))
    assert (far.degenerate, far.complete, len(far)) == (True, True, 1)
    assert "isolated" in far.note


def test_positive_affine_changes_and_relabelling():
    for seed in range(20):
        game = games.random_game((3, 4), seed)
        found = found_in(game)
        changed = found_in(game.affine(scale=[250.0, 0.02], shift=[-40.0, 1e3]))
        assert [one.name for one in changed] == [one.name for one in found]
        for one, other in zip(found, changed, strict=True):
            np.testing.assert_allclose(np.concatenate(one.strategies), np.concatenate(other.strategies), atol=1e-9)
        relabelled = as_rows(found_in(game.relabel(0, [2, 0, 1]).relabel(1, [3, 1, 0, 2])))
        back = relabelled[:, [1, 2, 0, 5, 4, 6, 3]]
        np.testing.assert_allclose(back[np.lexsort(back.T[::-1])], as_rows(found), atol=1e-6)
        turned = as_rows(found_in(game.permute_players([1, 0])))[:, [4, 5, 6, 0, 1, 2, 3]]
        np.testing.assert_allclose(turned[np.lexsort(turned.T[::-1])], as_rows(found), atol=1e-6)


def test_more_players_get_their_pure_equilibria_and_advice():
    game = games.volunteers_dilemma()
    found = found_in(game, method="pure")
    assert [one.name for one in found] == ["CDD", "DCD", "DDC"]
    assert not found.complete
    assert found.degenerate is None
    assert "leave the method out" in found.note
    # what is strict is isolated, whatever else there is
    assert all(one.strict and one.isolated and one.index == 1 for one in found)
    compact = found_in(games.graph_donation(), method="pure")
    assert [one.name for one in compact] == ["DDDDDD"]


@pytest.mark.long
def test_three_to_five_players_with_two_actions_get_all_of_theirs():
    counts = set()
    for seed in range(60):
        game = games.random_game([(2, 2, 2), (2, 2, 2), (2, 2, 2, 2)][seed % 3], seed)
        found = found_in(game)
        assert (found.complete, found.degenerate, len(found) % 2) == (True, False, 1)
        for one in found:
            assert regret(game, one.strategies).max() < 1e-12
        assert [one.name for one in found if one.pure] == [one.name for one in pure_equilibria(game)]
        counts.add(len(found))
        if game.n_players == 3:
            expected = three_players(game)
            np.testing.assert_allclose(as_rows(found)[:, ::2], expected[np.lexsort(expected.T[::-1])], atol=1e-6)
    assert {1, 3, 5} <= counts
    assert len(found_in(games.random_game((2,) * 5, 3))) % 2 == 1


def three_players(game):
    """Equilibria of three players with two actions by elimination: where all mix, a quadratic in one probability."""
    gains = [np.moveaxis(own, i, 0)[0] - np.moveaxis(own, i, 0)[1] for i, own in enumerate(game.payoffs)]
    # g_i = a + b x + c y + d x y in the probabilities x, y of the two others
    forms = [(g[1, 1], g[0, 1] - g[1, 1], g[1, 0] - g[1, 1], g[0, 0] - g[0, 1] - g[1, 0] + g[1, 1]) for g in gains]
    made = list(itertools.product((0.0, 1.0), repeat=3))
    for i, side in itertools.product(range(3), (0.0, 1.0)):
        j, k = (q for q in range(3) if q != i)
        p = [side] * 3
        for who, other in ((j, k), (k, j)):
            # `who` is indifferent between its actions through what `other` plays
            a, b, c, d = forms[who]
            constant, slope = (a + b * side, c + d * side) if i < other else (a + c * side, b + d * side)
            p[other] = -constant / slope
        made.append(tuple(p))
    (a, b, c, d), (e, f, g, h), (i, j, k, m) = forms
    # player 1 ties x2 to x3, player 2 ties x1 to x3, and player 3 needs i + j x1 + k x2 + m x1 x2 = 0
    x2, x2_below = np.polynomial.Polynomial([-a, -c]), np.polynomial.Polynomial([b, d])
    x1, x1_below = np.polynomial.Polynomial([-e, -g]), np.polynomial.Polynomial([f, h])
    for z in (i * x1_below * x2_below + j * x1 * x2_below + k * x2 * x1_below + m * x1 * x2).roots():
        if abs(z.imag) < 1e-12:
            made.append((x1(z.real) / x1_below(z.real), x2(z.real) / x2_below(z.real), z.real))
    inside = [p for p in made if all(0 <= q <= 1 for q in p)]
    return np.array([p for p in inside if regret(game, p).max() < 1e-9])


def test_more_players_with_ties_are_not_called_complete():
    tied = found_in(games.dense(np.zeros((3, 2, 2, 2))))
    assert (tied.degenerate, tied.complete, tied.infinite, len(tied)) == (True, True, 1, 8)
    assert tied.subsets == (tuple(range(8)),)
    whole = [games.dense(np.random.default_rng(seed).integers(0, 3, (3, 2, 2, 2))) for seed in range(20)]
    found = [found_in(game) for game in whole]
    assert any(one.degenerate and not one.complete for one in found)
    assert any(one.complete for one in found)
    for game, result in zip(whole, found, strict=True):
        assert {one.name for one in pure_equilibria(game)} <= {one.name for one in result}


@pytest.mark.parametrize(("method", "library"), [("gambit", "pygambit"), ("nashpy", "nashpy")])
def test_a_missing_library_is_named_with_the_way_to_install_it(method, library):
    if installed(library):
        pytest.skip(f"{library} is installed")
    with pytest.raises(InputError, match=f"pip install {library}"):
        equilibria(games.stag_hunt(), method=method)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: equilibria("stag_hunt"), "expected a game, got the text .stag_hunt."),
        (lambda: equilibria(games.stag_hunt(), method="magic"), "unknown method 'magic'"),
        (lambda: equilibria(games.stag_hunt(), tolerance=0), "tolerance must be above 0"),
        (lambda: equilibria(games.stag_hunt(), logit="log"), "unknown scale of payoffs on the logit path 'log'"),
        (lambda: equilibria(games.stag_hunt(), seconds=0), "seconds must be above 0"),
        (lambda: equilibria(games.stag_hunt(), most=0), "most must be at least 1"),
        (lambda: equilibria(games.volunteers_dilemma(), method="nashpy"), "use method 'gambit'"),
        (lambda: equilibria_figure("stag_hunt"), "expected Equilibria"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_nashpy_finds_the_same():
    nashpy = pytest.importorskip("nashpy")
    for seed in range(60):
        game = games.random_game(SHAPES[seed % len(SHAPES)], seed)
        ours = as_rows(found_in(game))
        # not its support enumeration, which compares payoffs without a tolerance and loses mixed ones
        theirs = np.array([np.concatenate(pair) for pair in nashpy.Game(*game.payoffs).vertex_enumeration()])
        apart = np.abs(ours[:, None] - theirs[None]).max(axis=2)
        assert apart.min(axis=0).max() < 1e-6
        assert apart.min(axis=1).max() < 1e-6
    some = equilibria(games.stag_hunt(), method="nashpy")
    assert {"CC", "DD"} <= {one.name for one in some}
    assert not some.complete


def test_gambit_finds_the_same():
    if not installed("pygambit"):
        pytest.skip("pygambit is not installed")
    # a process each, so few
    for seed in range(3):
        game = games.random_game(SHAPES[seed % len(SHAPES)], seed)
        theirs = found_in(game, method="gambit")
        np.testing.assert_allclose(as_rows(found_in(game)), as_rows(theirs), atol=1e-6)
        tied = games.dense(np.random.default_rng(seed).integers(0, 4, game.payoffs.shape))
        ours, theirs = found_in(tied), found_in(tied, method="gambit")
        np.testing.assert_allclose(as_rows(ours), as_rows(theirs), atol=1e-6)
    for seed in range(2):
        game = games.random_game((2, 2, 2), seed)
        ours, theirs = found_in(game), found_in(game, method="gambit")
        # its polynomial solver loses some
        apart = [min(np.abs(a - b).max() for a in as_rows(ours)) for b in as_rows(theirs)]
        assert max(apart, default=0.0) < 1e-5
        assert len(theirs) == len(ours) or len(theirs) % 2 == 1 or "at least one is missing" in theirs.note


@pytest.mark.parametrize("game", [games.stag_hunt(), games.pure_coordination(3), games.volunteers_dilemma()])
def test_results_are_drawn_and_written(game):
    found = equilibria(game, rule=pg())
    assert isinstance(found, Equilibria)
    assert to_png_bytes(equilibria_figure(found))[:4] == b"\x89PNG"
    data = json.loads(found.to_json())
    assert data["form"]["payoffs"] == game.payoffs.tolist() if isinstance(game, games.DenseGame) else True
    assert len(data["equilibria"]) == len(found)
    assert "Harsanyi" in found.citation
    assert repr(found).startswith(f"<Equilibria of {game.name}: {len(found)}")


def test_the_figure_of_a_2x2_game_has_both_curves_through_every_equilibrium():
    for game in (games.chicken(), games.matching_pennies(), games.harmony(), games.random_game((2, 2), 3)):
        found = equilibria(game)
        axes = equilibria_figure(found).axes[0]
        curves = [np.asarray(line.get_xydata()) for line in axes.lines[:2]]
        for one in found:
            at = np.array([own[0] for own in one.strategies])
            for curve in curves:
                assert min(away(at, a, b) for a, b in itertools.pairwise(curve)) < 1e-9


def test_the_figure_marks_sets_of_infinitely_many():
    segment = equilibria(games.bimatrix([[1, 1], [0, 2]], [[1, 1], [0, 3]]), logit=None)
    figure = equilibria_figure(segment)
    axes = figure.axes[0]
    [line] = [line for line in axes.lines if line.get_label() == "an equilibrium everywhere"]
    assert sorted(map(tuple, line.get_xydata().tolist())) == [(1.0, 0.5), (1.0, 1.0)]
    assert figure.get_suptitle() == "3 extreme equilibria of game, 1 set of infinitely many"
    area = equilibria_figure(equilibria(games.bimatrix(np.zeros((2, 2))), logit=None)).axes[0]
    [patch] = [patch for patch in area.patches if patch.get_label() == "an equilibrium everywhere"]
    assert {tuple(corner) for corner in patch.get_xy().tolist()} == set(itertools.product((0.0, 1.0), repeat=2))
    twice = equilibria(games.dense(games.stag_hunt().payoffs[:, [0, 0, 1]]), logit=None)
    labels = [text.get_text() for text in equilibria_figure(twice).axes[0].get_yticklabels()]
    assert [label.splitlines()[0] for label in labels] == [
        one.name + next(f", in set {k}" for k, group in enumerate(sets(twice), 1) if number in group)
        if any(number in group for group in sets(twice))
        else one.name
        for number, one in enumerate(twice)
    ]
    plain = equilibria_figure(equilibria(games.stag_hunt(), logit=None))
    assert plain.get_suptitle() == "3 equilibria of stag_hunt"


def sets(found):
    return [group for group in found.components if len(group) > 1]


def away(point, start, end):
    along = end - start
    t = np.clip((point - start) @ along / max(along @ along, 1e-300), 0, 1)
    return float(np.abs(start + t * along - point).max())


def test_stability_is_passed_on_per_rule():
    assert equilibria(games.stag_hunt(), rule=pg())["C+D/C+D"].stability.verdict == "saddle"
    assert equilibria(games.stag_hunt(), rule=meta_mapg())["C+D/C+D"].stability.verdict == "not at rest"
    assert equilibria(games.rock_paper_scissors(), rule=lola())[0].stability.verdict == "attracting"
    assert equilibria(games.stag_hunt())[0].stability is None
