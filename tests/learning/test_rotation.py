"""Where policy gradient spirals out of a zero-sum game, the rules made for it spiral in."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from nashscape import games, learning
from nashscape.learning import Oracle, Terms, exact, step_key
from nashscape.semantics import parametric

INWARD = {
    "lookahead": learning.lookahead(inner_lr=1.0),
    "lola": learning.lola(inner_lr=1.0),
    "exact_lola": learning.exact_lola(inner_lr=1.0),
    "sos": learning.sos(inner_lr=1.0),
    "consensus": learning.consensus(),
    "sga": learning.sga(),
    "cgd": learning.cgd(inner_lr=1.0),
    "extragradient": learning.extragradient(inner_lr=1.0),
}
OUTWARD = {
    "pg": learning.pg(),
    "meta_pg": learning.meta_pg(),
    "natural_gradient": learning.natural_gradient(),
    "unshaped": learning.consensus(strength=0.0),
    "wrong sign": learning.sga(strength=-1.0, align=False),
}


@functools.partial(jax.jit, static_argnames="steps")
def after(rule, learners, theta, steps):
    def turn(step, theta):
        oracle = Oracle(learners, exact(), theta, step_key(0), 0.5)
        return theta + 0.5 * rule.update(oracle, (), step)[0]

    return lax.fori_loop(0, steps, turn, theta)


@pytest.mark.parametrize("name", [*INWARD, *OUTWARD])
def test_matching_pennies(name):
    learners, start = parametric(games.matching_pennies()), np.array([0.5, 0.2], np.float32)
    end = np.linalg.norm(after({**INWARD, **OUTWARD}[name], learners, start, 600))
    if name in INWARD:
        assert end < 0.01 * np.linalg.norm(start)
    else:
        assert end > 1.5 * np.linalg.norm(start)


class Bilinear:
    """The oracle of `J_1 = xᵀ M y = −J_2`: every derivative is exact and linear."""

    step_size = 0.1

    def __init__(self, matrix, theta, sizes):
        self.matrix, self.theta, self.sizes = matrix, theta, sizes

    def terms(self, theta=None, question=0):
        rows, columns = self.matrix.shape
        jacobian = np.block(
            [[np.zeros((rows, rows)), self.matrix], [-self.matrix.T, np.zeros((columns, columns))]],
        )
        base = jacobian @ (self.theta if theta is None else theta)
        # ∇_x J_2 = −M y and ∇_y J_1 = Mᵀ x: in a zero-sum game peer and lookahead agree
        look = jacobian @ base
        zero = np.zeros_like(base)
        made = {"base": base, "own": zero, "peer": look, "lookahead": look, "jacobian": jacobian}
        return Terms(self.sizes, **{name: jnp.asarray(own) for name, own in made.items()})


@pytest.mark.parametrize("name", [name for name in INWARD if name != "exact_lola"])
def test_bilinear_games_of_unequal_sizes(name):
    random = np.random.default_rng(8)
    matrix = 0.4 * random.normal(size=(2, 3))
    null = np.linalg.svd(matrix)[2][-1]  # along it nothing pays: no rule can move there
    # updates are linear in θ, so eigenvalues say it all: SOS at full share and SGA are so where their switches are off
    rule = {"sos": learning.sos(b=0.0), "sga": learning.sga(align=False)}.get(name, INWARD[name])
    with jax.enable_x64(True):

        def growth(rule):
            columns = [
                np.asarray(rule.update(Bilinear(matrix, move, (2, 3)), (), jnp.int32(0))[0]) for move in np.eye(5)
            ]
            kept = np.linalg.svd(np.eye(5) - np.outer(np.append([0, 0], null), np.append([0, 0], null)))[0][:, :4]
            return np.abs(np.linalg.eigvals(kept.T @ (np.eye(5) + 0.1 * np.transpose(columns)) @ kept)).max()

        assert growth(rule) < 1 - 1e-3
        assert growth(learning.pg()) > 1 + 1e-3
