"""Players of open source who read each other imperfectly: with noise, in part, coarsely, or at a price."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array
from nashscape.core.calls import public
from nashscape.semantics.imperfection import Imperfect
from nashscape.semantics.reading import ROUNDINGS, Reading
from nashscape.semantics.reading_noise import Columns, Quiet, make_noise
from nashscape.semantics.semantics import Semantics, is_linear, is_semantics

Floats = npt.NDArray[np.float64]

FORMS = ("normal", "uniform")
MOST_DITHERED = 8
"""So many parameters are rounded up or down in at most 256 ways."""


@public()
def imperfect(
    semantics: Semantics,
    *,
    noise: npt.ArrayLike | None = None,
    form: str = "normal",
    visible: npt.ArrayLike | None = None,
    quantum: npt.ArrayLike | None = None,
    rounding: str = "nearest",
    reads: npt.ArrayLike | str | None = None,
    cost: npt.ArrayLike | None = None,
) -> Imperfect:
    """The same players, who read each other's parameters imperfectly, each on its own.

    With probability `q_i` player i reads `Q(θ_j) ∘ v_i + ε_i` in place of `θ_j` (rounded, hidden parameters zero, with
    noise), else zeros. Its own parameters it always knows. Noise is independent between readers and new for every
    decision, so that what players do is the mixed strategies `σ̄_i(θ) = E σ_i(θ_i, reading)`, with exact expected
    payoffs. How the mean is taken is said by `.expectation`: over ways of reading it is exact; over noise it is a
    closed form, or a quadrature with a measured error, or for many logits and for semantics other than coupled ones a
    fixed sample of quasi-random points.

    Noise bends the map from logits to probabilities. Where it is the same for all players of a symmetric 2×2 game it
    leaves the thresholds of the diagonal; where it differs, those who are read badly gain less by being read near the
    middle, and more far out. Reading only sometimes is coupling `q κ` near θ = 0; further out, those moments count in
    which nothing is read, and full cooperation need not be stable under any coupling.

    Rounding to the nearest step has derivative zero wherever it has one: gradient learners see no coupling at all, and
    utilities jump. With "straight-through" they follow the derivatives that there would be without rounding, which
    are those of no utility; with "dithered" a parameter is rounded up with the probability that is right on average,
    and derivatives are true ones again.

    A cost is subtracted from the utilities. If it is constant it changes no gradient; where reading is chosen, every
    player has one more parameter `r_i`, reads with probability `q_i = 1/(1 + exp(−r_i))`, and learning decides
    whether it pays. A player's reading changes only its own play, never what others make of its parameters: it pays
    as far as it leads to better play, while it is being read that rewards cooperation. Regrets, targets and best
    responses of runs are those of the bare game, in which nothing is paid. Costs that learning changes are not in
    plays, so that terms cannot be sampled then.

    Args:
        semantics: of players whose parameters are logits, such as `coupled((2, 2), 0.6)`.
        noise: standard deviation of normal noise, or half-width of uniform noise, in units of parameters; a number, or
            one per player, as everywhere here.
        form: "normal" or "uniform".
        visible: which parameters can be read: true or false for each, `[d]`, or for each reader, `[n, d]`.
        quantum: the step to whose multiples readers round what they read; 0 for a player who does not.
        rounding: "nearest", "straight-through" or "dithered"; the last for up to 8 parameters per reader.
        reads: the probability `q` of reading at all, or "chosen". By default players always read.
        cost: what reading one other player's parameters costs, in payoff units.

    Raises:
        InputError: for parameters that are not logits, numbers that do not fit, and too many dithered parameters.

    Example:
        >>> import jax.numpy as jnp
        >>> from nashscape import games, parametric
        >>> from nashscape.semantics import coupled
        >>> noisy = imperfect(coupled((2, 2), 0.6), noise=1.0)
        >>> noisy.expectation
        'quadrature of 24 nodes, measured error below 1e-10'
        >>> learners = parametric(games.donation(benefit=3, cost=1), noisy)
        >>> [own.round(3).tolist() for own in learners.strategies(jnp.array([1.0, 0.5]))]
        [[0.77..., 0.23...], [0.73..., 0.26...]]
        >>> imperfect(coupled((2, 2), 0.6), noise=1.0, form="uniform", reads=0.5).expectation
        'closed form; exact over 2 ways of reading'

    Source: reading parameters is arXiv 2606.27068; imperfect reading is ours.
    """
    if not is_semantics(semantics) or semantics.domain != "logits" or hasattr(semantics, "reading"):
        raise InputError(
            "imperfect reading is for semantics whose parameters are logits, such as coupled((2, 2), 0.6), and all "
            f"of it is given in one call; got {semantics!r}"
        )
    n, form = len(semantics.sizes), choice(form, "form", FORMS)
    reading = _reading(semantics, visible, quantum, rounding)
    chosen, often = _how_often(reads, n)
    quiet = Quiet(), ""
    made, text = quiet if noise is None else make_noise(semantics, reading.columns, _each(noise, "noise", n), form)
    ways = reading.ways + (chosen or often is not None)
    if ways > 1 or not text:
        text = "; ".join(filter(None, [text, f"exact over {ways} way{'s' * (ways > 1)} of reading"]))
    price = None if cost is None else _each(cost, "cost", n) * _numbers_read(semantics, reading.columns)
    return Imperfect(semantics, reading, made, often, price, chosen, text)


def _each(value: npt.ArrayLike, name: str, n: int, high: float = np.inf) -> Floats:
    """A number from 0 to `high` for every player."""
    given = finite_array(value, name)
    if given.shape not in ((), (n,)):
        raise InputError(f"{name} must be one number or one per player, [{n}]; got shape {given.shape}")
    if (given < 0).any() or (given > high).any():
        limits = "must not be negative" if high == np.inf else f"must be from 0 to {high:g}"
        raise InputError(f"{name} {limits}; got {given.tolist()}")
    return np.broadcast_to(given, n).copy()


def _how_often(reads: npt.ArrayLike | str | None, n: int) -> tuple[bool, Floats | None]:
    """Whether reading is chosen, and the probabilities where they are given."""
    if isinstance(reads, str):
        if reads != "chosen":
            raise InputError(f"reads must be a probability, one per player, or 'chosen'; got {reads!r}")
        return True, None
    return False, None if reads is None else _each(reads, "reads", n, high=1.0)


def _reading(semantics: Semantics, visible: Any, quantum: Any, rounding: str) -> Reading:
    n, d = len(semantics.sizes), semantics.dimension
    own = tuple(tuple(range(part.start, part.stop)) for part in semantics.slices)
    mask = None if visible is None else finite_array(visible, "visible")
    if mask is not None:
        if mask.shape not in ((d,), (n, d)) or not np.isin(mask, (0.0, 1.0)).all():
            raise InputError(f"visible must be true or false for each parameter, [{d}] or [{n}, {d}]; got {visible!r}")
        mask = np.broadcast_to(mask, (n, d)).copy()
    columns = _columns(semantics, own, mask)
    steps = None if quantum is None else _each(quantum, "quantum", n)
    rounding = choice(rounding, "rounding", ROUNDINGS)
    if rounding != "nearest" and steps is None:
        raise InputError(f"rounding {rounding!r} needs a quantum, the step to whose multiples it rounds")
    if rounding == "dithered" and max(map(len, columns)) > MOST_DITHERED:
        raise InputError(
            f"dithered rounding is for up to {MOST_DITHERED} parameters per reader, here up to "
            f"{max(map(len, columns))}: hide some, or use rounding='straight-through'"
        )
    return Reading(own, columns, mask, steps, rounding)


def _columns(semantics: Semantics, own: Columns, mask: Floats | None) -> Columns:
    """Of the parameters of others those that a player sees and, under coupled semantics, that enter its logits."""
    matter = np.ones((len(own), semantics.dimension), dtype=bool) if mask is None else mask != 0
    for player, (rows, places) in enumerate(zip(semantics.slices, own, strict=True)):
        matter[player, list(places)] = False
        if is_linear(semantics):
            matter[player] &= (np.asarray(semantics.matrix)[rows] != 0).any(axis=0)
    return tuple(tuple(np.flatnonzero(row).tolist()) for row in matter)


def _numbers_read(semantics: Semantics, columns: Columns) -> Floats:
    """How many others every player reads."""
    owner = np.repeat(np.arange(len(semantics.sizes)), semantics.sizes)
    return np.array([float(len(set(owner[list(own)].tolist()))) for own in columns])
