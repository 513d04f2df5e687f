"""Linear-quadratic differential games in which the first player knows where it wants to be, and the second does not."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.checks import distribution
from nashscape.core.plain_data import plain

Floats = npt.NDArray[np.float64]

HEXNER = Source(
    "hexner", "Hexner: A Differential Game of Incomplete Information. Journal of Optimization Theory and Applications "
    "28, 213–232, 1979.", "https://doi.org/10.1007/BF00933243",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class DifferentialGame:
    """A linear-quadratic game of two players of whom the first knows the state of the world.

    The first chooses u and minimises, the second chooses v and maximises `∫ uᵀRu − vᵀSv dt + xᵀQx + 2 q_kᵀx + c_k`,
    the last three at the end, where `dx/dt = Ax + Bu + Cv`, and k is drawn by the prior and told to the first.

    Attributes:
        drift: A, `[d, d]`.
        first: B, `[d, a]`.
        second: C, `[d, b]`.
        first_cost: R, `[a, a]`, positive definite.
        second_cost: S, `[b, b]`, positive definite.
        terminal: Q, `[d, d]`, symmetric.
        pulls: q_k, `[states, d]`.
        constants: c_k, `[states]`.
        start: x at time 0, `[d]`.
        prior: of the states of the world, `[states]`.
        horizon: the end.
        name: of the game.
    """

    drift: Floats
    first: Floats
    second: Floats
    first_cost: Floats
    second_cost: Floats
    terminal: Floats
    pulls: Floats
    constants: Floats
    start: Floats
    prior: Floats
    horizon: float
    name: str = "differential game"

    def to_dict(self) -> dict[str, Any]:
        """The game as plain data."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


@public()
def differential_game(
    drift: npt.ArrayLike,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    first_cost: npt.ArrayLike,
    second_cost: npt.ArrayLike,
    terminal: npt.ArrayLike,
    pulls: npt.ArrayLike,
    start: npt.ArrayLike,
    prior: npt.ArrayLike,
    horizon: float = 1.0,
    constants: npt.ArrayLike | None = None,
    name: str = "differential game",
) -> DifferentialGame:
    """A linear-quadratic differential game with one-sided information, for `belief_tree`.

    Args:
        drift: A of `dx/dt = Ax + Bu + Cv`, `[d, d]`.
        first: B, `[d, a]`, of the player who knows the state of the world and minimises.
        second: C, `[d, b]`, of the other, who maximises.
        first_cost: R of the running cost `uᵀRu`, `[a, a]`, positive definite.
        second_cost: S of `−vᵀSv`, `[b, b]`, positive definite.
        terminal: Q of what is paid at the end, `xᵀQx + 2 q_kᵀx + c_k`, `[d, d]`, symmetric.
        pulls: q_k for every state of the world, `[states, d]`.
        start: x at time 0, `[d]`.
        prior: of the states of the world, `[states]`.
        horizon: the end, above 0.
        constants: c_k, `[states]`; zeros by default.
        name: of the game.

    Raises:
        InputError: for shapes that do not fit, a prior that does not sum to one, and costs that are not positive.

    Example:
        >>> game = differential_game([[0.0]], [[1.0]], [[1.0]], first_cost=[[1.0]], second_cost=[[4.0]],
        ...                          terminal=[[1.0]], pulls=[[-1.0], [1.0]], start=[0.0], prior=[0.5, 0.5])
        >>> game.pulls.shape
        (2, 1)
    """
    drift = finite_array(drift, "drift", ndim=2)
    d = len(drift)
    made = {
        "drift": finite_array(drift, "drift", shape=(d, d)),
        "first": finite_array(first, "first", shape=(d, None)),
        "second": finite_array(second, "second", shape=(d, None)),
        "terminal": finite_array(terminal, "terminal", shape=(d, d)),
        "pulls": finite_array(pulls, "pulls", shape=(None, d)),
        "start": finite_array(start, "start", shape=(d,)),
    }
    states = len(made["pulls"])
    given = np.zeros(states) if constants is None else constants
    made["constants"] = finite_array(given, "constants", shape=(states,))
    made["prior"] = distribution(prior, "prior", states)
    for key, cost, own in (("first_cost", first_cost, made["first"]), ("second_cost", second_cost, made["second"])):
        made[key] = finite_array(cost, key, shape=(own.shape[1], own.shape[1]))
        if not np.allclose(made[key], made[key].T) or np.linalg.eigvalsh(made[key]).min() <= 0:
            raise InputError(f"{key} must be symmetric and positive definite; got {made[key].tolist()}")
    if not np.allclose(made["terminal"], made["terminal"].T):
        raise InputError("terminal must be symmetric")
    return DifferentialGame(**made, horizon=finite_number(horizon, "horizon", low=0.0, low_open=True), name=str(name))


@public()
def hexner_game(pairs: int = 1, *, prior: npt.ArrayLike = (0.5, 0.5)) -> DifferentialGame:
    """Hexner's game: who knows which of two goals is meant has to come nearer to it than who does not.

    Bodies with positions in a plane are pushed, `d²y/dt² = u`, for a unit of time. The first player pays
    `∫ uᵀ diag(.05, .025) u dt + |y(1) − g_k|²`, the second gets back its own `∫ vᵀ diag(.05, .1) v dt + |z(1) − g_k|²`;
    the goals are (0, −1) and (0, 1). The first bodies begin at rest in (−.5, 0), the second in (.5, 0).

    Args:
        pairs: bodies of either player, each with these costs and from these places; payoffs are added up.
        prior: of the two goals.

    Raises:
        InputError: for no pairs, and a prior that does not sum to one.

    Example:
        >>> hexner_game().drift.shape, hexner_game(11).drift.shape
        ((8, 8), (88, 88))

    Source: Hexner (1979).
    """
    pairs = positive_integer(pairs, "pairs")
    every = np.eye(pairs)
    body = np.kron(np.array([[0.0, 1.0], [0.0, 0.0]]), np.eye(2))
    push = np.kron(np.array([[0.0], [1.0]]), np.eye(2))
    nothing = np.zeros((4, 2))
    at_end, goal = np.diag([1.0, 1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0, 0.0])
    both = np.kron(np.diag([1.0, -1.0]), at_end)
    pull = np.tile(np.concatenate([goal, -goal]), pairs)
    return differential_game(
        np.kron(every, np.kron(np.eye(2), body)),
        np.kron(every, np.vstack([push, nothing])),
        np.kron(every, np.vstack([nothing, push])),
        first_cost=np.kron(every, np.diag([0.05, 0.025])),
        second_cost=np.kron(every, np.diag([0.05, 0.1])),
        terminal=np.kron(every, both),
        pulls=[pull, -pull],
        start=np.tile([-0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0], pairs),
        prior=prior,
        name="Hexner's game" if pairs == 1 else f"Hexner's game, {pairs} against {pairs}",
    )
