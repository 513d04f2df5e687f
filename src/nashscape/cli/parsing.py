"""From what is typed to what the library takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nashscape.core import InputError
from nashscape.core.named_texts import pairs

if TYPE_CHECKING:
    from nashscape.learning import Rule


def game(name: str, parameters: Sequence[str]) -> Any:
    """The game of a name with its parameters, of a payoff file, or of "mine.py:market"."""
    from nashscape.games.exchange.from_texts import game_from_text

    return game_from_text(name, pairs(parameters, "parameter", texts=True))


def rule(text: str) -> "Rule":
    """A rule from "meta_mapg:peer=2,own=0.35", or "mine.py:slow:rate=0.1"."""
    from nashscape.learning.from_texts import rule_from_text

    return rule_from_text(text)


def rules(texts: Sequence[str]) -> "list[Rule]":
    """Rules from their texts."""
    for text in texts:
        if texts.count(text) > 1:
            raise InputError(f"rule {text!r} is given twice")
    return [rule(text) for text in texts]


def baseline(text: str | None, made: "Sequence[Rule]") -> str:
    """The label of the baseline among the rules, the first one where none is named."""
    from nashscape.core import InputError, unknown
    from nashscape.learning.labels import rule_labels

    labels = rule_labels(made)
    if text is None or text in labels:
        return labels[0] if text is None else text
    name = text.partition(":")[0].replace("-", "_")
    if ":" not in text or name in labels:
        if name not in labels:
            raise unknown("baseline", text, labels)
        return name
    wanted = repr(rule(text))
    same = [label for label, one in zip(labels, made, strict=True) if repr(one) == wanted]
    if not same:
        raise InputError(f"the baseline {text!r} is none of the rules; they are {', '.join(labels)}")
    return same[0]
