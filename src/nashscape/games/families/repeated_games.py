"""The repetition of a one-shot game, whose players remember the last rounds."""

from itertools import product

import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.families.social_dilemmas import prisoners_dilemma
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.markov_construction import check_length
from nashscape.games.forms.markov_game import MarkovGame
from nashscape.games.offers import needs
from nashscape.games.protocol import GameLike

MOST_STATES = 4096
MANY_STATES = 10**6
"""So many are not counted any further."""


@public()
def repeated(
    stage: "GameLike", *, memory: int = 1, horizon: int | None = None, discount: float = 1.0, name: str | None = None
) -> MarkovGame:
    """A one-shot game played again and again by players who remember the last `memory` rounds.

    The states are the histories of at most `memory` rounds: "start", then those of one round in the order of the
    joint actions, and so on: with memory 1 in the Prisoner's Dilemma start, CC, CD, DC, DD, the same for both
    players. Until enough rounds have been played, the whole history is remembered.

    Args:
        stage: the one-shot game.
        memory: rounds that are remembered, 0 or more.
        horizon: the number of rounds; None for ever.
        discount: γ; must be below 1 without a horizon.
        name: by default "repeated_" and the stage's.

    Raises:
        InputError: for a game that is not dense, a memory that needs more than 4096 states, a discount of 1 without
            a horizon.

    Example:
        >>> game = repeated(prisoners_dilemma(), discount=0.96)
        >>> game.states, game.n_states
        (('start', 'CC', 'CD', 'DC', 'DD'), 5)
    """
    given = as_game(stage)
    needs(given, "table", to="repeat")
    once: DenseGame = given.to_dense()
    memory = positive_integer(memory, "memory", at_least=0)
    discount, horizon = check_length(discount, horizon)
    joint = int(np.prod(once.shape))
    count = 0
    for k in range(memory + 1):
        count += joint**k
        if count > MANY_STATES:
            break
    if count > MOST_STATES:
        about = "more than " if count > MANY_STATES else ""
        raise InputError(
            f"memory {memory} of {once.name} would need {about}{min(count, MANY_STATES)} states; at most "
            f"{MOST_STATES} are possible: lower memory"
        )
    histories = [past for k in range(memory + 1) for past in product(range(joint), repeat=k)]
    place = {past: k for k, past in enumerate(histories)}
    successors = tuple(
        tuple(place[(*past, action)[-memory:] if memory else ()] for action in range(joint)) for past in histories
    )
    names = [once.profile_name(profile) for profile in product(*map(range, once.shape))]
    return MarkovGame(
        payoffs=np.asarray(once.payoffs)[:, None],
        transitions=None,
        successors=successors,
        initial=np.eye(count)[0],
        discount=discount,
        horizon=horizon,
        name=f"repeated_{once.name}" if name is None else name,
        players=once.players,
        actions=once.actions,
        states=tuple("-".join(names[action] for action in past) or "start" for past in histories),
    )


@public()
def iterated_prisoners_dilemma(
    R: float = 3, S: float = 0, T: float = 5, P: float = 1, horizon: int = 12, discount: float = 0.96
) -> MarkovGame:
    """Iterated Prisoner's Dilemma, played a number of rounds by players who remember the last one.

    Stage payoffs as in `prisoners_dilemma`; 12 rounds and a discount of 0.96 are those of arXiv 2605.18078. For the
    game without end use `repeated(prisoners_dilemma(), discount=0.96)`.

    >>> iterated_prisoners_dilemma()
    <MarkovGame iterated_prisoners_dilemma: 2 players, 2×2 actions, 5 states, 12 rounds, discount 0.96>
    """
    stage = prisoners_dilemma(R=R, S=S, T=T, P=P)
    return repeated(stage, horizon=horizon, discount=discount, name="iterated_prisoners_dilemma")
