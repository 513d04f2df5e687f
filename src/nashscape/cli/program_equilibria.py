"""`nashscape program-equilibria`: profiles of parameters from which no player gains by any other."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import COUPLING, GAME, SET, TOLD, Typed

if TYPE_CHECKING:
    from nashscape.theory import ExistenceReport, ProgramEquilibria


READ = replace(COUPLING, help="How strongly players read each other's parameters.", needed=True)
EXISTENCE = Typed("existence", "bool", False, "",
                  "Also test quasi-concavity, and find an equilibrium in mixed parameters.")  # fmt: skip


@command(
    "Parameters from which no player gains by any other.",
    "program_equilibria", GAME, SET, READ, EXISTENCE, *TOLD,
)  # fmt: skip
def program_equilibria(asked: Asked) -> Answer:
    """Find parametric program Nash equilibria of players of open source, z_i = θ_i + κ Σ θ_j, on a box.

    Every corner is tested against all deviations, near and far, with bounds that
    are proved; other stationary points are searched for and tested in the same
    way.

    \b
    Examples
      nashscape program-equilibria prisoners-dilemma --coupling 0.7 --bound 1
      nashscape program-equilibria donation --coupling 0.6 --bound 4 --existence
    """
    from nashscape.theory import existence_report
    from nashscape.theory import program_equilibria as find

    found = find(asked.game, **asked.how)
    own = {name: value for name, value in asked.how.items() if name in ("bound", "seed")}
    report = existence_report(asked.game, **own) if asked["existence"] else None
    figures = {"program_equilibria": found.plot} | ({} if report is None else {"existence": report.plot})
    return Answer(
        found,
        figures,
        lambda: _data(found, report, asked["coupling"]),
        lambda: _print(found, report, asked["coupling"]),
    )


def _data(found: "ProgramEquilibria", report: "ExistenceReport | None", coupling: float) -> dict[str, Any]:
    from nashscape.cli import output

    return {
        "command": "program-equilibria",
        "coupling": coupling,
        "found": found,
        "existence": report,
        "status": output.status_data(found.status),
    }


def _print(found: "ProgramEquilibria", report: "ExistenceReport | None", coupling: float) -> None:
    from nashscape.cli import output

    screen = output.console()
    rows = [_row(one) for one in (*found.equilibria, *found.rejected)]
    columns = ("profile", "parameters", "strategies", "payoffs", "equilibrium", "largest gain", "ascent")
    title = f"{found.game}, κ = {coupling:g}, parameters in [-{found.bound:g}, {found.bound:g}]"
    output.show(screen, title, columns, rows)
    screen.print(
        f"Corners are all there are; other points are those found. Within ε: gains up to {found.epsilon:.1e} at most."
    )
    if found.status.value != "complete":
        screen.print(f"{found.status.value}: {found.status.advice}")
    if report is None:
        return
    for own in report.players:
        screen.print(f"{own.player}: utility quasi-concave in the own parameter: {own.verdict}.")
    if report.mixed is None:
        screen.print("In mixed parameters an equilibrium exists; it is computed for two players only.")
        return
    for own, parameters, weights in zip(report.players, report.mixed.parameters, report.mixed.weights, strict=True):
        mixture = ", ".join(f"{t:.4f} ({w:.3f})" for t, w in zip(parameters, weights, strict=True))
        screen.print(f"{own.player} mixes parameters {mixture}.")
    screen.print(f"Against these mixtures nobody gains more than {report.mixed.epsilon:.2e} by any parameter (proved).")


def _row(one: Any) -> tuple[str, ...]:
    def numbers(values: Any) -> str:
        return ", ".join(f"{value:.4g}" for value in values)

    low, high = one.gain
    gain = f"{low:.4g}" if low > 0 else "0" if high <= 0 else f"≤ {high:.1e}"
    return (
        one.name or one.kind,
        numbers(one.theta),
        numbers(own.ravel()[0] for own in one.strategies),
        numbers(one.utilities),
        one.verdict,
        gain,
        "attracts" if one.attracting else "leaves",
    )
