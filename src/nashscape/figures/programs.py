"""Pictures of program equilibria: what deviations gain, equilibria on the box, mixtures of parameters."""

from typing import Any, Unpack

import numpy as np
from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, INK, SMALL, TARGETS, bare, words
from nashscape.theory.effective import EffectiveCoupling
from nashscape.theory.programs.boundary import BoundaryTest
from nashscape.theory.programs.existence import ExistenceReport
from nashscape.theory.programs.finding import ProgramEquilibria

STYLES = ("-", "--", ":", "-.")
MARKERS = {"yes": ("o", TARGETS[0]), "within ε": ("D", TARGETS[2]), "undecided": ("s", FAINT), "no": ("x", FAINT)}


@on_paper
def boundary_figure(test: BoundaryTest, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """What every player gains at every parameter of its range while all others stay, and the best deviation.

    Args:
        test: what `boundary_test` gave.
        title: of the figure; by default game, corner and verdict.
        **paper: `size` and `ax`, see `Paper`.
    """
    only(test, BoundaryTest, "boundary_test")
    figure, [[axes]] = canvas(1, 1, 5.2, 3.9)
    bare(axes)
    axes.axhline(0, color=INK, linewidth=0.8)
    for k, own in enumerate(test.players):
        if own.line.size:
            axes.plot(
                *own.line, STYLES[k % 4], color=TARGETS[k % 6], label=f"{own.player}: {own.verdict}", linewidth=1.5
            )
            axes.plot(own.deviation, [own.gain[0]], "o", color=TARGETS[k % 6], markersize=5)
        else:
            text = f"{own.player}: {own.verdict}, gains {own.gain[0]:.4g} in {own.deviation.size} parameters"
            axes.plot([], [], color=TARGETS[k % 6], label=text)
    where = test.corner or np.round(test.theta, 3).tolist()
    words(axes, xlabel="own parameter θ, others as they are", ylabel="gain (payoff units)")
    is_one = {"yes": "is a", "no": "is no"}.get(test.verdict, f"{test.verdict}: a")
    usual = f"{where} {is_one} program equilibrium of {test.game}, box ±{test.bound:g}"
    head(axes, usual if title is None else title)
    key(figure, columns=2)
    return figure


@on_paper
def program_figure(found: ProgramEquilibria, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Equilibria on the box, and the corners and stationary points that are none.

    Two players span the box; of more players every profile is a line across them.

    Args:
        found: what `program_equilibria` gave.
        title: of the figure; by default the game.
        **paper: `size` and `ax`, see `Paper`.
    """
    only(found, ProgramEquilibria, "program_equilibria")
    figure, [[axes]] = canvas(1, 1, 4.8, 4.7)
    bare(axes)
    shown: set[str] = set()
    for one in (*found.rejected, *found.equilibria):
        marker, colour = MARKERS[one.verdict]
        label = None if one.verdict in shown else {"yes": "equilibrium", "no": "none: a deviation gains"}.get(
            one.verdict, one.verdict
        )  # fmt: skip
        shown.add(one.verdict)
        options: dict[str, Any] = {"color": colour, "marker": marker, "markersize": 7, "label": label}
        if one.theta.size == 2:
            axes.plot(*one.theta, linestyle="none", **options)
            if one.attracting:
                axes.plot(*one.theta, "o", markersize=13, fillstyle="none", color=INK)
        else:
            axes.plot(1 + np.arange(one.theta.size), one.theta, linewidth=0.8, **options)
    two = all(one.theta.size == 2 for one in (*found.rejected, *found.equilibria))
    rings = "\n(in a ring: selfish ascent comes to it)" if two else ""
    reach = 1.08 * found.bound
    axes.set_ylim(-reach, reach)
    if two:
        axes.set_xlim(-reach, reach)
        words(axes, xlabel="parameter θ of player 1", ylabel="parameter θ of player 2")
    else:
        single = all(one.theta.size == one.utilities.size for one in (*found.rejected, *found.equilibria))
        words(axes, xlabel="player" if single else "parameter, player after player", ylabel="parameter θ")
    number = len(found.equilibria)
    usual = f"{number} program equilibri{'um' if number == 1 else 'a'} of {found.game}, box ±{found.bound:g}{rings}"
    head(axes, usual if title is None else title)
    key(figure, columns=2)
    return figure


@on_paper
def existence_figure(report: ExistenceReport, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """The mixtures of parameters of an ε-equilibrium; without one, the verdicts on quasi-concavity.

    Args:
        report: what `existence_report` gave.
        title: of the figure; by default game and ε.
        **paper: `size` and `ax`, see `Paper`.
    """
    only(report, ExistenceReport, "existence_report")
    figure, [[axes]] = canvas(1, 1, 5.2, 3.7)
    bare(axes)
    for k, own in enumerate(report.players):
        label = f"{own.player}: quasi-concave {own.verdict}"
        if report.mixed is None:
            axes.plot([], [], color=TARGETS[k % 6], label=label)
            continue
        shift = (k - 0.5) * 0.01 * report.bound
        axes.vlines(report.mixed.parameters[k] + shift, 0, report.mixed.weights[k], color=TARGETS[k], linewidth=3)
        axes.plot(report.mixed.parameters[k] + shift, report.mixed.weights[k], "os"[k], color=TARGETS[k], label=label)
    axes.set_xlim(-1.05 * report.bound, 1.05 * report.bound)
    axes.set_ylim(0, 1.05)
    words(axes, xlabel="parameter θ", ylabel="probability in the mixture")
    epsilon = "" if report.mixed is None else f"\nnobody gains more than {report.mixed.epsilon:.1e}"
    head(axes, f"mixed parameters in {report.game}{epsilon}" if title is None else title)
    key(figure, columns=2)
    return figure


@on_paper
def effective_figure(found: EffectiveCoupling, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Effective coupling and residual of every player: against p on the diagonal, else as bars.

    Args:
        found: what `effective_coupling` gave.
        title: of the figure; by default rule and game.
        **paper: `size` and `ax`, see `Paper`.
    """
    only(found, EffectiveCoupling, "effective_coupling")
    figure, [row] = canvas(1, 2, 8.4, 3.4)
    for axes, values, name in zip(
        row, (found.coupling, found.residual), ("effective coupling κ", "residual"), strict=True
    ):
        bare(axes)
        axes.axhline(0, color=FAINT, linewidth=0.8)
        if len(values) == 1:
            bars = axes.bar(1 + np.arange(values.shape[1]), values[0], color=TARGETS[0], width=0.5)
            axes.bar_label(bars, [f"{value:.3g}" for value in values[0]], padding=2, fontsize=SMALL, color=INK)
            axes.margins(y=0.15)
            axes.set_xticks(1 + np.arange(values.shape[1]))
            words(axes, xlabel="player", ylabel=name)
            continue
        p = found.strategies[0].reshape(len(values), -1)[:, 0]
        for k, own in enumerate(values.T):
            axes.plot(p, own, STYLES[k % 4], color=TARGETS[k % 6], label=f"player {k + 1}", linewidth=1.5)
        words(axes, xlabel="probability of the first action, all players", ylabel=name)
    if len(found.coupling) > 1:
        key(figure, columns=4)
    row[1].set_ylim(-0.02, 1.1)
    head(figure, _as_coupling(found) if title is None else title)
    return figure


def _as_coupling(found: EffectiveCoupling) -> str:
    """What coupling the rule amounts to."""
    low, high = float(np.nanmin(found.coupling)), float(np.nanmax(found.coupling))
    size = f"{low:.3g}" if np.isclose(low, high, rtol=1e-3, atol=1e-9) else f"{low:.3g} to {high:.3g}"
    return f"{found.rule} on {found.game} acts like a coupling of {size}"
