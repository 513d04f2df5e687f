"""`nashscape phase`: how learning ends over a coupling of players of open source, and a payoff."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.errors import INTERRUPTED
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nashscape.selection import PhaseDiagram
    from nashscape.semantics import ParametricGame

COUNT = 31
CANONICAL = "0,0.25,0.5,0.75,1,1.25"


def phase(
    game: Annotated[
        str | None,
        typer.Argument(metavar="[GAME]", show_default=False, help="Name of a one-shot game, or a JSON file."),
    ] = None,
    coupling: Annotated[
        str | None,
        typer.Option(
            metavar="VALUES",
            show_default=False,
            help=f"Couplings κ: FROM:TO:COUNT, equally spaced with both ends ({COUNT} without COUNT), or a list as "
            f"0,0.5,1. Default: 0:1.5, or {CANONICAL} with --canonical.",
        ),
    ] = None,
    vary: Annotated[
        str | None,
        typer.Option(
            metavar="KEY=VALUES", show_default=False, help="A parameter of the game and its values, as T=3.2:6:61."
        ),
    ] = None,
    canonical: Annotated[
        bool, typer.Option("--canonical", help="All symmetric games of two players and two actions that have names.")
    ] = False,
    set_: options.Parameters = options.NOTHING,
    rule: Annotated[str, told("rule", "phase_diagram", metavar="RULE")] = default("rule", "phase_diagram"),
    starts: Annotated[str | None, told("starts", "phase_diagram", metavar="STARTS", show_default=False)] = None,
    n: Annotated[int | None, told("n", "phase_diagram", "--n", metavar="N", show_default=False)] = None,
    grid: Annotated[int | None, told("grid", "phase_diagram", metavar="G", show_default=False)] = None,
    steps: Annotated[int, told("steps", "phase_diagram", metavar="T")] = default("steps", "phase_diagram"),
    step_size: options.StepSize = options.STEP_SIZE,
    target: options.Targets = options.NOTHING,
    threshold: options.Threshold = options.THRESHOLD,
    bound: options.Bound = None,
    seed: options.Seed = options.SEED,
    precision: options.Precision = options.PRECISION,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Measure how runs end where players read each other's parameters, z_i = θ_i + κ Σ θ_j, for many couplings κ.

    With --vary, over a parameter of the game as well. For symmetric games of two players and two actions the
    thresholds of closed forms stand beside what is measured: κ_D, κ_C and κ_½ are about the diagonal, the global
    threshold about all starts where nothing bounds the parameters.

    \b
    Examples
      nashscape phase donation --coupling 0:1.5
      nashscape phase prisoners-dilemma --coupling 0:1.5:61 --vary T=3.2:6:61 --bound unbounded --out phases/
      nashscape phase --canonical --out phases/
    """
    from nashscape.cli import machine, output, parsing
    from nashscape.core import keep_programs

    machine.use_every_core()
    _check(game, vary, set_, canonical)
    how: dict[str, Any] = {
        "rule": parsing.rule(rule),
        "starts": parsing.starts(starts),
        "n": n,
        "grid": grid,
        "steps": steps,
        "step_size": parsing.step_size(step_size),
        "targets": target or None,
        "threshold": threshold,
        "projection": parsing.projection(bound),
        "seed": seed,
        "precision": precision,
    }
    folder = output.folder(out)
    keep_programs()
    if canonical:
        from nashscape.cli.phase_output import canonical_games

        found = {
            name: _measured(_maker(name, [], None), coupling or CANONICAL, None, how) for name in canonical_games()
        }
    else:
        assert game is not None, "checked above"
        axis = None if vary is None else _vary(vary)
        found = {"phase": _measured(_maker(game, set_, axis), coupling or "0:1.5", axis, how)}
    _report(found, canonical, folder, as_json)
    if any(one.status.value == "interrupted" for one in found.values()):
        raise typer.Exit(INTERRUPTED)


def _report(found: "dict[str, PhaseDiagram]", canonical: bool, folder: Any, as_json: bool) -> None:
    from nashscape.cli import output, phase_output

    data = phase_output.canonical_data(found) if canonical else phase_output.data(found["phase"])
    if folder is not None:
        from nashscape.figures import phase_figure

        output.write(folder, {name: phase_figure(one) for name, one in found.items()}, data)
    if as_json:
        output.print_json(data)
    elif canonical:
        phase_output.print_canonical(found)
    else:
        phase_output.print_one(found["phase"])


def _measured(
    make: "Callable[..., ParametricGame]", coupling: str, axis: tuple[str, list[float]] | None, how: dict[str, Any]
) -> "PhaseDiagram":
    from nashscape.cli import progress
    from nashscape.selection import phase_diagram

    second: dict[str, Any] = {} if axis is None else {"parameter": axis[0], "values": axis[1]}
    how = {**how, "verdicts": _verdicts}
    with progress.progress_bar(1) as bar:
        return phase_diagram(make, _values(coupling), **second, **how, progress=bar)


def _verdicts(games: "Sequence[ParametricGame]", box: Any) -> "Mapping[str, Sequence[str]]":
    """Whether the corners of all first and of all second actions are program equilibria, where there is a box."""
    import numpy as np

    from nashscape.games import in_normal_form
    from nashscape.theory import boundary_tests

    bare: Any = games[0].game
    bound = float(np.max(box.high))
    one_each = set(games[0].sizes) == {1} and in_normal_form(bare)
    if not one_each or not np.isfinite(bound) or float(np.min(box.low)) != -bound:
        return {}
    corners = [bare.profile_name((action,) * len(bare.players)) for action in (0, 1)]
    return {corner: boundary_tests(games, corner, bound=bound).verdicts.tolist() for corner in corners}


def _check(game: str | None, vary: str | None, parameters: list[str], canonical: bool) -> None:
    from nashscape.core import InputError

    if canonical and (game is not None or vary is not None or parameters):
        raise InputError("--canonical takes all games as they are; leave the game, --vary and --set out")
    if not canonical and game is None:
        raise InputError("name a game, as in: nashscape phase donation, or ask for --canonical")


def _maker(name: str, parameters: list[str], axis: tuple[str, list[float]] | None) -> "Callable[..., ParametricGame]":
    """From a coupling, or a coupling and a value, to the game."""
    from nashscape.cli import parsing
    from nashscape.core import InputError, named_texts
    from nashscape.semantics import open_source

    if axis is None:
        bare = parsing.game(name, parameters)
        return lambda kappa: open_source(bare, kappa)
    from nashscape.games import by_name

    key, others = axis[0], named_texts.pairs(parameters, "parameter", texts=True)
    if key in others:
        raise InputError(f"{key} is the parameter that is varied; leave it out of --set")
    if name.lower().endswith(".json"):
        raise InputError("a payoff file has no parameters to vary; name a game")
    return lambda kappa, value: open_source(by_name(name, **others, **{key: value}), kappa)


def _vary(text: str) -> tuple[str, list[float]]:
    """Name and values from "T=3.2:6:61"."""
    from nashscape.core import InputError

    key, sign, values = text.partition("=")
    if not sign or not key.strip():
        raise InputError(f"--vary is written KEY=FROM:TO:COUNT, as T=3.2:6:61; got {text!r}")
    return key.strip(), _values(values)


def _values(text: str) -> list[float]:
    """Values from "0:1.5", "0:1.5:61" or "0,0.5,1"."""
    from nashscape.cli.sweep import chosen_values

    return chosen_values(f"{text}:{COUNT}" if text.count(":") == 1 else text)
