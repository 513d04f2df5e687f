"""The theory once more in NumPy: strategies, utilities, derivatives and terms in closed form, without the library."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

TERMS = ("base", "own", "peer", "lookahead")


@dataclasses.dataclass(frozen=True, eq=False)
class Theory:
    """A game in closed form: `payoffs` of shape [n, a_1, …, a_n]; "sigmoid" or "softmax" for each player."""

    payoffs: np.ndarray
    forms: tuple[str, ...]

    @property
    def shape(self):
        return self.payoffs.shape[1:]

    @property
    def players(self):
        return range(len(self.forms))

    @property
    def sizes(self):
        return tuple(1 if form == "sigmoid" else k for form, k in zip(self.forms, self.shape, strict=True))

    def split(self, theta):
        return np.split(np.asarray(theta, float), np.cumsum(self.sizes)[:-1])

    def strategies(self, theta):
        made = []
        for own, form in zip(self.split(theta), self.forms, strict=True):
            powers = np.exp([own[0], 0.0] if form == "sigmoid" else own)
            made.append(powers / powers.sum())
        return made

    def slopes(self, theta):
        """`∂σ_i/∂θ_i` of shape [a_i, d_i] and `∂²σ_i/∂θ_i²` of shape [a_i, d_i, d_i]."""
        first, second = [], []
        for sigma, form in zip(self.strategies(theta), self.forms, strict=True):
            if form == "sigmoid":
                p = sigma[0]
                s, bend = p * (1 - p), p * (1 - p) * (1 - 2 * p)
                first.append(np.array([[s], [-s]]))
                second.append(np.array([[[bend]], [[-bend]]]))
            else:
                away = np.eye(len(sigma)) - sigma  # [a, k]: 1{a = k} − σ_k
                first.append(sigma[:, None] * away)
                spread = np.diag(sigma) - np.outer(sigma, sigma)
                second.append(sigma[:, None, None] * (away[:, :, None] * away[:, None, :] - spread))
        return first, second

    def contract(self, payoffs, factors):
        """Sum over all joint actions of the payoff times one factor per player."""
        for factor in factors:
            payoffs = np.tensordot(payoffs, factor, axes=([0], [0]))
        return payoffs

    def utilities(self, theta):
        sigma = self.strategies(theta)
        return np.array([float(self.contract(own, sigma)) for own in self.payoffs])

    def derivatives(self, theta):
        """`g[j][i] = ∇_i J_j` and `h[j][k, i] = ∂(∇_k J_j)/∂θ_i` of shape [d_k, d_i]."""
        sigma, (first, second) = self.strategies(theta), self.slopes(theta)
        gradients, hessians = [], []
        for own in self.payoffs:
            gradients.append([self.contract(own, [*sigma[:i], first[i], *sigma[i + 1 :]]) for i in self.players])
            blocks = {}
            for k, i in itertools.product(self.players, self.players):
                if k == i:
                    blocks[k, i] = self.contract(own, [*sigma[:i], second[i], *sigma[i + 1 :]])
                else:
                    factors = [first[j] if j in (k, i) else sigma[j] for j in self.players]
                    block = self.contract(own, factors)  # axes in the order of the players
                    blocks[k, i] = block if k < i else block.T
            hessians.append(blocks)
        return gradients, hessians

    def combine(self, gradients, hessians):
        """The definitions of the four terms."""
        players = self.players
        others = {i: [j for j in players if j != i] for i in players}
        base = [gradients[i][i] for i in players]
        own = [hessians[i][i, i].T @ gradients[i][i] for i in players]
        peer = [sum(hessians[j][j, i].T @ gradients[i][j] for j in others[i]) for i in players]
        look = [sum(hessians[i][j, i].T @ gradients[j][j] for j in others[i]) for i in players]
        return {name: np.concatenate(parts) for name, parts in zip(TERMS, (base, own, peer, look), strict=True)}

    def terms(self, theta):
        return self.combine(*self.derivatives(theta))

    def jacobian(self, theta):
        """`∂base_k/∂θ_l` of shape [d, d]."""
        _, hessians = self.derivatives(theta)
        return np.block([[hessians[k][k, i] for i in self.players] for k in self.players])

    # --- sampling ---

    def joint_actions(self):
        """All joint actions, in row-major order."""
        return list(itertools.product(*map(range, self.shape)))

    def chances(self, theta):
        """Probabilities of the joint actions, in row-major order."""
        sigma = self.strategies(theta)
        return np.array([math.prod(s[k] for s, k in zip(sigma, play, strict=True)) for play in self.joint_actions()])

    def play_derivatives(self, theta, play):
        """What one play says about the gradients and Hessians: `u_j s_i`, `u_j (s_k s_iᵀ + 1{k=i} ∇² log π_i)`."""
        scores, bends = [], []
        for sigma, form, action in zip(self.strategies(theta), self.forms, play, strict=True):
            p = sigma[0]
            scores.append(
                np.array([1 - p if action == 0 else -p]) if form == "sigmoid" else np.eye(len(sigma))[action] - sigma
            )
            bends.append(np.array([[-p * (1 - p)]]) if form == "sigmoid" else np.outer(sigma, sigma) - np.diag(sigma))
        gradients, hessians = [], []
        for j in self.players:
            payoff = self.payoffs[(j, *play)]
            gradients.append([payoff * scores[i] for i in self.players])
            hessians.append(
                {
                    (k, i): payoff * (np.outer(scores[k], scores[i]) + (bends[i] if k == i else 0.0))
                    for k, i in itertools.product(self.players, self.players)
                }
            )
        return gradients, hessians

    def estimate(self, theta, plays, weights=None):
        """The published estimators: the terms of mean gradients and mean Hessians over a list of plays."""
        each = [self.play_derivatives(theta, play) for play in plays]
        weights = np.full(len(plays), 1 / len(plays)) if weights is None else weights

        def mean(pick):
            return sum(w * pick(*one) for w, one in zip(weights, each, strict=True))

        players = self.players
        gradients = [[mean(lambda g, _, j=j, i=i: g[j][i]) for i in players] for j in players]
        hessians = [
            {block: mean(lambda _, h, j=j, block=block: h[j][block]) for block in itertools.product(players, players)}
            for j in players
        ]
        return self.combine(gradients, hessians)

    def estimate_by_pairs(self, theta, plays):
        """The unbiased form: the Hessian of one play with the gradient of another, over all pairs of plays."""
        each = [self.play_derivatives(theta, play) for play in plays]
        pairs = [(g, h) for (k, (g, _)), (l, (_, h)) in itertools.product(enumerate(each), enumerate(each)) if k != l]
        made = [self.combine(g, h) for g, h in pairs]
        return {name: np.mean([terms[name] for terms in made], axis=0) for name in TERMS}

    def expected_estimate(self, theta, batch):
        """The expectation of the published estimators at a batch size: `terms + (E[one play's] − terms)/B`."""
        exact = self.terms(theta)
        alone = [self.combine(*self.play_derivatives(theta, play)) for play in self.joint_actions()]
        chances = self.chances(theta)
        single = {name: sum(c * one[name] for c, one in zip(chances, alone, strict=True)) for name in TERMS}
        return {name: exact[name] + (single[name] - exact[name]) / batch for name in TERMS}


CASES = {
    "2x2": ((2, 2), ("sigmoid", "sigmoid")),
    "2x2 mixed": ((2, 2), ("softmax", "sigmoid")),
    "2x3": ((2, 3), ("sigmoid", "softmax")),
    "3x2": ((3, 2), ("softmax", "softmax")),
    "2x2x2": ((2, 2, 2), ("sigmoid", "softmax", "sigmoid")),
    "2x3x2": ((2, 3, 2), ("sigmoid", "softmax", "softmax")),
}


SHORT = ("2x2", "2x3", "2x3x2")
"""All sigmoids, unequal actions and forms, three players. The others are of the same kinds and wait for long runs."""


def make_case(name):
    shape, forms = CASES[name]
    random = np.random.default_rng(list(CASES).index(name))
    theory = Theory(random.normal(size=(len(shape), *shape)), forms)
    return theory, random.normal(size=sum(theory.sizes))


@pytest.fixture(
    scope="session", params=[pytest.param(one, marks=() if one in SHORT else pytest.mark.long) for one in CASES]
)
def case(request):
    """A random asymmetric game in closed form, and a random profile of parameters."""
    return make_case(request.param)


@pytest.fixture(scope="session")
def theory():
    """The closed forms, to be given payoffs and forms."""
    return Theory


@pytest.fixture(scope="session")
def case_named():
    """One of the random games by name."""
    return make_case
