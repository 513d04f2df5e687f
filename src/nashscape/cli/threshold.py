"""`nashscape threshold`: the coupling at which selfish learners switch."""

from dataclasses import replace

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, SEARCHED, TOLD, Typed

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
      nashscape threshold chicken --at 0.3,0.6 --vary coupling=0:1.5 --out out/
      nashscape threshold prisoners-dilemma --coupling 0.5 --vary game:T=3.1:8
      nashscape threshold stag-hunt --vary peer --at 0.6,0.6
    """
    from nashscape.cli.varying import searched
    from nashscape.theory import threshold as find

    dial, low, high = searched(asked, asked["vary"])
    found = find(asked.game, low, high, dial=dial, rule=asked.get("rule"), **asked.how)
    if "bound" in asked:
        found = found.with_corners(asked["bound"])
    return Answer(found, {"threshold": found.plot})
