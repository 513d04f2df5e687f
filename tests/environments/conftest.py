"""A duel played frame by frame by hand, written from the rules: nothing is taken from the tables of the library."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest


@dataclass(frozen=True)
class Fighter:
    """What one does: free, guarding, out, attack, throw or stun; since how many frames, or for how many more."""

    what: str = "free"
    count: int = 0
    health: int = 1

    @property
    def chooses(self):
        return self.what in ("free", "guarding")


def begun(own, action):
    """What a fighter does in this frame, and whether its guard is up."""
    if not own.chooses:
        return own, False
    if action == "guard":
        return replace(own, what="guard", count=0), own.what == "guarding"
    return replace(own, what=action, count=0), False


def is_active(own, name, blow):
    return own.what == name and blow.start_up <= own.count < blow.start_up + blow.active


def after(own, blows, met):
    """What follows where a fighter is left alone."""
    if own.what == "stun":
        return replace(own, what="stun", count=own.count - 1) if own.count > 1 else replace(own, what="free", count=0)
    if own.what == "guard":
        return replace(own, what="guarding", count=0)
    if own.what == "in":
        return replace(own, what="free", count=0)
    if own.what == "out":
        return replace(own, count=1) if own.count == 0 else replace(own, what="free", count=0)
    blow = blows[own.what]
    count = blow.start_up + blow.active if met else own.count + 1
    return (
        replace(own, count=count)
        if count < blow.start_up + blow.active + blow.recovery
        else replace(own, what="free", count=0)
    )


def stunned(own, frames):
    return replace(own, what="stun", count=frames) if frames else replace(own, what="free", count=0)


def frame(fighters, distance, actions, blows, widest):
    """Both fighters and the distance after one frame."""
    doing = [begun(own, action) for own, action in zip(fighters, actions, strict=True)]
    now, up = [one for one, _ in doing], [one for _, one in doing]
    strikes = [is_active(one, "attack", blows["attack"]) and distance <= blows["attack"].reach for one in now]
    hit = [strikes[1 - k] and not up[k] for k in (0, 1)]
    grabs = [
        is_active(now[k], "throw", blows["throw"]) and distance <= blows["throw"].reach and not hit[k]
        and now[1 - k].what != "stun" for k in (0, 1)
    ]  # fmt: skip
    made = []
    for k in (0, 1):
        thrown, guarded = grabs[1 - k] and not grabs[k], strikes[1 - k] and up[k]
        lost = blows["attack"].damage * hit[k] + blows["throw"].damage * thrown
        own = after(now[k], blows, strikes[k] or grabs[k])
        if hit[k]:
            own = stunned(own, blows["attack"].stun)
        elif thrown:
            own = stunned(own, blows["throw"].stun)
        elif guarded:
            own = stunned(own, blows["attack"].guarded)
        made.append(replace(own, health=max(0, fighters[k].health - lost)))
        if not (hit[k] or thrown):
            distance += (now[k].what == "out" and now[k].count == 1) - (now[k].what == "in")
    distance += blows["attack"].push * any(strikes) + blows["throw"].push * any(grabs)
    return made, min(max(distance, 0), widest)


def named(fighters, distance):
    """A state as the library names it."""
    told = [
        {"free": "free", "guarding": "guarding", "stun": f"stun {one.count}"}.get(
            one.what, f"{one.what} {one.count + 1}"
        )
        for one in fighters
    ]
    return f"{told[0]}, {told[1]}, distance {distance}, health {fighters[0].health}:{fighters[1].health}"


@pytest.fixture(scope="session")
def hand():
    """The duel by hand."""
    return SimpleNamespace(fighter=Fighter, frame=frame, named=named)
