"""The studies of the card, made of what its protocol says: who learns how in which game, and what counts as reached."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nashscape.core.interrupts import all_or_nothing
from nashscape.environments import coin_game
from nashscape.semantics import policy_network
from nashscape.studies import Study
from nashscape.systems.protocols import protocol_of

PROTOCOL = protocol_of("nashscape.systems.basin_entry_neural")
"""What was written down before the runs."""

Arms = dict[str, Any]
"""Results of arms, by name."""


def corrected(arms: Mapping[str, str], rounds: int) -> list[str]:
    """Rules of arms: PPO with coefficients, η divided by the rounds of an episode."""
    learners = PROTOCOL["learners"]
    return [f"{learners['rule']},inner_lr={learners['inner_lr'] / rounds:.6g},{own}" for own in arms.values()]


def played(name: str, arms: Mapping[str, str], n: int, seed: int) -> Study:
    """Arms of PPO in one game of the protocol.

    Args:
        name: of its part in the protocol.
        arms: coefficients of every arm, as text.
        n: first weights, the same for all arms.
        seed: of first weights and plays.
    """
    part = PROTOCOL[name]
    fixed = {key: part[key] for key in ("game", "semantics", "estimator", "settling", "targets", "steps")}
    return Study(
        f"networks-{name}",
        about="What networks that learn by PPO reach, with terms that look at the others and without.",
        seed=seed,
        fixed={**fixed, "n": n},
        vary=[{"rule": corrected(arms, part["rounds"])}],
        measure=["outcomes"],
    )


def of_steps(n: int, seed: int) -> Study:
    """Plain gradient steps of sampled terms in the repeated dilemma, by each rule of the protocol."""
    part = PROTOCOL["plain"]
    fixed = {key: part[key] for key in ("game", "semantics", "estimator", "settling", "targets", "steps", "step_size")}
    return Study(
        "networks-plain",
        about="What networks reach in the repeated dilemma by plain steps of the terms, from whole episodes.",
        seed=seed,
        fixed={**fixed, "n": n},
        vary=[{"rule": list(PROTOCOL["terms"].values())}],
        measure=["outcomes"],
    )


def without_noise(effort: str, seed: int) -> Study:
    """The same rules with exact terms in the Markov game that the coin game is."""
    from nashscape.dynamics import Settling, reducers

    part = PROTOCOL["coin-game-exact"]
    env = coin_game(egocentric=True)
    game, views = env.exact(), env.views
    assert game is not None, "it is small enough"
    assert views is not None, "as is what players see"
    seen = [np.asarray(own).reshape(len(own), -1) for own in views]
    return Study(
        "networks-coins-exact",
        about="Whose coins networks take that climb exact terms in the coin game.",
        seed=seed,
        fixed={
            "game": game, "semantics": policy_network(game, width=part["width"], depth=part["depth"], seen=seen),
            "starts": part["starts"], "steps": part["steps"][effort], "n": part["n"][effort],
            "optimiser": part["optimiser"],
            "settling": Settling(follow=False), "reducers": [reducers.last_profile()],
        },
        vary=[{"rule": list(PROTOCOL["terms"].values())}],
        measure=["reduced"],
    )  # fmt: skip


def results(study: Study, names: Iterable[str]) -> Arms:
    """The whole result of every rule of a study, under the names of the arms.

    Raises:
        RuntimeError: where one of them failed.
    """
    found: list[Any] = []
    with all_or_nothing():  # a part of the arms cannot be compared
        done = study.run(seen=lambda _, entry: found.append(entry))
    if done.failures:
        raise RuntimeError(f"{study.name}: {done.failures}")
    return dict(zip(names, found, strict=True))
