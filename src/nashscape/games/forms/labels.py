"""From labels in files to names of players and actions, which must differ, and from which profiles are written."""

from collections import Counter
from collections.abc import Sequence


def action_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of a player's actions from their labels, in the same order: an action is its place, whatever its label.

    A label that is a name stays as it is. Commas and slashes, by which profiles are separated, become semicolons and
    bars; a label that is empty, or that several actions have, gets the number of its action.

    >>> action_names(["up", "down"]), action_names(["", ""]), action_names(["call", "a/b", "call"])
    (('up', 'down'), ('1', '2'), ('call 1', 'a|b', 'call 3'))
    """
    return different([label.replace(",", ";").replace("/", "|").strip() for label in labels])


def player_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Names of players from their labels.

    >>> player_names(["Anna", ""]), player_names(["P", "P"])
    (('Anna', 'player 2'), ('P 1', 'P 2'))
    """
    return different([label or f"player {place}" for place, label in enumerate(labels, 1)])


def different(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels, those that are empty or occur several times with their number, from 1.

    >>> different(["", "a", "a", "a 2"])
    ('1', '2', '3', '4')
    """
    often = Counter(labels)
    made = tuple(
        label if label and often[label] == 1 else f"{label} {place}".strip() for place, label in enumerate(labels, 1)
    )
    return made if len(set(made)) == len(made) else tuple(str(place) for place in range(1, len(made) + 1))
