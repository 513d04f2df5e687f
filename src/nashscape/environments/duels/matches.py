"""Matches of a duel that are played frame by frame, and what there is to exploit in policies."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, positive_integer, record
from nashscape.core.calls import public
from nashscape.core.descriptions import describe, digest
from nashscape.environments.duels.duel_game import Duel
from nashscape.environments.duels.frame_data import Blow
from nashscape.environments.duels.match_results import DuelExploitability, DuelMatch
from nashscape.environments.duels.one_frame import DISTANCE, HEALTH, Contact, Integers, Stage

Floats = npt.NDArray[np.float64]


@public()
def duel_match(
    duel: Duel, left: Any, right: Any, *, names: Sequence[str] = ("left", "right"), seed: int = 0
) -> DuelMatch:
    """Play one duel between two policies, frame by frame.

    Args:
        duel: what is fought.
        left: policy of the left fighter, `[S, m]`, in its own view.
        right: that of the right one, in its own view.
        names: of both fighters.
        seed: of what is drawn: choices, and when the bell rings.

    Raises:
        InputError: for policies that are none of this duel, and names that are not two.

    Example:
        >>> from nashscape import environments
        >>> duel = environments.duel(health=1)
        >>> them = environments.duel_characters(duel)
        >>> match = duel_match(duel, them["grappler"], them["turtle"], names=["grappler", "turtle"])
        >>> match, match.events[-1]
        (<DuelMatch of grappler and turtle, 4 frames: grappler wins, 1:0>, ('', 'thrown'))
    """
    policies = [duel.policy(left, "the left policy"), duel.policy(right, "the right policy")]
    fighters = _two(names)
    seed = positive_integer(seed, "seed", at_least=0)
    frames, last, bell = _played(duel, policies, np.random.default_rng(seed))
    told, phases = duel.stage.doings.names, phases_of(duel.stage)
    states = np.array([*(frame.state for frame in frames), last])
    asked = {"duel": duel, "left": _short(policies[0]), "right": _short(policies[1]), "names": fighters}
    return DuelMatch(
        fighters=fighters,
        doings=tuple((told[frame.does[0]], told[frame.does[1]]) for frame in frames),
        phases=tuple((phases[frame.does[0]], phases[frame.does[1]]) for frame in frames),
        events=tuple((_event(frame.contact, 0), _event(frame.contact, 1)) for frame in frames),
        distances=states[:, DISTANCE],
        health=states[:, HEALTH],
        reach=(duel.stage.attack.reach, duel.stage.throw.reach),
        bell=bell,
        status=Status.COMPLETE,
        provenance=record("duel match", asked, seed=seed),
    )


@public()
def duel_exploitability(duel: Duel, policies: Mapping[str, Any]) -> DuelExploitability:
    """What the best response to each of some policies gets, and what they get of each other, all exactly.

    As both fighters are alike a duel is worth 0, so that this is by how much a policy falls short of a minimax policy.
    The best response knows the policy, and is the best of all, whatever it remembers.

    Args:
        duel: in which what one gets the other loses.
        policies: `[S, m]` each, by name.

    Raises:
        InputError: for rewards that are not zero-sum, no policies, and what is no policy of this duel.

    Example:
        >>> from nashscape import environments
        >>> duel = environments.duel(health=1)
        >>> them = environments.duel_characters(duel)
        >>> found = duel_exploitability(duel, {name: them[name] for name in ("rusher", "turtle", "mixer")})
        >>> found
        <DuelExploitability: turtle 0.941, rusher 0.980, mixer 0.980>
        >>> found.payoffs.round(2).tolist()[1]    # the turtle gets this of rusher, turtle and mixer
        [0.0, 0.0, -0.83]
    """
    if np.abs(duel.tables.paid.sum(axis=0)).max() > 1e-12:
        raise InputError('exploitability is of a duel where what one gets the other loses: take reward="result"')
    if not policies or not hasattr(policies, "items"):
        raise InputError("policies are given by name, one or more, as {'rusher': …}")
    checked = {str(name): duel.policy(own, f"the policy {name!r}") for name, own in policies.items()}
    each = list(checked.values())
    payoffs = np.zeros((len(each), len(each)))
    for i, own in enumerate(each):
        for j in range(i):
            payoffs[i, j] = duel.payoffs(own, each[j])[0]
            payoffs[j, i] = 0.0 - payoffs[i, j]
    return DuelExploitability(
        names=tuple(checked),
        payoffs=payoffs,
        exploitability=np.array([duel.best_response(own)[0] for own in each]),
        status=Status.COMPLETE,
        provenance=record(
            "duel exploitability", {"duel": duel, "policies": {name: _short(own) for name, own in checked.items()}}
        ),
    )


class _Frame(NamedTuple):
    state: Integers
    does: Integers
    contact: Contact


def _played(duel: Duel, policies: Sequence[Floats], random: np.random.Generator) -> tuple[list[_Frame], Integers, bool]:
    """The frames of a duel, the state at its end, and whether the bell has ended it."""
    stage, mirror = duel.stage, duel.tables.mirror
    numbers = {tuple(state): k for k, state in enumerate(duel.tables.states.tolist())}
    state, frames = duel.tables.states[:1], []
    while True:
        k = numbers.get(tuple(state[0].tolist()), 0)
        rows = (policies[0][k], policies[1][mirror[k]])
        # who cannot choose draws too, and that does not count
        actions = np.array([[random.choice(len(row), p=row / row.sum()) for row in rows]])
        does = stage.does(state, actions)
        frames.append(_Frame(state[0], does[0], stage.contact(does, state[:, DISTANCE])))
        state, _ = stage.frame(state, actions)
        if (state[:, HEALTH] == 0).any():
            return frames, state[0], False
        if random.random() >= duel.discount:
            return frames, state[0], True


def phases_of(stage: Stage) -> list[str]:
    """The phase of everything that a fighter may be doing, by its number."""
    told = {"in": "step", "out": "step", "raise": "start-up", "guard": "guard", "stun": "stun"}
    made = []
    for name in stage.doings.names:
        what, _, number = name.partition(" ")
        blows: dict[str, Blow] = {"attack": stage.attack, "throw": stage.throw}
        made.append(_of_blow(blows[what], int(number)) if what in blows else told.get(what, ""))
    return made


def _of_blow(blow: Blow, frame: int) -> str:
    if frame <= blow.start_up:
        return "start-up"
    return "active" if frame <= blow.start_up + blow.active else "recovery"


def _event(contact: Contact, k: int) -> str:
    """What happens to a fighter in a frame."""
    if contact.hit[0, k] or contact.guards[0, k]:
        return "hit" if contact.hit[0, k] else "guarded"
    if contact.thrown[0, k]:
        return "thrown"
    return "broke free" if contact.grabs[0].all() else ""


def _two(names: Sequence[str]) -> tuple[str, str]:
    found = tuple(map(str, names)) if not hasattr(names, "lower") else ()
    if len(found) != 2 or found[0] == found[1]:
        raise InputError(f"names are two different ones, of the left and the right fighter; got {names!r}")
    return found


def _short(policy: Floats) -> str:
    """A policy in a question: a digest, by which it is told from others."""
    return digest(describe(policy).data)
