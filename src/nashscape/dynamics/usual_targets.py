"""Which targets runs are watched for when nobody names them."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.dynamics.playing.behaviour_texts import check_behaviours
from nashscape.dynamics.targets import THRESHOLD, PointTarget, Target, as_target, is_target
from nashscape.games import MarkovGame, has_rows, has_table, has_tree, in_normal_form, is_chain, names_actions
from nashscape.games import game as as_game
from nashscape.games.forms.trees.outcomes import outcome
from nashscape.games.naming import pure_profile, row_profile
from nashscape.games.offers import has_plays
from nashscape.games.pure import pure_equilibria
from nashscape.semantics import Playable
from nashscape.semantics.parametric_game import bare, is_parametric

MOST = 100
"""Targets that labels have codes for."""


FEW = 16
"""Of games with so many pure profiles at most, players who read each other look for all of them."""


@public()
def choose_targets(game: "Playable", targets: Any, threshold: float = THRESHOLD) -> tuple[Any, ...]:
    """The named targets, or all strict pure equilibria, the one with the largest total payoff first.

    Players whose strategies depend on others' parameters may come to rest at any pure profile: with a small game of
    such players they are all pure profiles, in the same order.

    Of a game in extensive form they are its outcomes, where there are 16 at most: the plays that happen when everybody
    does one thing wherever the play comes.

    In a Markov game they are the joint actions in the first state, the one that pays most in a round first; of a game
    with continuous actions the points that it has names for, if any. The first target is the one that first-hit times
    refer to.

    >>> from nashscape import games
    >>> [target.name for target in choose_targets(games.stag_hunt(), None)]
    ['CC', 'DD']

    Of a game that is only played they are behaviours, see `behaviour`; none where nobody names any.

    Raises:
        InputError: for a target that is not a profile of the game, one that is named twice, and an empty list.
    """
    given = as_game(game)
    if has_plays(bare(given)):
        return check_behaviours(bare(given), targets, MOST)
    return _of_strategies(given, targets, threshold)


def _of_strategies(given: Any, targets: Any, threshold: float) -> tuple[Target | PointTarget, ...]:
    """Targets of a game that says what strategies pay."""
    reading = is_parametric(given) and in_normal_form(given.game) and given.semantics.reads_others
    game: Any = bare(given)
    if targets is None:
        targets = getattr(game, "usual_targets", None)
    if targets is None:
        targets = _named_points(game)
    if targets is None and reading and math.prod(shape[0] for shape in game.strategy_shapes) <= FEW:
        return _all_profiles(game, threshold)
    if targets is None and is_chain(game):
        return _first_moves(game, threshold)
    if targets is None and not has_table(game):
        return ()
    if targets is None:
        # strict by more than rounding
        least = 1e-9 * game.payoff_range
        strict = [equilibrium for equilibrium in pure_equilibria(game) if equilibrium.margin > least]
        strict.sort(key=lambda equilibrium: -float(sum(equilibrium.payoffs)))
        if len(strict) > MOST:
            raise InputError(f"{game.name} has {len(strict)} strict pure equilibria; name at most {MOST} targets")
        return tuple(as_target(game, equilibrium.profile, threshold) for equilibrium in strict)
    if (
        isinstance(targets, str)
        or is_target(targets)
        or (isinstance(targets, tuple) and not _are_profiles(game, targets))
    ):
        targets = [targets]
    if not isinstance(targets, list | tuple):
        raise InputError(f"targets are profiles of {game.name}, as in ['CC', 'DD']; got {targets!r}")
    chosen = tuple(as_target(game, target, threshold) for target in targets)
    if not chosen:
        raise InputError(
            f"an empty list of targets leaves nothing to measure; name one of {game.name}, or leave them out for the "
            "usual ones"
        )
    if len(chosen) > MOST:
        raise InputError(f"at most {MOST} targets can be told apart; got {len(chosen)}")
    if len({(target.profile, getattr(target, "state", None)) for target in chosen}) < len(chosen):
        raise InputError(f"a target is named twice: {', '.join(target.name for target in chosen)}")
    return chosen


def watched_targets(game: "Playable", targets: Any, threshold: float = THRESHOLD) -> tuple[Target | PointTarget, ...]:
    """What a single run is watched for: the targets of `choose_targets`, and none for an empty list.

    A game that has too many to list, or is too large to be looked through, has none unless they are named: one run,
    unlike a share of runs, says something without.

    >>> from nashscape import games
    >>> [target.name for target in watched_targets(games.stag_hunt(), None)], watched_targets(games.stag_hunt(), [])
    (['CC', 'DD'], ())

    Raises:
        InputError: as `choose_targets` for targets that are named.
    """
    if isinstance(targets, list | tuple) and not targets:
        return ()
    if targets is not None:
        return choose_targets(game, targets, threshold)
    try:
        return choose_targets(game, None, threshold)
    except InputError:
        return ()


def _named_points(game: Any) -> "list[PointTarget] | None":
    """The points that a game has names for, if any."""
    return [PointTarget(*one) for one in getattr(game, "named_points", ())] or None


def _all_profiles(game: Any, threshold: float) -> tuple[Target | PointTarget, ...]:
    def paid(profile: tuple[int, ...]) -> float:
        pure = [np.eye(len(names))[action] for names, action in zip(game.actions, profile, strict=True)]
        return float(np.sum(game.expected_payoffs(pure)))

    profiles = sorted(product(*(range(len(names)) for names in game.actions)), key=lambda profile: -paid(profile))
    return tuple(as_target(game, profile, threshold) for profile in profiles)


def _first_moves(game: MarkovGame, threshold: float) -> tuple[Target | PointTarget, ...]:
    state = int(np.argmax(game.initial)) if game.payoffs.shape[1] > 1 else 0
    paid = np.asarray(game.payoffs)[:, state].sum(axis=0)
    profiles = sorted(product(*map(range, game.shape)), key=lambda profile: -float(paid[profile]))
    if len(profiles) > MOST:
        raise InputError(f"{game.name} has {len(profiles)} joint actions; name at most {MOST} targets")
    return tuple(as_target(game, profile, threshold) for profile in profiles)


def _are_profiles(game: Any, targets: Sequence[Any]) -> bool:
    """Whether a tuple lists targets, rather than being one profile such as ("C", "D")."""
    if not names_actions(game):
        return True
    look: Any = row_profile if has_rows(game) and not is_chain(game) else pure_profile
    try:
        (outcome if has_tree(game) else look)(game, targets)
    except InputError:
        return True
    return False
