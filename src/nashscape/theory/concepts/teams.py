"""Team-maxmin: what a team makes sure of against an adversary, if its members cannot toss a coin together."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import Objects, fraction_text
from nashscape.core.provenance import record
from nashscape.core.tables import Table, facts, one_by_one, standing
from nashscape.games import DenseGame, GameLike
from nashscape.games.naming import player_index
from nashscape.theory.concepts.team_bounds import bounded, joint_table, matrix_value
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


@dataclass(frozen=True, eq=False)
class TeamMaxmin(Result):
    """What a team makes sure of, its members mixing independently; and what it could if they acted together.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        adversary: name of the player that the others face; what it is paid itself does not count.
        low: what `strategies` make sure of, in payoff units, computed from these in fractions.
        high: what no independent strategies can make sure of more than.
        strategies: one per member of the team, in the order of the players.
        improvable: what each member alone could make sure of more than `low`, by a linear program of its own.
        together: what the team makes sure of with a common coin, in fractions.
        plan: by the name of a joint action of the team its probability then.
        threat: a mixture of the adversary that holds the team to `together`.
        least: the least payoff of the team, from which the price of uncorrelation is counted.
        boxes: parts of the members' mixtures that were looked at.
        proved: whether the bounds are as near as was asked.
        status: COMPLETE if so; else UNDECIDED: the bounds hold all the same.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "team maxmin"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.teams:team_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.teams:team_table"
    picture: ClassVar[str] = "nashscape.figures.teams:team_figure"
    computed: ClassVar[tuple[str, ...]] = ("team", "price")

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    adversary: str
    low: float
    high: float
    strategies: tuple[Floats, ...]
    improvable: Floats
    together: Fraction
    plan: tuple[tuple[str, Fraction], ...]
    threat: tuple[Fraction, ...]
    least: float
    boxes: int
    proved: bool
    status: Status
    provenance: Provenance

    @property
    def team(self) -> tuple[str, ...]:
        """The members."""
        return tuple(name for name in self.players if name != self.adversary)

    @property
    def price(self) -> tuple[float, float]:
        """The price of uncorrelation, from least to most: what is had together over what is had apart.

        Both are counted from the least payoff of the team; the price is 1 where a common coin is of no use, infinite
        where without one nothing more than the least payoff is safe, and 1 again where nothing is safe with one.
        """
        return _ratio(float(self.together) - self.least, self.high - self.least), _ratio(
            float(self.together) - self.least, self.low - self.least
        )

    def __repr__(self) -> str:
        """The bounds and what a coin is worth, as one line."""
        proved = "" if self.proved else ", open"
        return (
            f"<TeamMaxmin of {self.game}: {self.low:.6g} to {self.high:.6g}{proved} against {self.adversary}; together "
            f"{fraction_text(self.together)}>"
        )


def _ratio(together: float, apart: float) -> float:
    if together <= 0.0:
        return 1.0
    return max(1.0, together / apart) if apart > 0.0 else float("inf")


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
    exact = _common(form, team)
    share = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    budget = Budget(finite_number(seconds, "seconds", low=0.0, low_open=True))
    exact = np.moveaxis(exact, foe, -1)
    rounded = exact.astype(np.float64)
    # bounds are taken in units of the range, from its least end
    least, span = float(rounded.min()), float(np.ptp(rounded)) or 1.0
    scaled = ((exact - min(exact.flat)) / (max(exact.flat) - min(exact.flat) or 1)).astype(np.float64)
    # the member with the most actions is the one whose mixture needs no boxes
    order = sorted(range(len(team)), key=lambda k: scaled.shape[k])
    with budget.until_asked():
        found = bounded(
            scaled.transpose(*order, len(team)), share, budget, positive_integer(most, "boxes"),
            positive_integer(seed, "seed", at_least=0),
        )  # fmt: skip
    mixtures = [found.mixtures[order.index(k)] for k in range(len(team))]
    low = _exactly(exact, mixtures)
    whole = matrix_game(exact.reshape(-1, exact.shape[-1]))
    names = ["/".join(one) for one in product(*(form.actions[i] for i in team))]
    high = min(max(least + span * found.high, low), float(whole.value))
    return TeamMaxmin(
        game=form.name,
        players=form.players,
        actions=form.actions,
        adversary=form.players[foe],
        low=low,
        high=max(low, high),
        strategies=tuple(mixtures),
        improvable=np.array([max(0.0, _alone(rounded, mixtures, k) - low) for k in range(len(team))]),
        together=whole.value,
        plan=tuple((name, p) for name, p in zip(names, whole.row, strict=True) if p),
        threat=whole.column,
        least=least,
        boxes=found.nodes,
        proved=found.finished,
        status=Status.COMPLETE if found.finished else Status.UNDECIDED,
        provenance=record(
            "team maxmin",
            {"game": form, "adversary": foe, "tolerance": share, "most": most},
            seed=seed,
            sources=[TEAMS, UNCORRELATION],
        ),
    )


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


def _exactly(payoffs: Objects, mixtures: list[Floats]) -> float:
    """What mixtures make sure of, computed from their doubles in fractions."""
    table = payoffs
    for own in mixtures:
        weights = np.array([Fraction(float(p)) for p in own], dtype=object)
        table = np.tensordot(weights / sum(weights), table, axes=(0, 0))
    return float(min(table.tolist()))


def _alone(payoffs: Floats, mixtures: list[Floats], k: int) -> float:
    """The most that member k makes sure of while the others keep their mixtures."""
    own = [np.eye(len(mix)) if j == k else mix[None] for j, mix in enumerate(mixtures)]
    return matrix_value(joint_table(payoffs, own))[0]


def team_columns(found: TeamMaxmin) -> Columns:
    """A row for every action of every member."""
    names = {name: own for name, own in zip(found.players, found.actions, strict=True) if name != found.adversary}
    rows = [
        (player, action, float(p))
        for (player, actions), own in zip(names.items(), found.strategies, strict=True)
        for action, p in zip(actions, own, strict=True)
    ]
    players, actions, numbers = zip(*rows, strict=True)
    return {"player": np.array(players), "action": np.array(actions), "probability": np.array(numbers, dtype=float)}


@one_by_one
def team_table(found: TeamMaxmin) -> Table:
    """The bounds, the members' mixtures, and what they could make sure of together."""
    names = {name: own for name, own in zip(found.players, found.actions, strict=True) if name != found.adversary}
    low, high = found.price
    lines = {
        "makes sure of": f"{found.low:.6g}",
        "no more than": f"{found.high:.6g}",
        **{
            player: ", ".join(f"{p:.4g} {name}" for name, p in zip(actions, own, strict=True) if p > 1e-9)
            for (player, actions), own in zip(names.items(), found.strategies, strict=True)
        },
        "together": f"{fraction_text(found.together)} by "
        + ", ".join(f"{fraction_text(p)} {name}" for name, p in found.plan),
        "price of uncorrelation": f"{low:.4g} to {high:.4g}",
    }
    return facts(f"What a team makes sure of against {found.adversary} in {found.game}", lines, standing([found]))
