"""Where log-odds tend for ever, the ray along which they go must attract: learners who read others, without bounds.

With `z = K θ` and a first action that is worth one more, whatever the others do, policy gradient gives `θ̇_i = ε_i`,
`ε_i = exp(−z_i)` near the corner: a Lotka–Volterra system in ε, whose ray of equal log-odds attracts where all
eigenvalues of K have positive real parts. For `K = I + a P + b P²`, P the cyclic shift of three, these are `1 + a + b`
and `1 − (a + b) / 2`, twice.
"""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import PASSING, is_complete, target_code
from nashscape.dynamics import Settling, as_target, label_starts, make_setup

SHIFT = np.roll(np.eye(3), 1, axis=1)


def dominant():
    """Three players with two actions, of which the first is worth one more, whatever the others do."""
    return ns.games.dense([1.0 - np.indices((2, 2, 2))[player] for player in range(3)])


@pytest.mark.long
@pytest.mark.parametrize("steps", [20, 300])
@pytest.mark.parametrize(
    ("ahead", "behind", "attracts"),
    [(0.5, 0.5, True), (1.5, -0.4, True), (2.3, -0.4, True), (2.5, -0.4, False), (4.0, -1.5, False), (9, -4, False)],
)
def test_a_ray_that_repels_leads_nowhere(ahead, behind, attracts, steps):
    coupling = ahead * SHIFT + behind * SHIFT @ SHIFT
    matrix = np.eye(3) + coupling
    assert (np.linalg.eigvals(matrix).real > 0).all() == attracts
    learners = ns.open_source(dominant(), coupling)
    odds = 3.0 + np.random.default_rng(0).normal(0, 0.3, (20, 3))
    found = ns.entry_probability(
        learners, ns.pg(), starts=ns.starts.parameters(np.linalg.solve(matrix, odds.T).T), n=20, targets=["AAA"],
        steps=steps, step_size=0.1, projection=ns.unbounded(), precision="float64", audit=False,
    )  # fmt: skip
    # though all players keep to A, as near as anybody can look: their log-odds turn round the ray
    assert found.outcomes() == {"AAA" if attracts else "passing AAA": 20}


@pytest.mark.long
def test_who_plays_a_target_along_a_ray_that_repels_has_not_reached_it():
    # player 1 plays A with .888, more at first, then less: .132 at clock 300 of run 8, .44 of run 33
    game = ns.open_source(ns.games.random_game((2, 2, 2), seed=1021), 0.6061)
    setup = make_setup(game, ns.lookahead(), step_size=0.1, projection=ns.unbounded())
    targets = [as_target(setup.game.game, (0, 1, 1))]
    made, _, _ = label_starts(setup, ns.starts.normal(std=1.35), np.array([8, 33, 91, 108]), targets, steps=560,
                              settling=Settling(), precision="float64", audit=False)  # fmt: skip
    assert not is_complete(made.codes).any()
    assert (made.codes == target_code(0) + PASSING).all()
