"""Games of signalling in extensive form: one player knows something, and the other sees what it does."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_number
from nashscape.games.forms.trees.building import TreeNode, chance, decision, ending, extensive_game
from nashscape.games.forms.trees.tree_game import TreeGame

Paid = Callable[[str, str, str], tuple[Any, Any]]
"""What sender and receiver get, by type, signal and answer."""


def _signalling(
    types: Mapping[str, Fraction], signals: Sequence[str], answers: Sequence[str], paid: Paid, players: tuple[str, str],
    name: str,
) -> TreeGame:  # fmt: skip
    """Chance draws a type, the sender knows it and signals, the receiver sees the signal and answers."""

    def sending(kind: str) -> TreeNode:
        return decision(players[0], {
            signal: decision(players[1], {answer: ending(*paid(kind, signal, answer)) for answer in answers},
                             knows=signal)
            for signal in signals
        }, knows=kind)  # fmt: skip

    root = chance({kind: (share, sending(kind)) for kind, share in types.items()})
    return extensive_game(root, players=players, name=name)


@public()
def beer_quiche(strong: Any = "9/10") -> TreeGame:
    """Beer and quiche: who is looking for a duel sees what the other has for breakfast.

    The other is strong or weak. The strong like beer, the weak quiche, and what is liked is worth 1; no duel is worth
    2. Who looks for a duel gets 1 for one with the weak and for none with the strong, else 0. If the strong are more
    than half, pure equilibria are that all have beer and that all have quiche, with a duel after the other breakfast
    only; the second one asks to believe that who has beer is likely to be weak.

    Args:
        strong: the chance that the first player is strong.

    Raises:
        InputError: for chances that are not between 0 and 1.

    Example:
        >>> beer_quiche()
        <TreeGame beer_quiche: 2 players, 2+2 information sets, 8 plays>

    Source: Cho and Kreps (1987), Signaling games and stable equilibria.
    """
    share = _inside(strong, "strong")

    def paid(kind: str, breakfast: str, answer: str) -> tuple[int, int]:
        likes = (kind == "strong") == (breakfast == "beer")
        return likes + 2 * (answer == "leave"), int((kind == "weak") == (answer == "duel"))

    types = {"strong": share, "weak": 1 - share}
    return _signalling(types, ("beer", "quiche"), ("duel", "leave"), paid, ("guest", "challenger"), "beer_quiche")


@public()
def spence(
    productivities: Sequence[Any] = (1, 2), levels: Sequence[Any] = (0, "1/2", 1, "3/2", 2), *, able: Any = "1/2",
    wages: Sequence[Any] | None = None,
) -> TreeGame:  # fmt: skip
    """Education as a signal: who is able learns at less cost, and learning does nothing else.

    A worker has the lower or the higher productivity θ, chooses a level e of education, at a cost of e/θ, and gets a
    wage w: `w − e/θ`. Employers compete and pay what they expect the worker to be worth; here one employer stands for
    them, who gets `−(w − θ)²`, of which that is the best response.

    Args:
        productivities: the lower and the higher one, above 0.
        levels: of education, none below 0.
        able: the chance of the higher productivity.
        wages: to choose from, by default both productivities and what is expected before anything is seen.

    Raises:
        InputError: for productivities that do not rise from above 0, negative levels, and chances not between 0 and 1.

    Example:
        >>> spence(), spence().actions[1]
        (<TreeGame spence: 2 players, 2+5 information sets, 30 plays>, ('1', '1.5', '2'))

    Source: Spence (1973), Job market signaling; the reduced form as in Fudenberg and Tirole (1991), section 8.2.
    """
    worth = [exact_number(x, "a productivity") for x in productivities]
    if len(worth) != 2 or not 0 < worth[0] < worth[1]:
        raise InputError(f"productivities are two, and rise from above 0; got {list(map(str, worth))}")
    learnt = _labelled([exact_number(x, "a level") for x in levels], "levels")
    if min(learnt.values()) < 0:
        raise InputError(f"levels of education are not below 0; got {min(learnt.values())}")
    share = _inside(able, "able")
    expected = (1 - share) * worth[0] + share * worth[1]
    given = [worth[0], expected, worth[1]] if wages is None else [exact_number(x, "a wage") for x in wages]
    paying, kinds = _labelled(given, "wages"), {"less": worth[0], "more": worth[1]}

    def paid(kind: str, level: str, wage: str) -> tuple[Fraction, Fraction]:
        theta, w = kinds[kind], paying[wage]
        return w - learnt[level] / theta, -((w - theta) ** 2)

    types = {"less": 1 - share, "more": share}
    return _signalling(types, list(learnt), list(paying), paid, ("worker", "employer"), "spence")


@public()
def cheap_talk(types: int = 6, bias: Any = "1/20", messages: int = 3) -> TreeGame:
    """Talk that costs nothing: who knows would like the other to do a little more than the other would like itself.

    The type t is one of the n midpoints `(k + ½)/n`, with even chances. The sender gets `−(a − t − b)²`, the receiver
    `−(a − t)²`, where the action a is one of the `2n − 1` midpoints of intervals of types, so that it is a best
    response to any interval; both are called by how many times `1/(2n)` they are. Messages mean nothing by themselves:
    in one equilibrium nobody listens. In others the types are parted into intervals, of `n_1, n_2, …` types, and the
    message says in which it is: that is an equilibrium if and only if `4bn − 2 ≤ n_(k+1) − n_k ≤ 4bn + 2` for all k,
    which for many types is the rule of Crawford and Sobel.

    Args:
        types: how many, n.
        bias: b, not below 0.
        messages: how many, which is how many intervals there may be.

    Raises:
        InputError: for biases below 0, and numbers below one.

    Example:
        >>> cheap_talk()
        <TreeGame cheap_talk: 2 players, 6+3 information sets, 198 plays>

    Source: Crawford and Sobel (1982), Strategic information transmission, here on a grid.
    """
    n, b = positive_integer(types, "types"), exact_number(bias, "bias")
    count = positive_integer(messages, "messages")
    if b < 0:
        raise InputError(f"the bias is not below 0; got {b}")
    kinds = {str(2 * k + 1): Fraction(1, n) for k in range(n)}
    answers = [str(k) for k in range(1, 2 * n)]

    def paid(kind: str, message: str, answer: str) -> tuple[Fraction, Fraction]:
        apart = Fraction(int(answer) - int(kind), 2 * n)
        return -((apart - b) ** 2), -(apart**2)

    return _signalling(kinds, [f"m{k + 1}" for k in range(count)], answers, paid, ("sender", "receiver"), "cheap_talk")


def _inside(value: Any, name: str) -> Fraction:
    """A chance strictly between 0 and 1."""
    share = exact_number(value, name)
    if not 0 < share < 1:
        raise InputError(f"{name} is a chance between 0 and 1; got {share}")
    return share


def _labelled(values: list[Fraction], name: str) -> dict[str, Fraction]:
    """Numbers by what they are called."""
    made = {f"{float(x):g}": x for x in values}
    if not made or len(made) < len(values):
        raise InputError(f"{name} are one or more, all different; got {', '.join(map(str, values)) or 'none'}")
    return made
