"""Pictures of which way peer-learning moves every player, as proved for all profiles at once."""

from typing import Unpack

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from nashscape.core import InputError
from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import (
    INK,
    SEQUENTIAL,
    SMALL,
    TARGETS,
    UNDECIDED,
    Look,
    bare,
    contrast,
    handle,
    percent,
    words,
)
from nashscape.theory.peer_directions import PeerDirections

Floats = npt.NDArray[np.float64]

LOOKS = {
    "raises": Look(TARGETS[0]),
    "lowers": Look(TARGETS[5], "\\\\\\\\", "#5A2600"),
    "both": Look(TARGETS[3], "xxxx"),
    "zero": Look("#B8B8B8"),
    "undecided": UNDECIDED,
}
MEANINGS = {
    "raises": "raises the logit of the first action at every interior profile",
    "lowers": "lowers the logit of the first action at every interior profile",
    "both": "raises the logit of the first action at some profiles and lowers it at others",
    "zero": "is zero at every profile",
    "undecided": "was not proved to have one sign, or both",
}
SHORT = {
    "raises": "raises the first action everywhere",
    "lowers": "lowers the first action everywhere",
    "both": "either way, by the profile",
    "zero": "does nothing",
    "undecided": "not decided",
}
LARGEST = 1e100
"""Bounds that can be drawn; of numbers near the largest doubles no axis can be made."""


@on_paper
def peer_directions_figure(found: PeerDirections, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What the peer term of every player is between, over all interior profiles, and which sign that proves.

    A bar is the range of `f_i`, or bounds of it, which has the sign of the term; its end next to zero is the margin.
    Beside it, for players of whom it has both signs, are a profile at which the term raises the logit of the first
    action and one at which it lowers it, as the probabilities of first actions.

    Args:
        found: what `peer_direction` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else, and for bounds beyond what can be drawn.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import peer_direction
        >>> (axes,) = peer_directions_figure(peer_direction(games.prisoners_dilemma())).axes
        >>> axes.get_yticklabels()[0].get_text()
        'player 1 lowers\\nmargin 3'
    """
    only(found, PeerDirections, "peer_direction")
    if not (np.abs([found.low, found.high]) < LARGEST).all():
        raise InputError("the bounds of the peer term are too large to draw; divide the payoffs by a number")
    seen = [(i, profiles) for i, profiles in enumerate(found.witnesses) if profiles is not None]
    n = len(found.players)
    wide, tall = 1.2 + 0.6 * n, 2.2 + max(0.55 * n, 0.6 * len(seen))
    figure, [panels] = canvas(
        1, 1 + bool(seen), 6.4 + (wide + 1.2 if seen else 0.0), tall, width_ratios=[5.0, wide] if seen else [1.0]
    )
    _ranges(panels[0], found)
    if seen:
        _profiles(panels[1], found, seen)
    head(figure, _finding(found) if title is None else title)
    verdicts = [verdict for verdict in LOOKS if verdict in found.verdicts]
    key(figure, [handle(LOOKS[verdict], f"{verdict}: the peer term {MEANINGS[verdict]}") for verdict in verdicts])
    return figure


def _finding(found: PeerDirections) -> str:
    """Which way the term moves whom."""
    whom = {
        verdict: ", ".join(name for name, own in zip(found.players, found.verdicts, strict=True) if own == verdict)
        for verdict in dict.fromkeys(found.verdicts)
    }
    if len(whom) == 1:
        whom = dict.fromkeys(whom, "all players")
    return f"peer-learning in {found.game}: {'; '.join(f'{SHORT[own]} for {names}' for own, names in whom.items())}"


def _ranges(axes: Axes, found: PeerDirections) -> None:
    bare(axes)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    names = []
    for i, verdict in enumerate(found.verdicts):
        low, high, style = found.low[i], found.high[i], LOOKS[verdict]
        axes.barh(i, high - low, left=low, height=0.5, color=style.colour, hatch=style.hatch, edgecolor=style.ink)
        if verdict not in ("both", "undecided"):
            # the end next to zero, which is all that there is of a range of one number
            axes.plot([np.clip(0.0, low, high)], [i], "o", color=style.colour, markeredgecolor=INK, markersize=5)
        names.append(f"{found.players[i]} {_said(found, i)}")
    axes.set_yticks(range(len(names)), names, fontsize=SMALL)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.use_sticky_edges = False
    axes.margins(x=0.06)
    words(axes, xlabel="peer term, per η sᵢ Σⱼ sⱼ² (squared payoff units)")


def _said(found: PeerDirections, i: int) -> str:
    verdict = found.verdicts[i]
    if verdict in ("raises", "lowers"):
        return f"{verdict}\nmargin {found.margins[i]:.4g}"
    if verdict == "undecided":
        return f"undecided\nat {percent(found.open_share[i])} of profiles"
    return verdict


def _profiles(axes: Axes, found: PeerDirections, seen: list[tuple[int, Floats]]) -> None:
    """A table of probabilities, with two rows for each player with both signs."""
    table = np.concatenate([profiles for _, profiles in seen])
    colours = colormaps[SEQUENTIAL]
    axes.imshow(table, cmap=colours, vmin=0.0, vmax=1.0, aspect="auto", interpolation="nearest")
    for (row, column), p in np.ndenumerate(table):
        axes.text(
            column, row, percent(p), ha="center", va="center", fontsize=SMALL - 1, color=contrast(to_hex(colours(p)))
        )
    names = [f"{found.players[i]} {which}" for i, _ in seen for which in ("raised", "lowered")]
    axes.set_yticks(range(len(names)), names, fontsize=SMALL)
    axes.set_xticks(range(table.shape[1]), [str(1 + j) for j in range(table.shape[1])])
    axes.tick_params(length=0)
    words(axes, title="profiles that show both signs", xlabel="probability of the first action, by player")
    axes.tick_params(labelsize=SMALL)
