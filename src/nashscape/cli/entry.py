"""`nashscape entry`: how often random starts reach a target."""

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked, by_rule, compared
from nashscape.cli.commands import command
from nashscape.cli.rows import BASELINE, PLAYED, RULES, TOLD, VARY


@command(
    "How often random starts reach a target.",
    "entry_probability", *PLAYED, RULES, BASELINE, VARY, *TOLD,
)  # fmt: skip
def entry(asked: Asked) -> Answer:
    """Estimate how often runs from random starts end in the first target, for several learning rules.

    All rules run from the same starts and with the same random numbers, so they
    are compared in pairs. The table gives the probability with its Wilson and its
    Clopper-Pearson interval (which never covers less than its level), the
    difference to the baseline, and the p-value of the exact McNemar test that
    there is none.

    \b
    Examples
      nashscape entry stag-hunt
      nashscape entry stag-hunt --estimator sampled:batch=384 --n 2000
      nashscape entry chicken --rule pg --rule lola:peer=2 --starts uniform:-3,3
      nashscape entry prisoners-dilemma --vary coupling=0:1:5
      nashscape entry donation --reading imperfect:coupling=0.6,noise=1
      nashscape entry played:game=stag-hunt --reading perceptrons:hidden=8 \\
        --rule a2c --estimator played:batch=32 --settling moments=4 \\
        --target "both hunt: share of C >= 0.8 of least"
    """
    from nashscape.selection import entry_probability

    _need_target(asked)
    entries, base = by_rule(asked, entry_probability)
    told = {"comparisons": compared(entries, base)}
    return Answer(entries, {"entries": entries.plot}, lambda: entries.table(baseline=base), told=told)


def _need_target(asked: Asked) -> None:
    from nashscape.core import InputError
    from nashscape.dynamics import choose_targets
    from nashscape.games.offers import has_plays
    from nashscape.semantics.parametric_game import bare

    game = asked.game
    if not choose_targets(game, asked["targets"]):
        played = has_plays(bare(game))
        wanted = "what has to be seen with --target 'wins: return >= 1'" if played else "a profile with --target"
        lacks = "usual targets" if played else "strict pure equilibrium to enter"
        raise InputError(f"{game.name} has no {lacks}; name {wanted}")
