"""Discs that hold the eigenvalues of a matrix known within bounds, and what they say of the flow along it."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]


def eigenvalue_discs(low: Floats, high: Floats) -> tuple[Complex, Floats]:
    """Centres and radii of discs of which the union holds all eigenvalues of every matrix between two, `[d]` each.

    With the eigenvectors V of the middle and W near `V⁻¹`, the eigenvalues of A are those of `V⁻¹ A V`; Gershgorin's
    discs of that, widened for what W misses `V⁻¹` by. Radii are infinite where there are no eigenvectors to speak of.

    >>> centres, radii = eigenvalue_discs(np.array([[0.0, 1.0], [-1.0, 0.0]]), np.array([[0.0, 1.0], [-1.0, 0.0]]))
    >>> centres.round(9).tolist(), bool((radii < 1e-12).all())
    ([1j, -1j], True)

    Source: Gershgorin (1931); Bauer, Fike (1960).
    """
    d = len(low)
    if not d:
        return np.zeros(0, complex), np.zeros(0)
    middle = (low + high) / 2
    values, vectors = np.linalg.eig(middle)
    values = values.astype(complex)
    try:
        inverse = np.linalg.inv(vectors)
    except np.linalg.LinAlgError:
        return values, np.full(d, np.inf)
    around = np.maximum(high - middle, middle - low) * (1 + 1e-12)
    # what rounding in these few products can lose, beside entries that are all known
    rounding = 64 * d * np.finfo(float).eps
    size = np.abs(inverse) @ np.abs(vectors)
    missed = np.abs(np.eye(d) - inverse @ vectors) + rounding * size
    share = float(missed.sum(axis=1).max())
    if not np.isfinite(share) or share >= 0.5:
        return values, np.full(d, np.inf)
    product = inverse @ middle @ vectors
    error = np.abs(inverse) @ (around + rounding * np.abs(middle)) @ np.abs(vectors)
    # (I − E)⁻¹ B = B + E B + …: sums of rows are widened by what is missed there times the
    # largest sum of B
    whole = (np.abs(product) + error).sum(axis=1).max()
    spread = missed.sum(axis=1) * whole / (1.0 - share)
    off = np.abs(product - np.diag(values)) + error
    return values, np.asarray((off.sum(axis=1) + spread) * (1 + 1e-12))


def flow_type(centres: Complex, radii: Floats) -> str:
    """ "attracting", "repelling", "saddle" or "undecided", for the flow `ẋ = A x`.

    A disc apart from all others holds one eigenvalue; a saddle needs one on either side.
    """
    if not len(centres):
        return "attracting"
    right, left = centres.real + radii, centres.real - radii
    if (right < 0).all():
        return "attracting"
    if (left > 0).all():
        return "repelling"
    return "saddle" if apart(centres, radii, left > 0) and apart(centres, radii, right < 0) else "undecided"


def apart(centres: Complex, radii: Floats, chosen: npt.NDArray[np.bool_]) -> bool:
    """Whether some discs that were chosen touch none of the others, so that they hold as many eigenvalues as discs.

    >>> apart(np.array([0j, 1 + 0j]), np.array([0.5, 0.4]), np.array([False, True]))
    True
    >>> apart(np.array([0j, 1 + 0j]), np.array([0.7, 0.4]), np.array([False, True]))
    False
    """
    for k in np.flatnonzero(chosen):
        near = np.abs(centres - centres[k]) <= radii + radii[k]
        if (near <= chosen).all():
            return True
    return False


def singular(matrix: Floats, size: float = 0.0, tolerance: float = 1e-9) -> bool:
    """Whether a square matrix is singular but for rounding, beside its own size and that of others of its kind."""
    if not len(matrix):
        return False
    sizes = np.linalg.svd(matrix, compute_uv=False)
    return bool(sizes[-1] <= tolerance * max(float(sizes[0]), size, 1e-12))
