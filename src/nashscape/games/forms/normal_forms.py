"""Games in which strategies have rows, written out in normal form: an action is a plan for all rows."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.games.forms.bayesian_reductions import of_types
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.forms.trees.reduced_forms import of_tree
from nashscape.games.offers import check_offers

WAYS: Mapping[str, Callable[[Any], DenseGame]] = MappingProxyType({"types": of_types, "tree": of_tree})
"""By what a game offers."""


@public()
def normal_form(game: Any) -> DenseGame:
    """The normal form of a Bayesian game or of one in extensive form: an action is a plan, exactly.

    Of types, a plan says what each type does, as "F O"; types of probability zero play their first action, so that what
    they do counts once. Its Nash equilibria are the Bayes–Nash equilibria. Of a tree it is the reduced normal form: a
    plan says what is done at each information set, in the order of the tree, and has a star where it never comes.

    Args:
        game: that offers types or a tree.

    Raises:
        InputError: for another game, and forms that are too large: more than 100,000 payoffs of types, 20,000 plans of
            one player of a tree or a million payoffs.

    Example:
        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2], bids=[1, 2])
        >>> normal_form(game).actions[0]
        ('1 1', '1 2', '2 1', '2 2')
        >>> normal_form(game).fractions[0, 1, 1]
        Fraction(1, 4)
        >>> normal_form(games.kuhn_poker()).shape
        (27, 64)

    Source: Harsanyi (1967); Kuhn (1953).
    """
    offers = check_offers(game)
    for one, way in WAYS.items():
        if one in offers:
            return way(game)
    raise InputError(
        f"a normal form is written of a game with types that players know ('types') or in extensive form ('tree'); "
        f"{game.name} offers {', '.join(map(repr, sorted(offers)))}"
    )
