"""Which tasks are worth training on: neither too hard for an agent nor too easy, and not done by a control policy."""

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.core.calls import public


@public()
def accepted_tasks(
    scores: npt.ArrayLike,
    control: npt.ArrayLike,
    *,
    least: float = 0.1,
    most: float = 0.9,
    control_most: float = 0.3,
    success: float = 1.0,
) -> npt.NDArray[np.bool_]:
    """Which tasks an agent should train on now: those between too hard and too easy that a control policy fails.

    A task is accepted where all three hold: the agent succeeds with probability `least` or more, so that there is
    something to learn from; with probability `most` or less, so that there is something left to learn; and the control
    policy succeeds with probability `control_most` or less, so that it takes an agent. As the agent learns other tasks
    are accepted.

    Args:
        scores: the agent's probability of success in each task, `[tasks]`; or its scores in episodes, `[tasks,
            episodes]`, of which those count as success that are `success` or more.
        control: the same of a control policy, such as one that moves at random.
        least: below this a task is too hard.
        most: above this it is too easy.
        control_most: above this it needs no agent.
        success: of episodes.

    Raises:
        InputError: for probabilities outside 0 to 1, different numbers of tasks, and `least` above `most`.

    Example:
        >>> accepted_tasks([0.0, 0.5, 1.0, 0.5], [0.0, 0.1, 0.1, 0.6]).tolist()
        [False, True, False, False]

    Source: after Stooke et al. (2021); the numbers are ours.
    """
    least, most, control_most = (
        finite_number(own, what, low=0.0, high=1.0)
        for own, what in ((least, "least"), (most, "most"), (control_most, "control_most"))
    )
    if least > most:
        raise InputError(f"least is at most most; got {least:g} and {most:g}")
    agent, other = (_chances(own, what, success) for own, what in ((scores, "scores"), (control, "control")))
    if len(agent) != len(other):
        raise InputError(f"agent and control policy have the same tasks; got {len(agent)} and {len(other)}")
    accepted: npt.NDArray[np.bool_] = (agent >= least) & (agent <= most) & (other <= control_most)
    return accepted


def _chances(given: npt.ArrayLike, what: str, success: float) -> npt.NDArray[np.float64]:
    array = finite_array(given, what)
    if array.ndim == 2 and array.size:
        return np.asarray((array >= finite_number(success, "success")).mean(1))
    if array.ndim != 1 or not array.size or array.min() < 0 or array.max() > 1:
        raise InputError(f"{what} are probabilities of success, [tasks], or scores of episodes, [tasks, episodes]; got "
                         f"an array of shape {array.shape}")  # fmt: skip
    return array
