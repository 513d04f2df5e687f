"""All Nash equilibria of small games, each carrying its own check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, choice, finite_number
from nashscape.core.provenance import record
from nashscape.games import DenseGame, Game
from nashscape.games.pure import pure_equilibria
from nashscape.learning import Rule
from nashscape.theory.nash.binary_supports import MOST_PLAYERS, binary_equilibria
from nashscape.theory.nash.descriptions import compared, described, rank, selected
from nashscape.theory.nash.extreme_equilibria import connected, extreme_equilibria
from nashscape.theory.nash.other_solvers import by_gambit, by_nashpy, installed
from nashscape.theory.nash.response_vertices import TIE, bases
from nashscape.theory.nash.results import Equilibria, Equilibrium
from nashscape.theory.nash.stability import stability

Floats = npt.NDArray[np.float64]

METHODS = ("auto", "supports", "pure", "gambit", "nashpy")
MOST_BASES = 200_000
"""Pairs of supports of one size that are solved at most: two players with ten actions each have 184,755."""

MOST_FOLLOWED = 100_000
"""Payoffs of the largest games in which the logit path is followed."""

TOLERANCE = 1e-7
"""Of a player's range of payoffs: the regret with which a profile still counts as an equilibrium up to rounding."""

EXTREME_POINTS = "Degenerate: infinitely many equilibria, of which these are the extreme points."


@dataclass(frozen=True)
class _Found:
    """What a method gives: profiles, whether those are all, whether there are ties, and what hangs together."""

    method: str
    profiles: Sequence[tuple[Floats, ...]]
    complete: bool
    degenerate: bool | None
    components: tuple[tuple[int, ...], ...] | None
    note: str
    sources: tuple[str, ...]


def equilibria(
    game: Game,
    *,
    rule: Rule | None = None,
    method: str = "auto",
    logit: bool = True,
    tolerance: float = TOLERANCE,
) -> Equilibria:
    """Nash equilibria `u_i(σ) ≥ u_i(a, σ_-i)` for all actions a of all players i, each with its own check.

    Two players of up to about ten actions each: all of them, by solving every pair of supports of one size. Degenerate
    games, in which there can be infinitely many, are said to be so, and get the extreme points of every connected set.
    Three to six players with two actions each: all of them, by boxes that are excluded or proved to hold one.
    Other games: all that Gambit finds where pygambit is installed, else the pure ones alone, and `complete` is False.
    Nothing is listed before its regret was checked.

    Args:
        game: a game in normal form.
        rule: a learning rule under which stability is wanted, with one sigmoid or softmax per player.
        method: "supports" (own code), "pure", "gambit" or "nashpy" (which must be installed), or "auto".
        logit: whether the logit path is followed, to mark the equilibrium it selects.
        tolerance: the largest regret of what is listed, as a share of a player's range of payoffs.

    Raises:
        InputError: for a game that cannot be written as an array of payoffs, an unknown method, a method whose library
            is missing, or one that cannot deal with the game.

    Example:
        >>> from nashscape import games, pg
        >>> found = equilibria(games.stag_hunt(), rule=pg())
        >>> found
        <Equilibria of stag_hunt: 3 (all): CC, DD, C+D/C+D>
        >>> print(*found, sep="\\n")
        <Equilibrium CC: payoffs 4, 4; strict, payoff-dominant, attracting under pg; regret 0>
        <Equilibrium DD: payoffs 2, 2; strict, risk-dominant, logit-selected, attracting under pg; regret 0>
        <Equilibrium C+D/C+D: payoffs 2.667, 2.667; mixed, saddle under pg; regret ...>

    Source: Avis, Rosenberg, Savani, von Stengel (2010) for the enumeration; Harsanyi, Selten (1988) for dominance;
    McKelvey, Palfrey (1995) for the logit path.
    """
    form = _written_out(game)
    found = _searched(form, choice(method, "method", METHODS))
    tolerance = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    listed, components, lost = _checked(form, found, tolerance)
    complete = found.complete and not lost
    sources = [*found.sources, "harsanyi_selten", *(["quantal_response"] if logit else [])]
    listed = compared(form, listed, complete)
    path = "not followed"
    if logit and form.payoffs.size <= MOST_FOLLOWED:
        listed, path = selected(form, listed, complete)
    if rule is not None:
        listed = [replace(one, stability=stability(form, rule, one.strategies, one.strict)) for one in listed]
    asked = {"analysis": "equilibria", "game": form, "rule": rule, "method": found.method, "tolerance": tolerance}
    return Equilibria(
        game=form.name,
        form=form,
        equilibria=tuple(listed),
        method=found.method,
        complete=complete,
        degenerate=found.degenerate,
        components=components,
        logit=path,
        tolerance=tolerance,
        note=" ".join(part for part in (found.note, lost) if part),
        status=Status.COMPLETE if complete else Status.UNDECIDED,
        provenance=record(asked, sources=sources),
    )


def _written_out(game: Game) -> DenseGame:
    if isinstance(game, DenseGame):
        return game
    if not hasattr(game, "to_dense"):
        raise InputError(f"equilibria need a game with a payoff array; got a {type(game).__name__}")
    dense: DenseGame = game.to_dense()
    return dense


def _searched(game: DenseGame, method: str) -> _Found:
    if method == "auto":
        library = "gambit" if installed("pygambit") else "pure"
        method = "supports" if _small(game) else library
    if method == "supports":
        if not _small(game):
            raise InputError(
                f"method 'supports' is for two players with up to about ten actions, or up to {MOST_PLAYERS} with two "
                f"each; this game has {game.shape}: use method 'gambit' with pygambit installed, or method 'pure'"
            )
        return _by_supports(game) if game.n_players == 2 else _by_binary_supports(game)
    if method == "pure":
        return _pure(game)
    profiles = by_gambit(game) if method == "gambit" else by_nashpy(game)
    if method == "nashpy":
        return _Found(method, profiles, False, None, None, "Lemke–Howson from every label: there can be more.", ())
    if game.n_players > 2:
        note = "Isolated equilibria as Gambit's solver finds them."
        note += "" if len(profiles) % 2 else " Their number is even: without ties at least one is missing."
        return _Found(method, profiles, False, None, None, note, ())
    groups = connected(profiles)
    alone = all(len(group) == 1 for group in groups)
    return _Found(method, profiles, alone, None, groups, "" if alone else EXTREME_POINTS, ("extreme_equilibria",))


def _small(game: DenseGame) -> bool:
    """Whether our own enumeration of supports can deal with it."""
    if game.n_players == 2:
        return bases(*game.shape) <= MOST_BASES
    return set(game.shape) == {2} and game.n_players <= MOST_PLAYERS


def _by_binary_supports(game: DenseGame) -> _Found:
    made = binary_equilibria(game.payoffs)
    profiles = [tuple(np.array([p, 1.0 - p]) for p in own) for own in made.profiles]
    known = made.resolved and not made.tie
    groups = tuple((k,) for k in range(len(profiles))) if known else None
    note = "Degenerate: somebody is indifferent at an equilibrium without mixing." if made.tie else ""
    if not made.resolved:
        note = f"{note} Some boxes stayed undecided: there can be more equilibria, or infinitely many.".strip()
    degenerate = True if made.tie else False if known else None
    return _Found("supports", profiles, made.resolved, degenerate, groups, note, ("krawczyk",))


def _by_supports(game: DenseGame) -> _Found:
    made = extreme_equilibria(game.payoffs)
    alone = all(len(group) == 1 for group in made.components)
    note = ""
    if made.degenerate and alone:
        note = "Degenerate: some strategy has more best responses than actions it plays; all equilibria are isolated."
    elif made.degenerate:
        infinite = sum(len(group) > 1 for group in made.components)
        note = (
            f"Degenerate: infinitely many equilibria in {infinite} connected set{'s' if infinite > 1 else ''}, of "
            "which these are the extreme points; break ties by a small change of payoffs to see which survive."
        )
    return _Found("supports", made.profiles, alone, made.degenerate, made.components, note, ("extreme_equilibria",))


def _pure(game: DenseGame) -> _Found:
    profiles = [
        tuple(np.eye(k)[a] for k, a in zip(game.shape, one.profile, strict=True)) for one in pure_equilibria(game)
    ]
    advice = "install pygambit and pass method='gambit' for mixed ones too"
    if _small(game):
        advice = "pass method='supports' for mixed ones too"
    return _Found("pure", profiles, False, None, None, f"Pure equilibria only: {advice}.", ())


def _checked(
    game: DenseGame, found: _Found, tolerance: float
) -> tuple[list[Equilibrium], tuple[tuple[int, ...], ...], str]:
    """What passes the check of regret, in order; numbers of what hangs together; and what was lost, in words."""
    units = np.array([float(np.ptp(own)) or 1.0 for own in game.payoffs])
    candidates = [described(game, profile, TIE * units) for profile in found.profiles]
    sound = [bool((one.regret <= tolerance * units).all()) for one in candidates]
    order = sorted((k for k, kept in enumerate(sound) if kept), key=lambda k: rank(candidates[k]))
    place = {k: position for position, k in enumerate(order)}
    groups = tuple((k,) for k in range(len(candidates))) if found.components is None else found.components
    components = sorted(tuple(sorted(place[k] for k in group if k in place)) for group in groups)
    together = {k: len(group) for group in components for k in group}
    known = found.components is not None
    listed = [replace(candidates[k], isolated=together[place[k]] == 1 if known else None) for k in order]
    lost = ""
    if not all(sound):
        lost = f"{sound.count(False)} candidates have too much regret to be listed: raise the tolerance."
    elif found.degenerate is False and len(listed) % 2 == 0:
        # without ties the number is odd (Wilson, 1971)
        lost = "An even number without ties, so rounding lost some: rescale the payoffs."
    return listed, tuple(group for group in components if group), lost
