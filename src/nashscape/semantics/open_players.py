"""Games between players of open source."""

from typing import Any

import numpy.typing as npt

from nashscape.core import InputError, choice, unknown
from nashscape.core.calls import public
from nashscape.games import Game, in_normal_form, is_chain
from nashscape.games import game as as_game
from nashscape.semantics.coupling import coupled, reading_others
from nashscape.semantics.parametric_game import ParametricGame, Playable, is_parametric, parametric
from nashscape.semantics.perspectives import perspectives
from nashscape.semantics.policies import per_state
from nashscape.semantics.reading_weights import Orders, checked_alignment, permutations, read_weights
from nashscape.semantics.semantics import has_rows_within, who_reads

OPTIONS = ("own", "mixing", "graph", "bias", "alignment", "rows", "form")


@public()
def open_source(game: "Playable", coupling: npt.ArrayLike = 0.0, **options: Any) -> ParametricGame:
    """A game between players who read each other's parameters: `z_i = a_i θ_i + Σ_{j≠i} b_ij θ_j + c_i`.

    In one-shot games with `coupled` semantics. In repeated and Markov games entry by entry of the policies, each state
    as its player sees it: "after I cooperated and the other did not" is read from the same words of the others. With
    a semantics of its own, such as networks, a game is played with that at the logits that are read.

    Args:
        game: one whose players have the same number of parameters, which are logits.
        coupling: see `coupled`.
        **options: the others of `coupled`; and `rows`, for every player of a Markov game a permutation of the states:
            `rows[i][s]` is the common number of i's state s. By default as players see them where that is known, else
            state s of one is state s of all, as with `rows="same"`.

    Raises:
        InputError: for players with different numbers of parameters, or whose parameters are no logits, and as
            `coupled` does.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> for coupling in (0.2, 0.5, 0.95):                 # the threshold of the diagonal is c/b = 1/3
        ...     learners = open_source(games.donation(benefit=3, cost=1), coupling)
        ...     print(simulate(learners, pg(), [0.5, 0.5], targets=["CC", "DD"], steps=2000).outcome)
        DD
        fragile
        CC

    At .5 two who are exactly alike cooperate, and two who differ by the least do not. Of the iterated dilemma the
    second player's state CD is read where the first one has DC:

        >>> import numpy as np
        >>> learners = open_source(games.iterated_prisoners_dilemma(), 0.5)
        >>> learners.semantics.logits(np.arange(10.0)).tolist()
        [2.5, 4.0, 6.0, 6.5, 8.5, 5.0, 6.5, 8.5, 9.0, 11.0]

    Source: arXiv 2606.27068; for policies over states our own extension.
    """
    for name in options:
        if name not in OPTIONS:
            raise unknown("option of open_source", name, OPTIONS)
    game = as_game(game)
    if in_normal_form(game) and not is_parametric(game):
        if options.pop("rows", None) is not None:
            raise InputError(f"rows are of states, and {game.name} is a one-shot game: leave them out")
        return parametric(game, coupled(tuple(len(names) for names in game.actions), coupling, **options))
    return _over_any(game, coupling, **options)


def _over_any(
    game: "Playable",
    coupling: npt.ArrayLike,
    *,
    own: npt.ArrayLike = 1.0,
    mixing: float | None = None,
    graph: Any = None,
    bias: npt.ArrayLike = 0.0,
    alignment: Any = None,
    rows: Any = None,
    form: str | None = None,
) -> ParametricGame:
    learners = parametric(game)
    inner: Any = learners.semantics
    if learners is game and who_reads(inner) is not None:
        raise InputError(f"the players of {learners.name} read each other already; give the game without that")
    if form is not None:
        if not has_rows_within(inner) or learners is game:
            raise InputError("form is of the usual semantics of a game; this one has its own")
        inner = per_state(inner.states, [shape[-1] for shape in inner.strategy_shapes], form)
    shapes = set(inner.strategy_shapes)
    if inner.domain != "logits" or len(inner.sizes) < 2 or len(set(inner.sizes)) > 1 or len(shapes) > 1:
        raise InputError(
            f"players of open source share a set of parameters, which are logits; those of {learners.name} have "
            f"{list(inner.sizes)} {inner.domain}: give all the same number, or a semantics of logits"
        )
    order, seen = None, None
    if has_rows_within(inner):
        actions = tuple(shape[-1] for shape in inner.strategy_shapes)
        order = None if alignment is None else checked_alignment(actions, alignment)
        seen = _rows(learners.game, inner.states, order, rows)
    elif alignment is not None or rows is not None:
        raise InputError("alignment and rows are of sigmoids and softmaxes, one per state; this semantics is another")
    return ParametricGame(
        learners.game,
        reading_others(inner, read_weights(len(inner.sizes), coupling, own, mixing, graph), bias, order, seen),
    )


def _rows(game: Game, states: int, alignment: Orders | None, rows: Any) -> Orders | None:
    if rows is None:
        return perspectives(game, alignment) if is_chain(game) else None
    if isinstance(rows, str):
        choice(rows, "rows", ("same",))
        return None
    return permutations(rows, len(game.players), states, "rows")
