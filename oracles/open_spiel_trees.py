"""Games in extensive form against OpenSpiel's: sizes, what uniform play pays, and what best responses to it gain.

As in `open_spiel_populations`, OpenSpiel answers from a process of its own.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import jax
import numpy as np

from nashscape import games
from oracles.compared import Comparison, Deviations
from oracles.open_spiel_populations import by_open_spiel
from oracles.problems import FULL, Amount

HEX = "dark_hex(board_size=2,gameversion={},obstype=reveal-nothing)"

TREES: Mapping[str, Callable[[], games.TreeGame]] = MappingProxyType(
    {
        HEX.format("adh"): lambda: games.dark_hex(rule="abrupt"),
        "kuhn_poker": games.kuhn_poker,
        "kuhn_poker(players=3)": lambda: games.kuhn_poker(3),
        "liars_dice(dice_sides=3)": lambda: games.liars_dice(3),
        "leduc_poker": games.leduc_poker,
        "leduc_poker(suit_isomorphism=True)": lambda: games.leduc_poker(suits=False),
        "liars_dice(dice_sides=4)": games.liars_dice,
        HEX.format("cdh"): games.dark_hex,
    }
)
"""By what it calls them. Its classical dark Hex tells players how many tries there were: sizes are not compared."""

ROUNDING = 1e-12


def compare(amount: Amount = FULL) -> list[Comparison]:
    """The largest differences of sizes, payoffs and best responses."""
    asked = dict(list(TREES.items())[: None if amount.games > 1 else 2])
    theirs, version = by_open_spiel({"trees": list(asked)})
    sizes, paid, best = Deviations(), Deviations(), Deviations()
    for name, make in asked.items():
        game, other = make(), theirs["trees"][name]
        if name != HEX.format("cdh"):
            sizes.add([*map(len, game.rows), game.n_plays], [*other["sets"], other["plays"]])
        with jax.enable_x64(True):
            uniform = game.uniform()
            paid.add(np.asarray(game.expected_payoffs(uniform)), other["paid"])
            best.add(np.asarray(game.best_values(uniform)), other["best"])
    return [
        sizes.comparison("open_spiel", version, "information sets and plays of trees", 0.0),
        paid.comparison("open_spiel", version, f"payoffs of uniform play, {len(asked)} trees", ROUNDING),
        best.comparison("open_spiel", version, "best responses to uniform play", ROUNDING),
    ]
