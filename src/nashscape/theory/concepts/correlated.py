"""Correlated and coarse correlated equilibria as linear programs over joint actions."""

from typing import Any

import numpy as np

from nashscape.core import Source, Status, choice
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.games.naming import player_index
from nashscape.games.pure import pure_equilibria
from nashscape.theory.concepts.correlated_results import CorrelatedEquilibrium
from nashscape.theory.concepts.entropies import entropy, largest_entropy
from nashscape.theory.concepts.incentives import constraints, gains
from nashscape.theory.concepts.joint_programs import (
    ExactPrograms,
    Programs,
    RoundedPrograms,
    check_size,
    solvable_exactly,
    support,
)
from nashscape.theory.nash.finding import equilibria
from nashscape.theory.written_out import written_out

OBJECTIVES = ("welfare", "least_welfare", "entropy", "best", "worst")

HELD = 1e-7
"""Of a player's range of payoffs: the largest gain of what counts as an equilibrium."""

MOST_COMPARED = 64
"""Joint actions of the largest games of two players of which all Nash equilibria are put beside the answer."""

AUMANN = Source(
    "correlated_equilibria",
    "Aumann: Subjectivity and Correlation in Randomized Strategies. Journal of Mathematical Economics 1, 67–96, 1974.",
    "https://doi.org/10.1016/0304-4068(74)90037-8",
)
COARSE = Source(
    "coarse_correlated_equilibria",
    "Moulin, Vial: Strategically Zero-Sum Games. International Journal of Game Theory 7, 201–221, 1978.",
    "https://doi.org/10.1007/BF01769190",
)
MOST_RANDOM = Source(
    "maximum_entropy_equilibria",
    "Ortiz, Schapire, Kakade: Maximum Entropy Correlated Equilibria. AISTATS 2007, 347–354.",
)


@public()
def correlated_equilibrium(
    game: "GameLike", *, objective: str = "welfare", player: int | str = 0
) -> CorrelatedEquilibrium:
    """A correlated equilibrium: nobody gains by playing anything else than what a mediator tells it.

    A distribution μ over joint actions with `Σ_{s: s_i = a} μ(s) (u_i(s) − u_i(b, s_-i)) ≥ 0` for all players i and
    actions a, b. All of them are a polytope, which holds the Nash equilibria; what they pay at least and at most is
    told with the one that was asked for. Up to about 5×5 they are computed in fractions.

    Args:
        game: one with payoffs for all profiles, of any number of players.
        objective: by default "welfare", the largest sum of payoffs; "least_welfare"; "entropy", the most random one,
            which is the only one of its kind; "best" or "worst", of one player.
        player: whose payoff is best or worst, by index or name; by default the first.

    Raises:
        InputError: for a game that cannot be written out, one with too many joint actions, and an unknown objective.

    Example:
        >>> from nashscape import games
        >>> found = correlated_equilibrium(games.chicken())
        >>> found
        <CorrelatedEquilibrium of chicken: correlated, largest welfare: payoffs 5.25, 5.25; welfare of all from
        7.2 to 10.5>
        >>> dict(zip(found.profiles, map(str, found.exact)))
        {'CC': '1/2', 'CD': '1/4', 'DC': '1/4', 'DD': '0'}

    Source: Aumann (1974, 1987); Ortiz, Schapire, Kakade (2007) for the most random one.
    """
    return _found(game, "correlated", objective, player)


@public()
def coarse_correlated_equilibrium(
    game: "GameLike", *, objective: str = "welfare", player: int | str = 0
) -> CorrelatedEquilibrium:
    """A coarse correlated equilibrium: nobody gains by one action whatever the mediator would have told it.

    A distribution μ over joint actions with `Σ_s μ(s) (u_i(s) − u_i(b, s_-i)) ≥ 0` for all players i and actions b.
    Every correlated equilibrium is one. The average joint play of learners without regret comes near this set.

    Args:
        game: one with payoffs for all profiles, of any number of players.
        objective: by default "welfare", the largest sum of payoffs; "least_welfare"; "entropy", the most random one;
            "best" or "worst", of one player.
        player: whose payoff is best or worst, by index or name; by default the first.

    Raises:
        InputError: for a game that cannot be written out, one with too many joint actions, and an unknown objective.

    Example:
        >>> from nashscape import games
        >>> coarse_correlated_equilibrium(games.shapley(), objective="least_welfare").welfare
        (0.6666666666666666, 1.0)

    Source: Moulin, Vial (1978); Hannan (1957) for what learners reach.
    """
    return _found(game, "coarse correlated", objective, player)


def _found(game: "GameLike", kind: str, objective: str, player: int | str) -> CorrelatedEquilibrium:
    wanted = choice(str(objective).replace(" ", "_"), "objective", OBJECTIVES)
    form = written_out(game, f"find {kind} equilibria")
    i = player_index(form, player)
    size = form.payoffs[0].size
    count = sum(k * (k - 1) if kind == "correlated" else k for k in form.shape)
    check_size(count, size, form.name)
    exact = solvable_exactly(count, size)
    payoffs: Any = form.fractions if exact else _units(form)
    rows = np.concatenate(constraints(payoffs, kind))
    programs: Programs = ExactPrograms.of(rows) if exact else RoundedPrograms.of(rows)
    worth = [own.ravel() for own in (form.fractions if exact else form.payoffs)]
    worth.append(sum(worth))
    ends = [[one @ programs.best(sign * one) for sign in (-1, 1)] for one in worth]
    gap = 0.0
    if wanted == "entropy":
        joint, gap = _most_random(form, kind, support(programs, size, exact))
    else:
        sign = 1 if wanted in ("welfare", "best") else -1
        joint = programs.best(sign * worth[i if wanted in ("best", "worst") else -1])
    return _made(form, kind, wanted, i, joint, ends, gap)


def _units(form: DenseGame) -> Any:
    """Payoffs without a constant of each player and in units of its range, of which equilibria know nothing."""
    return np.stack([(own - own.min()) / (float(np.ptp(own)) or 1.0) for own in form.payoffs])


def _most_random(form: DenseGame, kind: str, positive: Any) -> tuple[Any, float]:
    rows = np.concatenate(constraints(_units(form), kind))
    joint = np.zeros(positive.size)
    joint[positive], gap = largest_entropy(rows[:, positive])
    return joint, gap


def _made(
    form: DenseGame, kind: str, objective: str, i: int, joint: Any, ends: list[list[Any]], gap: float
) -> CorrelatedEquilibrium:
    exact = joint.dtype == object
    table: Any = form.fractions if exact else form.payoffs
    every = gains(table if exact else _units(form), joint.reshape(form.shape), kind)
    units = np.ones(form.n_players) if exact else np.array([float(np.ptp(own)) or 1.0 for own in form.payoffs])
    told = tuple(own.astype(np.float64) * unit for own, unit in zip(every, units, strict=True))
    regret = np.array([float(own.max(initial=0.0)) for own in told])
    held = bool((regret <= HELD * np.ptp(form.payoffs.reshape(form.n_players, -1), axis=1)).all()) and gap <= HELD
    *ranges, welfare = ends
    names, nash, complete = _nash(form)
    doubles = joint.astype(np.float64).reshape(form.shape)
    asked = {"game": form, "concept": kind, "objective": objective}
    of_one = objective in ("best", "worst")
    sources = [AUMANN if kind == "correlated" else COARSE, *([MOST_RANDOM] if objective == "entropy" else [])]
    return CorrelatedEquilibrium(
        game=form.name,
        players=form.players,
        actions=form.actions,
        concept=kind,
        objective=objective,
        player=form.players[i] if of_one else "",
        distribution=doubles,
        exact=tuple(joint) if exact else None,
        payoffs=np.array([float(own.ravel() @ joint) for own in table]),
        gains=told,
        regret=regret,
        ranges=np.array(ranges, dtype=np.float64),
        welfare=(float(welfare[0]), float(welfare[1])),
        exact_ranges=None if isinstance(ends[0][0], float) else tuple((own[0], own[1]) for own in ends),
        entropy=entropy(doubles),
        gap=gap,
        nash=nash,
        nash_names=names,
        nash_complete=complete,
        status=Status.COMPLETE if held else Status.UNDECIDED,
        provenance=record("correlated equilibrium", asked | ({"player": i} if of_one else {}), sources=sources),
    )


def _nash(form: DenseGame) -> tuple[tuple[str, ...], Any, bool]:
    """Names and payoffs of Nash equilibria to compare with: all of small games of two players, else the pure ones."""
    if form.n_players == 2 and form.payoffs[0].size <= MOST_COMPARED:
        found = equilibria(form, logit=None)
        return tuple(one.name for one in found), _rows([one.payoffs for one in found], form), found.complete
    pure = pure_equilibria(form)
    return tuple(one.name for one in pure), _rows([one.payoffs for one in pure], form), False


def _rows(payoffs: list[Any], form: DenseGame) -> Any:
    return np.array(payoffs, dtype=np.float64).reshape(len(payoffs), form.n_players)
