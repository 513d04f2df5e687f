"""Team-maxmin: what a team makes sure of against an adversary, if its members cannot toss a coin together."""

from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, Status, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, around
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.games.naming import player_index
from nashscape.theory.concepts.team_bounds import TeamBounds, bounded, joint_table, matrix_value
from nashscape.theory.concepts.team_results import TeamMaxmin
from nashscape.theory.nash.budgets import Budget
from nashscape.theory.nash.matrix_games import matrix_game
from nashscape.theory.written_out import written_out

Floats = npt.NDArray[np.float64]

MOST_JOINT = 400
"""Joint actions of the team times actions of the adversary, of the largest games that are taken."""

TOLERANCE = 1e-4
"""Of the team's range of payoffs: how near the two bounds have to be."""

SECONDS = 60.0
MOST_BOXES = 20_000

TEAMS = Source(
    "team_maxmin",
    "von Stengel, Koller: Team-Maxmin Equilibria. Games and Economic Behavior 21, 309–321, 1997.",
    "https://doi.org/10.1006/game.1997.0527",
)
UNCORRELATION = Source(
    "price_of_uncorrelation",
    "Basilico, Celli, De Nittis, Gatti: Team-Maxmin Equilibrium: Efficiency Bounds and Algorithms. AAAI 2017, 356–362.",
)


@public()
def team_maxmin(
    game: "GameLike",
    *,
    adversary: int | str | None = None,
    tolerance: float = TOLERANCE,
    seconds: float = SECONDS,
    most: int = MOST_BOXES,
    seed: int = 0,
) -> TeamMaxmin:
    """The most that a team with one payoff makes sure of against an adversary, its members mixing independently.

    `max_{σ_1, …, σ_k} min_b Σ_a Π_i σ_i(a_i) u(a, b)`. This is no linear program, and has local maxima. Mixtures are
    improved one after the other from several starts, and boxes of mixtures are excluded by bounds (branch and bound),
    until what is had and what is possible are within the tolerance. With a common coin it is a matrix game.

    Args:
        game: one in which all players but the adversary have the same payoffs.
        adversary: by index or name; by default the last player.
        tolerance: of the bounds, as a share of the team's range of payoffs; by default 1e-4.
        seconds: after which the bounds are given as they are; by default 60.
        most: boxes that are looked at at most; by default 20,000.
        seed: of the starts; by default 0.

    Raises:
        InputError: for members whose payoffs differ, with where they do, and games that are too large.

    Example:
        >>> import numpy as np
        >>> from nashscape import games
        >>> both = np.zeros((2, 2, 2))
        >>> both[0, 0, 0] = both[1, 1, 1] = 1.0             # both heads against heads, or both tails against tails
        >>> found = team_maxmin(games.dense([both, both, -both]))
        >>> round(found.low, 3), found.together, [round(float(end), 2) for end in found.price]
        (0.25, Fraction(1, 2), [2.0, 2.0])

    Source: von Stengel, Koller (1997); Basilico, Celli, De Nittis, Gatti (2017) for the price of uncorrelation.
    """
    form = written_out(game, "find what a team makes sure of")
    foe = player_index(form, form.n_players - 1 if adversary is None else adversary)
    team = [i for i in range(form.n_players) if i != foe]
    if form.payoffs[0].size > MOST_JOINT:
        raise InputError(
            f"team-maxmin is found in games of up to {MOST_JOINT} joint actions; {form.name} has "
            f"{form.payoffs[0].size:,}: take fewer players or actions"
        )
    exact = np.moveaxis(_common(form, team), foe, -1)
    share = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    budget = Budget(finite_number(seconds, "seconds", low=0.0, low_open=True))
    boxes, first = positive_integer(most, "boxes"), positive_integer(seed, "seed", at_least=0)
    with budget.until_asked():
        found, mixtures = _searched(exact, share, budget, boxes, first)
    sure, whole = _exactly(exact, mixtures), matrix_game(exact.reshape(-1, exact.shape[-1]))
    rounded = exact.astype(np.float64)
    least, span = min(exact.flat), max(exact.flat) - min(exact.flat)
    # bounds are rounded outwards: a double next to a fraction may lie on either side of it
    low, high = around(sure)[0], around(max(sure, min(least + span * Fraction(found.high), whole.value)))[1]
    proved = found.finished or Fraction(high) - Fraction(low) <= Fraction(share) * span
    names = ["/".join(one) for one in product(*(form.actions[i] for i in team))]
    cut = Status.INTERRUPTED if budget.interrupted else Status.UNDECIDED
    asked = {"game": form, "adversary": foe, "tolerance": share, "most": most}
    return TeamMaxmin(
        game=form.name,
        players=form.players,
        actions=form.actions,
        adversary=form.players[foe],
        low=low,
        high=high,
        strategies=tuple(mixtures),
        improvable=np.array([max(0.0, _alone(rounded, mixtures, k) - low) for k in range(len(team))]),
        together=whole.value,
        plan=tuple((name, p) for name, p in zip(names, whole.row, strict=True) if p),
        threat=whole.column,
        least=float(least),
        boxes=found.nodes,
        proved=proved,
        status=Status.COMPLETE if proved else cut,
        provenance=record("team maxmin", asked, seed=seed, sources=[TEAMS, UNCORRELATION]),
    )


def _searched(
    exact: Objects, tolerance: float, budget: Budget, most: int, seed: int
) -> tuple[TeamBounds, list[Floats]]:
    """Bounds in units of the range, from its least end, and the mixtures in the order of the members."""
    least, largest = min(exact.flat), max(exact.flat)
    scaled = ((exact - least) / (largest - least or 1)).astype(np.float64)
    # the member with the most actions is the one whose mixture needs no boxes
    order = sorted(range(scaled.ndim - 1), key=lambda k: scaled.shape[k])
    found = bounded(scaled.transpose(*order, scaled.ndim - 1), tolerance, budget, most, seed)
    return found, [found.mixtures[order.index(k)] for k in range(len(order))]


def _common(form: DenseGame, team: list[int]) -> Objects:
    """The payoffs that all members have, in fractions."""
    first: Objects = form.fractions[team[0]]
    for i in team[1:]:
        apart = np.argwhere(form.fractions[i] != first)
        if len(apart):
            profile = form.profile_name([int(a) for a in apart[0]])
            raise InputError(
                f"the members of a team have one payoff; {form.players[team[0]]} and {form.players[i]} differ at "
                f"{profile}: name the adversary, or give the team the mean of its payoffs"
            )
    return first


def _exactly(payoffs: Objects, mixtures: list[Floats]) -> Fraction:
    """What mixtures make sure of, computed from their doubles in fractions."""
    table = payoffs
    for own in mixtures:
        weights = np.array([Fraction(float(p)) for p in own], dtype=object)
        table = np.tensordot(weights / sum(weights), table, axes=(0, 0))
    least: Fraction = min(table.tolist())
    return least


def _alone(payoffs: Floats, mixtures: list[Floats], k: int) -> float:
    """The most that member k makes sure of while the others keep their mixtures."""
    own = [np.eye(len(mix)) if j == k else mix[None] for j, mix in enumerate(mixtures)]
    return matrix_value(joint_table(payoffs, own))[0]
