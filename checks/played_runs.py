"""Made-up runs of a game that is only played, as if three players had learned there: nothing is trained."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import nashscape as ns
from nashscape.core import Status, record
from nashscape.dynamics import Behaviour, behaviour
from nashscape.dynamics.playing.running import Seen, judged

PLAYERS = ("red", "blue", "green")
SHARE = "share of C"
GOALS = (behaviour("trust", SHARE, at_least=0.7, of="least"), behaviour("betrayal", SHARE, at_most=0.2))


class Game:
    """What judging behaviour asks of a game."""

    name, players = "played by hand", PLAYERS


def entry_of(
    means: Mapping[str, Any],
    told: Mapping[str, Any],
    updates: Sequence[int],
    *,
    rule: str = "ppo",
    goals: Sequence[Behaviour] = GOALS,
    **more: Any,
) -> Any:
    """The entry of runs of which this was seen: means of measures `[N, M, …]`, and what the rule told `[N, M, 3]`."""
    shown = {name: np.asarray(own, float) for name, own in means.items()}
    errors = {name: np.full_like(own, 0.01) for name, own in shown.items()}
    greedy = {name: own[:, -1] for name, own in shown.items()}
    said = {name: np.asarray(own, float) for name, own in told.items()}
    runs = len(shown["return"])
    seen = Seen(np.asarray(updates), shown, errors, greedy, said, np.zeros((runs, 2)))
    made, endings = judged(Game, goals, seen)
    given: dict[str, Any] = {
        "status": Status.COMPLETE,
        "provenance": record("entry", {"players": PLAYERS, "targets": list(goals), "rule": rule}, seed=0),
        **more,
    }
    return ns.selection.Entry(
        game="meadow", rule=rule, targets=tuple(goal.name for goal in goals), labels=made.codes, held=made.held,
        first_hit=endings.first_hit, exact=False, at_random=True, level=0.95, reduced=endings.reduced, **given,
    )  # fmt: skip


def trained(runs: int = 10, moments: int = 8) -> dict[str, Any]:
    """Three arms: one learns to take all, one with a correction that fades learns to share, one does so in part."""
    random = np.random.default_rng(5)
    time = np.linspace(0.0, 1.0, moments)[:, None]
    updates = np.arange(1, moments + 1) * 50
    made = {}
    for name, turn, scale in (("ppo", 0.0, None), ("ppo:peer=1.5", 0.9, 0.4), ("ppo:peer=0.1", 0.35, 0.02)):
        sharing = (random.random((runs, 1, 1)) < turn) * 1.2 - 0.5
        share = np.clip(0.45 + sharing * time + random.normal(0, 0.05, (runs, moments, 3)), 0, 1)
        means = {"return": 10 * share + random.normal(0, 0.5, share.shape), SHARE: share,
                 "rounds": np.full((runs, moments), 20.0)}  # fmt: skip
        told = {"entropy": 0.7 - 0.5 * time + np.zeros_like(share)}
        if scale is not None:
            told["peer"] = scale * np.exp(random.normal(0, 0.4, share.shape)) * (1 - 0.8 * time)
        made[name] = entry_of(means, told, updates.tolist(), rule=name)
    return made


def trained_with_two() -> dict[str, Any]:
    """Two arms with two corrections, one of which is handed off to 0 in the end."""
    made = {}
    for seed, (name, size) in enumerate((("meta_mapg", 0.1), ("lola", 2.0))):
        random = np.random.default_rng(seed)
        length = np.exp(random.normal(0, 0.3, (6, 5, 3)))
        fading = np.array([1.0, 0.6, 0.2, 0.0, 0.0])[:, None]
        told = {"own": size * length * fading, "lookahead": 3 * size * length[::-1]}
        made[name] = entry_of(
            {"return": seed + random.normal(0, 0.3, (6, 5, 3))}, told, [20, 40, 60, 80, 100], rule=name, goals=()
        )
    return made
