"""The game of participation at frozen weights and gradients: utilities, best replies, equilibrium, who is dominated.

    U_i(s) = α b_i s_i − β |θ_i|² s_i² − γ s_i − η s_i Σ_{j≠i} s_j ⟨θ_i, θ_j⟩,   0 ≤ s_i ≤ 1,   b_i = ⟨∇_i L, θ_i⟩

Own slopes are affine in s, so that equilibria are the solutions of a linear complementarity problem within bounds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.games import DifferentiableGame, quadratic
from nashscape.theory import Contraction, complementarity, contraction

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Participation:
    """Benefits and costs of n neurons.

    Attributes:
        benefits: `α b_i`, with the sign that is meant, `[n]`.
        products: `⟨θ_i, θ_j⟩`, `[n, n]`.
        beta: of the cost `β |θ_i|² s_i²`.
        gamma: of the cost `γ s_i`.
        eta: of competition.
    """

    benefits: Floats
    products: Floats
    beta: float
    gamma: float
    eta: float

    @property
    def curvature(self) -> Floats:
        """`2 β |θ_i|²`, `[n]`."""
        return np.asarray(2 * self.beta * np.diag(self.products))

    @property
    def competition(self) -> Floats:
        """`η ⟨θ_i, θ_j⟩` between different neurons, `[n, n]`."""
        return np.asarray(self.eta * (self.products - np.diag(np.diag(self.products))))

    def game(self) -> DifferentiableGame:
        """The same as a game over points."""
        n, own = len(self.benefits), np.arange(len(self.benefits))
        matrices = np.zeros((n, n, n))
        matrices[own, own, :] -= self.competition
        matrices[own, :, own] -= self.competition
        matrices[own, own, own] = -self.curvature
        linear = np.diag(self.benefits - self.gamma)
        return quadratic(matrices, linear, bounds=(0.0, 1.0), players=[f"neuron {i + 1}" for i in own], name="pruning")

    def slopes(self, gates: Floats) -> Floats:
        """`∂U_i/∂s_i`, `[n]`."""
        return np.asarray(self.benefits - self.gamma - self.curvature * gates - self.competition @ gates)

    def replies(self, gates: Floats) -> Floats:
        """The best reply of each, `clip([α b_i − γ − η Σ s_j ⟨θ_i, θ_j⟩] / (2 β |θ_i|²), 0, 1)`, `[n]`."""
        rest = self.benefits - self.gamma - self.competition @ gates
        bends = self.curvature
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(bends > 0, np.clip(rest / bends, 0.0, 1.0), (rest > 0).astype(float))

    def equilibrium(self) -> Floats:
        """The one to which the path of Lemke leads, `[n]`."""
        n = len(self.benefits)
        found = complementarity(np.diag(self.curvature) + self.competition, self.gamma - self.benefits, high=np.ones(n))
        assert found.point is not None, "a game within bounds whose utilities are concave has an equilibrium"
        return np.asarray(found.point)

    def dominated(self) -> npt.NDArray[np.bool_]:
        """Of whom taking no part is better than taking any, whatever the others do, `[n]`."""
        most = self.benefits - self.gamma + np.maximum(-self.competition, 0.0).sum(axis=1)
        return np.asarray((most < 0) | ((most == 0) & (self.curvature > 0)))

    def contraction(self) -> Contraction | None:
        """The proof that replies contract, from `S_ij = η |⟨θ_i, θ_j⟩| / (2 β |θ_i|²)`; None where there is none."""
        if (self.curvature <= 0).any():
            return None
        return contraction(np.abs(self.competition) / self.curvature[:, None])


def drawn(random: np.random.Generator, neurons: int, *, weights: int = 4, eta: float | None = None) -> Participation:
    """Benefits `N(½, 1)`, weights `N(0, 1)`, costs uniform between .05 and 1."""
    theta = random.normal(size=(neurons, weights))
    beta, gamma, drawn_eta = random.uniform(0.05, 1.0, 3)
    return Participation(
        random.normal(0.5, 1.0, neurons), theta @ theta.T, float(beta), float(gamma), drawn_eta if eta is None else eta
    )
