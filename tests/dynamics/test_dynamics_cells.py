"""Many games in one program: the bits of each game alone, one compilation, honest labels."""

from dataclasses import dataclass

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Outcome
from nashscape.dynamics import Settling, as_target, label_starts, make_setup, run_starts, starts
from nashscape.dynamics import cells as cells_module
from nashscape.dynamics.cell_batches import cut, run_cells
from nashscape.dynamics.cells import compiled_cells, stacked
from nashscape.dynamics.program import compiled
from nashscape.dynamics.targets import Region

COUNT = 150
HUGE = ns.schedules.power(1e5, offset=10.0, exponent=0.24)


def couplings(count):
    return np.linspace(0.0, 1.4, count)


def dilemmas(count):
    payoffs = np.linspace(3.2, 6.0, count)
    return [
        ns.open_source(ns.games.prisoners_dilemma(T=T), kappa)
        for T, kappa in zip(payoffs, couplings(count), strict=True)
    ]


def three_players(count):
    bare = [ns.games.random_game((2, 2, 2), seed=k) for k in range(count)]
    return [ns.open_source(game, kappa) for game, kappa in zip(bare, couplings(count), strict=True)]


def softmaxes(count):
    bare = [ns.games.random_game((3, 3), seed=k) for k in range(count)]
    return [ns.open_source(game, kappa) for game, kappa in zip(bare, couplings(count), strict=True)]


def goals_of(game):
    return [as_target(game.game, profile) for profile in ((0,) * game.game.n_players, (1,) * game.game.n_players)]


def together(games, rule, *, steps, count=COUNT, estimator=None, precision="float32", seed=3, **options):
    goals = goals_of(games[0])
    setup = make_setup(games[0], rule, estimator=estimator, target=goals[0], **options)
    cells = stacked(((game, rule) for game in games), len(games), setup, precision)
    theta = starts.normal(std=1.5).parameters(games[0], np.arange(count), seed)
    blocks = list(run_cells(cells, theta, count, goals, steps=steps, settling=Settling(), seed=seed))
    assert [block.cells.start for block in blocks] == [0, *(block.cells.stop for block in blocks[:-1])]
    return np.concatenate([block.codes for block in blocks])


def alone(game, rule, *, steps, count=COUNT, estimator=None, precision="float32", seed=3, **options):
    goals = goals_of(game)
    setup = make_setup(game, rule, estimator=estimator, target=goals[0], **options)
    found, _, _ = label_starts(
        setup,
        starts.normal(std=1.5),
        np.arange(count),
        goals,
        steps=steps,
        settling=Settling(),
        precision=precision,
        seed=seed,
    )
    return found.codes


CASES = {
    "two actions": (dilemmas(7), ns.pg(), {"steps": 120}),
    "long enough to cycle": (dilemmas(3), ns.pg(), {"steps": 410}),
    "no bounds": (dilemmas(5), ns.pg(), {"steps": 200, "projection": ns.unbounded()}),
    "diverging": (dilemmas(3), ns.pg(), {"steps": 20, "step_size": HUGE}),
    "opponent-aware": (dilemmas(5), ns.meta_mapg(), {"steps": 90}),
    "three players": (three_players(5), ns.pg(), {"steps": 150}),
    "softmax": (softmaxes(5), ns.pg(), {"steps": 150}),
    "double precision": (dilemmas(3), ns.pg(), {"steps": 60, "precision": "float64"}),
    "more than a chunk": (dilemmas(3), ns.pg(), {"steps": 30, "count": 1700}),
}


@pytest.mark.long
@pytest.mark.parametrize(("games", "rule", "options"), CASES.values(), ids=CASES.keys())
def test_every_cell_has_the_labels_of_its_game_alone(games, rule, options):
    found = together(games, rule, **options)
    assert found.shape == (len(games), options.get("count", COUNT))
    expected = np.stack([alone(game, rule, **options) for game in games])
    np.testing.assert_array_equal(found, expected)


@pytest.mark.long
def test_cases_show_different_outcomes():
    # else the test above would not tell cells or starts apart
    found = together(*CASES["two actions"][:2], steps=120)
    assert len(np.unique(found)) >= 3
    assert len({row.tobytes() for row in found}) >= 5
    assert Outcome.DIVERGED not in found
    assert Outcome.DIVERGED in together(*CASES["diverging"][:2], **CASES["diverging"][2])


@pytest.mark.long
def test_sampled_updates_have_the_random_numbers_of_the_game_alone():
    estimator, options = ns.sampled(16), {"steps": 12}
    games = [game.game for game in dilemmas(3)]
    found = together([ns.parametric(game) for game in games], ns.pg(), estimator=estimator, **options)
    for row, game in zip(found, games, strict=True):
        np.testing.assert_array_equal(row, alone(ns.parametric(game), ns.pg(), estimator=estimator, **options))


@pytest.mark.long
def test_one_compilation_for_any_number_of_cells():
    compiled_cells.cache_clear()
    before = compiled.cache_info().misses
    for count in (1, 2, 65, 131):
        assert len(together(dilemmas(count), ns.pg(), steps=5 + count)) == count
    assert compiled_cells.cache_info().misses == 1
    assert compiled.cache_info().misses == before


@pytest.mark.long
def test_cells_of_several_calls_are_in_order():
    games = dilemmas(140)
    found = together(games, ns.pg(), steps=40)
    for k in (0, 63, 64, 65, 127, 128, 139):
        np.testing.assert_array_equal(found[k], alone(games[k], ns.pg(), steps=40), err_msg=str(k))


@pytest.mark.long
def test_cells_that_advance_side_by_side_have_the_same_labels(monkeypatch):
    # as they do on an accelerator, where one cell is too little work
    games = dilemmas(21)
    one_by_one = together(games, ns.pg(), steps=60)
    monkeypatch.setattr(cells_module, "TOGETHER", {})
    monkeypatch.setattr(cells_module, "OTHER_TOGETHER", 4)
    monkeypatch.setattr(cells_module, "TURNS", 2)
    np.testing.assert_array_equal(together(games, ns.pg(), steps=60), one_by_one)


@pytest.mark.long
def test_starts_may_depend_on_the_cell():
    games = dilemmas(3)
    goals = goals_of(games[0])
    cells = stacked(((game, ns.pg()) for game in games), 3, make_setup(games[0], ns.pg(), target=goals[0]))
    line = np.linspace(-2.0, 2.0, COUNT)

    def theta(k):
        return np.stack([line, (k - 1.0) * line], axis=1)

    [block] = run_cells(cells, theta, COUNT, goals, steps=40, settling=Settling())
    for k, game in enumerate(games):
        setup = make_setup(game, ns.pg(), target=goals[0])
        source = starts.parameters(theta(k))
        found, _, _ = label_starts(setup, source, np.arange(COUNT), goals, steps=40, settling=Settling())
        np.testing.assert_array_equal(block.codes[k], found.codes)


@dataclass(frozen=True)
class Exactly:
    """A target that holds at one profile of strategies and at none that differs in a bit."""

    name: str
    profile: tuple

    def region(self, shapes):
        return Region(self.profile, self.profile)


@pytest.mark.long
@pytest.mark.parametrize("make", [dilemmas, three_players], ids=["two players", "three players"])
def test_runs_end_with_the_same_bits_as_alone(make):
    games = make(3)
    for k, game in enumerate(games):
        setup = make_setup(game, ns.pg(), target=goals_of(game)[0])
        endings, _ = run_starts(setup, starts.normal(std=1.5), np.arange(COUNT), steps=40)
        ends = [Exactly(str(j), tuple(own[j] for own in endings.strategies)) for j in range(0, COUNT, 6)]
        cells = stacked(((game, ns.pg()) for game in games), 3, setup)
        theta = starts.normal(std=1.5).parameters(game, np.arange(COUNT), 0)
        [block] = run_cells(cells, theta, COUNT, ends, steps=40, settling=Settling(follow=False))
        own = (block.codes[k, ::6].astype(int) - Outcome.TARGET) // 3
        assert (own >= 0).all()
        # two starts may end in the same corner of the box; the first of them then gives the name
        assert all(np.array_equal(ends[a].profile, ends[b].profile) for a, b in enumerate(own))
        other = block.codes[(k + 1) % 3, ::6]
        assert (other < Outcome.TARGET).any()


def test_numbers_that_all_cells_share_take_no_room():
    games = dilemmas(50)
    goals = goals_of(games[0])
    cells = stacked(((game, ns.pg()) for game in games), 50, make_setup(games[0], ns.pg(), target=goals[0]))
    own = sum(leaf.nbytes for leaf in cells.leaves if leaf.flags.writeable)
    # payoffs and coupling matrix; the bias is an array of its own in every game
    assert own <= 50 * 8 * (8 + 4 + 2)


@pytest.mark.parametrize(("count", "width", "chunks"), [(1, 128, 1), (441, 512, 1), (768, 768, 1), (2000, 512, 4)])
def test_starts_are_cut_with_little_padding(count, width, chunks):
    assert cut(count, ns.exact()) == (width, chunks)


def test_games_of_another_structure_are_refused():
    games = [dilemmas(1)[0], ns.parametric(ns.games.stag_hunt())]
    with pytest.raises(InputError, match="one structure"):
        stacked(((game, ns.pg()) for game in games), 2, make_setup(games[0], ns.pg()))
    larger = [dilemmas(1)[0], softmaxes(1)[0]]
    with pytest.raises(InputError, match="one structure"):
        stacked(((game, ns.pg()) for game in larger), 2, make_setup(larger[0], ns.pg()))
