"""Nash equilibria of games in extensive form in behaviour strategies, each with what it is at its information sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, finite_number
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import TreeGame, needs, normal_form
from nashscape.games import game as as_game
from nashscape.theory.trees.plans import behaviour_of
from nashscape.theory.trees.rationality import sequential_rationality
from nashscape.theory.trees.subgame_perfect import subgame_perfect

Floats = npt.NDArray[np.float64]

SHOWN = 1e-9
"""Plays that are less likely are not named, and behaviour that differs by less is one."""

TIES = {True: 1e-10, False: 1e-6}
"""Of a player's own payoff range, up to which its gain counts as none: of strategies in fractions, and of others."""


@dataclass(frozen=True)
class BehaviourEquilibrium:
    """A Nash equilibrium in behaviour strategies.

    Attributes:
        strategies: `[R_i, A_i]` for each player; where a player's own moves never lead, what is best there.
        payoffs: `[n]`, in payoff units.
        plays: how likely each play is, `[Z]`.
        regret: the largest gain of a player before the game, in payoff units.
        is_subgame_perfect: whether nobody gains in a subgame.
        is_rational: whether nobody gains at an information set, with beliefs by Bayes' rule or, where there are none,
            some belief; see `SequentialRationality`.
    """

    strategies: tuple[Floats, ...]
    payoffs: Floats
    plays: Floats
    regret: float
    is_subgame_perfect: bool
    is_rational: bool


@dataclass(frozen=True, eq=False)
class TreeEquilibria(Result):
    """Nash equilibria of a game in extensive form, from those of its reduced normal form.

    Attributes:
        game: name of the game.
        players: names.
        actions: names of each player's columns.
        rows: names of each player's information sets.
        plays: names of the plays.
        equilibria: found, each behaviour once, pure outcomes first.
        complete: whether the reduced normal form's are all known: where infinitely many, their extreme points.
        note: what is known of that, in words.
        status: COMPLETE, INTERRUPTED or UNDECIDED, as of the reduced normal form.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "tree equilibria"
    as_columns: ClassVar[str] = "nashscape.theory.trees.tables:equilibria_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.tables:equilibria_table"
    picture: ClassVar[str] = "nashscape.figures.trees:tree_equilibria_figure"
    computed: ClassVar[tuple[str, ...]] = ("names",)

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    plays: tuple[str, ...]
    equilibria: tuple[BehaviourEquilibrium, ...]
    complete: bool
    note: str
    status: Status
    provenance: Provenance

    @property
    def names(self) -> tuple[str, ...]:
        """What happens in each: its plays, with their probabilities where there are several."""
        return tuple(_named(self.plays, one.plays) for one in self.equilibria)

    def __len__(self) -> int:
        """How many were found."""
        return len(self.equilibria)

    def __iter__(self) -> Iterator[BehaviourEquilibrium]:
        """One after the other."""
        return iter(self.equilibria)

    def __getitem__(self, number: int) -> BehaviourEquilibrium:
        """One by its place."""
        return self.equilibria[number]

    def __repr__(self) -> str:
        """How many of which kinds, as one line."""
        perfect = sum(one.is_subgame_perfect for one in self.equilibria)
        rational = sum(one.is_rational for one in self.equilibria)
        how = "all" if self.complete else "not known to be all"
        return (
            f"<TreeEquilibria of {self.game}: {len(self)} ({how}), {perfect} subgame-perfect, {rational} sequentially "
            "rational>"
        )


def _named(names: tuple[str, ...], plays: Floats) -> str:
    kept = np.flatnonzero(plays > SHOWN)
    if len(kept) == 1:
        return names[int(kept[0])]
    return "; ".join(f"{plays[k]:.3g} {names[k]}" for k in kept)


@public()
def tree_equilibria(game: Any, *, seconds: float = 60.0) -> TreeEquilibria:
    """Nash equilibria of a game in extensive form, and which are subgame-perfect and sequentially rational.

    They are those of the reduced normal form, found as `equilibria` finds them, in behaviour strategies; those that
    differ only in how plans are mixed are one. Where a player's own moves never lead to an information set, it is taken
    to do what it does in a pure subgame-perfect equilibrium that agrees with all the rest, or else what is best there.
    Verdicts are of that behaviour: where ties are broken otherwise, another may be credible.

    Args:
        game: in extensive form, small enough for its reduced normal form.
        seconds: after which the search stops, at the latest.

    Raises:
        InputError: for other games, and trees whose reduced normal form is too large.

    Example:
        >>> from nashscape.games import decision, ending, extensive_game
        >>> answer = decision("firm", {"fight": ending(-1, -1), "yield": ending(1, 1)})
        >>> entry = extensive_game(
        ...     decision("entrant", {"enter": answer, "stay out": ending(0, 2)}), players=("entrant", "firm")
        ... )
        >>> found = tree_equilibria(entry)
        >>> found
        <TreeEquilibria of tree: 3 (all), 1 subgame-perfect, 1 sequentially rational>
        >>> [(name, one.is_subgame_perfect) for name, one in zip(found.names, found)]
        [('enter yield', True), ('stay out', False), ('stay out', False)]

    Source: Kuhn (1953); Selten (1965); Kreps and Wilson (1982).
    """
    from nashscape.theory.nash.finding import equilibria

    made: TreeGame = as_game(game)
    needs(made, "tree", to="find equilibria of a tree")
    seconds = finite_number(seconds, "seconds", low=0.0, low_open=True)
    solved: Any = equilibria(normal_form(made), seconds=seconds, logit=None)
    perfect = _perfect(made)
    found: dict[bytes, BehaviourEquilibrium] = {}
    for one in solved:
        strategies = behaviour_of(made, one.strategies if one.exact is None else one.exact, perfect)
        key = b"".join(np.round(own, 9).tobytes() for own in strategies)
        if key not in found:
            found[key] = _judged(made, strategies, exact=one.exact is not None)
    listed = sorted(found.values(), key=lambda one: (int((one.plays > SHOWN).sum()), not one.is_rational))
    return TreeEquilibria(
        game=made.name, players=made.players, actions=made.actions, rows=made.rows, plays=made.play_names,
        equilibria=tuple(listed), complete=solved.complete, note=solved.note, status=solved.status,
        provenance=record("tree equilibria", {"game": made}),
    )  # fmt: skip


def _perfect(game: TreeGame) -> list[tuple[Floats, ...]]:
    """The pure subgame-perfect equilibria, where they can be listed."""
    try:
        found = subgame_perfect(game)
    except InputError:
        return []
    return [found.strategies(k) for k in range(len(found.equilibria))]


def _judged(game: TreeGame, strategies: tuple[Floats, ...], *, exact: bool) -> BehaviourEquilibrium:
    told = sequential_rationality(game, strategies, tolerance=TIES[exact])
    with jax.enable_x64(True):
        payoffs, plays = (np.asarray(own) for own in (game.expected_payoffs(strategies), game.plays(strategies)))
    return BehaviourEquilibrium(
        strategies,
        payoffs,
        plays,
        float(told.regrets.max()),
        is_subgame_perfect=told.is_subgame_perfect,
        is_rational=told.is_rational,
    )
