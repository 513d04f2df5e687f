"""The constants of the twenty environments, and what may be changed of them."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.errors import unknown
from nashscape.environments.coopetitions.coalition import Coalition
from nashscape.environments.coopetitions.rules import Idleness, Loyalty, Rule, Steadiness, Together
from nashscape.environments.coopetitions.standings import Agreement, Reciprocity, Reputation, Tiers

RULES: Mapping[str, Any] = {
    "idleness": Idleness, "steadiness": Steadiness, "together": Together, "loyalty": Loyalty, "coalition": Coalition,
    "reputation": Reputation, "tiers": Tiers, "agreement": Agreement, "reciprocity": Reciprocity,
}  # fmt: skip
LIMITS: Mapping[str, tuple[float, float]] = {
    "worth": (0.0, np.inf), "growth": (0.0, 1.0), "erosion": (0.0, 1.0), "harm": (0.0, 1.0), "recovery": (0.0, 1.0),
    "amplification": (0.0, np.inf), "sharpness": (0.0, np.inf), "trust": (0.0, 1.0), "damage": (0.0, 1.0),
}  # fmt: skip
"""Single numbers, and between which they lie."""
ARRAYS = ("endowment", "baseline", "share", "dependence", "synergy")
CHANGES = (*LIMITS, *ARRAYS)


@dataclass(frozen=True)
class Constants:
    """What one environment is made of.

    Attributes:
        players: names.
        numbers: arrays by name: `endowment`, `baseline`, `share` `[n]`; `dependence` `[n, n]`; `synergy` the two ends
            between which it is drawn, `[2]`; `bound` of the test by which it ends; and single ones.
        rules: extra parts.
        ends: the test by which an episode is terminated.
        limit: rounds after which it is cut off.
    """

    players: tuple[str, ...]
    numbers: Mapping[str, Any]
    rules: tuple[Rule, ...]
    ends: str
    limit: int


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """The constants by environment, as the file has them."""
    text = resources.files(__package__).joinpath("constants.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def names() -> tuple[str, ...]:
    """The names of the environments."""
    return tuple(table())


def constants(name: str, *, players: int | None, phase: str | None, changes: Mapping[str, Any]) -> Constants:
    """The constants of an environment, with changes.

    Raises:
        InputError: for an unknown environment, phase or number, and for numbers that do not fit.
    """
    given = _phased(name, _entry(name), phase)
    strange = [one for one in changes if one not in CHANGES and not (one == "visibility" and "tiers" in _rules(given))]
    if strange:
        raise unknown(f"number of {name}", strange[0], CHANGES)
    if "visibility" in changes:
        given["rules"]["tiers"]["visibility"] = finite_number(changes["visibility"], "visibility", low=0.0, high=1.0)
    n = _size(name, given, players)
    ends = given.get("ends", {"test": "never", "bound": 0.0})
    own = {one: changes.get(one, given.get(one)) for one in CHANGES}
    numbers = {one: np.float64(finite_number(own[one], one, low=low, high=high)) for one, (low, high) in LIMITS.items()}
    arrays = _arrays(own, n, star=given.get("star", False))
    rules = tuple(RULES[one](**_frozen(parts)) for one, parts in _rules(given).items())
    every: dict[str, Any] = {**numbers, **arrays, "bound": np.float64(ends["bound"])}
    return Constants(_players(given, n), every, rules, ends["test"], given["limit"])


def _entry(name: str) -> dict[str, Any]:
    if name not in table():
        raise unknown("environment of Coopetition-Gym", str(name), names())
    own = deepcopy(dict(table()[name]))
    return own if "like" not in own else _merged(_entry(own.pop("like")), own)


def _merged(one: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A table with another's entries over its own."""
    for key, value in other.items():
        one[key] = _merged(one[key], value) if isinstance(value, dict) and isinstance(one.get(key), dict) else value
    return one


def _phased(name: str, given: dict[str, Any], phase: str | None) -> dict[str, Any]:
    phases = given.pop("phases", {})
    usual = given.pop("phase", None)
    if phase is not None and not phases:
        raise InputError(f"{name} has no phases; leave phase={phase!r} out")
    if not phases:
        return given
    chosen = usual if phase is None else phase
    if chosen not in phases:
        raise unknown(f"phase of {name}", str(chosen), phases)
    return _merged(given, phases[chosen])


def _rules(given: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    made: Mapping[str, dict[str, Any]] = given.get("rules", {})
    return made


def _frozen(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers of a rule: whole ones that are its structure as they are, others as arrays."""
    whole = ("rounds", "least", "away")
    return {key: own if key in whole else np.asarray(own, np.float64) for key, own in parts.items()}


def _size(name: str, given: Mapping[str, Any], players: int | None) -> int:
    if players is None:
        return int(given["players"])
    least = max(2, _rules(given).get("coalition", {}).get("least", 2))
    fixed = "agreement" in _rules(given) or not (given.get("star") or np.ndim(given["dependence"]) == 0)
    if fixed and players != given["players"]:
        raise InputError(f"{name} has {given['players']} players, and no other number; leave players={players!r} out")
    return positive_integer(players, "players", at_least=least)


def _arrays(own: Mapping[str, Any], n: int, *, star: bool) -> dict[str, np.ndarray]:
    """Endowments, baselines, shares, dependence and synergy, checked."""
    each = {one: finite_array(_each(own[one], n, star), one, shape=(n,)) for one in ("endowment", "baseline")}
    if (each["endowment"] <= 0).any() or (each["baseline"] < 0).any():
        raise InputError(f"endowments are above 0 and baselines not below; got {each}")
    share = np.full(n, 1 / n) if own["share"] is None else _shares(own["share"], n, star)
    needs = _dependence(own["dependence"], n, star)
    synergy = finite_array(np.broadcast_to(own["synergy"], 2), "synergy", shape=(2,))
    if synergy[0] < 0 or synergy[1] < synergy[0]:
        raise InputError(
            f"synergy is a number from 0 on, or the two ends between which it is drawn; got {own['synergy']}"
        )
    return {**each, "share": finite_array(share, "share", shape=(n,)), "dependence": needs, "synergy": synergy}


def _each(value: Any, n: int, star: bool) -> Any:
    """One number for all, one for each, or in a star the first one's and all others'."""
    if np.ndim(value) == 0:
        return np.full(n, value)
    return [value[0], *[value[1]] * (n - 1)] if star and len(value) == 2 else value


def _shares(value: Any, n: int, star: bool) -> Any:
    return [value[0], *[value[1] / (n - 1)] * (n - 1)] if star and len(value) == 2 else value


def _dependence(value: Any, n: int, star: bool) -> np.ndarray:
    if np.ndim(value) == 0:
        value = np.full((n, n), value) * (1.0 - np.eye(n))
    elif star and np.ndim(value) == 1 and len(value) == 2:
        made = np.zeros((n, n))
        made[0, 1:], made[1:, 0] = value
        value = made
    needs = finite_array(value, "dependence", shape=(n, n))
    if (needs < 0).any() or needs.diagonal().any():
        raise InputError("dependence is not negative, and nobody depends on itself: its diagonal is 0")
    return needs


def _players(given: Mapping[str, Any], n: int) -> tuple[str, ...]:
    if given.get("star"):
        return ("platform", *(f"developer {i}" for i in range(1, n)))
    return tuple(given.get("names", [f"player {i + 1}" for i in range(n)]))
