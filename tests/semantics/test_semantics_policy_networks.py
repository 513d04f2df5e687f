"""Policies of small networks: against a forward pass by hand, on games of three players and unequal actions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import InputError, entry_probability, games, meta_mapg, parametric
from nashscape.environments.views import last_round
from nashscape.games.families.repeated_games import repeated
from nashscape.semantics.policy_networks import policy_network
from nashscape.testing import check_semantics


def three():
    return repeated(games.dense(np.random.default_rng(0).normal(size=(3, 2, 3, 2))), horizon=3)


@pytest.mark.long
def test_it_is_a_semantics():
    check_semantics(policy_network(games.iterated_prisoners_dilemma(), width=4))
    check_semantics(policy_network(three(), width=3, depth=2), inverts=False)


def test_strategies_are_those_of_a_forward_pass_by_hand():
    game = three()
    semantics = policy_network(game, width=3, depth=1)
    theta = np.random.default_rng(1).normal(size=semantics.dimension)
    with jax.enable_x64(True):
        made = [np.asarray(own) for own in semantics.strategies(jnp.asarray(theta))]
    at = 0
    for player, (seen, outputs) in enumerate(zip(last_round(game), (1, 3, 1), strict=True)):
        inputs = seen.shape[1]
        shapes = [(3, inputs), (outputs, 3), (3,), (outputs,)]  # both weights, then both biases
        parts = []
        for shape in shapes:
            parts.append(theta[at : at + np.prod(shape)].reshape(shape))
            at += int(np.prod(shape))
        hidden = np.tanh(seen @ parts[0].T / np.sqrt(inputs) + parts[2])
        logits = hidden @ parts[1].T / np.sqrt(3) + parts[3]
        if outputs == 1:
            first = 1 / (1 + np.exp(-logits[:, 0]))
            wanted = np.stack([first, 1 - first], axis=1)
        else:
            wanted = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(made[player], wanted, rtol=1e-9)
    assert at == semantics.dimension


def test_players_see_the_last_round_from_where_they_sit():
    game = three()
    first, second, third = last_round(game)
    state = game.states.index("A-C-B") if "A-C-B" in game.states else list(game.states).index("ACB")
    assert first[state].tolist() == [0, 1, 0, 0, 1, -1]  # own A; then C of three; then B
    assert second[state].tolist() == [0, 0, 0, 1, 1, -1]
    assert third[state].tolist() == [0, -1, 1, 0, 0, 1]
    assert sum(row[0] for row in first) == 1.0


def test_states_that_the_last_round_does_not_tell_are_flags():
    game = repeated(games.prisoners_dilemma(), horizon=4, memory=2)
    assert last_round(game) is None
    [seen, _] = policy_network(game).seen
    assert seen.tolist() == np.eye(game.n_states).tolist()


@pytest.mark.long
def test_networks_of_other_weights_share_a_program_and_learn():
    game = games.iterated_prisoners_dilemma()
    learners = parametric(game, policy_network(game, width=2))
    found = entry_probability(learners, meta_mapg(), n=3, steps=3)
    assert found.labels.shape[-1] == 3
    assert not policy_network(game).reads_others


def test_what_cannot_be_seen_is_refused():
    with pytest.raises(InputError, match="has no states to see"):
        policy_network(games.stag_hunt())
    with pytest.raises(InputError, match=r"what is seen has the shapes \[\(2, 1\), \(5, 1\)\]"):
        policy_network(games.iterated_prisoners_dilemma(), seen=[np.ones((2, 1)), np.ones((5, 1))])
    with pytest.raises(InputError, match="width"):
        policy_network(games.iterated_prisoners_dilemma(), width=0)
