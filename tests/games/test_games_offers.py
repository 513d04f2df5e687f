"""What games offer, what goes with it, and how a game that lacks something is refused."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, games
from nashscape.games.offers import BRINGS, MEANS, check_offers, needs, payoff_array

OURS = {
    games.stag_hunt: {"pays", "normal", "table"},
    games.rock_paper_scissors: {"pays", "normal", "table"},
    lambda: games.volunteers_dilemma(4): {"pays", "normal", "table"},
    lambda: games.graph_donation("ring:5", benefit=3, cost=1): {"pays", "normal", "table"},
    games.iterated_prisoners_dilemma: {"pays", "rows", "chain"},
    games.tandem: {"pays", "points"},
}


@pytest.mark.parametrize("make", OURS)
def test_our_games_offer_what_they_have(make):
    game = make()
    assert check_offers(game) == OURS[make]
    for one in OURS[make]:
        needs(game, one, to="look")
        for name in BRINGS[one]:
            assert hasattr(game, name)


@pytest.mark.parametrize("make", OURS)
def test_what_is_not_offered_is_refused_by_name(make):
    game = make()
    for one in set(BRINGS) - OURS[make]:
        with pytest.raises(InputError) as refused:
            needs(game, "pays", one, to="certify it")
        said = str(refused.value)
        assert said.startswith(f"to certify it takes a game {MEANS[one]} ({one!r}); {game.name} offers ")
        assert all(repr(own) in said for own in OURS[make])


class Contest:
    """A stranger's game: two players, `u_i = σ_i(0) − σ_j(0)²`."""

    offers = frozenset({"pays"})
    name = "contest"
    players = ("row", "column")
    strategy_shapes = ((2,), (2,))
    payoff_range = 2.0

    def expected_payoffs(self, strategies):
        one, two = (own[0] for own in strategies)
        return jnp.stack([one - two**2, two - one**2])

    def regrets(self, strategies):
        return jnp.stack([1.0 - own[0] for own in strategies])


def changed(**attributes):
    made = type("Changed", (Contest,), attributes)
    return jax.tree_util.register_static(made)()


@pytest.mark.long
def test_a_strangers_game_that_pays_is_learned_in_with_a_semantics():
    learners = ns.parametric(changed(), ns.semantics.independent((2, 2)))
    run = ns.simulate(learners, ns.pg(), start=[0.2, 0.6], steps=300)
    assert run.strategies[0][-1][0] > 0.95
    with pytest.raises(InputError, match="contest has no usual semantics; give one"):
        ns.simulate(changed(), ns.pg(), start=[0.2, 0.6])


def test_parts_that_jax_does_not_know_or_cannot_hold_are_refused():
    with pytest.raises(InputError, match=r"Contest is not known to JAX.*register_dataclass"):
        ns.parametric(Contest(), ns.semantics.independent((2, 2)))

    @jax.tree_util.register_dataclass
    @dataclass(frozen=True)
    class Labelled(Contest):
        label: str = "mine"

    with pytest.raises(InputError, match=r"Labelled holds 'mine'.*static"):
        ns.parametric(Labelled(), ns.semantics.independent((2, 2)))

    class Loose(ns.learning.Rule):
        name, sources = "loose", ()

        def init(self, theta):
            return ()

        def update(self, oracle, state, step):
            return oracle.terms().base, state

    with pytest.raises(InputError, match="Loose is not known to JAX"):
        ns.simulate(games.stag_hunt(), Loose(), start=[0.2, 0.6])


@pytest.mark.long
def test_a_strangers_game_may_bring_its_usual_semantics_and_targets():
    game = changed(
        usual_semantics=ns.semantics.independent((2, 2)),
        offers=frozenset({"pays", "normal"}),
        actions=(("up", "down"), ("left", "right")),
        action_values=lambda self, s: (jnp.stack([1.0 - s[1][0] ** 2, -(s[1][0] ** 2)]),) * 2,
        usual_targets=["up/left"],
    )
    entry = ns.entry_probability(game, ns.pg(), n=50, steps=300)
    assert entry.targets == ("up/left",)
    assert float(entry.probability("up/left")) == 1.0


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"offers": frozenset({"pays", "normal"})}, "offers 'normal', and has no actions and no action_values"),
        ({"offers": frozenset({"pays", "norml"})}, "norml.*did you mean 'normal'"),
        ({"offers": frozenset()}, "Changed offers nothing; a game that is learned in offers 'pays'"),
        ({"offers": None}, "expected a game, got Changed; make one"),
    ],
)
def test_offers_that_cannot_be_are_refused_before_anything_runs(attributes, said):
    game = changed(**attributes)
    with pytest.raises(InputError, match=said):
        ns.parametric(game, ns.semantics.independent((2, 2)))


def test_what_is_no_game_is_told_how_to_make_one():
    for wrong in (3, {"payoffs": np.zeros((2, 2, 2))}, None):
        with pytest.raises(InputError, match=r"expected a game, got .*nashscape.games.dense\(payoffs\)"):
            ns.parametric(wrong)


def test_arrays_of_payoffs_are_found_where_there_is_one():
    assert payoff_array(games.stag_hunt()).shape == (2, 2, 2)
    assert payoff_array(games.volunteers_dilemma(4)) is None
    # that of a game over states is one of rounds
    assert payoff_array(games.iterated_prisoners_dilemma()) is None


def test_dense_games_are_written_out_already():
    game = games.battle_of_the_sexes()
    assert game.to_dense() is game
