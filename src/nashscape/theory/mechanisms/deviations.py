"""What agents gain by not doing as they are told, or not telling what they saw, by the definition alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.theory.mechanisms.acquisition_problems import AcquisitionProblem


def earned(information: Any, paid: Any, i: int) -> Any:
    """What agent i is paid where it is told a, does d, sees s and reports r, while others obey, `[a, d, s, r]`.

    Args:
        information: chances of signals and states by efforts, `[b_1, …, b_n, s_1, …, s_n, θ]`.
        paid: payments times the chances of recommendations, of the same shape.
        i: the agent.
    """
    n = (information.ndim - 1) // 2
    size, signals = paid.shape[i], paid.shape[n + i]
    by_report = np.moveaxis(paid, (i, n + i), (0, 1)).reshape(size, signals, -1)
    by_signal = np.moveaxis(information, (i, n + i), (0, 1)).reshape(size, signals, -1)
    return np.array([[by_signal[d] @ by_report[a].T for d in range(size)] for a in range(size)])


@public()
def deviation_gains(problem: AcquisitionProblem, chances: Any, payments: Sequence[Any]) -> tuple[Any, ...]:
    """What each agent gains where it is told a and does d, and then reports what pays it best.

    `Σ_s max_r E[γ_i(b, (r, s_-i), θ); s_i = s | d, b_-i] − E[γ_i(b, s, θ) | b] + c_i(a) − c_i(d)`, summed over what may
    be recommended with `b_i = a`, times its chance. Nothing of the linear program is used. None is positive where it is
    best to obey and to be honest; on the diagonal is what lies alone gain.

    Args:
        problem: what `acquisition_problem` gave.
        chances: of recommendations, `[b_1, …, b_n]`, doubles or fractions.
        payments: to each agent, `[b_1, …, b_n, s_1, …, s_n, θ]`, of the same kind of numbers.

    Returns:
        Gains `[a, d]` of each agent; in fractions where chances and payments are.

    Raises:
        InputError: for arrays of another shape, chances that are none, and payments below 0 or above the most.

    Example:
        >>> from nashscape.theory import acquisition_mechanism, acquisition_problem
        >>> coin = [[["1", "0"], ["1", "0"]], [["3/4", "1/4"], ["1/4", "3/4"]]]
        >>> one = acquisition_problem(coin, [[0, "1/10"]], [[4, 0], [0, 4]], prior=["1/2", "1/2"], most_paid=1)
        >>> found = acquisition_mechanism(one)
        >>> deviation_gains(one, found.chances, found.payments)[0].round(6).tolist()
        [[0.0, 0.0], [0.0, 0.0]]
    """
    shape, n = problem.exact.shape, len(problem.agents)
    every = [np.asarray(own) for own in payments]
    told = np.asarray(chances)
    if told.shape != shape[:n] or [own.shape for own in every] != [shape] * n:
        raise InputError(
            f"chances must have shape {shape[:n]}, and payments one array of shape {shape} for each of {n} agents; got "
            f"{told.shape} and {', '.join(str(own.shape) for own in every) or 'none'}"
        )
    _check_numbers(problem, told, every)
    often = told.reshape(*told.shape, *[1] * (n + 1))
    return gains_of(problem, told, [often * own for own in every])


OFF = 1e-6
"""What rounding may leave of chances and payments."""


def _check_numbers(problem: AcquisitionProblem, chances: Any, payments: Sequence[Any]) -> None:
    if (chances < -OFF).any() or abs(float(chances.sum()) - 1.0) > OFF:
        raise InputError(
            f"chances of recommendations are at least 0 and sum to one; got the sum {float(chances.sum()):g}"
        )
    most = float(problem.most_paid)
    least, largest = (float(end) for end in (min(own.min() for own in payments), max(own.max() for own in payments)))
    if least < -OFF * most or largest > most * (1 + OFF):
        raise InputError(f"payments are from 0 to {most:g}; got {least:g} to {largest:g}")


def gains_of(problem: AcquisitionProblem, chances: Any, paid: Sequence[Any]) -> tuple[Any, ...]:
    """The same from payments times the chances of recommendations."""
    exact = chances.dtype == object
    information, made = problem.exact if exact else problem.information, []
    for i, own in enumerate(paid):
        pays = earned(information, own, i)
        size = len(pays)
        honest = np.array([np.trace(pays[a, a]) for a in range(size)])
        costs = np.array(problem.costs[i], dtype=object if exact else float)
        told = np.moveaxis(chances, i, 0).reshape(size, -1).sum(axis=1)
        best = pays.max(axis=-1).sum(axis=-1)
        made.append(best - honest[:, None] + told[:, None] * (costs[:, None] - costs[None]))
    return tuple(made)
