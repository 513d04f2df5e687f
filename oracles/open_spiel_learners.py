"""CFR and CFR+ in games in extensive form against OpenSpiel's: NashConv of their averages after some rounds.

As in `open_spiel_populations`, OpenSpiel answers from a process of its own. Players are updated one after the other.
"""

from nashscape import learning
from nashscape.theory import tree_play
from oracles.compared import Comparison, Deviations
from oracles.open_spiel_populations import by_open_spiel
from oracles.open_spiel_trees import TREES
from oracles.problems import FULL, Amount

GAMES = ("kuhn_poker", "kuhn_poker(players=3)", "leduc_poker")
"""Not abrupt dark Hex: regrets tie there, and its doubles take rounding for a reason to prefer one of them."""

ROUNDS = (1, 3, 10, 30)
RULES = {"cfr": learning.cfr(order="sequential"), "cfr_plus": learning.cfr_plus()}
ROUNDING = 1e-10


def compare(amount: Amount = FULL) -> list[Comparison]:
    """The largest differences for both rules."""
    asked = GAMES if amount.games > 1 else GAMES[:1]
    theirs, version = by_open_spiel({"learners": list(asked), "rounds": list(ROUNDS)})
    made = []
    for name, rule in RULES.items():
        found = Deviations()
        for game in asked:
            ours = [tree_play(TREES[game](), rule, steps=rounds).nash_conv for rounds in ROUNDS]
            found.add(ours, theirs["learners"][game][name])
        made.append(
            found.comparison("open_spiel", version, f"NashConv of averages of {name}, {len(asked)} trees", ROUNDING)
        )
    return made
