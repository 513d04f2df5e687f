"""What is refused before anything is compiled: an update and a look at behaviour are traced without a number."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import numpy as np

from nashscape.core import InputError
from nashscape.dynamics.playing.behaviours import Behaviour
from nashscape.dynamics.playing.measures import by_name
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.playing.program import block, looked, started
from nashscape.dynamics.setup import Setup, in_precision


def check_playing(game: Any, setup: Setup, goals: Sequence[Behaviour], how: Observing, precision: str) -> None:
    """Refuse targets of what nobody measures, and environments and rules that cannot be traced.

    Raises:
        InputError: with the measures that there are, or what goes wrong.
    """
    names = f"{game.name} cannot be played by {setup.rule.name}"
    with jax.enable_x64(precision == "float64"):
        seen = _traced(in_precision(setup, precision), how, precision, names)
    means = by_name(game, {name: np.zeros(own[0].shape) for name, own in seen.items()})
    for goal in goals:
        goal.value(game, means)


def _traced(setup: Setup, how: Observing, precision: str, failed: str) -> Any:
    """The shapes of what is seen, where it can be traced, and an update as well; else what has failed."""
    theta = jax.ShapeDtypeStruct((setup.game.dimension,), precision)
    word, number = jax.ShapeDtypeStruct((), "uint32"), jax.ShapeDtypeStruct((), "int32")
    seed = word, word
    try:
        seen = jax.eval_shape(partial(looked, episodes=how.episodes, greedy=False), setup, seed, word, theta, word)
        state = jax.eval_shape(started, setup, theta)
        jax.eval_shape(block, setup, seed, number, number, state, word)
    except InputError:
        raise
    except Exception as error:
        said = next(iter(str(error).strip().splitlines()), "")
        raise InputError(
            f"{failed}, {type(error).__name__}: {said} Where code of yours has a part in it, "
            "nashscape.testing.check_environment, and a check for each other part, says where; what is computed is "
            "traced by JAX, with jnp.where in place of if"
        ) from error
    return seen
