"""`nashscape program-equilibria`: profiles of parameters from which no player gains by any other."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.theory import ExistenceReport, ProgramEquilibria


def program_equilibria(
    game: options.GameName,
    coupling: Annotated[float, typer.Option(metavar="κ", show_default=False, help="How strongly players read others.")],
    set_: options.Parameters = options.NOTHING,
    bound: Annotated[float, told("bound", "program_equilibria", metavar="M")] = default("bound", "program_equilibria"),
    starts: Annotated[int, told("starts", "program_equilibria", metavar="N")] = default("starts", "program_equilibria"),
    existence: Annotated[
        bool,
        typer.Option("--existence", help="Also test quasi-concavity, and find an equilibrium in mixed parameters."),
    ] = False,
    seed: options.Seed = options.SEED,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Find parametric program Nash equilibria of players of open source, z_i = θ_i + κ Σ θ_j, on a box.

    Every corner is tested against all deviations, near and far, with bounds that are proved; other stationary points
    are searched for and tested in the same way.

    \b
    Examples
      nashscape program-equilibria prisoners-dilemma --coupling 0.7 --bound 1
      nashscape program-equilibria donation --coupling 0.6 --bound 4 --existence --out programs/
    """
    from nashscape.cli import machine, output, parsing
    from nashscape.core import keep_programs

    machine.use_every_core()
    from nashscape.semantics import open_source
    from nashscape.theory import existence_report
    from nashscape.theory import program_equilibria as find

    chosen = parsing.game(game, set_)
    keep_programs()
    learners = open_source(chosen, coupling)
    folder = output.folder(out)
    found = find(learners, bound=bound, starts=starts, seed=seed)
    report = existence_report(learners, bound=bound, seed=seed) if existence else None
    data = {
        "command": "program-equilibria",
        "coupling": coupling,
        "found": found,
        "existence": report,
        "status": output.status_data(found.status),
    }
    if folder is not None:
        from nashscape.figures import existence_figure, program_figure

        pictures = {"program_equilibria": program_figure(found)}
        output.write(folder, pictures if report is None else {**pictures, "existence": existence_figure(report)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(found, report, coupling)


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
