"""All Nash equilibria of small games, each carrying its own check."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal, TypedDict, Unpack, overload

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Result, Status, choice, citations, finite_number, positive_integer
from nashscape.core.calls import verb
from nashscape.core.options import default
from nashscape.core.provenance import record
from nashscape.games import BayesianGame, DenseGame, DifferentiableGame, GameLike, TreeGame
from nashscape.games import game as as_game
from nashscape.games.offers import has_points, has_tree, has_types
from nashscape.games.pure import pure_equilibria
from nashscape.learning import Rule
from nashscape.theory.bayesian.results import BayesNashEquilibria
from nashscape.theory.continuous.results import PointEquilibria
from nashscape.theory.nash.assembling import assembled
from nashscape.theory.nash.budgets import Budget, Stopped
from nashscape.theory.nash.descriptions import compared, selected
from nashscape.theory.nash.foreign_solvers import SAME, foreign_equilibria
from nashscape.theory.nash.found import Candidate, Found
from nashscape.theory.nash.listing import MOST_PAYOFFS, in_order
from nashscape.theory.nash.logit_paths import SCALES
from nashscape.theory.nash.more_players import Search
from nashscape.theory.nash.near_ties import near_ties
from nashscape.theory.nash.pure_faces import Profile
from nashscape.theory.nash.results import Equilibria
from nashscape.theory.nash.stability import stability
from nashscape.theory.nash.two_players import two_players
from nashscape.theory.trees.equilibria import TreeEquilibria
from nashscape.theory.written_out import written_out

Floats = npt.NDArray[np.float64]

METHODS = ("own", "pure", "gambit", "nashpy")

SECONDS = 60.0
"""Time after which a search stops, unless another is given."""

MOST_FOLLOWED = 100_000
"""Payoffs of the largest games in which the logit path is followed."""

TOLERANCE = 1e-7
"""Of a player's range of payoffs: the regret with which a profile of a foreign solver still counts."""


class ConceptOptions(TypedDict, total=False):
    """Of `equilibria`, beside the concept."""

    rule: Rule | None
    method: str
    logit: str | None
    seconds: float
    most: int | None
    tolerance: float


class EquilibriaOptions(ConceptOptions, total=False):
    """Of `equilibria`, where Nash equilibria are wanted."""

    concept: Literal["nash"]


@overload
def equilibria(  # type: ignore[overload-overlap]
    game: DifferentiableGame, **options: Unpack[EquilibriaOptions]
) -> PointEquilibria: ...


@overload
def equilibria(  # type: ignore[overload-overlap]
    game: BayesianGame, **options: Unpack[EquilibriaOptions]
) -> BayesNashEquilibria: ...


@overload
def equilibria(game: TreeGame, **options: Unpack[EquilibriaOptions]) -> TreeEquilibria: ...  # type: ignore[overload-overlap]


@overload
def equilibria(game: "GameLike", **options: Unpack[EquilibriaOptions]) -> Equilibria: ...


@overload
def equilibria(game: "GameLike", *, concept: str, **options: Unpack[ConceptOptions]) -> Result: ...


@verb()
def equilibria(
    game: "GameLike",
    *,
    concept: str = "nash",
    rule: Rule | None = None,
    method: str = "own",
    logit: str | None = "rescaled",
    seconds: float = SECONDS,
    most: int | None = None,
    tolerance: float = TOLERANCE,
) -> Equilibria | PointEquilibria | BayesNashEquilibria | TreeEquilibria | Result:
    """Nash equilibria `u_i(σ) ≥ u_i(a, σ_-i)` for all actions a of all players i, each with its own check.

    Payoffs are taken for exactly the numbers that they are: a double is a fraction, and games keep fractions and
    decimals given as such. No tolerance decides a tie.

    Two players: all of them, as vertices of the best-response polytopes, in fractions; where there are infinitely many,
    the extreme points of every connected set, and its maximal Nash subsets. 8×8 takes some tenths of a second, 12×12
    some seconds; larger games get what is found in time. More players: those in which at most two mix in the same way,
    those in which more do by boxes that are excluded or proved to hold exactly one; boxes that stay undecided are
    reported. What was found is always listed; `status` and `note` say whether that is all.

    Players who choose points (`games.differentiable`): those that a search finds, with what each player could gain, and
    whether there is only one: proved by diagonal strict concavity or by contraction of best replies, refuted, or open.

    Players with types that they know of themselves alone (`games.bayesian_game`): Bayes–Nash equilibria, as
    `theory.bayes_nash_equilibria` finds them.

    Games in extensive form (`games.extensive_game`): those of the reduced normal form in behaviour strategies, and
    which of them are subgame-perfect and sequentially rational, as `theory.tree_equilibria` finds them.

    Another `concept` than "nash" is answered by what the table of concepts has under its name, with a result of its
    own; `theory.concept_catalogue()` lists them. Its options are written with it: "correlated:objective=entropy".

    Args:
        game: a game in normal form, over points, with types, or in extensive form.
        concept: by default "nash"; "correlated", "coarse correlated", "logit", "stackelberg", "team maxmin", "minimax
            winner", "risk averse", "bayes nash", or one that an installed package announces, with its options. Those
            below are passed on where they are given, and refused by concepts that do not have them.
        rule: a learning rule under which stability is wanted, with one sigmoid or softmax per player; by default none.
        method: by default "own"; "pure" for pure equilibria alone; "gambit" or "nashpy" (which must be installed, and
            run in a process of their own).
        logit: how payoffs are scaled on the logit path that marks an equilibrium: by default "rescaled", each player's
            divided by its range, which positive affine changes leave alone; "raw", as they are, as Gambit does; None
            for no path.
        seconds: after which the search stops, at the latest, and what follows it soon after; by default 60.
        most: how many equilibria are wanted; by default all.
        tolerance: the largest regret of what foreign solvers find, as a share of a player's range of payoffs; by
            default 1e-7.

    Raises:
        InputError: for a game that cannot be written as an array of payoffs, an unknown concept or method, a method
            whose library is missing, or one that cannot deal with the game.

    Example:
        >>> from nashscape import games, pg
        >>> found = equilibria(games.stag_hunt(), rule=pg())
        >>> found
        <Equilibria of stag_hunt: 3 (all): CC, DD, C+D/C+D>
        >>> print(*found, sep="\\n")
        <Equilibrium CC: payoffs 4, 4; strict, payoff-dominant, attracting under pg; regret 0>
        <Equilibrium DD: payoffs 2, 2; strict, risk-dominant, logit-selected, attracting under pg; regret 0>
        <Equilibrium C+D/C+D: payoffs 2.667, 2.667; mixed, saddle under pg; regret 0>
        >>> [str(p) for p in found["C+D/C+D"].exact[0]]
        ['2/3', '1/3']

    Source: Avis, Rosenberg, Savani, von Stengel (2010) for the enumeration; Harsanyi, Selten (1988) for dominance;
    McKelvey, Palfrey (1995) for the logit path.
    """
    options = {"rule": rule, "method": method, "logit": logit, "seconds": seconds, "most": most, "tolerance": tolerance}
    if concept != "nash":
        return _of_concept(game, concept, options)
    points = as_game(game)
    if has_points(getattr(points, "game", points)):
        return _over_points(points, rule, method, most)
    if has_types(getattr(points, "game", points)):
        return _over_types(points, rule, method, most, seconds)
    if has_tree(getattr(points, "game", points)):
        return _over_trees(points, rule, method, most, seconds)
    form = written_out(game, "find equilibria")
    method = choice(method, "method", METHODS)
    if logit is not None:
        choice(logit, "scale of payoffs on the logit path", SCALES)
    budget = Budget(finite_number(seconds, "seconds", low=0.0, low_open=True))
    most = None if most is None else positive_integer(most, "number of equilibria")
    tolerance = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    pure = [_pure_profile(form, one.profile) for one in pure_equilibria(form)]
    with budget.until_asked() if method == "own" else nullcontext():
        found = _searched(form, method, budget, most, pure)
    made = in_order(form, found, pure, tolerance, most)
    complete = found.complete and not made.lost
    sources = [*found.sources, citations.HARSANYI_SELTEN, *([citations.QUANTAL_RESPONSE] if logit else [])]
    listed = compared(form, made.equilibria, complete)
    path = "not followed"
    if logit and form.payoffs.size <= MOST_FOLLOWED:
        listed, path = selected(form, listed, complete, logit, Budget(max(budget.left, 0.1 * seconds)))
    if rule is not None:
        listed = [replace(one, stability=stability(form, rule, one.strategies)) for one in listed]
    asked = {"game": form, "rule": rule, "method": found.method, "tolerance": tolerance}
    cut = budget.interrupted or found.cut or most == len(listed)
    return Equilibria(
        game=form.name,
        form=form,
        equilibria=tuple(listed),
        method=found.method,
        complete=complete,
        degenerate=found.degenerate,
        components=made.components,
        subsets=made.subsets,
        regions=made.regions,
        near_ties=near_ties(form, listed),
        logit=path,
        tolerance=tolerance,
        note=" ".join(part for part in (found.note, made.lost) if part),
        status=Status.COMPLETE if complete else Status.INTERRUPTED if cut else Status.UNDECIDED,
        provenance=record("equilibria", {**asked, "logit": logit, "most": most}, sources=sources),
    )


def _of_concept(game: "GameLike", concept: str, options: Mapping[str, Any]) -> Result:
    """What the table of concepts has under this name; options that differ from what is taken otherwise go with it."""
    from nashscape.theory.concepts.table import found_concept

    told = {name: value for name, value in options.items() if value != default(name, "equilibria")}
    answer: Result = found_concept(concept).having(told).call(game)
    return answer


def _over_points(game: Any, rule: Rule | None, method: str, most: int | None) -> PointEquilibria:
    from nashscape.theory.continuous.finding import point_equilibria

    if rule is not None or method != "own":
        raise InputError(
            "equilibria over points are looked for by one method, and their stability is that of gradient "
            "ascent; leave rule and method out"
        )
    return point_equilibria(getattr(game, "game", game), most=most)


def _over_types(game: Any, rule: Rule | None, method: str, most: int | None, seconds: float) -> BayesNashEquilibria:
    from nashscape.theory.bayesian.finding import bayes_nash_equilibria

    if rule is not None or most is not None:
        raise InputError("Bayes–Nash equilibria are listed without stability under a rule; leave rule and most out")
    return bayes_nash_equilibria(game, method=method, seconds=seconds)


def _pure_profile(game: DenseGame, profile: Sequence[int]) -> Profile:
    return tuple(
        tuple(Fraction(int(a == played)) for a in range(k)) for k, played in zip(game.shape, profile, strict=True)
    )


def _searched(game: DenseGame, method: str, budget: Budget, most: int | None, pure: Sequence[Profile]) -> Found:
    large = game.payoffs.size > MOST_PAYOFFS
    if method == "pure" or (method == "own" and (large or (most is not None and len(pure) >= most))):
        advice = "leave the method out for mixed ones too" if method == "pure" else ""
        advice = f"the game has more than {MOST_PAYOFFS:,} payoffs" if large else advice or "raise most for others"
        kept = tuple(map(Candidate.exactly, pure[:most]))
        return Found("pure", kept, False, note=f"Pure equilibria only: {advice}.", cut=method == "own")
    if method == "own":
        return _own(game, budget, most, pure)
    try:
        profiles = foreign_equilibria(game, method, budget)
    except Stopped:
        candidates = tuple(map(Candidate.exactly, pure))
        note = f"Pure equilibria only: {method} did not finish in time; raise seconds, or leave the method out."
        return Found(method, candidates, False, note=note, cut=True)
    note = "Lemke–Howson from every label: there can be more."
    if method == "gambit":
        note = "As Gambit's solver finds them, in double precision: there can be more."
        note += "" if len(profiles) % 2 else " Their number is even: without ties at least one is missing."
    pure_ones = {tuple(a for own in one for a, p in enumerate(own) if p): one for one in pure}
    return Found(method, tuple(_foreign(own, pure_ones) for own in profiles), False, note=note)


def _foreign(profile: tuple[Floats, ...], pure: Mapping[tuple[int, ...], Profile]) -> Candidate:
    """A profile of a foreign solver, exact where it is a pure equilibrium up to rounding."""
    played = tuple(int(own.argmax()) for own in profile)
    near = all(own.max() > 1.0 - SAME for own in profile)
    return Candidate.exactly(pure[played]) if near and played in pure else Candidate(profile, proved=False)


def _own(game: DenseGame, budget: Budget, most: int | None, pure: Sequence[Profile]) -> Found:
    """Players with a single action are left out, down to two players."""
    alone = [i for i, k in enumerate(game.shape) if k == 1][: game.n_players - 2]
    payoffs = np.delete(game.fractions, alone, axis=0)
    payoffs = payoffs.reshape(len(payoffs), *(k for i, k in enumerate(game.shape) if i not in alone))
    if len(payoffs) == 2:
        found = two_players(payoffs, budget, most)
    else:
        search = Search.of(payoffs)
        search.run(budget, most)
        found = assembled(search, [tuple(own for i, own in enumerate(one) if i not in alone) for one in pure])
    for i in alone:
        found = found.with_player(i)
    return found


def _over_trees(game: Any, rule: Rule | None, method: str, most: int | None, seconds: float) -> TreeEquilibria:
    from nashscape.theory.trees.equilibria import tree_equilibria

    if rule is not None or most is not None or method != "own":
        raise InputError(
            "equilibria of trees are listed without stability under a rule, and by one method; leave rule, method and "
            "most out, or take games.normal_form(game)"
        )
    return tree_equilibria(getattr(game, "game", game), seconds=seconds)
