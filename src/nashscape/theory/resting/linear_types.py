"""What the linear part of a field says about a point at which it vanishes, with a margin for rounding."""

import numpy as np
import numpy.typing as npt
import scipy.linalg

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]
MARGIN = 1e-11
"""Relative error that is allowed for in a Jacobian; eigenvalues that it may move across an axis do not tell."""

TYPES = {
    "stable node": "all nearby starts come to it",
    "stable focus": "all nearby starts come to it, turning round it",
    "saddle": "nearly all nearby starts leave it, after coming closer along some directions",
    "unstable node": "all nearby starts leave it",
    "unstable focus": "all nearby starts leave it, some turning round it",
    "centre": "nearby starts turn round it; whether they come closer the linear part does not tell",
    "degenerate": "the linear part does not tell what happens in some directions",
}
"""Types of zeros, and what they mean for the flow along the face on which a zero lies."""


def linear_type(jacobian: Floats) -> tuple[Complex, str]:
    """The eigenvalues `[r]`, largest real part first, and the type, a key of `TYPES`.

    When the Jacobian is changed by ε‖J‖, an eigenvalue with unit left and right eigenvectors y and x moves by about
    `ε ‖J‖/|yᴴx|`, and none by more than `(2 + ε)‖J‖ ε^(1/r)` (Elsner 1985), the smaller for multiple ones. Only
    signs that survive the lesser of both, for ε = 10⁻¹¹, count.

    Example:
        >>> linear_type(np.array([[-1.0, 2.0], [-2.0, -1.0]]))[1], linear_type(np.array([[0.0, 2.0], [-2.0, 0.0]]))[1]
        ('stable focus', 'centre')
    """
    if not len(jacobian):
        return np.zeros(0, complex), "stable node"
    values, left, right = scipy.linalg.eig(jacobian, left=True, right=True)
    order = np.lexsort((values.imag, -values.real))
    values, alike = values[order], np.abs(np.sum(left.conj() * right, axis=0))[order]
    size = np.linalg.norm(jacobian, 2)
    margin = size * np.minimum(MARGIN / np.maximum(alike, 1e-16), (2 + MARGIN) * MARGIN ** (1 / len(values)))
    grows, falls = values.real > margin, values.real < -margin
    turns = np.abs(values.imag) > margin
    if not (grows | falls).any() and turns.all():
        return values, "centre"
    if not (grows | falls).all():
        return values, "degenerate"
    if grows.any() and falls.any():
        return values, "saddle"
    return values, f"{'stable' if falls.all() else 'unstable'} {'focus' if turns.any() else 'node'}"
