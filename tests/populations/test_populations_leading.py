"""`leads_to`: shares of answers with intervals, runs that know only themselves, and what is refused."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.populations import grow, leads_to

TEAMS = {"teams": [[0, 1, 2], [3, 4, 5]], "symmetric": True}
ONES = "B,B,B,B,B,B"


def test_where_runs_lead_is_where_each_run_by_itself_does(example):
    found = leads_to(example, "self-play", n=8, generations=2, start="logits:std=2", seed=3, **TEAMS)
    assert set(found.outcomes) <= {ONES, "A,A,A,A,A,A"}
    assert sum(share.value for share in found.shares) == pytest.approx(1.0)
    stuck = np.array(found.outcomes)[found.labels] == ONES
    np.testing.assert_allclose(found.gains[stuck], 1.5, atol=1e-3)
    assert found.gains[~stuck].max(initial=0.0) < 1e-3
    assert found.alone.max() < 1e-3
    assert found.share(ONES) == ns.core.wilson(int(stuck.sum()), 8)
    assert found.share("A,B,A,B,A,B") == ns.core.wilson(0, 8)


def test_runs_do_not_depend_on_how_many_there_are(example):
    few, more = (leads_to(example, "fictitious-cross-play", n=n, generations=2, **TEAMS) for n in (2, 4))
    np.testing.assert_array_equal(more.gains[:2], few.gains)
    assert few.question.differs(more.question) == ("n",)


def test_runs_of_a_block_are_those_of_each_by_itself_to_the_last_bit():
    """They come to rest after different steps and generations, and blocks end between them."""
    game = games.bimatrix([[4, 0, 1], [0, 3, 0]], [[3, 0, 2], [0, 5, 1]])
    seen, options = [], {"generations": 4, "seed": 2, "until": 2e-3}
    way = "self-play:response=(steps:most=400,rate=0.02)"
    found = leads_to(game, way, n=35, progress=lambda *one: seen.append(one), **options)
    assert len(set(found.generations.tolist())) > 1
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == ((0, 35), (35, 35))
    for k in (0, 7, 31, 32, 34):
        draws = np.random.default_rng((2, k, 0, 0))
        alone = grow(game, way, start=[draws.dirichlet(np.ones(a)) for a in game.shape], **options)
        np.testing.assert_array_equal(found.gains[k], alone.gains[-1])
        assert found.generations[k] == alone.generations


def test_basins_of_the_battle_of_the_sexes_are_halves_and_its_mixture_is_called_mixed():
    game = games.battle_of_the_sexes()
    found = leads_to(game, "self-play", n=200, generations=3)
    pure = [found.share(name) for name in ("B,B", "S,S")]
    assert all(share.low < 0.5 < share.high for share in pure)
    stays = leads_to(game, "fictitious-play", n=5, generations=1, sure=0.99, until=None)
    assert "mixed" in stays.outcomes
    assert (stays.generations == 1).all()


def test_runs_are_those_of_grow_with_the_same_draws():
    game = games.stag_hunt()
    found = leads_to(game, "self-play", n=1, generations=2, seed=5)
    begin = np.random.default_rng((5, 0, 0, 0)).dirichlet(np.ones(2), size=2)
    alone = grow(game, "self-play", generations=2, start=list(begin))
    np.testing.assert_allclose(found.gains[0], alone.gains[-1], rtol=1e-9)


def test_an_outcome_is_found_however_it_is_written_and_what_is_none_is_refused():
    found = leads_to(games.stag_hunt(), "self-play", n=20, generations=2)
    assert found.outcomes == ("D,D", "C,C")
    for written in ("C,C", "CC", "C/C", ("C", "C"), (0, 0)):
        assert found.share(written) is found.shares[1], written
    for never in ("CD", "mixed"):
        assert found.share(never) == ns.core.wilson(0, 20), never
    for wrong in ("CX", "C", "CCC", 3):
        with pytest.raises(ns.InputError, match=r"'CC', 'CD', .*these runs ended in D,D and C,C"):
            found.share(wrong)
    with pytest.raises(ns.InputError, match="'S/B'"):
        leads_to(games.dense(games.battle_of_the_sexes().payoffs, actions=[("S", "Ba"), ("S", "B")]), n=2).share("SX")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"start": "uniform"}, "random starts"),
        ({"start": [[1, 0], [1, 0]]}, "random starts"),
        ({"n": 0}, "n"),
        ({"sure": 0.5}, "sure"),
        ({"level": 1.0}, "level"),
        ({"by": "self-pley"}, "did you mean 'self_play'"),
    ],
)
def test_what_is_refused_is_told_in_one_error(options, says):
    with pytest.raises(ns.InputError, match=says):
        leads_to(games.stag_hunt(), **options)
