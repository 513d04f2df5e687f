"""Bayes–Nash equilibria: all of small games, through their normal forms, and where best replies rest in large ones."""

import math
from typing import Any

import numpy as np

from nashscape.core import InputError, Source, Status, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import BayesianGame
from nashscape.games import game as as_game
from nashscape.games.forms.bayesian_reductions import MOST, agents_of, plan_counts, plans, whole_payoffs
from nashscape.games.offers import needs
from nashscape.semantics.parametric_game import bare
from nashscape.theory.bayesian.best_replies import resting_profiles
from nashscape.theory.bayesian.by_forms import Found, by_form
from nashscape.theory.bayesian.gains import exact_profile, pure_behaviour
from nashscape.theory.bayesian.results import BayesNashEquilibria

HARSANYI = Source(
    "harsanyi",
    "Harsanyi: Games with Incomplete Information Played by “Bayesian” Players, I–III. Management Science 14, 159–182, "
    "320–334, 486–502, 1967–68.",
)

METHODS = ("own", "pure", "normal form", "agent form", "best replies")

MOST_PLANS, MOST_AGENTS = 32, 6
"""Plans of a player, and agents, of the games of which mixed equilibria are looked for, unless a method is named."""

MOST_PROFILES = 1_000_000
"""Pure profiles that are looked through, at most."""

SECONDS = 60.0
TOLERANCE = 1e-9
STARTS = 64


@public()
def bayes_nash_equilibria(
    game: BayesianGame,
    *,
    method: str = "own",
    seconds: float = SECONDS,
    starts: int = STARTS,
    seed: int = 0,
    tolerance: float = TOLERANCE,
) -> BayesNashEquilibria:
    """Bayes–Nash equilibria: profiles of strategies in which no type of any player gains by any action.

    Small games are solved through a form in which plans, or types, are what chooses: two players by the normal form of
    plans, in fractions, and all equilibria; more by the form of agents, where `complete` says whether these are all.
    Of mixtures of plans each behaviour is listed once. In games of up to 1,000,000 pure profiles all pure equilibria
    are found, exactly. In larger ones best replies are followed from many starts: what they come to rest at is an
    equilibrium, and nothing says that there are no others. Each comes with the gains of all deviations.

    Args:
        game: a Bayesian game.
        method: by default "own", whichever says most in a game of this size; or "normal form", "agent form", "pure"
            or "best replies".
        seconds: after which the search for mixed equilibria stops; by default 60.
        starts: random pure profiles from which best replies are followed; by default 64.
        seed: of these.
        tolerance: the largest gain of what is known in double precision alone, as a share of the range of payoffs.

    Raises:
        InputError: for another game, an unknown method, and a form of more than 100,000 payoffs, or more than
            1,000,000 profiles to look through, where that is what was asked for.

    Example:
        >>> from nashscape import games
        >>> game = games.auction("first price", values=[0, 1], bids=[0, "1/4", "1/2"])
        >>> bayes_nash_equilibria(game)
        <BayesNashEquilibria of first-price auction: 2 (all): 0 0.25/0 0.25, 0 0.5/0 0.5>
        >>> large = games.auction("second price", values=range(9), bids=range(9))
        >>> found = bayes_nash_equilibria(large)
        >>> found.method, found.complete, "0 1 2 3 4 5 6 7 8/0 1 2 3 4 5 6 7 8" in [one.name for one in found]
        ('best replies', False, True)

    Source: Harsanyi (1967).
    """
    given: Any = bare(as_game(game))
    needs(given, "types", to="find Bayes–Nash equilibria")
    choice(method, "method", METHODS)
    seconds = finite_number(seconds, "seconds", low=0.0, low_open=True)
    tolerance = finite_number(tolerance, "tolerance", low=0.0)
    count = positive_integer(starts, "starts")
    chosen = _usual_method(given) if method == "own" else method
    if chosen in ("normal form", "agent form"):
        found = by_form(given, chosen, seconds, tolerance)
    elif chosen == "pure":
        found = _pure(given)
    else:
        found = _by_replies(given, count, seed)
    idle = [
        f"{name} of {player}" for player, names in zip(given.players, given.idle_types, strict=True) for name in names
    ]
    more = f"Of probability zero, so that nothing is said of what they do: {', '.join(idle)}." if idle else ""
    status = Status.COMPLETE if found.complete else Status.INTERRUPTED if found.cut else Status.UNDECIDED
    asked = {"game": given, "method": chosen, "starts": count, "seed": seed, "tolerance": tolerance}
    return BayesNashEquilibria(
        game=given.name,
        players=given.players,
        types=given.types,
        actions=given.actions,
        equilibria=tuple(found.profiles),
        method=found.method,
        complete=found.complete,
        pure_complete=found.pure_complete,
        components=found.components,
        tolerance=tolerance,
        closed_form=getattr(given, "closed_form", None),
        note=" ".join(part for part in (found.note, more) if part),
        status=status,
        provenance=record("Bayes-Nash equilibria", asked, sources=[HARSANYI]),
    )


def _usual_method(game: BayesianGame) -> str:
    counts, agents = plan_counts(game), agents_of(game)
    if len(counts) == 2 and max(counts) <= MOST_PLANS:
        return "normal form"
    if len(agents) <= MOST_AGENTS and len(agents) * math.prod(counts) <= MOST // 10:
        return "agent form"
    return "pure" if math.prod(counts) <= MOST_PROFILES else "best replies"


def _pure(game: BayesianGame) -> Found:
    """All pure equilibria, by looking at every profile of plans, in whole numbers."""
    size = math.prod(plan_counts(game))
    if size > MOST_PROFILES:
        raise InputError(
            f"{game.name} has {size:,} pure profiles, more than the {MOST_PROFILES:,} that are looked through; leave "
            "the method out, or follow best replies with method='best replies'"
        )
    whole, _ = whole_payoffs(game)
    stays = np.logical_and.reduce([own == own.max(axis=i, keepdims=True) for i, own in enumerate(whole)])
    listed = plans(game)
    profiles = [
        exact_profile(game, pure_behaviour(game, [own[k] for own, k in zip(listed, place, strict=True)]))
        for place in np.argwhere(stays.astype(bool))
    ]
    alone = tuple((k,) for k in range(len(profiles)))
    return Found(profiles, "pure", False, True, alone, "Pure equilibria only: there can be mixed ones.")


def _by_replies(game: BayesianGame, starts: int, seed: int) -> Found:
    profiles = resting_profiles(game, starts, seed)
    note = f"Where best replies came to rest from {starts} random starts: there can be others."
    if not profiles:
        note = (
            f"Best replies came to rest from none of {starts} random starts; let learners run, and look at what they "
            "come to with theory.interim_gains."
        )
    return Found(profiles, "best replies", False, False, tuple((k,) for k in range(len(profiles))), note)
