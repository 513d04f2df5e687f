"""What is on screen, as plain data: a link holds a scene, and everything that is shown is computed of one.

Scenes come from links that somebody sends. A game or a rule is one of a list of names, everything else is a number
within bounds: nothing in a scene is executed, or opened as a path.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.calls import public

GAMES = (
    "stag_hunt", "prisoners_dilemma", "donation", "chicken", "harmony", "deadlock", "battle_of_the_sexes",
    "matching_pennies", "pure_coordination", "rock_paper_scissors", "shapley", "volunteers_dilemma",
    "discrete_public_good", "random_game", "random_common_interest", "random_zero_sum", "random_potential",
)  # fmt: skip
"""The games that can be chosen by name; besides them there are the 144 of the topology of 2×2 games, see `ORDINAL`."""

SEED = {"seed": (0, 999)}

FAMILIES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "donation": {"benefit": (0.0, 10.0), "cost": (0.0, 10.0)},
    "battle_of_the_sexes": {"preferred": (-5.0, 10.0), "other": (-5.0, 10.0), "apart": (-5.0, 10.0)},
    "rock_paper_scissors": {"win": (-5.0, 5.0), "lose": (-5.0, 5.0), "draw": (-5.0, 5.0)},
    "volunteers_dilemma": {"benefit": (0.0, 10.0), "cost": (0.0, 10.0)},
    "discrete_public_good": {"threshold": (1, 3), "benefits": (0.0, 10.0), "costs": (0.0, 10.0)},
    "random_game": SEED,
    "random_common_interest": SEED,
    "random_zero_sum": SEED,
    "random_potential": SEED,
}
"""The games that have numbers of their own, and between which each may be."""

ORDINAL = "ordinal:[1-4][1-6][1-6]"
"""How games of the topology are written: layer, row and column, as "ordinal:322"."""

RULES: Mapping[str, tuple[str, ...]] = {
    "pg": (),
    "meta_pg": ("own",),
    "peer_only": ("peer",),
    "meta_mapg": ("own", "peer"),
    "lookahead": ("lookahead",),
    "lola": ("peer", "lookahead"),
    "sos": (),
    "consensus": (),
    "sga": (),
}
"""The rules that can be chosen, with the coefficients that the page has for each."""

SCHEDULES = ("constant", "handoff", "decay")
"""What becomes of the peer coefficient λ during a run: it stays; ends after `until` updates; falls as λ/(t + 1)^.6."""

BOUNDS: Mapping[str, tuple[float, float]] = {
    "subsidy": (-10.0, 10.0),
    "coupling": (0.0, 2.0),
    "peer": (-2.0, 10.0),
    "own": (-2.0, 10.0),
    "lookahead": (-2.0, 10.0),
    "until": (1, 1000),
    "batch": (0, 4096),
    "steps": (10, 1000),
    "grid": (11, 101),
    "third": (0.0, 1.0),
}
"""Between which numbers each may be."""

MOST_PAYOFF = 1e6
"""The largest payoff: the differences of larger ones would be lost in what single precision resolves."""

WHOLE = ("until", "batch", "steps", "grid", "threshold", "seed")


@dataclass(frozen=True)
class Scene:
    """Everything that is on screen.

    Attributes:
        game: its name.
        numbers: its own, of a game of `FAMILIES`, as pairs of a name and a value; the others are as usual.
        payoffs: in place of those of the named game, `[n][a_1]…[a_n]`; None for its own.
        subsidy: what every player is paid besides for its first action, in the unit of payoffs.
        coupling: κ, how much players read each other's parameters; 0 for not at all.
        rules: one to four, a map each.
        peer: λ, coefficient of the peer term of rules that have one.
        own: μ, of own-learning.
        lookahead: of look-ahead.
        schedule: what becomes of λ, see `SCHEDULES`.
        until: updates after which it ends, with the schedule "handoff".
        batch: pairs of actions that are sampled for each update; 0 for exact updates.
        steps: updates of a run.
        grid: cells for each player.
        start: probabilities of the first action of every player, of the run that is drawn; None for no run.
        third: the third player's probability of its first action, in whose slice maps of three players are seen.

    Example:
        >>> Scene(rules=("pg",)).game
        'stag_hunt'
    """

    game: str = "stag_hunt"
    numbers: tuple[tuple[str, float], ...] = ()
    payoffs: Any = None
    subsidy: float = 0.0
    coupling: float = 0.0
    rules: tuple[str, ...] = ("pg", "meta_mapg")
    peer: float = 1.5
    own: float = 0.35
    lookahead: float = 1.0
    schedule: str = "constant"
    until: int = 40
    batch: int = 0
    steps: int = 140
    grid: int = 101
    start: tuple[float, ...] | None = None
    third: float = 0.5

    def to_dict(self) -> dict[str, Any]:
        """The scene as plain data, as links hold it: what is as usual is left out."""
        usual, own = asdict(Scene()), {**asdict(self), "numbers": dict(self.numbers)}
        return {name: value for name, value in own.items() if value != usual[name] and value != {}}


@public()
def scene_from_data(data: Any) -> Scene:
    """The scene of plain data, all of which is looked at: it may come from anybody.

    >>> scene_from_data({"game": "chicken", "rules": ["lola"], "peer": 2}).peer
    2.0
    >>> scene_from_data({"game": "mine.py:market"})
    Traceback (most recent call last):
    nashscape.core.errors.InputError: unknown game 'mine.py:market'. Known: ...

    Raises:
        InputError: for a key or a name that is unknown, and a number that is none, or out of bounds.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"a scene is a mapping from names to values; got {type(data).__name__}")
    names = [field.name for field in fields(Scene)]
    for key in data:
        if key not in names:
            raise unknown("part of a scene", str(key)[:40], names)
    read = {name: READERS[name](name, own) for name, own in data.items() if name != "numbers"}
    scene = Scene(**read, numbers=_numbers(read.get("game", Scene.game), data.get("numbers", {})))
    turned = any("peer" in RULES[name] for name in scene.rules)
    if scene.schedule == "handoff" and turned and scene.until >= scene.steps:
        # what is followed from the last update on would be followed with a λ that is about to end
        raise InputError(
            f"λ ends after {scene.until} updates, and runs have {scene.steps}: raise updates of a run, or end λ before"
        )
    return scene


def _numbers(game: str, given: Any) -> tuple[tuple[str, float], ...]:
    """The numbers of a game, in the order of its names."""
    own = FAMILIES.get(game, {})
    if not isinstance(given, Mapping):
        raise InputError(f"numbers of a game are a mapping from names to values; got {_short(given)}")
    for name in given:
        if name not in own:
            raise unknown(f"number of {game}", str(name)[:40], list(own))
    return tuple((name, _within(name, given[name], ends)) for name, ends in own.items() if name in given)


def _number(name: str, value: Any) -> float:
    return _within(name, value, BOUNDS[name])


def _within(name: str, value: Any, ends: tuple[float, float]) -> float:
    low, high = ends
    fits = type(value) in (int, float) and math.isfinite(value) and low <= value <= high
    if not fits:
        raise InputError(f"{name} is a number between {low:g} and {high:g}; got {_short(value)}")
    if name not in WHOLE:
        return float(value)
    if value != int(value):
        raise InputError(f"{name} is a whole number; got {_short(value)}")
    return int(value)


def _game(_: str, value: Any) -> str:
    name = value.replace("-", "_") if isinstance(value, str) else value
    if name in GAMES or (isinstance(name, str) and re.fullmatch(ORDINAL, name)):
        return str(name)
    if isinstance(name, str) and name.startswith("ordinal:"):
        raise InputError(f"games of the topology are ordinal:, layer (1–4), row and column (1–6); got {_short(value)}")
    raise unknown("game", str(value)[:40], GAMES)


def _rules(_: str, value: Any) -> tuple[str, ...]:
    several = isinstance(value, Sequence) and not isinstance(value, str) and 1 <= len(value) <= 4
    if not several or len(set(map(str, value))) < len(value):
        raise InputError(f"rules are one to four names, each once; got {_short(value)}")
    for own in value:
        if not isinstance(own, str) or own not in RULES:
            raise unknown("rule", str(own)[:40], list(RULES))
    return tuple(value)


def _schedule(_: str, value: Any) -> str:
    if value not in SCHEDULES:
        raise unknown("schedule", str(value)[:40], SCHEDULES)
    return str(value)


def _start(_: str, value: Any) -> tuple[float, ...] | None:
    if value is None:
        return None
    fits = isinstance(value, Sequence) and not isinstance(value, str) and 1 <= len(value) <= 3
    if not fits or not all(type(own) in (int, float) and 0 < own < 1 for own in value):
        raise InputError(f"a start has a probability between 0 and 1 for every player; got {_short(value)}")
    return tuple(map(float, value))


def _payoffs(_: str, value: Any) -> Any:
    """Nested tuples of numbers, whose shape is looked at where the game is made."""
    if value is None:
        return None
    if isinstance(value, list | tuple):
        if not 1 <= len(value) <= 5:
            raise InputError("payoffs are nested lists, [player][action of 1]…, with up to five actions")
        return tuple(_payoffs(_, own) for own in value)
    if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > MOST_PAYOFF:
        raise InputError(f"a payoff is a number between −10⁶ and 10⁶; got {_short(value)}; divide all by one number")
    return float(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


READERS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(BOUNDS, _number),
    "game": _game, "payoffs": _payoffs, "rules": _rules, "schedule": _schedule, "start": _start,
}  # fmt: skip
"""What looks at each part of a scene."""
