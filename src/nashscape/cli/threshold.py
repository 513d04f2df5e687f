"""`nashscape threshold`: the coupling at which selfish learners switch."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, SEARCHED, TOLD, Typed

if TYPE_CHECKING:
    from nashscape.theory import SymmetricThresholds, Threshold

VARIED = replace(SEARCHED, default="coupling")
CORNERS = Typed("bound", "float", None, "parameters (logits)", "Thresholds of the corners of [-M, M].",
                shape="M", several=True)  # fmt: skip


@command(
    "The value of a number at which learners switch.",
    "threshold", *PLAYED, VARIED, CORNERS, *TOLD, but=("low", "high", "dial", "parameter"),
)  # fmt: skip
def threshold(asked: Asked) -> Answer:
    """Find the coupling κ, or the value of another number, at which players turn to a joint action.

    Players learn by policy gradient and read each other's parameters, z_i = θ_i +
    κ Σ θ_j. For every game: the values at which the first step from given
    strategies changes direction, as brackets. Over the coupling of symmetric
    games of two players and two actions also the closed forms: of the diagonal,
    where both do the same; of how runs leave the diagonal; and the coupling from
    which every start ends in cooperation when nothing bounds the parameters. None
    of them stands for another.

    \b
    Examples
      nashscape threshold prisoners-dilemma
      nashscape threshold donation --set benefit=4 --bound 2 --bound 8
      nashscape threshold chicken --at 0.3,0.6 --vary coupling=0:1.5 --out chicken/
      nashscape threshold prisoners-dilemma --coupling 0.5 --vary game:T=3.1:8
      nashscape threshold stag-hunt --vary peer --at 0.6,0.6
    """
    from nashscape.cli.varying import dial_of, ends, split
    from nashscape.theory import threshold as find

    name, values = split(asked["vary"])
    low, high = ends(values)
    found = find(asked.game, low, high, dial=dial_of(asked, name), rule=asked.get("rule"), **asked.how)
    bounds = asked["bound"] or []
    return Answer(found, {"threshold": found.plot}, lambda: _data(found, bounds), lambda: _print(found, bounds))


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
