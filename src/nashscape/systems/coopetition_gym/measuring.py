"""The study of the card: parity with the release, best constants, documents beside the code, and trust over time."""

from collections.abc import Iterator

import numpy as np

from nashscape.core import Source
from nashscape.environments.coopetitions.constants import names
from nashscape.systems.agreement import Row
from nashscape.systems.coopetition_gym import documented, stages
from nashscape.systems.coopetition_gym.constant_play import best_constant, best_sequence, starts
from nashscape.systems.coopetition_gym.parity import differences, environment, frozen, sequences, spread
from nashscape.systems.coopetition_gym.playing import played
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, holds, near

SOURCE = Source(
    "coopetition_gym", "Pant, Yu: Coopetition-Gym v1. 2026.", "https://arxiv.org/abs/2605.02063",
)  # fmt: skip

ENVIRONMENTS = {"quick": 5, "full": 20, "thorough": 20}
"""Of how many environments fixed actions are compared, of these first."""
FIRST = ("TrustDilemma", "SLCD", "RenaultNissan", "CoalitionFormation", "AppleAppStore")
ASCENTS = {"TrustDilemma": 300, "AppleAppStore": 300, "LoyaltyTeam": 600, "ApacheProject": 300}
"""Steps of gradient ascent; of the first two where fewer environments are compared."""
NEARLY = {"TeamProduction": 600, "PlatformEcosystem": 600}
"""The same where next to nothing is found; the first of them then."""
GAIN = 1e-4
"""What is called more than the best constant, as a share of it."""
FIGURES = 84
LEARNERS = {"private": 24_854.0, "integrated": 40_670.0, "cooperative": 40_673.0}
"""The most that learners of either kind get in AppleAppStore, as published."""
RECIPROCITY = ("ReciprocalDilemma", "GiftExchange", "IndirectReciprocity", "GraduatedSanction", "AppleAppStore")
SUBSTANTIAL = 0.02
FREE = ("TrustDilemma", "PartnerHoldUp", "PlatformEcosystem", "DynamicPartnerSelection", "RecoveryRace",
        "SynergySearch", "SLCD", "RenaultNissan")  # fmt: skip
"""Environments in which no rule changes what is paid."""
TRUSTS = (0.02, 0.3, 0.6, 0.9)


def _rows(environments: int, seed: int) -> Iterator[Row]:
    order = (*FIRST, *(name for name in names() if name not in FIRST))[:environments]
    for name in order:
        found = differences(name)
        yield below("parity", f"{name}: largest of {len(found)} differences", 1.0, exactly(float(found.max())))
    yield from _rewards()
    yield from _constants()
    yield from _beyond(fewer=environments < len(names()))
    yield from _weights()
    yield from _teams()
    yield from _dilemma()
    yield from _reciprocity()
    yield from _recovery()
    yield from _stages()
    yield from _rules()
    yield from _team_trust()
    yield from _other_trust()


def _rewards() -> Iterator[Row]:
    for name in ("TrustDilemma", "SLCD"):
        env = environment(name)
        told = played(env, sequences(env.limit, len(env.players))[1:2]).told
        mean = told["integrated"].mean(axis=2, keepdims=True)
        yield near("rewards", f"{name}: cooperative rewards less the mean of integrated ones", 0.0,
                   float(np.abs(told["cooperative"] - mean).max()), 1e-9)  # fmt: skip
        yield above("rewards", f"{name}: integrated rewards less private payoffs, least", 0.0,
                    exactly(float((told["integrated"] - told["private"]).min())))  # fmt: skip


def _constants() -> Iterator[Row]:
    env = environment("AppleAppStore")
    for mode, published in LEARNERS.items():
        yield above("constants", f"AppleAppStore, {mode}: best constant action, all rounds and players", published,
                    exactly(best_constant(env, mode).total))  # fmt: skip


def _beyond(*, fewer: bool) -> Iterator[Row]:
    said = "{}: gain of a sequence over the best constant"
    for name in list(ASCENTS)[: 2 if fewer else None]:
        yield above("beyond-constants", said.format(name), GAIN, exactly(_gain(name, ASCENTS[name])))
    for name in list(NEARLY)[: 1 if fewer else None]:
        yield below("constants-nearly-best", said.format(name), GAIN, exactly(_gain(name, NEARLY[name])))


def _gain(name: str, steps: int) -> float:
    env = environment(name)
    best = best_constant(env, "integrated")
    return float(best_sequence(env, "integrated", starts(env, best), steps).max()) / best.total - 1


def _weights() -> Iterator[Row]:
    """The first reward where all invest half, with dependence alone as the weight, and as the release pays it."""
    for name in ("TrustDilemma", "SLCD", "RenaultNissan"):
        env = environment(name)
        own = played(env, sequences(env.limit, len(env.players))[:1]).told["private"][0, 0]
        documents = own[0] + np.asarray(env.numbers["dependence"])[0] @ own
        yield near("trust-weights", f"{name}: first reward of the first player, all invest half", float(documents),
                   float(frozen()[name]["half"]["first"][0][0]), 0.01)  # fmt: skip


def _teams() -> Iterator[Row]:
    """Private payoffs of the first two players in the first round of alternating actions, as the release pays them."""
    team, good = documented.alternating("TeamProduction"), documented.alternating("PublicGoods")
    for name, told in (
        ("TeamProduction", documented.team_payoffs(team)),
        ("PublicGoods", documented.public_good_payoffs(50.0, good)),
    ):
        paid = spread(frozen()[name]["private"][0], len(told), False)
        for i, which in enumerate(("first", "second")):
            yield near("team-payoffs", f"{name}: what the {which} player gets", float(told[i]), float(paid[i]), 0.01)
    for said, text, ours in zip(
        ("equilibrium", "optimum"), (6.8, 18.4), documented.team_efforts(4), strict=True
    ):  # fmt: skip
        yield near("team-efforts", f"effort of each of four, {said} of the documented formula", text, ours, 0.1)


def _dilemma() -> Iterator[Row]:
    env = environment("TrustDilemma")
    alone = stages.stage_equilibria(env, np.zeros((2, 2)))[0][0]
    yield near("dilemma-equilibrium", "TrustDilemma: equilibrium of one round, private", 35.0, float(alone), 1.0)
    yield near("dilemma-equilibrium", "TrustDilemma: most private payoff together", 100.0, stages.optimum(env), 1.0)


def _reciprocity() -> Iterator[Row]:
    for name in RECIPROCITY:
        env = environment(name)
        found = float(documented.largest_answer(env.rules[0], env.numbers).max())
        yield above("reciprocity", f"{name}: largest distance of a factor from 1", SUBSTANTIAL, exactly(found))


def _recovery() -> Iterator[Row]:
    env = environment("RecoveryRace", limit=300)
    fastest = documented.fastest_end(env)
    yield near("recovery", "RecoveryRace: rounds to its end, the fastest possible", 100.0, float(fastest), 20.0)
    healed = documented.rounds_to_heal(env, 0.9)
    yield near("recovery", "RecoveryRace: rounds to a ceiling of .9", 40.0, float(healed), 10.0)


def _stages() -> Iterator[Row]:
    for name in names():
        env = environment(name)
        apart = 0.0
        for trust in (0.0, float(env.numbers["trust"]), 1.0):
            weights = np.asarray(env.numbers["dependence"]) * min(trust, 1 - float(env.numbers["damage"]))
            low, high = stages.stage_equilibria(env, weights)
            apart = max(apart, float(np.abs(high - low).max()))
        yield below("one-solution", f"{name}: between least and largest equilibrium", stages.ALIKE, exactly(apart))


def _rules() -> Iterator[Row]:
    alike = stages.alike_in_first_round(environment("LoyaltyTeam", limit=1), "private", 101)
    for said, share in (("least", alike.min()), ("largest", alike.max())):
        yield near("rules", f"LoyaltyTeam: {said} share of its first round, private", 0.6, float(share), 0.01 + 1e-9)


def _team_trust() -> Iterator[Row]:
    env = environment("TeamProduction")
    yield near("trust-selects", "TeamProduction: trust at which equilibria are baselines", 0.1043,
               stages.trust_at_baseline(env), 1e-4)  # fmt: skip
    for trust, ends in ((0.1, 0.0), (0.11, 1.0)):
        last = float(stages.trust_of_responders(env, trust)[-1])
        yield near("trust-selects", f"TeamProduction: trust in the end, {trust:g} at first", ends, last, 1e-3)


def _other_trust() -> Iterator[Row]:
    for name in FREE:
        ends = [float(stages.trust_of_responders(environment(name), trust)[-1]) for trust in TRUSTS]
        apart = max(ends) - min(ends)
        yield holds("trust-selects-elsewhere", f"{name}: ends differ by more than .01", apart > 0.01,
                    f"by {apart:.1e}")  # fmt: skip


measure = measuring("coopetition-gym", ENVIRONMENTS, _rows, of="environments", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
