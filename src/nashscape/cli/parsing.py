"""From what is typed to what the library takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nashscape.core import InputError
from nashscape.core.named_texts import number, pairs

if TYPE_CHECKING:
    from nashscape.dynamics import Starts
    from nashscape.learning import Box, Estimator, Rule


def game(name: str, parameters: Sequence[str]) -> Any:
    """The game of a name with its parameters, of a payoff file, or of "mine.py:market"."""
    from nashscape.games.from_texts import game_from_text

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


def step_size(text: str) -> Any:
    """A step size from "0.3" or "0.9/(t+10)^0.24"."""
    from nashscape.learning import schedules

    return schedules.from_text(text)


def estimator(batch: int | None, unbiased: bool, leave_one_out: bool = False) -> "Estimator":
    """Exact terms, or terms from batches of plays."""
    from nashscape.learning import exact, sampled

    if batch is None:
        for name, given in {"--unbiased": unbiased, "--leave-one-out": leave_one_out}.items():
            if given:
                raise InputError(f"{name} is a way of sampling; give --batch as well")
        return exact()
    form, baseline = "unbiased" if unbiased else "published", "leave-one-out" if leave_one_out else None
    return sampled(batch, form=form, baseline=baseline)


def projection(text: str | None) -> "Box | None":
    """The box of the parameters from "8", or nothing that bounds them from "none"; the usual one where none is said."""
    from nashscape.learning.from_texts import projection_from_text

    return None if text is None else projection_from_text(text)


def starts(text: str | None) -> "Starts | None":
    """A distribution of starts from "normal:std=1.35" or "uniform:low=-3,high=3"; None where none is said."""
    from nashscape.dynamics.start_texts import starts_from_text

    return None if text is None else starts_from_text(text)


def start(text: str) -> list[Any]:
    """One strategy per player from "0.4,0.7", or with whole strategies "0.2,0.3,0.5; 0.1,0.1,0.8"."""
    if ";" not in text:
        return [number(part.strip(), "start") for part in text.split(",")]
    players = [[number(part.strip(), "start") for part in own.split(",")] for own in text.split(";")]
    return [own[0] if len(own) == 1 else own for own in players]
