"""How gradient learners, and players who answer in turn, win with stacks of hats, as data."""

import numpy as np

from nashscape.dynamics import Settling, reducers, starts
from nashscape.games import hats
from nashscape.learning import best_replies
from nashscape.semantics import simplex
from nashscape.studies import Study

HEIGHT, ROUNDS = 3, 30

GRADIENTS = Study(
    "hats-gradients",
    about="The chance to win to which policy gradient leads from random strategies, with stacks of three hats.",
    fixed={
        "game": hats(HEIGHT),
        "rule": "pg",
        "n": 200,
        "starts": "normal:std=1",
        "steps": 6000,
        "step_size": 10.0,
        "reducers": [reducers.welfare(over="end")],
    },
    measure=["reduced"],
)


def answers_in_turn(height: int, count: int, seed: int) -> Study:
    """Players who name the best hat for every stack, in turn, from strategies drawn at random, a hat for every stack.

    Only where they end is looked at, so that nothing is followed further.
    """
    game = hats(height)
    stacks = len(game.stacks)
    first = np.random.default_rng(seed).integers(0, height, (count, 2 * stacks))
    return Study(
        "hats-answers",
        about="The chance to win to which best answers in turn lead from a random hat for every stack.",
        fixed={
            "game": game,
            "semantics": simplex((height, height), states=stacks),
            "rule": best_replies(order="sequential", ties="first"),
            "starts": starts.parameters(np.eye(height)[first].reshape(count, -1)),
            "steps": ROUNDS,
            "settling": Settling(follow=False),
            "reducers": [reducers.welfare(over="end")],
        },
        measure=["reduced"],
    )
