"""Which way the peer-learning term moves every player's logit, proved for all profiles at once."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, citations, positive_integer
from nashscape.core.provenance import record
from nashscape.games import Game
from nashscape.games.offers import has_table
from nashscape.semantics import ParametricGame, parametric
from nashscape.semantics.semantics import has_forms
from nashscape.theory.peer_signs import Signs, Table, signs

Floats = npt.NDArray[np.float64]

MOST_PLAYERS = 8
NOISE = Fraction(1, 2**50)
"""Of the largest payoff: differences of four payoffs up to it may be the rounding of doubles, and count as zero."""

VERDICTS = {
    "raises": "the peer term raises the logit of the first action at every interior profile",
    "lowers": "it lowers it at every interior profile",
    "both": "it raises it at some interior profiles and lowers it at others",
    "zero": "there is no peer term: it is zero at every profile",
    "undecided": "none of these was proved with the boxes that were looked at",
}


@dataclass(frozen=True, eq=False)
class PeerDirections(Result):
    """The sign of every player's peer term over all interior profiles. Made by `peer_direction`.

    Attributes:
        game: name of the game.
        players: their names.
        verdicts: one of `theory.peer_directions.VERDICTS` per player, proved; of coefficients above zero.
        low: with `f_i = Σ_j s_j² f_ij / Σ_j s_j²`, over the others that matter to it, a bound from below over all
            profiles, in squared payoff units, `[n]`; for two players the least value itself.
        high: the same from above.
        witnesses: where the verdict is "both", the probabilities of first actions at a profile where the term raises
            the logit and at one where it lowers it, `[2, n]`; else None.
        rounded: whether differences of payoffs below 2⁻⁵⁰ of the largest were taken to be the rounding of zero: what is
            proved is then about the game with payoffs that differ by so much from those given.
        open_share: the share of the profiles at which the sign was not proved; zero unless undecided, `[n]`.
        status: COMPLETE, or UNDECIDED where a player is.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "peer directions"
    picture: ClassVar[str] = "nashscape.figures.peer_directions:peer_directions_figure"
    as_table: ClassVar[str] = "nashscape.theory.tables:direction_table"
    computed: ClassVar[tuple[str, ...]] = ("margins",)

    game: str
    players: tuple[str, ...]
    verdicts: tuple[str, ...]
    low: Floats
    high: Floats
    witnesses: tuple[Floats | None, ...]
    rounded: bool
    open_share: Floats
    status: Status
    provenance: Provenance

    @property
    def margins(self) -> Floats:
        """How far `f_i` stays from zero, in squared payoff units, `[n]`; zero where it has no sign, or only almost.

        Where the verdict is "raises" or "lowers" the term is at least `η s_i Σ_j s_j²` times as large. A sign can be
        proved with margin zero: then `f_i` comes to zero towards profiles that are not interior.
        """
        signed = np.where(np.array(self.verdicts) == "raises", self.low, -self.high)
        return np.where(np.isin(self.verdicts, ("raises", "lowers")), np.maximum(signed, 0.0) + 0.0, 0.0)

    def __repr__(self) -> str:
        """Game, and every player's verdict with its margin, as one line."""
        pairs = zip(self.players, self.verdicts, self.margins, strict=True)
        each = ", ".join(
            f"{name} {verdict}" + (self._how(margin) if verdict in ("raises", "lowers") else "")
            for name, verdict, margin in pairs
        )
        about = ", but for the rounding of payoffs" if self.rounded else ""
        return f"<PeerDirections of {self.game}: {each}{about}; {self.status.value}>"

    @staticmethod
    def _how(margin: float) -> str:
        return f" (margin {margin:.4g})" if margin > 0 else " (down to nothing towards the edge)"


def peer_direction(game: Game | ParametricGame, *, boxes: int = 2000) -> PeerDirections:
    """Prove which way the peer term moves every player's logit, at every interior profile of a game of two actions.

    For independent sigmoids, with `p_i` the probability of player i's first action, `s = p (1 − p)` and `D_i` the
    difference between first and second action of player i,

        peer_i = η Σ_{j≠i} [∇_i∇_j J_j]ᵀ ∇_j J_i = η s_i Σ_{j≠i} s_j² f_ij(p),    f_ij = (D_i D_j U_j) · (D_j U_i)

    In front all is positive. For two players `D_i D_j U_j = U_j(1,1) − U_j(1,2) − U_j(2,1) + U_j(2,2)` is a number and
    `D_j U_i` linear in `p_i`, so that the answer is always found. In a symmetric game `f = c · B(p_i)`: where c < 0 and
    B > 0 peer-learning works against cooperation everywhere, not on the diagonal alone. For more players the cube of
    profiles is halved. All arithmetic is in fractions, of the game's payoffs as doubles; differences of payoffs that
    are no more than what rounding makes of zero, 2⁻⁵⁰ of the largest payoff, are taken to be zero.

    Args:
        game: of two to eight players with two actions and independent sigmoids.
        boxes: parts of the cube to look at for each player, at most.

    Raises:
        InputError: for other games and other semantics.

    Example:
        >>> from nashscape import games
        >>> peer_direction(games.prisoners_dilemma())                  # f = c B(p) = −(4 − p)
        <PeerDirections of prisoners_dilemma: player 1 lowers (margin 3), player 2 lowers (margin 3); complete>
        >>> found = peer_direction(games.chicken())
        >>> found.verdicts, found.low.tolist(), found.high.tolist()
        (('lowers', 'lowers'), [-21.0, -21.0], [-12.0, -12.0])

    Source: derived here; peer-learning as in arXiv 2605.18078.
    """
    boxes = positive_integer(boxes, "boxes")
    learners = parametric(game)
    payoffs = _payoffs(learners)
    n = len(payoffs)
    found = [_of_player(payoffs, i, boxes) for i in range(n)]
    tables = [table for i in range(n) for pair in _factors(payoffs, i).values() for table in pair]
    rounded = any((table != _cleaned(table, payoffs)).any() for table in tables)
    verdicts = tuple(map(_verdict, found))
    return PeerDirections(
        game=learners.name,
        players=tuple(learners.game.players),
        verdicts=verdicts,
        low=np.array([0.0 if one is None else _rounded(one.low, -math.inf) for one in found]),
        high=np.array([0.0 if one is None else _rounded(one.high, math.inf) for one in found]),
        witnesses=tuple(
            np.array([one.positive, one.negative], np.float64)
            if one is not None and one.positive is not None and one.negative is not None
            else None
            for one in found
        ),
        rounded=rounded,
        open_share=np.array([
            float(one.open_share) if one is not None and verdict == "undecided" else 0.0
            for one, verdict in zip(found, verdicts, strict=True)
        ]),
        status=Status.UNDECIDED if "undecided" in verdicts else Status.COMPLETE,
        provenance=record(
            "peer directions",
            {"game": learners, "boxes": boxes},
            sources=[citations.BASIN_ENTRY, citations.META_MAPG],
        ),
    )  # fmt: skip


def _payoffs(learners: ParametricGame) -> Table:
    """Payoffs as fractions, `[n, 2, …, 2]`, with the second action before the first: p = 0 before p = 1."""
    semantics: Any = learners.semantics
    game: Any = learners.game
    if not has_forms(semantics) or not semantics.sigmoids or not has_table(game):
        raise InputError(
            f"the peer term has a known form for two actions a player and independent sigmoids; {learners.name} is "
            "different: alignment measures the term at chosen profiles of any game"
        )
    if len(game.players) > MOST_PLAYERS:
        raise InputError(
            f"all profiles of up to {MOST_PLAYERS} players are looked at; {learners.name} has {len(game.players)}: "
            "alignment measures the term at chosen profiles"
        )
    exact: Table = np.vectorize(Fraction, otypes=[object])(np.asarray(game.to_dense().payoffs, np.float64))
    return np.flip(exact, axis=tuple(range(1, exact.ndim)))


def _of_player(payoffs: Table, i: int, boxes: int) -> Signs | None:
    """The signs of player i's term; None where all its products are zero."""
    clean = {j: (_cleaned(g, payoffs), _cleaned(h, payoffs)) for j, (g, h) in _factors(payoffs, i).items()}
    factors = {j: pair for j, pair in clean.items() if all((table != 0).any() for table in pair)}
    return signs(len(payoffs), factors, boxes) if factors else None


def _factors(payoffs: Table, i: int) -> dict[int, tuple[Table, Table]]:
    """`D_i D_j U_j` and `D_j U_i` for every other player j, at the pure profiles of the rest."""
    return {
        j: (np.diff(np.diff(payoffs[j], axis=j), axis=i), np.diff(payoffs[i], axis=j))
        for j in range(len(payoffs))
        if j != i
    }


def _cleaned(table: Table, payoffs: Table) -> Table:
    """Without what may be the rounding of payoffs."""
    zero: Any = Fraction(0)
    return np.where(abs(table) <= NOISE * abs(payoffs).max(), zero, table)


def _verdict(found: Signs | None) -> str:
    if found is None:
        return "zero"
    if found.positive is not None and found.negative is not None:
        return "both"
    if found.open_share:
        return "undecided"
    return "raises" if found.positive is not None else "lowers"


def _rounded(value: Fraction, towards: float) -> float:
    """The double next to a fraction, on the side of `towards`."""
    try:
        near = float(value)
    except OverflowError:
        near = math.inf if value > 0 else -math.inf
    if (near > value and towards < 0) or (near < value and towards > 0):
        near = math.nextafter(near, towards)
    return near
