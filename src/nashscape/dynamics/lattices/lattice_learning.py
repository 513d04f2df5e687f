"""Players on a lattice who learn by Q-learning, with as many tables as one likes."""

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, Status, finite_array, finite_number, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.interrupts import in_turn, until_stopped
from nashscape.dynamics.lattices.lattice_results import LatticeLearning
from nashscape.dynamics.lattices.q_tables import WINDOWS, Learners, Learnt, learnt

Floats = npt.NDArray[np.float64]

WATKINS = Source("watkins_dayan", "Watkins, Dayan: Q-learning. Machine Learning 8, 1992.",
                 "https://doi.org/10.1007/BF00992698")  # fmt: skip
KEPT = 1_000_000
"""Numbers of tables that a result keeps."""
MOST = 50_000_000
"""Numbers in the tables of one budget's runs."""


@public()
def lattice_q_learning(
    environment: Any, sharing: Any = "shared", *, budgets: Any = (0.12, 0.25, 0.4, 0.55), runs: int = 10,
    rounds: int = 20_000, learning_rate: Any = 0.5, lookahead: int = 5, last_temperature: float = 0.1,
    values: Any = 0.0, seed: int = 0,
) -> LatticeLearning:  # fmt: skip
    """Let all players of a lattice dilemma learn by tabular Q-learning, and see whether they cooperate.

    A player sees what itself and its neighbours did last, one of `k^(d+1)` rows s of its table, and draws its action
    with chances in proportion to `exp(Q(s, a)/τ)`. The temperature τ falls linearly from its start to
    `last_temperature` in 19 of 20 windows of the rounds; in the last window nobody learns, and it stays there. An
    exploration budget is the mean of τ over the first half of its fall, from which the start follows.

    Targets look n rounds ahead, and are not corrected for what was explored meanwhile:
    `G = Σ_{j<n} γ^j r_{t+j} + γ^n max_a Q(s_{t+n}, a)`, and `Q(s_t, a_t) += α (G − Q(s_t, a_t))`. Where several
    players with one table chose the same entry in the same round, the entry moves by the mean of what each would do, so
    that α means the same for every sharing. With n = 1 and a table for each that is Q-learning as published.

    Args:
        environment: what `lattice_dilemma` or `graph_dilemma` made.
        sharing: "shared", one table for all; "separate", a table for each; a number of groups of players that follow
            each other, as equal as possible; or for every player the number of its table, `[N]`. Players with one table
            must have equally many neighbours.
        budgets: mean temperatures over the first half of the fall, `[K]`, at least the last temperature.
        runs: for each budget.
        rounds: of a run, a multiple of 20.
        learning_rate: α, from 0 to 1; or one for each table, `[M]`.
        lookahead: n, 1 or more.
        last_temperature: at the end of the fall.
        values: of all entries at first, a number, or tables `[M, rows, k]`. Where payoffs are positive and tables begin
            at 0, players stay with the first action that they try; the largest payoff over 1 − γ lets them try all.
        seed: of what is drawn. Run number j has the same random numbers for every budget and every sharing.

    Returns:
        A `LatticeLearning`. Interrupted, it has the budgets that are done.

    Raises:
        InputError: for what is no lattice dilemma, a sharing that is no map of players to tables, players with one
            table and unequally many neighbours, and numbers that are none.

    Example:
        >>> from nashscape import dynamics, environments
        >>> dilemma = environments.lattice_dilemma(10, 10)
        >>> found = dynamics.lattice_q_learning(dilemma, budgets=[0.12, 0.55], runs=2, rounds=400)
        >>> found.cooperation.shape, found.values.shape
        ((2, 2, 20), (2, 2, 1, 32, 2))

    Source: C. Watkins, P. Dayan, Q-learning, Machine Learning 8 (1992), for n = 1 and one player.
    """
    env = _checked(environment)
    tables = tables_of(env, sharing)
    many, count = int(tables.max()) + 1, len(env.payoffs)
    wanted = finite_array(budgets, "budgets", ndim=1).astype(np.float64)
    last = finite_number(last_temperature, "last_temperature", low=0.0, low_open=True)
    if not wanted.size or wanted.min() < last:
        raise InputError(f"budgets are mean temperatures, of which none falls below {last:g} at the end; got {budgets}")
    rounds, runs = positive_integer(rounds, "rounds", at_least=WINDOWS), positive_integer(runs, "runs")
    if rounds % WINDOWS:
        near = WINDOWS * (rounds // WINDOWS)
        raise InputError(f"rounds are cut into {WINDOWS} windows alike; got {rounds}: take {near}")
    size = runs * many * env.n_rows * count
    if size > MOST:
        raise InputError(f"tables of {runs} runs hold {size:,} numbers, more than {MOST:,}: take fewer runs or tables")
    begun = _given(values, (many, env.n_rows, count))
    learners = Learners(
        env, tables, begun, _rates(learning_rate, many), np.float32(last), np.int32(rounds // WINDOWS),
        positive_integer(lookahead, "lookahead"),
    )  # fmt: skip
    seed = positive_integer(seed, "seed", at_least=0)
    asked = {
        "environment": environment, "tables": tables, "budgets": wanted, "runs": runs, "rounds": rounds,
        "learning_rate": learners.rates, "lookahead": learners.lookahead, "last_temperature": last,
        "values": begun if np.ndim(values) else float(begun.flat[0]),
    }  # fmt: skip
    starts = [start_of(budget, last, rounds) for budget in wanted]
    done: list[Learnt] = []
    with until_stopped(lambda: not done) as stop:
        done.extend(in_turn(_runs(learners, starts, runs, seed)))
    cooperation, payoffs, ends = (np.stack([np.asarray(own[k], np.float64) for own in done]) for k in range(3))
    return LatticeLearning(
        environment=env.name, action=env.actions[0], players=len(tables), tables=many, budgets=wanted[: len(done)],
        cooperation=cooperation, payoffs=payoffs, values=ends if ends.size <= KEPT else None,
        window=rounds // WINDOWS, status=Status.INTERRUPTED if stop.early else Status.COMPLETE,
        provenance=record("lattice learning", asked, seed=seed, precision="float32", devices=len(jax.devices()),
                          sources=[WATKINS]),
    )  # fmt: skip


def start_of(budget: float, last: float, rounds: int) -> float:
    """The temperature at first, of which the mean over the first half of the fall is the budget.

    >>> fall = np.linspace(start_of(0.3, 0.1, 400), 0.1, 381)[:380]
    >>> round(float(fall[:190].mean()), 12)
    0.3
    """
    fall = rounds // WINDOWS * (WINDOWS - 1)
    fallen = (fall // 2 - 1) / (2 * fall)
    return float((budget - last * fallen) / (1 - fallen))


def tables_of(env: Any, sharing: Any) -> npt.NDArray[np.int32]:
    """For every player the number of its table, `[N]`, checked; see `lattice_q_learning`."""
    players = len(env.neighbours)
    if isinstance(sharing, str):
        known = {"shared": 1, "separate": players}
        if sharing not in known:
            raise InputError(
                f'sharing is "shared", "separate", a number of groups, or a number for each player; got {sharing!r}'
            )
        sharing = known[sharing]
    if np.ndim(sharing) == 0:
        groups = positive_integer(sharing, "the number of groups")
        if groups > players:
            raise InputError(f"{players} players make {players} groups at most; got {groups}")
        sharing = np.arange(players) * groups // players
    found = finite_array(sharing, "sharing", shape=(players,))
    named = np.unique(found)
    if not np.array_equal(named, np.arange(len(named))):
        raise InputError("tables are numbered from 0 without a gap, and each has a player; sharing has the numbers "
                         f"{', '.join(f'{own:g}' for own in named[:6])}")  # fmt: skip
    tables = found.astype(np.int32)
    degrees = (np.asarray(env.neighbours) < players).sum(axis=1)
    for table in range(len(named)):
        own = np.unique(degrees[tables == table])
        if len(own) > 1:
            raise InputError(f"players with one table must have equally many neighbours, and see the same; those of "
                             f"table {table} have {own[0]} and {own[-1]}: give them separate tables")  # fmt: skip
    return tables


def _checked(environment: Any) -> Any:
    if not (hasattr(environment, "rows_of") and hasattr(environment, "neighbours")):
        raise InputError("this is learnt in what environments.lattice_dilemma or graph_dilemma makes; got "
                         f"{type(environment).__name__}")  # fmt: skip
    return environment


def _given(values: Any, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    every = np.broadcast_to(values, shape) if np.ndim(values) == 0 else values
    return finite_array(every, "values", shape=shape).astype(np.float32)


def _rates(given: Any, tables: int) -> npt.NDArray[np.float32]:
    made = finite_array(np.broadcast_to(given, (tables,)) if np.ndim(given) == 0 else given, "learning_rate",
                        shape=(tables,))  # fmt: skip
    if made.min() < 0 or made.max() > 1:
        raise InputError(f"learning rates are from 0 to 1; got {made.min():g} to {made.max():g}")
    return made.astype(np.float32)


def _runs(learners: Learners, starts: list[float], runs: int, seed: int) -> Iterator[Learnt]:
    """All runs of one budget after the other; filled up so that every device has equally many."""
    number = jnp.arange(-(-runs // len(jax.devices())) * len(jax.devices())) % runs
    keys = jax.vmap(jax.random.fold_in, (None, 0))(jax.random.key(seed), number)
    for start in starts:
        found = learnt(learners, jnp.full(len(number), start, jnp.float32), keys)
        yield jax.block_until_ready(Learnt(*(own[:runs] for own in found)))
