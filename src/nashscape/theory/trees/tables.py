"""Subgame-perfect equilibria, values and rationality as columns and as tables."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.trees.equilibria import BehaviourEquilibrium, TreeEquilibria
from nashscape.theory.trees.rationality import SequentialRationality
from nashscape.theory.trees.subgame_perfect import SubgamePerfect
from nashscape.theory.trees.values import TreeValue

Floats = npt.NDArray[np.float64]

SHOWN = 3
"""Plays of an outcome that are named."""


def perfect_columns(found: SubgamePerfect) -> Columns:
    """A row for every information set of every equilibrium: what is done there."""
    rows = [
        (number, player, row, names[action])
        for number, one in enumerate(found.equilibria)
        for player, names, own, actions in zip(found.players, found.actions, found.rows, one.actions, strict=True)
        for row, action in zip(own, actions, strict=True)
    ]
    return {
        "equilibrium": np.array([row[0] for row in rows], dtype=np.int64),
        "player": np.array([row[1] for row in rows], dtype=str),
        "row": np.array([row[2] for row in rows], dtype=str),
        "action": np.array([row[3] for row in rows], dtype=str),
    }


@one_by_one
def perfect_table(found: SubgamePerfect) -> Table:
    """Every equilibrium: what happens, and what it pays."""
    rows = [
        (_outcome(found, one.plays), ", ".join(map(fraction_text, one.payoffs)), _said(found, one.actions))
        for one in found.equilibria
    ]
    differ = zip(found.players, found.undecided, strict=True)
    open_ones = [f"{player} differs at {', '.join(own)}." for player, own in differ if own]
    more = [] if found.complete else ["There are more: give most= a larger number."]
    return Table(
        f"Pure subgame-perfect equilibria of {found.game}",
        ("what happens", "payoffs", "what is done"),
        shortened(rows),
        left=("payoffs", "what is done"),
        wrap=("what happens", "what is done"),
        notes=(*open_ones[:SHOWN], *more, *standing([found])),
    )


def _outcome(found: SubgamePerfect, plays: Sequence[int]) -> str:
    names = [found.plays[k] for k in plays[:SHOWN]]
    return "; ".join(names) + (f"; and {len(plays) - SHOWN} more" if len(plays) > SHOWN else "")


def _said(found: SubgamePerfect, actions: Sequence[Sequence[int]]) -> str:
    """What every player does, row by row."""
    return " / ".join(" ".join(names[k] for k in own) for names, own in zip(found.actions, actions, strict=True))


def behaviour_columns(found: Any) -> Columns:
    """A row for every action of every information set: its probability."""
    rows: list[tuple[Any, ...]] = [
        (player, row, name, own[r, a])
        for player, names, sets, own in zip(found.players, found.actions, found.rows, found.strategies, strict=True)
        for r, row in enumerate(sets)
        for a, name in enumerate(names)
    ]
    made: Columns = {
        name: np.array([row[k] for row in rows], dtype=str) for k, name in enumerate(("player", "row", "action"))
    }
    return made | {"probability": np.array([row[3] for row in rows])}


def behaviour_rows(found: Any) -> list[tuple[str, str, str]]:
    """For every information set its player, its name, and what is played there."""
    return [
        (player, row, ", ".join(f"{p:.4g} {name}" for p, name in zip(own[r], names, strict=True) if p > 0))
        for player, names, sets, own in zip(found.players, found.actions, found.rows, found.strategies, strict=True)
        for r, row in enumerate(sets)
    ]


def value_columns(found: TreeValue) -> Columns:
    """A row for every action of every information set: its probability in the maximin strategy."""
    return behaviour_columns(found)


@one_by_one
def value_table(found: TreeValue) -> Table:
    """Both strategies, information set by information set."""
    rows = behaviour_rows(found)
    first, second = found.players
    return Table(
        f"The value of {found.game}: {found.value:.6g}",
        ("player", "information set", "maximin strategy"),
        shortened(rows),
        left=("information set", "maximin strategy"),
        notes=(
            f"{first} gets at least {found.lower:.8g}, and {second} lets it get at most {found.upper:.8g}.",
            *standing([found]),
        ),
    )


def rationality_columns(found: SequentialRationality) -> Columns:
    """A row for every information set."""
    counts = [len(own) for own in found.rows]
    return {
        "player": np.repeat(np.array(found.players), counts),
        "row": np.array([row for own in found.rows for row in own], dtype=str),
        "reach": np.concatenate(found.reach),
        "gain": np.concatenate(found.gains),
        "least_gain": np.concatenate(found.least_gains),
    }


@one_by_one
def rationality_table(found: SequentialRationality) -> Table:
    """The three verdicts, and the information sets at which there is most to gain."""
    rows = [
        (player, row, f"{p:.3g}", _gain(gain, least))
        for player, sets, reach, gains, free in zip(
            found.players, found.rows, found.reach, found.gains, found.least_gains, strict=True
        )
        for row, p, gain, least in zip(sets, reach, gains, free, strict=True)
    ]
    verdicts = (
        f"Nash equilibrium: {_yes(found.is_equilibrium)}, at most {found.regrets.max():.3g} to gain before the game.",
        f"Subgame-perfect: {_yes(found.is_subgame_perfect)}, at most {found.subgames.max():.3g} in one of "
        f"{len(found.subgames)} subgames.",
        f"Sequentially rational: {_yes(found.is_rational)}, with beliefs by Bayes' rule where they are defined.",
    )
    return Table(
        f"What players could gain in {found.game}",
        ("player", "information set", "others lead there", "gain from there on"),
        shortened(rows),
        left=("information set",),
        notes=(*verdicts, f"Gains up to {_each(found.tolerances)} count as none.", *standing([found])),
    )


def _each(tolerances: Floats) -> str:
    """One number where all players have the same."""
    said = [f"{own:.3g}" for own in tolerances]
    return said[0] if len(set(said)) == 1 else f"{', '.join(said)} of the players, in order,"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _gain(gain: float, least: float) -> str:
    if not np.isnan(gain):
        return f"{gain:.4g}"
    if np.isnan(least):
        return "–"
    return f"{least:.4g} or more, whatever is believed" if least > 0 else "none, for some belief"


def equilibria_columns(found: TreeEquilibria) -> Columns:
    """A row for every action of every information set of every equilibrium: its probability."""
    rows: list[tuple[Any, ...]] = [
        (number, player, row, name, own[r, a])
        for number, one in enumerate(found.equilibria)
        for player, names, sets, own in zip(found.players, found.actions, found.rows, one.strategies, strict=True)
        for r, row in enumerate(sets)
        for a, name in enumerate(names)
    ]
    made: Columns = {"equilibrium": np.array([row[0] for row in rows], dtype=np.int64)}
    made |= {
        name: np.array([row[k] for row in rows], dtype=str) for k, name in enumerate(("player", "row", "action"), 1)
    }
    return made | {"probability": np.array([row[4] for row in rows], dtype=float)}


@one_by_one
def equilibria_table(found: TreeEquilibria) -> Table:
    """What happens in every equilibrium, what it pays, and whether it is credible."""
    rows = [
        (name, ", ".join(f"{p:.4g}" for p in one.payoffs), _verdict(one), f"{one.regret:.2g}")
        for name, one in zip(found.names, found.equilibria, strict=True)
    ]
    whole = "These are all." if found.complete else "There may be more."
    return Table(
        f"Nash equilibria of {found.game}",
        ("what happens", "payoffs", "what it is", "largest regret"),
        shortened(rows),
        left=("payoffs", "what it is"),
        wrap=("what happens",),
        notes=tuple(part for part in (whole, found.note, *standing([found])) if part),
    )


def _verdict(one: BehaviourEquilibrium) -> str:
    if one.is_rational:
        return "sequentially rational" if one.is_subgame_perfect else "sequentially rational, not subgame-perfect"
    return "subgame-perfect, not sequentially rational" if one.is_subgame_perfect else "not subgame-perfect"
