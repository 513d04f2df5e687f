"""From what is typed to what the library takes."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nashscape.core import InputError

if TYPE_CHECKING:
    from nashscape.dynamics import Starts
    from nashscape.games import DenseGame
    from nashscape.learning import Box, Estimator, Rule

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
FILE_KEYS = ("payoffs", "actions", "players", "name")


def number(text: str, what: str) -> float:
    """A number from text, whole ones as `int`."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise InputError(f"{what} must be a number; got {text!r}")


def pairs(entries: Sequence[str], what: str, *, texts: bool = False) -> dict[str, Any]:
    """Numbers by name from entries such as "T=2.5"; with `texts`, what is no number stays a text."""
    found: dict[str, Any] = {}
    for entry in entries:
        key, sign, value = entry.partition("=")
        if not sign or not key.strip():
            raise InputError(f"{what} is written KEY=VALUE, as T=2.5; got {entry!r}")
        if key.strip() in found:
            raise InputError(f"{what} {key.strip()!r} is given twice")
        is_text = texts and re.fullmatch(NUMBER, value.strip()) is None
        found[key.strip()] = value.strip() if is_text else number(value.strip(), f"{what} {key.strip()!r}")
    return found


def game(name: str, parameters: Sequence[str]) -> "DenseGame":
    """The named game with its parameters, or the game in a JSON file."""
    from nashscape.games import by_name

    chosen = pairs(parameters, "parameter", texts=True)
    path = Path(name)
    if path.suffix.lower() != ".json" and not path.is_file():
        return by_name(name, **chosen)
    if chosen:
        raise InputError("parameters (--set) belong to named games; a payoff file has none")
    return game_from_file(path)


def game_from_file(path: Path) -> "DenseGame":
    """The game whose payoffs are in a JSON file."""
    from nashscape.games import dense

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is not JSON: {error.msg} in line {error.lineno}") from error
    if not isinstance(content, dict) or "payoffs" not in content:
        raise InputError(f'{path} must hold an object {{"payoffs": …}}')
    for key in content:
        if key not in FILE_KEYS:
            raise InputError(f"{path} has an unknown entry {key!r}; the entries are {', '.join(FILE_KEYS)}")
    for key in ("actions", "players"):
        if not isinstance(content.get(key, []), list):
            raise InputError(f"{key} in {path} must be a list; got {content[key]!r}")
    name = str(content.get("name", path.stem))
    return dense(content["payoffs"], actions=content.get("actions"), players=content.get("players"), name=name)


def rule(text: str) -> "Rule":
    """A rule from "meta_mapg:peer=2,own=0.35"."""
    from nashscape.learning import rule_by_name

    name, _, coefficients = text.partition(":")
    entries = [entry for entry in coefficients.split(",") if entry.strip()]
    return rule_by_name(name.strip(), **pairs(entries, f"coefficient of {name.strip()}"))


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
    from nashscape.learning import box, unbounded

    if text is None:
        return None
    return unbounded() if text.strip().lower() in ("none", "unbounded") else box(number(text, "bound"))


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
