"""What closed forms say of every cell of a phase diagram of symmetric 2×2 games."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import is_linear
from nashscape.theory import SymmetricThresholds, symmetric_thresholds

Floats = npt.NDArray[np.float64]
THRESHOLDS = ("defection", "cooperation", "half", "global_threshold")
"""The thresholds of which there is one for every column."""

CLOSE = 1e-9
"""How far the coupling of a semantics may be from the number that a cell is called by."""


@dataclass(frozen=True, eq=False)
class ClosedForms:
    """Closed forms for `z_i = θ_i + κ θ_j` in the symmetric games of V columns, at C couplings.

    All of them are about the flow without bounds, and all but `global_threshold` about the diagonal or what is next to
    it; see `theory.SymmetricThresholds`.

    Attributes:
        columns: the thresholds of every column.
        couplings: `[C]`.
        regime: what attracts on the diagonal, `[C, V]`: "defection", "cooperation", "both", "mixture", or "neutral"
            where nothing moves; empty for κ ≤ −1.
        transverse_at: the probability at which the transverse rate is taken, the zero p° of the diagonal's drift where
            there is one in (0, 1), else ½, `[C, V]`.
        transverse_rate: the rate at which a small distance from the diagonal grows there, in payoff units, `[C, V]`.
    """

    columns: tuple[SymmetricThresholds, ...]
    couplings: Floats
    regime: npt.NDArray[np.str_]
    transverse_at: Floats
    transverse_rate: Floats

    def threshold(self, name: str) -> Floats:
        """One threshold of every column, `[V]`, NaN where there is none.

        Args:
            name: "defection", "cooperation", "half" or "global_threshold".
        """
        found = [getattr(column, name) for column in self.columns]
        return np.array([np.nan if one is None else one for one in found], dtype=np.float64)

    @property
    def leaving(self) -> Floats:
        """The first coupling at which the mixture p° of every column stops attracting in the plane, `[V]`, else NaN."""
        found = []
        for column in self.columns:
            left = [
                one.middle for one in column.leaving_the_diagonal() if one.rises and column.kind == "stable mixture"
            ]
            found.append(left[0] if left else np.nan)
        return np.array(found, dtype=np.float64)

    @property
    def kinds(self) -> tuple[str, ...]:
        """How the diagonal of every column changes with the coupling, one of `theory.symmetric.KINDS`."""
        return tuple(column.kind for column in self.columns)


def closed_forms(columns: Sequence[SymmetricThresholds], couplings: Floats) -> ClosedForms:
    """The closed forms of every cell.

    >>> from nashscape import games
    >>> found = closed_forms([symmetric_thresholds(games.prisoners_dilemma())], np.array([0.1, 0.3, 0.5, 0.7]))
    >>> found.regime[:, 0].tolist(), (found.transverse_rate[:, 0] < 0).tolist()
    (['defection', 'mixture', 'mixture', 'cooperation'], [False, True, False, False])
    """
    size = (len(couplings), len(columns))
    regime, places, rates = np.empty(size, dtype="U11"), np.empty(size), np.empty(size)
    for v, column in enumerate(columns):
        for c, coupling in enumerate(couplings.tolist()):
            mixture = column.mixture(coupling)
            places[c, v] = 0.5 if mixture is None else mixture
            rates[c, v] = column.transverse_rate(coupling, places[c, v])
            regime[c, v] = _regime(column, coupling)
    return ClosedForms(tuple(columns), couplings, regime, places, rates)


def _regime(column: SymmetricThresholds, coupling: float) -> str:
    """From the signs of the linear drift `A(p) + κ B(p)` at both ends; where one is zero the other decides."""
    if coupling <= -1:
        return ""
    low, high = (float(np.sign(column.own_gain(p) + coupling * column.others_gain(p))) for p in (0.0, 1.0))
    low, high = low or high, high or low
    if low == 0:
        return "neutral"
    if low == high:
        return "cooperation" if high > 0 else "defection"
    return "both" if low < 0 else "mixture"


def column_of(game: ParametricGame, coupling: float) -> SymmetricThresholds | None:
    """The thresholds of a game whose semantics is `z_i = θ_i + κ θ_j` with this κ; None for any other."""
    semantics = game.semantics
    if not is_linear(semantics) or not semantics.sigmoids or np.any(semantics.bias):
        return None
    expected = np.array([[1.0, coupling], [coupling, 1.0]])
    matrix = np.asarray(semantics.matrix)
    if matrix.shape != (2, 2) or np.abs(matrix - expected).max() > CLOSE:
        return None
    try:
        return symmetric_thresholds(game)
    except InputError:
        return None
