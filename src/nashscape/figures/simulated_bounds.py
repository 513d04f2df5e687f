"""Pictures of what simulation says beside a certificate in probability: starts, and the share that succeeded."""

from typing import Unpack

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nashscape.figures.given import only
from nashscape.figures.panels import first_probabilities
from nashscape.figures.paper import Paper, canvas, head, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.selection.maps.probable_coverages import SimulatedBound

SUCCESS, FAILURE, PROMISE = TARGETS[0], TARGETS[5], INK
HEIGHT = 4.0


@on_paper
def simulated_bound_figure(found: SimulatedBound, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The share of simulated runs that were in a trap, with its interval, against the probability that is certified.

    For two coordinates the starts are drawn beside it, circles where the run succeeded and crosses where it did not.
    The lower end of the interval is the bound; it is about the mean over such starts.

    Args:
        found: what `simulated_bound` gave.
        title: of the figure; by default the bound, and whether it contradicts the certificate.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, pg, sampled
        >>> from nashscape.proofs import certify_in_probability
        >>> from nashscape.selection import simulated_bound
        >>> proved = certify_in_probability(games.stag_hunt(), pg(), "DD", estimator=sampled(384), resolution=1 / 8)
        >>> figure = simulated_bound_figure(simulated_bound(proved, n=100))
        >>> [axes.get_ylabel() for axes in figure.axes]
        ['P(C) of player 2 at the start', 'share of runs in a trap of DD']
    """
    only(found, SimulatedBound, "simulated_bound")
    if found.starts.shape[1] == 2:
        figure, [[plane, share]] = canvas(1, 2, 6.6, HEIGHT, width_ratios=(1.0, 0.5))
        _starts(plane, found)
    else:
        figure, [[share]] = canvas(1, 1, 4.8, HEIGHT)
    _share(share, found)
    head(figure, _verdict(found) if title is None else title)
    return figure


def _starts(axes: Axes, found: SimulatedBound) -> None:
    bare(axes)
    good, bad = found.starts[found.success], found.starts[~found.success]
    axes.plot(
        *good.T, "o", color=SUCCESS, markersize=3.2, markeredgewidth=0.0, alpha=0.75, label=f"succeeded: {len(good)}"
    )
    # failures on top: they are the few that matter
    axes.plot(*bad.T, "x", color=FAILURE, markersize=4.5, markeredgewidth=1.1, label=f"failed: {len(bad)}", zorder=3)
    axes.set_box_aspect(1)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    if found.coordinates == "strategies":
        names = first_probabilities(found.question)
    else:
        names = [f"parameter {i + 1}" for i in range(2)]
    words(axes, xlabel=f"{names[0]} at the start", ylabel=f"{names[1]} at the start")
    axes.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=SMALL, frameon=False, labelcolor=INK,
        handletextpad=0.2,
    )  # fmt: skip


def _share(axes: Axes, found: SimulatedBound) -> None:
    bare(axes)
    one = found.simulated
    axes.plot([0, 0], [one.low, one.high], "-", color=SUCCESS, linewidth=2.6, solid_capstyle="butt")
    axes.plot([0], [one.value], "o", color=SUCCESS, markersize=7)
    # above both ends, since what is certified is written below its line
    for end, text, va, off in (
        (one.low, f"at least {one.low:.4f}", "bottom", 3),
        (one.value, f"{one.value:.4f}", "bottom", 2),
    ):
        axes.annotate(text, (0, end), xytext=(9, off), textcoords="offset points", va=va, fontsize=SMALL, color=INK)
    ends = [one.low, one.high]
    if found.promised is not None:
        axes.axhline(found.promised, color=PROMISE, linestyle="--", linewidth=1.2)
        axes.annotate(
            f"certified {found.promised:g}", (-0.95, found.promised), xytext=(0, -3), textcoords="offset points",
            va="top", fontsize=SMALL, color=PROMISE,
        )  # fmt: skip
        ends.append(found.promised)
    room = max(0.15 * (max(ends) - min(ends)), 0.01)
    low, high = min(ends) - 1.6 * room, max(ends) + room
    ticks = MaxNLocator(6).tick_values(low, high)
    axes.set_yticks([tick for tick in ticks if max(0.0, low) <= tick <= min(1.0, high)])
    axes.set_ylim(low, high)
    for end in (0.0, 1.0):
        if low < end < high:
            axes.axhline(end, color=FAINT, linewidth=0.8, zorder=1)
    axes.set_xlim(-1.0, 1.6)
    axes.set_xticks([0], [f"{int(found.success.sum())} of\n{len(found.success)} runs"], fontsize=SMALL)
    axes.tick_params(axis="x", length=0)
    words(axes, ylabel=f"share of runs in a trap of {found.target}")


def _verdict(found: SimulatedBound) -> str:
    bound = f"{found.target}: simulated at least {found.lower:.4f}, to {100 * found.level:g} % confidence"
    if found.promised is None:
        return f"{bound}\nnothing is certified of all of these starts"
    return f"{bound}\n{'CONTRADICTS' if found.contradicts else 'does not contradict'} the certified {found.promised:g}"
