"""`nashscape program-equilibria`: profiles of parameters from which no player gains by any other."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import PLAYED, TOLD, Typed

EXISTENCE = Typed("existence", "bool", False, "",
                  "Also test quasi-concavity, and find an equilibrium in mixed parameters.")  # fmt: skip


@command(
    "Parameters from which no player gains by any other.",
    "program_equilibria", *PLAYED, EXISTENCE, *TOLD,
)  # fmt: skip
def program_equilibria(asked: Asked) -> Answer:
    """Find parametric program Nash equilibria of players who read each other, such as z_i = θ_i + κ Σ θ_j, on a box.

    Every corner is tested against all deviations, near and far, with bounds that
    are proved; other stationary points are searched for and tested in the same
    way.

    \b
    Examples
      nashscape program-equilibria prisoners-dilemma --coupling 0.7 --bound 1
      nashscape program-equilibria donation --coupling 0.6 --bound 4 --existence
    """
    from nashscape.core import InputError
    from nashscape.theory import existence_report
    from nashscape.theory import program_equilibria as find

    if "coupling" not in asked and "reading" not in asked:
        raise InputError("say how players read each other, as --coupling 0.7, or with --reading")
    found = find(asked.game, **asked.how)
    own = {name: value for name, value in asked.how.items() if name in ("bound", "seed")}
    report = existence_report(asked.game, **own) if asked["existence"] else None
    below = {} if report is None else {"existence": report}
    drawn = {name: one.plot for name, one in {"program_equilibria": found, **below}.items()}
    return Answer(found, drawn, below=below)
