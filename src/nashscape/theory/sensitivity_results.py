"""What sensitivity ratios say: ratios, thresholds and pulls of every ordered pair of players."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.theory.alike_players import SAME, AlikePlayers

Floats = npt.NDArray[np.float64]

NEGLIGIBLE = 1e-9
"""Of the largest part of a pull: what is left over below it is rounding."""


@dataclass(frozen=True, eq=False)
class SensitivityRatio(Result):
    """What decides whether learning makes a joint action likelier, for every ordered pair of players.

    With the index `Y = Σ_i log σ_i[a*_i]`, `z_k` the log-odds of player k's action `a*_k` and `D_j = ∂Y/∂θ_j`, what
    player j learns raises Y at

        pull_j = ⟨D_j, ∇_j U_j⟩ = Σ_k g_jk s_jk + rest_j,   g_jk = ⟨D_j, ∂z_k/∂θ_j⟩,   s_jk = ∂U_j/∂z_k

    The sensitivities g say how strongly j's parameters move its own action and those of its readers, the stakes s what
    these moves are worth to j. The rest is zero for players with one logit each, as with two actions.

    Attributes:
        game: name of the game.
        target: name of the joint action a*.
        players: names.
        theta: the profile, `[d]`.
        probabilities: `σ_k[a*_k]`, `[n]`; of several rows their product.
        sensitivities: `g_jk`, `[n, n]`, j who learns, k who answers.
        stakes: `s_jk`, `[n, n]`, in payoff units: what j gains as the log-odds of `a*_k` grow while those between k's
            other actions stay.
        pulls: `pull_j`, `[n]`, in payoff units; their sum is the cooperation index.
        alike: the closed forms for two alike players of a symmetric 2×2 game and its first actions; None for others.
        unlike: why they are not known, "" where they are.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "sensitivity ratio"
    picture: ClassVar[str] = "nashscape.figures.sensitivities:sensitivity_figure"
    as_table: ClassVar[str] = "nashscape.theory.tables:sensitivity_table"
    computed: ClassVar[tuple[str, ...]] = (
        "ratios",
        "thresholds",
        "rests",
        "total",
        "ratio",
        "threshold",
        "margin",
        "undecided",
    )

    game: str
    target: str
    players: tuple[str, ...]
    theta: Floats
    probabilities: Floats
    sensitivities: Floats
    stakes: Floats
    pulls: Floats
    alike: AlikePlayers | None
    unlike: str
    status: Status
    provenance: Provenance

    @property
    def ratios(self) -> Floats:
        """`ρ_jk = g_jk/g_jj`, `[n, n]`; NaN on the diagonal and where the divisor is zero.

        For coupled logits of two actions it is the coupling `κ_kj = b_kj/a_j` by which k reads j, at every profile.
        """
        return _between(_quotients(self.sensitivities, np.diagonal(self.sensitivities)[:, None]))

    @property
    def thresholds(self) -> Floats:
        """`κ*_jk = −s_jj/s_jk`, `[n, n]`: the ratio at which k's answer is worth to j what its own move costs."""
        return _between(_quotients(-np.diagonal(self.stakes)[:, None], self.stakes))

    @property
    def rests(self) -> Floats:
        """What else moves the index, `[n]`: other odds than those of `a*`, and costs; zero where that is rounding."""
        parts = self.sensitivities * self.stakes
        rest = self.pulls - parts.sum(axis=1)
        return np.where(np.abs(rest) <= NEGLIGIBLE * np.abs(parts).max(initial=0.0), 0.0, rest)

    @property
    def total(self) -> float:
        """The cooperation index `dY/dt` under policy gradient."""
        return float(self.pulls.sum())

    @property
    def p(self) -> float | None:
        """The probability of the action, where it is the same for all players; else None."""
        return _one(self.probabilities) if self.alike is None else self.alike.p

    @property
    def ratio(self) -> float | None:
        """ρ where it is one number, the same for all ordered pairs; else None.

        For two alike players `ρ = (|b|² + ⟨a,b⟩)/(|a|² + ⟨a,b⟩)`, `a = ∂z_1/∂θ_1`, `b = ∂z_2/∂θ_1`.
        """
        return _one(_pairs(self.ratios)) if self.alike is None else self.alike.ratio

    @property
    def threshold(self) -> float | None:
        """κ* where it is one number; else None. For two alike players `κ*(p) = −A(p)/B(p)`."""
        return _one(_pairs(self.thresholds)) if self.alike is None else self.alike.threshold

    @property
    def margin(self) -> float | None:
        """`ρ − κ*`; None where one of them is."""
        return None if self.ratio is None or self.threshold is None else self.ratio - self.threshold

    @property
    def undecided(self) -> tuple[str, ...]:
        """The conditions that fail under which j pulls towards `a*` iff ρ exceeds κ*; none where it does.

        With more players than two it is the sum `Σ_k ρ_jk s_jk` that has to exceed `−s_jj`.
        """
        if self.alike is not None:
            return self.alike.undecided
        failing = []
        if len(self.players) > 2:
            failing.append(f"of {len(self.players)} players no ratio decides alone, but a sum over the others")
        for j, player in enumerate(self.players):
            if not self.sensitivities[j, j] > 0:
                failing.append(f"g of {player} with itself = {self.sensitivities[j, j]:.4g} is not positive")
            failing += [
                f"what {player} gains by {self.players[k]} = {self.stakes[j, k]:.4g} is not positive"
                for k in range(len(self.players))
                if k != j and not self.stakes[j, k] > 0
            ]
            if self.rests[j]:
                failing.append(f"{self.rests[j]:.4g} of what {player} pulls is by other odds or by costs")
        return tuple(failing)

    @property
    def decides(self) -> bool:
        """Whether every player pulls towards `a*` iff its ratio exceeds its threshold; otherwise look at `pulls`."""
        return not self.undecided

    def __repr__(self) -> str:
        """Ratios, thresholds and verdict, as one line."""
        rate = self.total if self.alike is None else self.alike.bracket
        verdict = "grows" if rate > 0 else "falls" if rate < 0 else "rests"
        if self.alike is not None:
            begin = f"<SensitivityRatio on {self.game} at p = {self.alike.p:.4g}: cooperation {verdict}, "
            if not self.decides:
                return f"{begin}bracket {rate:+.4g}; ρ does not decide, {' and '.join(self.undecided)}>"
            return f"{begin}ρ = {self.ratio:.4g}, κ* = {self.threshold:.4g}>"
        each = ", ".join(f"{own:+.4g}" for own in self.pulls)
        decides = "" if self.decides else ", ρ does not decide"
        return (
            f"<SensitivityRatio of {self.target} on {self.game}: it {verdict}, {rate:+.4g} = {each}; "
            f"ρ = {_range(self.ratios)}, κ* = {_range(self.thresholds)}{decides}>"
        )


def _quotients(above: Floats, below: Floats) -> Floats:
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)


def _between(table: Floats) -> Floats:
    """Only what is between different players."""
    return np.where(np.eye(len(table), dtype=bool), np.nan, table)


def _pairs(table: Floats) -> Floats:
    return table[~np.eye(len(table), dtype=bool)]


def _one(values: Floats) -> float | None:
    """The number that all of them are, if they are."""
    if not np.isfinite(values).all() or np.ptp(values) > SAME * np.abs(values).max():
        return None
    return float(values.mean())


def _range(table: Floats) -> str:
    """In few words what is between the players: all ordered pairs of two, the range for more."""
    values = _pairs(table)
    if len(table) == 2:
        return " and ".join(f"{value:.4g}" for value in values)
    known = values[np.isfinite(values)]
    return f"{known.min():.4g} to {known.max():.4g}" if known.size else "nan"
