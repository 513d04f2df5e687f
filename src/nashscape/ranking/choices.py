"""The likelihood of Plackett and Luce: of all who are there one is chosen, with a chance in proportion to its worth."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.ranking.fits import climbed
from nashscape.ranking.player_orders import Orders

Floats = npt.NDArray[np.float64]


class Choices(NamedTuple):
    """What the likelihood is made of; the worth of a player is `exp(s)`.

    Attributes:
        members: the numbers of the players of each set that was chosen from, then that of nobody, the number of
            players, `[sets, largest]`.
        counts: how often it was chosen from that set, `[sets]`.
        wins: how often each player was chosen, `[players]`; of several fits at once `[fits, players]`.
    """

    members: npt.NDArray[np.int64]
    counts: Floats
    wins: Floats


def choices_of(found: Orders, prior: float = 0.0) -> Choices:
    """The sets that were chosen from, each once, and who was chosen.

    Args:
        found: orders.
        prior: wins and losses that are added between each two of whom it is known who was above.
    """
    n = len(found.players)
    sets, chosen = found.choices
    bits, counts = np.unique(np.packbits(sets, axis=1), axis=0, return_counts=True)
    inside = np.unpackbits(bits, axis=1, count=n).astype(bool)
    largest = int(inside.sum(1).max())
    members = np.sort(np.where(inside, np.arange(n), n), axis=1)[:, :largest]
    wins = np.bincount(chosen, minlength=n)
    met = np.argwhere(np.triu(found.played > 0, 1)) if prior else np.zeros((0, 2), np.int64)
    pairs = np.pad(met, ((0, 0), (0, largest - 2)), constant_values=n)
    return Choices(
        members=np.concatenate([members, pairs]),
        counts=np.concatenate([counts, np.full(len(met), 2.0 * prior)]),
        wins=wins + prior * np.bincount(met.ravel(), minlength=n),
    )


def chosen_likelihood(own: Choices, strengths: Floats) -> Floats:
    """`Σ_i w_i s_i − Σ_sets c log Σ_members exp s`, of strengths `[…, players]`, `[…]`."""
    each = _of_members(own, strengths)
    most = each.max(-1)
    made: Floats = (own.wins * strengths).sum(-1)
    made -= (most + np.log(np.exp(each - most[..., None]).sum(-1))) @ own.counts
    return made


def chosen_bent(own: Choices, strengths: Floats) -> tuple[Floats, Floats]:
    """The slope of the log-likelihood, and its curvature with the sign turned: the information about strengths."""
    each = _of_members(own, strengths)
    worths = np.exp(each - each.max(-1, keepdims=True))
    n, sets = strengths.shape[-1], np.arange(len(own.members))
    chances = np.zeros((*strengths.shape[:-1], len(sets), n + 1))
    chances[..., sets[:, None], own.members] = worths / worths.sum(-1, keepdims=True)
    chances = chances[..., :n]
    weighed = own.counts[:, None] * chances
    expected = weighed.sum(-2)
    curve = np.eye(n) * expected[..., None] - np.swapaxes(chances, -2, -1) @ weighed
    return own.wins - expected, curve


def _of_members(own: Choices, strengths: Floats) -> Floats:
    """The strengths of the members of each set, `[…, sets, largest]`; nobody's is endlessly low."""
    nobody = np.full((*strengths.shape[:-1], 1), -np.inf)
    made: Floats = np.concatenate([strengths, nobody], axis=-1)[..., own.members]
    return made


def fitted_choices(own: Choices, start: Floats | None = None) -> Floats:
    """Strengths `[…, players]` of most likelihood, of mean zero; where there is no maximum see `fits.RIDGE`."""
    begin = np.zeros(own.wins.shape) if start is None else np.broadcast_to(start, own.wins.shape)
    return climbed(
        begin, lambda s: chosen_likelihood(own, s), lambda s: chosen_bent(own, s), np.asarray(own.counts.sum())
    )


def nearer(own: Choices, pairs: npt.NDArray[np.int64], signs: Floats) -> Choices:
    """For each pair half a win of the one given to the other, `signs` 1, or the other way, −1."""
    wins = np.repeat(own.wins[None], len(pairs), axis=0)
    rows = np.arange(len(pairs))
    wins[rows, pairs[:, 0]] -= 0.5 * signs
    wins[rows, pairs[:, 1]] += 0.5 * signs
    return own._replace(wins=wins)


def likelihood_as_one(own: Choices, pairs: npt.NDArray[np.int64], start: Floats) -> Floats:
    """For each pair the largest log-likelihood where both are equally strong, `[pairs]`.

    The strength of the second is that of the first; nothing hangs on its own, which stays as it was.
    """
    rows, (i, j) = np.arange(len(pairs)), pairs.T

    def whole(strengths: Floats) -> Floats:
        made = strengths.copy()
        made[rows, j] = made[rows, i]
        return made

    def bent(strengths: Floats) -> tuple[Floats, Floats]:
        slope, curve = chosen_bent(own, whole(strengths))
        for own_part in (slope[:, :, None], curve, np.swapaxes(curve, 1, 2)):
            own_part[rows, i] += own_part[rows, j]
            own_part[rows, j] = 0.0
        return slope, curve

    begin = whole(np.repeat(start[None], len(pairs), axis=0))
    found = climbed(begin, lambda s: chosen_likelihood(own, whole(s)), bent, np.asarray(own.counts.sum()))
    return chosen_likelihood(own, whole(found))
