"""Outcomes of trees: the plays that happen when everybody does one thing wherever the play comes.

An outcome is a set of plays, one for everything that chance may do. Those who are asked on the way do what it says;
what is done where the play never comes is left open.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.core import InputError, unknown
from nashscape.games.forms.trees.nodes import Tree
from nashscape.games.forms.trees.plays import play_names
from nashscape.games.naming import action_index

if TYPE_CHECKING:
    from nashscape.games.forms.trees.tree_game import TreeGame

Part = tuple[tuple[int | None, ...], ...]
"""For every player the column of its action in each row, None where it is left open."""

FEW = 16
"""Outcomes that are looked for when nobody names any."""

PROFILES = 4096
"""Pure profiles that are gone through for that, at most."""

OPEN = "*"


def outcome(game: "TreeGame", value: Any) -> tuple[str, Part]:
    """An outcome, or pure actions in some rows, with a name that stands for it.

    Args:
        game: with its tree.
        value: plays by name, "enter yield", several with semicolons between them; or for every player an action in
            each row, "enter/yield", in order, one for all rows, with a star where it is left open: as a text, as lists
            of names or numbers.

    Raises:
        InputError: for what is neither, and plays that need two actions in one row.
    """
    if isinstance(value, str) and "/" not in value:
        return outcome_of_plays(game, [own.strip() for own in value.split(";")])
    given = [own.split() for own in value.split("/")] if isinstance(value, str) else value
    each = list(given) if hasattr(given, "__iter__") else []
    if len(each) != len(game.players):
        raise InputError(
            f"{value!r} is no outcome of {game.name}; name plays, such as {play_names_of(game)[0]!r}, or actions of "
            f"its {len(game.players)} players, separated by /"
        )
    part = tuple(_row(game, player, own) for player, own in enumerate(each))
    return name_of_part(game, part), part


def outcome_of_plays(game: "TreeGame", names: Sequence[str]) -> tuple[str, Part]:
    """The outcome in which these plays happen."""
    known, made = play_names_of(game), [[None] * len(rows) for rows in game.rows]
    for name in names:
        if known.count(name) != 1:
            if name in known:
                raise InputError(f"{game.name} has several plays called {name!r}; give its moves other labels")
            raise unknown(f"play of {game.name}", name, known)
        for player, row, action in moves_of(game, known.index(name)):
            own: Any = made[player]
            if own[row] not in (None, action):
                raise InputError(
                    f"no pure behaviour leads to {'; '.join(names)}: {game.players[player]} would do two things at "
                    f"{game.rows[player][row]!r}"
                )
            own[row] = action
    return "; ".join(names), tuple(map(tuple, made))


def written_tree(game: "TreeGame") -> Tree:
    """The tree of a game with exact numbers, which games inside of compiled programs do not have."""
    assert game.tree is not None, "outside of compiled programs"
    return game.tree


def play_names_of(game: "TreeGame") -> tuple[str, ...]:
    """The names of all plays."""
    return play_names(written_tree(game))


def moves_of(game: "TreeGame", play: int) -> Iterator[tuple[int, int, int]]:
    """What players do in a play, as (player, row, column)."""
    for player, side in enumerate(game.sequences.sides):
        sequence = int(side.ends[play])
        while sequence:
            row, action = divmod(sequence - 1, side.legal.shape[1])
            yield player, row, action
            sequence = int(side.before[row])


def name_of_part(game: "TreeGame", part: Part) -> str:
    """The actions row by row, one for all where they are the same, with a star where they are open."""
    said = []
    for names, own in zip(game.actions, part, strict=True):
        words = [OPEN if action is None else names[action] for action in own]
        said.append(words[0] if len(set(words)) == 1 else " ".join(words))
    return "/".join(said)


def _row(game: "TreeGame", player: int, given: Any) -> tuple[int | None, ...]:
    rows, legal = game.rows[player], game.legal[player]
    words = [given] if isinstance(given, str) or not hasattr(given, "__iter__") else list(given)
    if len(words) == 1:
        words *= len(rows)
    if len(words) != len(rows):
        raise InputError(
            f"{game.players[player]} has {len(rows)} rows, {', '.join(rows)}; give one action for all or one each, "
            f"with {OPEN} where it is open, not {len(words)}"
        )
    made = tuple(None if word is None or word == OPEN else action_index(game, player, word) for word in words)
    for row, action in enumerate(made):
        if action is not None and not legal[row, action]:
            raise InputError(f"{game.players[player]} cannot do {game.actions[player][action]!r} at {rows[row]!r}")
    return made


def usual_outcomes(game: "TreeGame") -> list[str]:
    """The outcomes that are looked for when nobody names any: all of them where they are few, else none.

    The one with the largest total payoff comes first.
    """
    names = play_names_of(game)
    if len(set(names)) < len(names):
        return []
    paid = np.asarray(game.payoffs).sum(axis=0) * np.asarray(game.chances)
    found = sorted(_few_outcomes(game), key=lambda plays: -float(paid[list(plays)].sum()))
    return ["; ".join(names[k] for k in plays) for plays in found]


def _few_outcomes(game: "TreeGame") -> list[tuple[int, ...]]:
    """The plays of every outcome; nothing where there are many."""
    if bool((np.asarray(game.chances) == 1.0).all()):
        return [(k,) for k in range(game.n_plays)] if game.n_plays <= FEW else []
    choices = [np.flatnonzero(row).tolist() for legal in game.legal for row in legal]
    if np.prod([float(len(own)) for own in choices]) > PROFILES:
        return []
    found: dict[tuple[int, ...], None] = {}
    for profile in product(*choices):
        found.setdefault(happening(game, profile))
        if len(found) > FEW:
            return []
    return list(found)


def happening(game: "TreeGame", profile: Iterable[int]) -> tuple[int, ...]:
    """The plays that happen under a pure profile, the columns of all rows of all players one after the other."""
    keep, waiting = np.asarray(game.chances) > 0, iter(profile)
    for side in game.sequences.sides:
        width = side.legal.shape[1]
        leads = np.zeros(side.sequences, bool)
        leads[0] = True
        for row in range(len(side.legal)):
            leads[1 + row * width + next(waiting)] = leads[side.before[row]]
        keep = keep & leads[side.ends]
    return tuple(int(k) for k in np.flatnonzero(keep))
