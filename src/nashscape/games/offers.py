"""What games offer, by name. Whoever needs something of a game asks for it here, and nobody asks for a class.

pays     `expected_payoffs` and `regrets` of strategies of the shapes `strategy_shapes`
normal   `actions` by name and `action_values`: what every own action pays against the others' strategies
table    `to_dense()`: the payoffs of all pure profiles written out
rows     `actions`, and `rows` by name: states or information sets, with a mixed strategy in each
types    a prior of types: rows are types, and `interim_payoffs` says what actions pay who knows its own
tree     plays that end: `legal` actions of every row, `reach`, `counterfactual_values`, `plays`
chain    moves between states that are known: the attributes of `MarkovGame`
points   continuous actions: `sizes` and `bounds` of the coordinates that players choose
plays    an environment: `reset` and `step`, spaces of what players see and do; it may be all that there is
"""

from collections.abc import Mapping
from types import FunctionType, MappingProxyType
from typing import TYPE_CHECKING, Any

from nashscape.core import InputError, unknown
from nashscape.core.calls import public

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from nashscape.games.forms.bayesian_game import BayesianGame
    from nashscape.games.forms.differentiable_game import DifferentiableGame
    from nashscape.games.forms.markov_game import MarkovGame
    from nashscape.games.forms.trees.tree_game import TreeGame
    from nashscape.games.protocol import NormalForm, Rows, Table

BRINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pays": ("name", "players", "strategy_shapes", "payoff_range", "expected_payoffs", "regrets"),
        "normal": ("actions", "action_values"),
        "table": ("to_dense",),
        "rows": ("actions", "rows"),
        "types": ("types", "marginals", "interim_payoffs", "action_values", "exact_action_values", "fractions"),
        "tree": ("legal", "reach", "counterfactual_values", "action_values", "plays", "n_plays"),
        "chain": ("payoffs", "transitions", "successors", "initial", "discount", "horizon", "states", "n_states"),
        "points": ("sizes", "bounds"),
        "plays": (
            "name",
            "players",
            "observation_spaces",
            "action_spaces",
            "discount",
            "horizon",
            "reset",
            "step",
            "legal",
            "exact",
        ),
    }
)
"""What a game that offers something has."""

MEANS: Mapping[str, str] = MappingProxyType(
    {
        "pays": "that says what strategies pay",
        "normal": "in normal form, which says what every own action pays",
        "table": "whose payoffs can be written out for all profiles",
        "rows": "with a mixed strategy in every state or information set",
        "types": "with types that players know of themselves alone",
        "tree": "in extensive form, with moves one after another",
        "chain": "over states with known moves between them",
        "points": "with continuous actions",
        "plays": "that is played round by round, as an environment",
    }
)


@public()
def check_offers(game: Any) -> frozenset[str]:
    """What a game offers, where it has all that goes with it.

    >>> from nashscape import games
    >>> sorted(check_offers(games.stag_hunt())), sorted(check_offers(games.iterated_prisoners_dilemma()))
    (['normal', 'pays', 'table'], ['chain', 'pays', 'rows'])

    Raises:
        InputError: for what says nothing of what it offers, names what nobody knows, or lacks what goes with it.
    """
    if isinstance(game, type):
        raise no_game(game)
    if has_semantics(game):
        raise InputError(
            f"expected a bare game, got {game.game.name} with a semantics; take that away: the game alone is its .game"
        )
    try:
        # a text would be a set of letters
        offers = frozenset([game.offers] if isinstance(game.offers, str) else game.offers)
    except (AttributeError, TypeError):
        raise no_game(game) from None
    for one in sorted(offers):
        if one not in BRINGS:
            raise unknown("offer of a game", one, BRINGS)
        # looked up on the class, which evaluates no property
        missing = [name for name in BRINGS[one] if not hasattr(type(game), name) and name not in vars(game)]
        if missing:
            raise InputError(
                f"{type(game).__name__} says that it offers {one!r}, and has no {' and no '.join(missing)}"
            )
    if offers.isdisjoint({"pays", "plays"}):
        raise InputError(
            f"{type(game).__name__} offers {_listed(offers)}; a game that is learned in offers 'pays' or 'plays'"
        )
    return offers


def is_game(value: Any) -> bool:
    """Whether a value says that it is a game."""
    return hasattr(value, "offers")


def has_semantics(value: Any) -> bool:
    """Whether a value is a game with a semantics beside it."""
    return hasattr(value, "semantics") and is_game(getattr(value, "game", None))


def no_game(value: Any) -> InputError:
    """The error for what is no game and stands for none, with what it lacks and how to make one.

    It is returned, not raised, so that the `raise` stands where the game was wanted.

    >>> print(no_game(7))
    expected a game, got int; make one with nashscape.games.dense(payoffs) or take a named one such as
    nashscape.games.stag_hunt(); a game of your own says what it offers, as in offers = frozenset({"pays"}), one that is
    played by reset and step frozenset({"plays"}), see environments.Environment
    """
    if isinstance(value, type | FunctionType):
        kind = "class" if isinstance(value, type) else "function"
        return InputError(f"expected a game, got the {kind} {value.__name__}; call it, as in {value.__name__}()")
    if isinstance(value, str):
        return InputError(f"expected a game, got the text {value!r}; a game by name is games.by_name({value!r})")
    has = [name for name in BRINGS["pays"] if hasattr(value, name)]
    lacks = [name for name in ("offers", *BRINGS["pays"]) if not hasattr(value, name)]
    return InputError(
        f"expected a game, got {type(value).__name__}"
        + (f", which has {', '.join(has)} and no {', no '.join(lacks)}" if lacks and "expected_payoffs" in has else "")
        + "; make one with nashscape.games.dense(payoffs) or take a named one such as nashscape.games.stag_hunt(); a "
        'game of your own says what it offers, as in offers = frozenset({"pays"}), one that is played by reset and '
        'step frozenset({"plays"}), see environments.Environment'
    )


def payoff_array(game: Any) -> Any:
    """The payoffs `[n, a_1, …, a_n]` of a normal form that is kept as one array; else None."""
    return getattr(game, "payoffs", None) if in_normal_form(game) else None


@public()
def needs(game: Any, *wanted: str, to: str) -> None:
    """Refuse a game that does not offer what is needed.

    >>> from nashscape import games
    >>> needs(games.tandem(), "normal", to="certify")
    Traceback (most recent call last):
    nashscape.core.errors.InputError: to certify takes a game in normal form, which says what every own action pays
    ('normal'); tandem offers 'pays', 'points'

    Args:
        game: any.
        wanted: names of offers.
        to: what is to be done with the game, as a verb.

    Raises:
        InputError: which names what is missing and what there is.
    """
    offers = check_offers(game)
    for one in wanted:
        if one not in offers:
            hint = ""
            if one == "table" and "types" in offers:
                hint = "; games.normal_form writes it out, a plan for all types an action"
            if one == "plays" and not offers.isdisjoint(("normal", "chain", "points")):
                hint = "; environments.of_game plays it round by round, by name played:game=…"
            raise InputError(f"to {to} takes a game {MEANS[one]} ({one!r}); {game.name} offers {_listed(offers)}{hint}")


def _listed(offers: frozenset[str]) -> str:
    return ", ".join(map(repr, sorted(offers))) or "nothing"


@public()
def in_normal_form(game: Any) -> "TypeIs[NormalForm]":
    """Whether a game says what every own action pays."""
    return "normal" in _offered(game)


@public()
def has_table(game: Any) -> "TypeIs[Table]":
    """Whether the payoffs of a game can be written out."""
    return "table" in _offered(game)


@public()
def has_rows(game: Any) -> "TypeIs[Rows]":
    """Whether strategies of a game are rows of mixed strategies."""
    return "rows" in _offered(game)


@public()
def has_types(game: Any) -> "TypeIs[BayesianGame]":
    """Whether players have types, of which each knows its own."""
    return "types" in _offered(game)


@public()
def has_tree(game: Any) -> "TypeIs[TreeGame]":
    """Whether a game is in extensive form."""
    return "tree" in _offered(game)


@public()
def is_chain(game: Any) -> "TypeIs[MarkovGame]":
    """Whether a game moves between states in a known way."""
    return "chain" in _offered(game)


@public()
def has_points(game: Any) -> "TypeIs[DifferentiableGame]":
    """Whether players choose points."""
    return "points" in _offered(game)


@public()
def has_plays(game: Any) -> bool:
    """Whether a game is played round by round."""
    return "plays" in _offered(game)


@public()
def names_actions(game: Any) -> bool:
    """Whether players have finitely many actions, which have names."""
    return not {"normal", "rows"}.isdisjoint(_offered(game))


def _offered(game: Any) -> Any:
    """What a game says that it offers; nothing for what is no game."""
    return getattr(game, "offers", ())
