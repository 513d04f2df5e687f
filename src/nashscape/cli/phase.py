"""`nashscape phase`: how learning ends over a coupling of players of open source, and a payoff."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import COUPLING, GAME, READING, SET, TOLD, VALUES, VARY, Typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nashscape.selection import PhaseDiagram
    from nashscape.semantics import ParametricGame

COUNT = 31
"""Values of LOW:HIGH: cells of a diagram cost little beside each other."""

CANONICAL = "0,0.25,0.5,0.75,1,1.25"
ONE = replace(GAME, help="Name of a one-shot game, or a JSON file.", needed=False)
AXES = replace(
    VARY, several=True, default=("coupling=0:1.5",), shape="NAME=VALUES",
    help=f"{VALUES} Once or twice, for two axes; {COUNT} values without COUNT.",
)  # fmt: skip
ALL = Typed("canonical", "bool", False, "",
            f"All symmetric games of two players and two actions that have names, at {CANONICAL}.")  # fmt: skip


@command(
    "How learning ends over a coupling, and a second number.",
    "phase_diagram", ONE, SET, COUPLING, READING, AXES, ALL, *TOLD, but=("dial", "values", "parameter"),
)  # fmt: skip
def phase(asked: Asked) -> Answer:
    """Measure how runs end where players read each other's parameters, z_i = θ_i + κ Σ θ_j, for many couplings κ.

    Over another number, or two, with --vary. For symmetric games of two players
    and two actions the thresholds of closed forms stand beside what is measured:
    κ_D, κ_C and κ_½ are about the diagonal, the global threshold about all starts
    where nothing bounds the parameters.

    \b
    Examples
      nashscape phase donation --vary coupling=0:1.5
      nashscape phase prisoners-dilemma --vary coupling=0:1.5:61 \\
          --vary game:T=3.2:6:61 --projection none --out phases/
      nashscape phase stag-hunt --vary coupling=0:1:5 --vary peer=0:3:4
      nashscape phase --canonical --n 100 --out phases/
    """
    from nashscape.core import InputError
    from nashscape.selection.phases.tables import games_table

    canonical = asked["canonical"]
    if canonical and any(name in asked for name in ("game", "set", "coupling", "reading")):
        raise InputError("--canonical takes all games as they are; leave the game, --set and readings out")
    if not canonical and "game" not in asked:
        raise InputError("name a game, as in: nashscape phase donation, or ask for --canonical")
    if not canonical:
        found = _measured(asked, asked["vary"])
        return Answer(found, {"phase": found.plot})
    axes = asked.get("vary") or [f"coupling={CANONICAL}"]
    every = {name: _measured(asked.of(name), axes) for name in _canonical()}
    figures = {name: one.plot for name, one in every.items()}
    return Answer(every, figures, lambda: games_table(every), by="games")


def _measured(asked: Asked, axes: "Sequence[str]") -> "PhaseDiagram":
    from nashscape.cli.progress import progress_bar
    from nashscape.cli.varying import dial_of, spaced, split
    from nashscape.core import InputError
    from nashscape.selection import phase_diagram

    if len(axes) > 2:
        raise InputError(f"a phase diagram has one axis or two; got {len(axes)} of --vary")
    named = [split(one) for one in axes]
    dials = [dial_of(asked, name) for name, _ in named]
    values = [spaced(text, dial, COUNT) for (_, text), dial in zip(named, dials, strict=True)]
    how: dict[str, Any] = {**asked.how, "rule": asked.get("rule"), "verdicts": corner_verdicts}
    second = values[1] if len(values) == 2 else None
    with progress_bar(1) as bar:
        found: PhaseDiagram = phase_diagram(asked.game, values[0], dial=dials, values=second, progress=bar, **how)
    return found


def _canonical() -> list[str]:
    """The named games that are symmetric games of two players and two actions, as they are by default."""
    from nashscape.core import InputError
    from nashscape.games import NAMED
    from nashscape.theory import symmetric_thresholds

    found = []
    for name, make in NAMED.items():
        try:
            symmetric_thresholds(make())  # type: ignore[arg-type, unused-ignore]
        except InputError:
            continue
        found.append(name)
    return found


def corner_verdicts(games: "Sequence[ParametricGame]", box: Any) -> "Mapping[str, Sequence[str]]":
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
