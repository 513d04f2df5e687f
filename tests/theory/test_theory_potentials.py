"""Potentials: by definition over all changes of action, against enumerated graphs, least squares and known games."""

import itertools
import re
from fractions import Fraction

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from nashscape import games
from nashscape.core import InputError
from nashscape.theory import decomposition, potential_test

SHAPES = [(2, 3), (3, 2, 2), (4, 3), (2, 2, 3)]


def changes(game):
    """All changes of one action: player, profile before and after, and what the player gains, in fractions."""
    payoffs = game.fractions
    for before in np.ndindex(*game.shape):
        for i, k in enumerate(game.shape):
            for a in range(k):
                after = (*before[:i], a, *before[i + 1 :])
                if a != before[i]:
                    yield i, before, after, payoffs[i][after] - payoffs[i][before]


def holds(game, found):
    """Whether what is said of the potential is so, for every change of action."""
    for i, before, after, gain in changes(game):
        rise = found.potential[after] - found.potential[before]
        said = {
            "exact": gain == rise,
            "weighted": found.weights is not None and gain == found.weights[i] * rise,
            "ordinal": (gain > 0) == (rise > 0),
            "generalised ordinal": gain <= 0 or rise > 0,
        }
        if not said[found.kind]:
            return False
    return True


def by_graphs(game):
    """The best kind up to "ordinal" that all changes of action, written out, do not exclude."""
    size = int(np.prod(game.shape))
    weak, strict = np.zeros((size, size), bool), np.zeros((size, size), bool)
    for _, before, after, gain in changes(game):
        ends = [int(np.ravel_multi_index(one, game.shape)) for one in (before, after)]
        weak[tuple(ends)] = gain >= 0
        strict[tuple(ends)] = gain > 0
    for kind, graph in (("ordinal", weak), ("generalised ordinal", strict)):
        parts = connected_components(graph, directed=True, connection="strong")[1]
        if not (strict & (parts[:, None] == parts[None, :])).any():
            return kind
    return "none"


@pytest.mark.parametrize("shape", SHAPES)
def test_ordinal_kinds_are_those_of_all_changes_of_action_written_out(shape):
    met = set()
    for seed in range(16):
        whole = np.random.default_rng([4, seed]).integers(0, 3, (len(shape), *shape))
        if seed % 2:  # something shared, so that there are potentials
            whole = 4 * np.random.default_rng([9, seed]).integers(0, 5, shape) + whole
        game = games.dense(whole)
        found = potential_test(game)
        met.add(found.kind)
        kind = by_graphs(game)
        assert found.generalised == (kind != "none")
        assert found.ordinal == (kind == "ordinal")
        if found.potential is None:
            assert found.maxima == ()
        else:
            assert holds(game, found)
            pure = {one.name for one in games.pure_equilibria(game)}
            assert set(found.maxima) <= pure
        check_cycle(game, found)
    assert {"ordinal", "none"} <= met


def check_cycle(game, found):
    if found.cycle is None:
        return
    names = [game.profile(name) for name in (*found.cycle, found.cycle[0])]
    gains, movers = [], []
    for before, after in itertools.pairwise(names):
        [i] = [k for k, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        gains.append(game.fractions[i][after] - game.fractions[i][before])
        movers.append(i)
    assert all(one != other for one, other in itertools.pairwise([*movers, movers[0]]))
    assert min(gains) > 0 if found.kind == "none" else min(gains) >= 0
    assert max(gains) > 0


def test_a_generalised_ordinal_potential_that_is_not_ordinal():
    """Monderer, Shapley (1996), section 2: a tie of one player that the other pays for."""
    game = games.bimatrix([[1, 2], [2, 0]], [[0, 0], [0, 1]])
    found = potential_test(game)
    assert found.kind == "generalised ordinal"
    assert holds(game, found)
    assert not found.ordinal
    check_cycle(game, found)
    assert "no ordinal one, as nobody loses round" in [row[0] for row in found.table().rows]


@pytest.mark.parametrize("shape", SHAPES)
def test_potential_games_are_found_to_be_with_their_potential_and_a_changed_payoff_is_noticed(shape):
    for seed in range(2):
        game = games.random_potential(shape, seed)
        found = potential_test(game)
        assert (found.kind, found.four_cycle) == ("exact", None)
        assert found.potential[(0,) * len(shape)] == 0
        assert holds(game, found)
        payoffs = game.payoffs.copy()
        payoffs[(0, *(k - 1 for k in shape))] += 2.0**-32
        nearly = potential_test(games.dense(payoffs))
        assert not nearly.exact
        assert abs(nearly.four_cycle.gain) == Fraction(1, 2**32)
        assert nearly.ordinal


@pytest.mark.parametrize("shape", SHAPES)
def test_weights_are_found_again(shape):
    game = games.random_potential(shape, 5)
    scales = [Fraction(2), Fraction(1, 3), Fraction(7)][: len(shape)]
    payoffs = np.stack([w * own for w, own in zip(scales, game.fractions, strict=True)])
    scaled = games.dense(payoffs)
    found = potential_test(scaled)
    assert found.kind == "weighted"
    assert found.weights == tuple(w / scales[0] for w in scales)
    assert found.four_cycle is not None
    assert holds(scaled, found)


def test_the_four_cycle_gains_what_it_says():
    game = games.dense(np.random.default_rng(2).integers(0, 9, (3, 2, 3, 2)))
    cycle = potential_test(game).four_cycle
    total = 0
    for before, after, i in zip(
        cycle.profiles, [*cycle.profiles[1:], cycle.profiles[0]], [*cycle.players, *cycle.players], strict=True
    ):
        assert [k for k in range(3) if before[k] != after[k]] == [i]
        total += game.fractions[i][after] - game.fractions[i][before]
    assert total == cycle.gain != 0


def test_what_fails_by_rounding_alone_is_said_to():
    """Payoffs P + Q of decimals whose sums are no doubles: of a game as it was meant there is a potential."""
    shared, own = np.array([[0.1, 0.2], [0.3, 0.4]]), np.array([[0.7, 0.1]])
    found = potential_test(games.bimatrix(shared + own, shared))
    assert not found.exact
    assert 0 < abs(found.four_cycle.gain) < 1e-15
    assert any("fails by rounding alone" in note for note in found.notes)
    texts = [[["0.8", "0.3"], ["1.0", "0.5"]], [["0.1", "0.2"], ["0.3", "0.4"]]]
    assert potential_test(games.bimatrix(*texts)).exact
    assert potential_test(games.rock_paper_scissors()).notes == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_gains_of_learners_are_those_of_the_potential_under_mixtures_too(shape):
    """So gradients of the own payoff are gradients of the potential, which gradient flows climb."""
    game = games.random_potential(shape, 7)
    potential = potential_test(game).potential.astype(float)
    draws = np.random.default_rng(1)
    mixed = [draws.dirichlet(np.ones(k)) for k in shape]
    for i in range(len(shape)):
        ours, shared = (np.moveaxis(own, i, 0) for own in (game.payoffs[i], potential))
        for j in reversed([k for k in range(len(shape)) if k != i]):
            ours, shared = ours @ mixed[j], shared @ mixed[j]
        np.testing.assert_allclose(ours - ours[0], shared - shared[0], atol=1e-12)
        assert np.abs(ours - shared).max() > 1e-3  # payoffs themselves differ


def test_rosenthals_potential_is_that_of_a_congestion_game():
    costs = [["1/3", 1, 4], [2, 2, 2], [0, "5/2", "0.1"]]
    choices = [[[0], [1, 2]], [[0, 1], [2], [1]], [[2], []]]
    game = games.congestion(costs, choices)
    found = potential_test(game)
    assert found.exact
    exact = [[Fraction(c) for c in row] for row in costs]

    def rosenthal(profile):
        used = [r for own, a in zip(choices, profile, strict=True) for r in own[a]]
        return -sum((exact[r][k] for r in range(3) for k in range(used.count(r))), Fraction(0))

    for profile in np.ndindex(*game.shape):
        assert found.potential[profile] == rosenthal(profile) - rosenthal((0, 0, 0))


def flows(game):
    """Differences of payoffs along all changes of action, an entry per unordered pair, and the gradient as a matrix."""
    numbers = np.arange(int(np.prod(game.shape))).reshape(game.shape)
    gaps, rows = [], []
    for i, before, after, gain in changes(game):
        if before[i] < after[i]:
            row = np.zeros(numbers.size)
            row[numbers[after]], row[numbers[before]] = 1, -1
            gaps.append(float(gain))
            rows.append(row)
    return np.array(gaps), np.array(rows)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_potential_part_is_that_of_least_squares_over_changes_of_action(shape):
    """Candogan and others define the parts by flows on the graph of profiles; here these are written out and solved."""
    game = games.dense(np.random.default_rng(len(shape)).integers(-5, 6, (len(shape), *shape)))
    found = decomposition(game)
    gaps, gradient = flows(game)
    by_squares = np.linalg.lstsq(gradient, gaps, rcond=None)[0].reshape(shape)
    np.testing.assert_allclose(found.potential.astype(float), by_squares - by_squares.mean(), atol=1e-10)
    rest, _ = flows(found.harmonic_part)
    np.testing.assert_allclose(gradient.T @ rest, 0, atol=1e-10)  # as much goes in as goes out
    np.testing.assert_allclose(flows(found.potential_part)[0] + rest, gaps, atol=1e-10)
    # the norm of a flow is that of the payoffs
    harmonic = found.squares[1]
    assert (rest**2).sum() == pytest.approx(float(harmonic))
    assert found.potential_share == pytest.approx(1 - (rest**2).sum() / (gaps**2).sum())


@pytest.mark.parametrize("shape", [*SHAPES, (1, 3), (2, 1, 2)])
def test_parts_add_up_are_orthogonal_and_are_what_they_are_called(shape):
    game = games.dense(np.random.default_rng(3).integers(-4, 5, (len(shape), *shape)))
    found = decomposition(game)
    every = [found.potential_part, found.harmonic_part, found.nonstrategic_part]
    assert (sum(own.fractions for own in every) == game.fractions).all()
    for one, other in itertools.combinations(every, 2):
        products = one.fractions * other.fractions
        assert sum(h * own.sum() for h, own in zip(shape, products, strict=True)) == 0
    assert potential_test(found.potential_part).exact
    for i, own in enumerate(found.nonstrategic_part.fractions):
        assert (own == own.take([0], axis=i)).all()
    for i in range(len(shape)):
        # everybody else mixes evenly: all actions of the harmonic part pay the same
        own = np.moveaxis(found.harmonic_part.fractions[i], i, 0).reshape(shape[i], -1).sum(axis=1)
        assert len(set(own.tolist())) == 1
    again = decomposition(found.harmonic_part)
    assert again.squares[0] == again.squares[2] == 0


def test_known_games_are_what_they_are_known_to_be():
    shares = {name: decomposition(games.by_name(name)).potential_share for name in ("stag_hunt", "prisoners_dilemma")}
    assert set(shares.values()) == {1.0}
    assert decomposition(games.matching_pennies()).potential_share == 0.0
    assert decomposition(games.rock_paper_scissors()).potential_share == 0.0
    constant = decomposition(games.dense(np.ones((2, 2, 3))))
    assert (constant.potential_share, constant.shares["nonstrategic"]) == (None, 1.0)
    assert "Players decide about nothing." in constant.table().notes
    assert np.isnan(list(decomposition(games.dense(np.zeros((2, 2, 2)))).shares.values())).all()


@pytest.mark.parametrize("test", [potential_test, decomposition])
@pytest.mark.parametrize(
    ("game", "reason"),
    [(games.tandem(), "takes a game whose payoffs can be written out"), (games.public_goods(14), "at most 100,000")],
)
def test_games_that_cannot_be_written_out_are_refused(test, game, reason):
    with pytest.raises(InputError, match=re.escape(reason)):
        test(game)
