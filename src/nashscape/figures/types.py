"""Pictures of strategies of players with types: what every type does, bids over values with their closed form."""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nashscape.core import InputError
from nashscape.figures.given import only, or_several
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.theory.bayesian.results import BayesNashEquilibria, InterimGains, TypeProfile

Floats = npt.NDArray[np.float64]

LARGEST = 110.0
"""Area of the disc of an action that a type always plays, in points²; where there are many, less."""
SHOWN = 3
"""Equilibria that a picture shows."""
LEAST = 1e-3
"""Actions less likely are not drawn."""
MOST_TICKS = 9
LONGEST = 16
"""Letters of what a player plays that stand above its panel."""


@or_several
@on_paper
def interim_gains_figure(found: InterimGains, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every type of every player does: discs over types and actions, as large as the action is likely.

    Where types and actions are numbers, as values and bids are, they stand at their places, with a line through the
    mean action; of auctions with a closed form that is drawn too.

    Args:
        found: what `interim_gains` gave.
        title: of the figure; by default the game and the largest gain.
        **paper: `size` and `ax`, see `Paper`.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import interim_gains
        >>> game = games.auction("first price", values=[0, "1/2", 1], bids=[0, "1/4", "1/2"])
        >>> figure = interim_gains_figure(interim_gains(game, "0 0.25 0.5/0 0.25 0.5"))
        >>> [axes.get_title() for axes in figure.axes], figure.axes[0].get_xlabel()
        (['bidder 1', 'bidder 2'], 'type')
    """
    only(found, InterimGains, "interim_gains")
    usual = f"{found.game}: no type gains more than {found.largest:.2g}"
    return _drawn(found, [found.profile], usual if title is None else title)


@or_several
@on_paper
def bayes_nash_figure(
    found: BayesNashEquilibria,
    *,
    which: Sequence[int | str] | None = None,
    title: str | None = None,
    **paper: Unpack[Paper],
) -> Figure:
    """What every type does in equilibrium, a row of panels for each of a few equilibria.

    Args:
        found: what `bayes_nash_equilibria` gave.
        which: numbers or names of equilibria; by default the first three.
        title: of the figure; by default the game, and how many there are.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: where there are none.

    Example:
        >>> from nashscape import games
        >>> from nashscape.theory import bayes_nash_equilibria
        >>> game = games.auction("first price", values=[0, 1], bids=[0, "1/4", "1/2"])
        >>> len(bayes_nash_figure(bayes_nash_equilibria(game)).axes)      # two equilibria of two bidders
        4
    """
    only(found, BayesNashEquilibria, "bayes_nash_equilibria")
    shown = found.equilibria[:SHOWN] if which is None else [found[own] for own in which]
    if not shown:
        raise InputError("no equilibrium was found; there is nothing to draw")
    usual = f"{found.game}: {len(found)} Bayes–Nash equilibria, {found.said.split(',')[0]}"
    return _drawn(found, shown, usual if title is None else title)


def _drawn(found: InterimGains | BayesNashEquilibria, shown: Sequence[TypeProfile], title: str) -> Figure:
    n = len(found.players)
    figure, panels = canvas(len(shown), n, 0.6 + 2.5 * n, 0.6 + 2.3 * len(shown))
    for number, (one, row) in enumerate(zip(shown, panels.reshape(len(shown), n), strict=True), start=1):
        plays = one.name.split("/")
        for i, axes in enumerate(row):
            named = len(shown) > 1 and len(plays[i]) <= LONGEST
            form = None if found.closed_form is None else found.closed_form[i]
            _panel(axes, found.types[i], found.actions[i], one.strategies[i], form, TARGETS[i % len(TARGETS)])
            title_of = f"{found.players[i]}: {plays[i]}" if named else found.players[i]
            words(axes, title=title_of, xlabel="type" if number == len(shown) else "", ylabel="" if i else "action")
    handles = [Line2D([], [], linestyle="none", marker="o", color=FAINT, label="as large as likely")]
    if _numbers(found.types[0]) is not None and _numbers(found.actions[0]) is not None:
        handles.append(Line2D([], [], color=FAINT, label="mean action"))
    if found.closed_form is not None:
        handles.append(Line2D([], [], color=INK, linestyle="--", label="closed form, continuous values"))
    key(figure, handles, columns=3)
    head(figure, title)
    return figure


def _panel(
    axes: Axes, types: tuple[str, ...], actions: tuple[str, ...], played: Floats, form: Floats | None, colour: str
) -> None:
    bare(axes)
    xs, ys = _numbers(types), _numbers(actions)
    numeric = xs is not None and ys is not None
    across = xs if xs is not None else np.arange(len(types), dtype=np.float64)
    up = ys if ys is not None else np.arange(len(actions), dtype=np.float64)
    largest = LARGEST * min(1.0, (8 / max(played.shape)) ** 1.5)
    look: Any = {"marker": "o", "color": colour, "markeredgecolor": INK, "markeredgewidth": 0.4, "zorder": 3}
    for t, a in np.argwhere(played > LEAST):
        axes.plot([across[t]], [up[a]], markersize=float(np.sqrt(largest * played[t, a])), **look)
    if numeric:
        axes.plot(across, played @ up, color=FAINT, linewidth=1.0, zorder=2)
    if form is not None:
        axes.plot(across, form, color=INK, linestyle="--", linewidth=1.2, zorder=4)
    for axis, places, names, given in ((axes.xaxis, across, types, xs), (axes.yaxis, up, actions, ys)):
        if given is None or len(names) <= MOST_TICKS // 2:
            axis.set_ticks(places.tolist(), names, fontsize=SMALL)
    for limits, places in ((axes.set_xlim, across), (axes.set_ylim, up)):
        room = 0.12 * max(float(np.ptp(places)), 1.0 if len(places) == 1 else 0.0)
        limits(float(places.min()) - room, float(places.max()) + room)


def _numbers(names: Sequence[str]) -> Any:
    """The numbers that names are, None where they are words."""
    try:
        return np.array([float(own) for own in names])
    except ValueError:
        return None
