"""Prices of anarchy and of stability of finite games, over all Nash equilibria that are found."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import GameLike
from nashscape.games import game as as_game
from nashscape.theory.efficiency.objectives import check_sign, objective
from nashscape.theory.efficiency.results import PriceOfAnarchy
from nashscape.theory.efficiency.smoothness import smooth_bound
from nashscape.theory.nash.finding import equilibria
from nashscape.theory.nash.results import Equilibria
from nashscape.theory.written_out import MOST_EXACT, written_out

WORST_CASE = Source(
    "worst-case equilibria", "Koutsoupias, Papadimitriou: Worst-Case Equilibria. STACS 99, 404–413, 1999."
)
STABILITY = Source(
    "price of stability",
    "Anshelevich, Dasgupta, Kleinberg, Tardos, Wexler, Roughgarden: The Price of Stability for Network Design with "
    "Fair Cost Allocation. SIAM Journal on Computing 38, 1602–1623, 2008.",
)
SMOOTH = Source(
    "smoothness", "Roughgarden: Intrinsic Robustness of the Price of Anarchy. Journal of the ACM 62, 32:1–42, 2015."
)

MOST_NAMED = 100


@public()
def price_of_anarchy(
    game: "GameLike",
    *,
    welfare: str | npt.ArrayLike | None = None,
    cost: str | npt.ArrayLike | None = None,
    found: Equilibria | None = None,
    seconds: float = 60.0,
) -> PriceOfAnarchy:
    """How much worse the worst and the best Nash equilibrium are for all than the best profile.

    `anarchy = max_σ C(σ) / min_a C(a)` and `stability = min_σ C(σ) / min_a C(a)` over Nash equilibria σ, for welfare
    `max_a W(a) / W(σ)`. Everything is exact where the equilibria are. Where there are infinitely many, the extreme ones
    are looked at, between which expectations lie. Beside them stands, for sums in games of at most 4,000 profiles, a
    bound that needs no equilibria: no coarse correlated equilibrium, and so no average of play without regret, has a
    larger price.

    Args:
        game: one whose payoffs can be written out.
        welfare: what is to be large: "sum" of payoffs, the "least" payoff of any player, or an array over pure
            profiles.
        cost: what is to be small: "sum" of what players pay, minus their payoffs, the "largest" of it, or an array. By
            default the sum of costs, if no payoffs sum to more than zero, else the sum of payoffs.
        found: equilibria of this game that are known already; by default all are looked for.
        seconds: after which that search stops.

    Raises:
        InputError: for games that cannot be written out or have more than 100,000 payoffs, for welfare or costs below
            zero at best or in an equilibrium, of which ratios say nothing, and equilibria of another game.

    Example:
        >>> from nashscape import games
        >>> price_of_anarchy(games.braess(players=2))
        <PriceOfAnarchy of braess: anarchy 4/3, stability 1, at most 4/3; 7 equilibria, all>
        >>> found = price_of_anarchy(games.chicken(), welfare="least")
        >>> str(found.anarchy), str(found.stability), found.best
        ('3', '27/16', ('CC',))

    Source: Koutsoupias, Papadimitriou (1999); Anshelevich et al. (2008) for stability; Roughgarden (2015) for the
    bound.
    """
    form = written_out(game, "find prices of anarchy (of flows: theory.selfish_routing)", most=MOST_EXACT)
    judged = objective(form, welfare, cost)
    listed = equilibria(form, logit=None, seconds=seconds) if found is None else found
    if listed.form.shape != form.shape or not np.array_equal(listed.form.payoffs, form.payoffs):
        raise InputError(f"these are equilibria of {listed.game}, which has other payoffs than {form.name}")
    values = [judged.expected(own.exact if own.exact is not None else own.strategies) for own in listed]
    for one, value in zip(listed, values, strict=True):
        check_sign(judged.sense, value, one.name)
    smooth = smooth_bound(form, judged)
    best = np.argwhere(judged.values == judged.optimum)[:MOST_NAMED]
    proof: Any = None if smooth is None or smooth.lam is None else (smooth.lam, smooth.mu)
    return PriceOfAnarchy(
        game=form.name,
        form=form,
        sense=judged.sense,
        kind=judged.kind,
        by_profile=judged.values.astype(np.float64),
        optimum=judged.optimum,
        best=tuple(form.profile_name([int(a) for a in one]) for one in best),
        names=tuple(own.name for own in listed),
        pure=tuple(own.pure for own in listed),
        values=tuple(values),
        bound=None if smooth is None else smooth.price,
        smoothness=proof,
        note=listed.note,
        status=listed.status,
        provenance=record(
            "price of anarchy",
            {"game": as_game(game), "welfare": welfare, "cost": cost},
            sources=[WORST_CASE, STABILITY, *([] if smooth is None else [SMOOTH])],
        ),
    )
