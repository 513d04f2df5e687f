"""What learners without regret play together on average: how near it comes to correlated equilibria of both kinds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Source, Status, choice, distribution, positive_integer
from nashscape.core.calls import public
from nashscape.core.columns import Columns, flat
from nashscape.core.provenance import record
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.games import DenseGame, GameLike
from nashscape.theory.concepts.average_learners import LEARNERS, Memory
from nashscape.theory.concepts.incentives import gains
from nashscape.theory.nash.logit_paths import contracted
from nashscape.theory.written_out import MOST_EXACT, written_out

Floats = npt.NDArray[np.float64]

STEPS = 2_000
LOOKS = 60
"""Rounds at which the average is looked at, at equal ratios of each other."""

HART_MAS_COLELL = Source(
    "regret_matching",
    "Hart, Mas-Colell: A Simple Adaptive Procedure Leading to Correlated Equilibrium. Econometrica 68, 1127–1150, "
    "2000.",
    "https://doi.org/10.1111/1468-0262.00153",
)
HEDGE = Source(
    "hedge",
    "Freund, Schapire: Adaptive Game Playing Using Multiplicative Weights. Games and Economic Behavior 29, 79–103, "
    "1999.",
    "https://doi.org/10.1006/game.1999.0738",
)
PREDICTION = Source(
    "prediction_learning_games", "Cesa-Bianchi, Lugosi: Prediction, Learning, and Games. Cambridge, 2006."
)


@dataclass(frozen=True, eq=False)
class AveragePlay(Result):
    """The average joint play of learners, and what deviations from it would gain, over time.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        learner: "hedge", "regret_matching" or "internal".
        times: rounds after which the average was looked at, `[k]`.
        coarse: the most that each player gains by one action against the average joint play, `[k, n]`, in payoff units:
            at most zero in a coarse correlated equilibrium.
        correlated: the most by another action in place of one that it plays, `[k, n]`: zero in a correlated one.
        apart: the most that each gains against the product of the others' average strategies, `[k, n]`: zero in a Nash
            equilibrium.
        regret: the average regret of each, added up round by round, `[k, n]`: of single actions, and of swaps where the
            learner is "internal". It is the gain of the same kind, but for rounding.
        promised: what the learner's theorem holds that to, `[k, n]`.
        joint: the average joint play in the end, `[a_1, …, a_n]`.
        payoffs: on average, `[n]`.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "average play"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.averages:average_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.averages:average_table"
    picture: ClassVar[str] = "nashscape.figures.averages:average_figure"
    computed: ClassVar[tuple[str, ...]] = ("rule",)

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    learner: str
    times: npt.NDArray[np.int64]
    coarse: Floats
    correlated: Floats
    apart: Floats
    regret: Floats
    promised: Floats
    joint: Floats
    payoffs: Floats
    status: Status
    provenance: Provenance

    @property
    def rule(self) -> str:
        """The learner in words."""
        return LEARNERS[self.learner].says

    def __repr__(self) -> str:
        """Gains in the end, as one line."""
        numbers = [float(own[-1].max()) for own in (self.coarse, self.correlated, self.apart)]
        return (
            f"<AveragePlay of {self.game}: {self.rule}, {self.times[-1]} rounds; largest gain {numbers[0]:.2g} by one "
            f"action, {numbers[1]:.2g} by a swap, {numbers[2]:.2g} apart>"
        )


@public()
def average_play(
    game: "GameLike", learner: str = "hedge", *, steps: int = STEPS, start: Any = None, seed: int = 0
) -> AveragePlay:
    """The average joint play of learners without regret, and how far it is from equilibria, round by round.

    In every round t each player i sees what each of its actions is worth against what the others play, `v_i,t(b) =
    u_i(b, σ_-i,t)`. The average joint play is `μ_T = (1/T) Σ_t σ_1,t ⊗ … ⊗ σ_n,t`. What action b gains against it is
    the average regret of not having played b, exactly: where regret vanishes, μ_T comes near the coarse correlated
    equilibria. So it is with swaps and the correlated ones.

    Args:
        game: one with payoffs for all profiles.
        learner: by default "hedge", multiplicative weights; "regret_matching"; "internal", the regret of swaps.
        steps: rounds; by default 2,000.
        start: strategies of the first round; by default drawn.
        seed: of that; by default 0.

    Raises:
        InputError: for a game that cannot be written out, an unknown learner, and strategies that do not fit.

    Example:
        >>> from nashscape import games
        >>> found = average_play(games.shapley(), "internal", steps=300)
        >>> bool((found.correlated <= found.promised).all()), bool(abs(found.regret - found.correlated).max() < 1e-12)
        (True, True)

    Source: Hannan (1957); Freund, Schapire (1999); Hart, Mas-Colell (2000); Cesa-Bianchi, Lugosi (2006).
    """
    form = written_out(game, "look at average play", most=MOST_EXACT)
    kind = choice(learner, "learner", LEARNERS)
    count = positive_integer(steps, "rounds")
    played = _first(form, start, positive_integer(seed, "seed", at_least=0))
    times = np.unique(np.round(np.geomspace(1, count, LOOKS)).astype(np.int64))
    rows = _rounds(form, kind, played, times)
    stacked = {name: np.array([row[name] for row in rows]) for name in rows[0] if name != "joint"}
    joint = rows[-1]["joint"]
    ranges = np.ptp(form.payoffs.reshape(form.n_players, -1), axis=1)
    promise = LEARNERS[kind].promise
    promised = [unit * promise(size, times.astype(float)) for unit, size in zip(ranges, form.shape, strict=True)]
    return AveragePlay(
        game=form.name,
        players=form.players,
        actions=form.actions,
        learner=kind,
        times=times,
        **stacked,
        promised=np.array(promised).T,
        joint=joint,
        payoffs=np.array([float((own * joint).sum()) for own in form.payoffs]),
        status=Status.COMPLETE,
        provenance=record(
            "average play",
            {"game": form, "learner": kind, "steps": count, "start": start},
            seed=seed,
            sources=[HEDGE if kind == "hedge" else HART_MAS_COLELL, PREDICTION],
        ),
    )


def _first(form: DenseGame, start: Any, seed: int) -> list[Floats]:
    if start is None:
        rng = np.random.default_rng(seed)
        return [rng.dirichlet(np.ones(k)) for k in form.shape]
    if isinstance(start, str) or len(start) != form.n_players:
        raise InputError(f"start is a strategy for each of {form.n_players} players; got {start!r}")
    each = zip(start, form.players, form.shape, strict=True)
    return [distribution(own, f"the strategy of {name}", k) for own, name, k in each]


def _rounds(form: DenseGame, kind: str, played: list[Floats], times: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    """What is to be told of the average after each of some rounds."""
    learner, looked = LEARNERS[kind], set(times.tolist())
    units = [float(np.ptp(own)) or 1.0 for own in form.payoffs]
    memories = [Memory.of(k, unit) for k, unit in zip(form.shape, units, strict=True)]
    joint = np.zeros(form.shape)
    rows = []
    for t in range(1, int(times[-1]) + 1):
        values = [contracted(own, played, [i]) for i, own in enumerate(form.payoffs)]
        joint += reduce(np.multiply.outer, played)
        memories = [one.after(own, worth) for one, own, worth in zip(memories, played, values, strict=True)]
        if t in looked:
            rows.append({**_looked(form, joint / t), "regret": [_most(one, learner.internal) / t for one in memories]})
        played = [learner.plays(one) for one in memories]
    return rows


def _most(memory: Memory, internal: bool) -> float:
    return float((memory.swaps if internal else memory.regret).max())


def _looked(form: DenseGame, joint: Floats) -> dict[str, Any]:
    """The largest gains against an average, computed from it alone."""
    n = joint.ndim
    averages = [joint.sum(axis=tuple(j for j in range(n) if j != i)) for i in range(n)]
    worth = [contracted(own, averages, [i]) for i, own in enumerate(form.payoffs)]
    return {
        "coarse": [float(own.max()) for own in gains(form.payoffs, joint, "coarse correlated")],
        "correlated": [float(own.max()) for own in gains(form.payoffs, joint, "correlated")],
        "apart": [float(own.max() - mix @ own) for own, mix in zip(worth, averages, strict=True)],
        "joint": joint,
    }


def average_columns(found: AveragePlay) -> Columns:
    """A row for every round at which the average was looked at."""
    made: Columns = {"round": found.times}
    for name in ("coarse", "correlated", "apart", "regret", "promised"):
        made |= flat(name, getattr(found, name), len(found.times))
    return made


@one_by_one
def average_table(found: AveragePlay) -> Table:
    """The largest gains of any player against the average after some of the rounds, and what is promised."""

    def most(numbers: Sequence[float]) -> str:
        return f"{max(numbers):.3g}"

    rows = [
        (str(t), most(found.coarse[k]), most(found.correlated[k]), most(found.apart[k]), most(found.promised[k]))
        for k, t in enumerate(found.times.tolist())
    ]
    which = "a swap" if LEARNERS[found.learner].internal else "one action"
    return Table(
        f"Average play of {found.rule} in {found.game}: what a player gains at most",
        ("rounds", "by one action", "by a swap", "apart", "promised"),
        shortened(rows, most=12),
        notes=(f"Promised is what the learner's theorem says of {which}.", *standing([found])),
    )
