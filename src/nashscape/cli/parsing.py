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
    """Rules from their texts; where one rule occurs twice, both are called by their texts."""
    for text in texts:
        if texts.count(text) > 1:
            raise InputError(f"rule {text!r} is given twice")
    made = [rule(text) for text in texts]
    names = [one.name for one in made]
    return [one if names.count(one.name) == 1 else one.renamed(text) for one, text in zip(made, texts, strict=True)]


def baseline(text: str | None, made: "Sequence[Rule]") -> str:
    """The name of the baseline among the rules, the first one where none is named."""
    from nashscape.core import unknown

    if text is None:
        return made[0].name
    names = [one.name for one in made]
    wanted = text if text in names else text.partition(":")[0].replace("-", "_")
    if wanted not in names:
        raise unknown("baseline", text, names)
    return wanted
