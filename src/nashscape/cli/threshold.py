"""`nashscape threshold`: the coupling at which selfish learners switch."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nashscape.cli import options
from nashscape.cli.options import told
from nashscape.core.options import default

if TYPE_CHECKING:
    from nashscape.theory import SymmetricThresholds, Threshold

NONE: list[float] = []
COUPLINGS = ":".join(f"{default(end, 'coupling_threshold'):g}" for end in ("low", "high"))


def threshold(
    game: options.GameName,
    set_: options.Parameters = options.NOTHING,
    coupling: Annotated[str, typer.Option(metavar="FROM:TO", help="The couplings between which to look.")] = COUPLINGS,
    at: Annotated[str | None, told("at", "coupling_threshold", metavar="P,Q", show_default=False)] = None,
    target: Annotated[str | None, told("target", "coupling_threshold", metavar="PROFILE", show_default=False)] = None,
    bound: Annotated[
        list[float],
        typer.Option(
            "--bound", metavar="M", show_default=False, help="Thresholds of the corners of [-M, M]. Repeatable."
        ),
    ] = NONE,
    out: options.Out = None,
    as_json: options.Json = False,
) -> None:
    """Find the coupling κ at which players who read each other's parameters turn to a joint action.

    Players learn by policy gradient with z_i = θ_i + κ Σ θ_j. For every game: the couplings at which the first step
    from given strategies changes direction, as brackets. For symmetric games of two players and two actions also the
    closed forms: of the diagonal, where both do the same; of how runs leave the diagonal; and the coupling from which
    every start ends in cooperation when nothing bounds the parameters. None of them stands for another.

    \b
    Examples
      nashscape threshold prisoners-dilemma
      nashscape threshold donation --set benefit=4 --bound 2 --bound 8
      nashscape threshold game.json --at 0.3,0.6 --coupling 0:1.5 --out threshold/
    """
    from nashscape.cli import machine, output, parsing
    from nashscape.core import keep_programs

    machine.use_every_core()
    from nashscape.theory import coupling_threshold

    chosen = parsing.game(game, set_)
    keep_programs()
    low, high = _range(coupling)
    folder = output.folder(out)
    found = coupling_threshold(chosen, low=low, high=high, at=None if at is None else parsing.start(at), target=target)
    data = _data(found, bound)
    if folder is not None:
        from nashscape.figures import threshold_figure

        output.write(folder, {"threshold": threshold_figure(found)}, data)
    if as_json:
        output.print_json(data)
    else:
        _print(found, bound)


def _range(text: str) -> tuple[float, float]:
    from nashscape.core import InputError, named_texts

    parts = text.split(":")
    if len(parts) != 2:
        raise InputError(f"--coupling is written FROM:TO, as 0:1.5; got {text!r}")
    low, high = (float(named_texts.number(part.strip(), "a coupling")) for part in parts)
    return low, high


def _data(found: "Threshold", bounds: list[float]) -> dict[str, Any]:
    from nashscape.cli import output

    closed = found.closed
    return {
        "command": "threshold",
        "threshold": found,
        "closed": None if closed is None else dict(_closed(closed)) | {"degenerate": closed.degenerate},
        "corners": [] if closed is None else [_corner(closed, bound) for bound in bounds],
        "status": output.status_data(found.status),
    }


def _closed(closed: "SymmetricThresholds") -> list[tuple[str, Any]]:
    return [
        ("kind", closed.kind),
        ("defection", closed.defection),
        ("cooperation", closed.cooperation),
        ("half", closed.half),
        ("leaving_the_diagonal", closed.leaving_the_diagonal()),
        ("global_threshold", closed.global_threshold),
    ]


def _corner(closed: "SymmetricThresholds", bound: float) -> dict[str, Any]:
    return {"bound": bound, **{name: closed.corner_thresholds(bound, name) for name in ("C", "D")}}


MEANING = {
    "defection": ("κ_D", "above it full defection is not first-order stable"),
    "cooperation": ("κ_C", "above it full cooperation is first-order stable"),
    "half": ("κ_½", "above it the first step from ½ is towards cooperation"),
    "leaving_the_diagonal": ("left at", "there runs near the mixture of the diagonal begin, or cease, to leave it"),
    "global_threshold": ("global", "above it every start ends in cooperation, without bounds"),
}
NOT = {
    "defection": "not defined: see below",
    "cooperation": "not defined: see below",
    "half": "not defined: see below",
    "leaving_the_diagonal": "the diagonal has no stable mixture, or the same transverse sign along all of it",
    "global_threshold": "the conditions under which it is known do not hold",
}


def _print(found: "Threshold", bounds: list[float]) -> None:
    from nashscape.cli import output
    from nashscape.theory.symmetric import KINDS

    screen = output.console()
    where = ", ".join(f"{own.ravel()[0]:g}" for own in found.strategies)
    rows = [
        (f"{one.middle:.10g}", f"± {one.width / 2:.0e}", "grows above it" if one.rises else "falls above it")
        for one in found.brackets
    ]
    title = f"{found.target} in {found.game}: where the first step from {where} turns, as brackets"
    screen.print(title)
    output.show(screen, "", (found.parameter, "", found.target), rows or [("none", "", "")], left=(found.target,))
    screen.print(f"{'Complete' if found.complete else 'Perhaps others'}: {found.promise}.")
    closed = found.closed
    if closed is None:
        return
    table = [
        (MEANING[key][0], output_number(value), NOT[key] if value in (None, ()) else MEANING[key][1])
        for key, value in _closed(closed)[1:]
    ]
    for bound in bounds:
        corner = _corner(closed, bound)
        table += [
            (f"{letter} of ±{bound:g}", output_number(corner[letter]), "first-order threshold of that corner")
            for letter in "CD"
        ]
    screen.print(f"\nOn the diagonal: {closed.kind}. {KINDS[closed.kind].capitalize()}.")
    output.show(screen, "", ("", "coupling", "meaning"), table, left=("meaning",))
    for line in closed.degenerate:
        screen.print(f"not defined: {line}")


def output_number(value: Any) -> str:
    """A number, brackets by their middles, or that there is none."""
    if value in (None, ()):
        return "none"
    return ", ".join(f"{one:.6g}" for one in ([value] if isinstance(value, float) else [one.middle for one in value]))
