"""The study of the card: the arms of its protocol, tested, and what of them is noise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nashscape.core import Estimate, choice, citations, wilson
from nashscape.systems.agreement import Row, counts
from nashscape.systems.basin_entry_neural import coins
from nashscape.systems.basin_entry_neural.sampled_terms import coin_players, cosines, difference, hunters, players_of
from nashscape.systems.basin_entry_neural.study import PROTOCOL, Arms, of_steps, played, results, without_noise
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.statements import above, exactly, holds, mean_above, more, near

EFFORTS = ("quick", "full", "thorough")
FIGURES = {"quick": 39, "full": 43, "thorough": 43}
PLAIN, PEER, AHEAD = "policy gradient", "peer", "look-ahead"
STRONG = 0.2
"""The coefficient of the peer term from which on it is said to change what is reached."""
PUBLISHED_LENGTH = 1e-5
"""How long the correction of the published runs was over what PPO does."""
PUBLISHED_PLAIN: Mapping[str, int] = {PLAIN: 0, "own": 2, PEER: 14, "Meta-MAPG": 17}
"""Of 100 runs in the repeated dilemma, the published code with its peer term put right."""


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card; raises `InputError` for an unknown effort."""
    effort = choice(effort, "effort", EFFORTS)
    asked = {"system": "basin-entry-neural", "effort": effort, "protocol": PROTOCOL}
    sources = [citations.BASIN_ENTRY, citations.PPO, citations.META_MAPG]
    return measured(_rows(effort, seed), FIGURES[effort], asked, sources, seed=seed, progress=progress)


def _rows(effort: str, seed: int) -> Iterator[Row]:
    common = np.broadcast_to(np.random.default_rng(seed).normal(size=(2, 3, 4)), (3, 2, 3, 4))
    apart = difference(players_of(common), 256, seed)
    yield near("coincide", "largest difference of the two in a game of common payoffs", 0.0, apart, 1e-6)
    hunting = _arms("stag-hunt", effort, seed)
    yield from _stag_hunt(hunting)
    yield from _strengths(hunting[PLAIN], effort, seed)
    yield from _dilemma(_arms("repeated-dilemma", effort, seed))
    yield from _plain(effort, seed)
    yield from _coins(effort, seed)


def _arms(name: str, effort: str, seed: int) -> Arms:
    """What every arm of a part of the protocol reaches."""
    part = PROTOCOL[name]
    chosen = part["quick"] if effort == "quick" and "quick" in part else part["arms"]
    arms = {own: PROTOCOL["arms"][own] for own in chosen}
    return results(played(name, arms, part["n"][effort], seed), arms)


def share(entry: Any, target: str, *, passed: bool = False) -> Estimate:
    """In which share of runs a target is reached, or passed last as well."""
    names = [target, *([f"passing {target}"] if passed else [])]
    found = entry.outcomes()
    return wilson(sum(found.get(name, 0) for name in names), len(entry.labels))


def _stag_hunt(found: Arms) -> Iterator[Row]:
    hunts = {name: share(own, "both hunt") for name, own in found.items()}
    yield more("stag-hunt", "both hunt, true peer term, against policy gradient", hunts[PEER], hunts[PLAIN])
    yield more("stag-hunt", "both hunt, Meta-MAPG, against policy gradient", hunts["Meta-MAPG"], hunts[PLAIN])
    yield more("stag-hunt-look-ahead", "both hunt, true peer term, against look-ahead", hunts[PEER], hunts[AHEAD])
    yield more("look-ahead-helps", "both hunt, look-ahead, against policy gradient", hunts[AHEAD], hunts[PLAIN])
    yield more("own-helps", "both hunt, own-learning, against policy gradient", hunts["own"], hunts[PLAIN])
    yield more("handoff", "both hunt, peer term for half of the updates", hunts["handoff"], hunts[PLAIN])
    early = "both hunt, peer term for five updates"
    yield more("early-handoff", early, hunts["early handoff"], hunts[PLAIN])
    for name, term in ((PEER, "peer"), (AHEAD, "lookahead")):
        yield above("length", f"Stag Hunt, {name}: correction over policy gradient, first quarter of the updates",
                    100 * PUBLISHED_LENGTH, exactly(length(found[name], term)))  # fmt: skip
    for bound in PROTOCOL["strengths"]["thresholds"]:
        least = {name: at_least(found[name], bound) for name in (PEER, PLAIN)}
        yield more("thresholds", f"share of C from {bound:g} on counts as hunting", least[PEER], least[PLAIN])


def length(entry: Any, term: str) -> float:
    """How long a correction was over the policy gradient: median over runs, players and the first quarter."""
    told = np.asarray(entry.reduced[f"told {term}"], np.float64)
    return float(np.median(told[:, : max(1, told.shape[1] // 4)]))


def at_least(entry: Any, bound: float) -> Estimate:
    """In how many runs both hunt at least so often at the end."""
    least = np.asarray(entry.reduced["share of C"], np.float64)[:, -1].min(axis=-1)
    return wilson(int((least >= bound).sum()), len(least))


def _strengths(plain: Any, effort: str, seed: int) -> Iterator[Row]:
    """Of the peer term from none on: which strength is enough."""
    values: Sequence[float] = PROTOCOL["strengths"]["peer"]
    arms = {f"{own:g}": f"own=0,peer=handoff({own:g},at=1000),lookahead=0" for own in values}
    found = results(played("stag-hunt", arms, PROTOCOL["stag-hunt"]["n"][effort], seed), arms)
    for name, own in found.items():
        claim = "strength" if float(name) >= STRONG else "weak"
        yield more(claim, f"both hunt, λ = {name}", share(own, "both hunt"), share(plain, "both hunt"))


def _dilemma(found: Arms) -> Iterator[Row]:
    for name in found:
        if name != PLAIN:
            away = [wilson(len(own.labels) - _defecting(own), len(own.labels)) for own in (found[name], found[PLAIN])]
            claim = {PEER: "dilemma-leaves", AHEAD: "dilemma-look-ahead"}.get(name, "dilemma-others")
            yield more(claim, f"do not end at defection, {name}", *away)
    cooperate = [share(found[name], "both cooperate", passed=True) for name in (PEER, PLAIN)]
    yield more("dilemma-cooperates", "both cooperate, true peer term", *cooperate)
    yield above("length", "repeated dilemma, peer: correction over policy gradient, first quarter of the updates",
                100 * PUBLISHED_LENGTH, exactly(length(found[PEER], "peer")))  # fmt: skip


def _defecting(entry: Any) -> int:
    found = entry.outcomes()
    return int(found.get("both defect", 0) + found.get("passing both defect", 0))


def _plain(effort: str, seed: int) -> Iterator[Row]:
    found = results(of_steps(PROTOCOL["plain"]["n"][effort], seed), PROTOCOL["terms"])
    for name, published in PUBLISHED_PLAIN.items():
        ours = share(found[name], "cooperate", passed=True)
        row = counts("plain steps", f"cooperate, {name}", (published, 100), ours)
        yield replace(row, claim="plain-steps")


def _coins(effort: str, seed: int) -> Iterator[Row]:
    for name, entry in results(without_noise(effort, seed), PROTOCOL["terms"]).items():
        most = exactly(float(coins.own_shares(coins.profiles(entry)).max()))
        yield above("coins-exact", f"without noise, {name}: largest share of coins that owners take", 0.6, most)
    signal = {name: PROTOCOL["signal"][name][effort] for name in ("episodes", "weights")}
    episodes, drawn = signal["episodes"], range(seed, seed + signal["weights"])
    for name, learners in (("Stag Hunt", hunters()), ("coin game", coin_players())):
        for term, cosine in cosines(learners, episodes, drawn).items():
            claim = "signal" if name == "Stag Hunt" or term == "base" else "signal-coins"
            yield mean_above(claim, f"{name}, {episodes} episodes: cosine of two estimates, {term}", 0.5, cosine)
    for name, entry in _arms("coin-game", effort, seed).items():
        kept = share(entry, "keep to their own", passed=True)
        label = f"no run ends with both at their own coins, {name}"
        yield holds("coins-sampled", label, kept.value == 0, f"none of {kept.trials} runs")
