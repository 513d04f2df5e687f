"""The ways of growing that have names, as plans of roles."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from nashscape.core import InputError, Source, choice, positive_integer, probability
from nashscape.core.calls import public
from nashscape.core.docstrings import prose
from nashscape.core.registries import Registry
from nashscape.populations.plans import GrowingPlan, Role, Share

PSRO = Source(
    "psro", "Lanctot, Zambaldi, Gruslys, Lazaridou, Tuyls, Pérolat, Silver, Graepel: A Unified Game-Theoretic Approach "
    "to Multiagent Reinforcement Learning. NeurIPS 2017.", "https://arxiv.org/abs/1711.00832",
)  # fmt: skip
DOUBLE_ORACLE = Source(
    "double_oracle", "McMahan, Gordon, Blum: Planning in the Presence of Cost Functions Controlled by an Adversary. "
    "ICML 2003, 536–543.",
)  # fmt: skip
ONLINE = Source(
    "online_double_oracle", "Dinh, McAleer, Tian, Perez-Nieves, Slumbers, Mguni, Wang, Bou Ammar, Yang: Online Double "
    "Oracle. Transactions on Machine Learning Research, 2022.", "https://arxiv.org/abs/2103.07780",
)  # fmt: skip
CROSS_PLAY = Source(
    "fictitious_cross_play", "Xu, Liang, Yu, Wang, Wu: Fictitious Cross-Play: Learning Global Nash Equilibrium in "
    "Mixed Cooperative-Competitive Games. AAMAS 2023.", "https://arxiv.org/abs/2310.03354",
)  # fmt: skip
SELF_PLAY = Source(
    "fictitious_self_play",
    "Heinrich, Lanctot, Silver: Fictitious Self-Play in Extensive-Form Games. ICML 2015, 805–813.",
)
LEAGUE = Source(
    "league", "Vinyals et al.: Grandmaster Level in StarCraft II Using Multi-Agent Reinforcement Learning. Nature 575, "
    "350–354, 2019.", "https://doi.org/10.1038/s41586-019-1724-z",
)  # fmt: skip
JOINT = Source(
    "jpsro", "Marris, Muller, Lanctot, Tuyls, Graepel: Multi-Agent Training beyond Zero-Sum with Correlated "
    "Equilibrium Meta-Solvers. ICML 2021.", "https://arxiv.org/abs/2106.09435",
)  # fmt: skip
RECTIFIED = Source(
    "rectified_psro", "Balduzzi, Garnelo, Bachrach, Czarnecki, Pérolat, Jaderberg, Graepel: Open-Ended Learning in "
    "Symmetric Zero-Sum Games. ICML 2019.", "https://arxiv.org/abs/1901.08106",
)  # fmt: skip
PIPELINE = Source(
    "pipeline_psro", "McAleer, Lanier, Fox, Baldi: Pipeline PSRO: A Scalable Approach for Finding Approximate Nash "
    "Equilibria in Large Games. NeurIPS 2020.", "https://arxiv.org/abs/2006.08555",
)  # fmt: skip
EXPLOITED, FORGOTTEN = 0.3, 0.7
"""Chances of winning below which a main strategy of a league verifies against an exploiter, and a former self."""
FICTITIOUS = Source(
    "fictitious_play", "Brown: Iterative Solution of Games by Fictitious Play. In Koopmans (ed.), Activity Analysis of "
    "Production and Allocation, 374–376, 1951.",
)  # fmt: skip


def psro(*, meta: str = "nash", response: str = "exact") -> GrowingPlan:
    """Each generation responds to a mixture of all before it, weighed by a meta-solver: policy-space response oracles.

    Args:
        meta: the meta-solver.
        response: how strategies respond.
    """
    one = Role("main", ("main",), ("main",), meta, at_first=True)
    return GrowingPlan((one,), ("main",), meta, response, (PSRO,))


def double_oracle() -> GrowingPlan:
    """Each generation is a best response to a Nash equilibrium of those before it."""
    return replace(psro(), sources=(DOUBLE_ORACLE,))


def online_double_oracle(*, steps: int = 1000) -> GrowingPlan:
    """Each generation is a best response to the average of multiplicative weights over all before it, the answer too.

    As published the weights go on until the pool grows; here every generation starts them anew.

    Args:
        steps: rounds of weights in each generation.
    """
    made = psro(meta=f"hedge:steps={steps}")
    return replace(made, sources=(ONLINE,))


def fictitious_play() -> GrowingPlan:
    """Each generation is a best response to all before it alike, which are the answer together."""
    return replace(psro(meta="uniform"), sources=(FICTITIOUS,))


def self_play(*, response: str = "steps") -> GrowingPlan:
    """Each generation goes on from the one before against itself; the newest is the answer.

    Args:
        response: how strategies respond.
    """
    return GrowingPlan((Role("main", oneself=1.0, anew=False),), ("main",), "last", response)


def fictitious_self_play(*, oneself: float = 0.3, response: str = "steps:most=1") -> GrowingPlan:
    """Each generation goes one step on against itself and all before it alike, which are the answer together.

    Args:
        oneself: how often it meets itself.
        response: how strategies respond.
    """
    one = Role("main", ("main",), ("main",), "uniform", probability(oneself, "oneself"), anew=False)
    return GrowingPlan((one,), ("main",), "uniform", response, (SELF_PLAY,))


def fictitious_cross_play(
    *, oneself: float = 0.3, response: str = "steps", anew: bool = False, answer: str = "last"
) -> GrowingPlan:
    """Main strategies learn against themselves and a Nash mixture of all, counters against one of main strategies.

    Counters need not be good in themselves: they find what main strategies,
    who go on from each other, would not find by themselves.

    Args:
        oneself: how often main strategies meet themselves.
        response: how strategies respond.
        anew: whether main strategies start from the beginning.
        answer: the newest main strategy, "last", or a Nash mixture of all, "nash".
    """
    both = ("counter", "main")
    main = Role("main", both, both, "nash", probability(oneself, "oneself"), anew=anew)
    counter = Role("counter", ("main",), ("counter",), "nash", at_first=True)
    return GrowingPlan((main, counter), *_answers(answer, both), response, (CROSS_PLAY,))


def _answers(answer: str, every: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Whose strategies the answer is made of, and the meta-solver that mixes them."""
    return (("main",), "last") if choice(answer, "answer", ("last", "nash")) == "last" else (every, "nash")


def league(
    *, oneself: float = 0.35, response: str = "steps", power: float = 2.0, answer: str = "last", verified: float = 0.0
) -> GrowingPlan:
    """Main strategies go on against themselves and the hardest of the league; exploiters of the newest main strategy,
    and of the whole league, start from the beginning every time.

    The roles are those published, and so are the shares of main strategies with `verified=0.15`: .35 with itself, .5
    with all of the league, and .15 to verify, with exploiters of main strategies where one of them wins more than .7,
    else with former main strategies where it wins less than .7 against one, and else with itself; these two thresholds
    are those of public code. Ours is that how often one wins is read from payoffs, as a part of their range, and that
    exploiters of main strategies meet the newest one even where they have no chance.

    Args:
        oneself: how often main strategies meet themselves.
        response: how strategies respond.
        power: how much more the hardest opponents are met.
        answer: the newest main strategy, "last", or a Nash mixture of all, "nash".
        verified: how often main strategies verify; the rest is with the hardest of all.
    """
    every = ("main", "main exploiter", "league exploiter")
    hardest, oneself, part = f"pfsp:power={power}", probability(oneself, "oneself"), probability(verified, "verified")
    if oneself + part > 1:
        raise InputError(f"oneself and verified are shares of one whole; got {oneself:g} and {part:g}")
    former = Share(part, ("main",), hardest, FORGOTTEN)
    also = (Share(part, ("main exploiter",), hardest, EXPLOITED, former),) if part else ()
    main = Role("main", every, ("main",), hardest, oneself, anew=False, at_first=True, also=also)
    exploiter = Role("main exploiter", ("main",), ("main",), "last")
    against_all = Role("league exploiter", every, every, hardest)
    return GrowingPlan((main, exploiter, against_all), *_answers(answer, every), response, (LEAGUE,))


def jpsro(*, concept: str = "cce", objective: str = "entropy") -> GrowingPlan:
    """Each side responds to a correlated equilibrium of all before, drawn for all sides together: joint PSRO.

    Of a coarse one each side has one best response to what the others are told; of a correlated one it has one for each
    strategy that it is told. As published equilibria are the most random by Gini's measure; here by entropy.

    Args:
        concept: "cce", coarse correlated equilibria, or "ce", correlated ones.
        objective: which of them, as "entropy" or "welfare".
    """
    each = choice(concept, "concept", ("cce", "ce")) == "ce"
    meta = f"{concept}:objective={objective}"
    one = Role("main", ("main",), ("main",), meta, at_first=True, each=each)
    return GrowingPlan((one,), ("main",), meta, "exact", (JOINT,), "told" if each else "beforehand")


def rectified_psro(*, response: str = "exact") -> GrowingPlan:
    """Every strategy of a Nash equilibrium of the pool has a response to those of it that it does not lose to.

    Args:
        response: how strategies respond.
    """
    one = Role("main", ("main",), ("main",), "rectified", at_first=True, each=True)
    return GrowingPlan((one,), ("main",), "nash", response, (RECTIFIED,))


def pipeline_psro(*, levels: int = 3, response: str = "steps:most=20") -> GrowingPlan:
    """Several strategies learn at once: each level against the finished ones and the levels below; the lowest finishes.

    In every generation the first level goes on from the newest strategy of the second, learns against a Nash mixture
    of finished ones, and is finished; the second goes on from the third, against a mixture of these and the first; the
    last starts anew. As published a level goes on until it improves no more; here each generation has its steps.

    Args:
        levels: how many learn at once, from 1.
        response: how strategies respond in one generation.
    """
    names = [f"level {k + 1}" for k in range(positive_integer(levels, "levels"))]
    roles = []
    for k, name in enumerate(names):
        met = tuple(names[: max(k, 1)])
        above = names[k + 1] if k + 1 < len(names) else ""
        roles.append(Role(name, met, (*met, name) if k else met, "nash", anew=not above, begins=above, at_first=not k,
                          keeps=int(k > 0)))  # fmt: skip
    return GrowingPlan(tuple(roles), (names[0],), "nash", response, (PIPELINE,))


OURS: Mapping[str, Callable[..., GrowingPlan] | str] = MappingProxyType({
    "psro": psro,
    "double_oracle": double_oracle,
    "online_double_oracle": online_double_oracle,
    "fictitious_play": fictitious_play,
    "self_play": self_play,
    "fictitious_self_play": fictitious_self_play,
    "fictitious_cross_play": fictitious_cross_play,
    "league": league,
    "jpsro": jpsro,
    "rectified_psro": rectified_psro,
    "pipeline_psro": pipeline_psro,
    "copying": "populations.cultural_copying:copying",
})  # fmt: skip
"""Ours, by name: from options to a `GrowingPlan`."""

PLANS = Registry("way of growing", "nashscape.growing", OURS)
"""Those, the ways of installed packages, and functions or plans in files of one's own."""


def plan_by_name(text: Any) -> GrowingPlan:
    """The plan of a text, such as "psro:meta=uniform", or the plan itself, checked.

    >>> plan_by_name("double-oracle").mixture
    'nash'

    Raises:
        InputError: for an unknown name, and plans with roles that are not there.
    """
    plan = text
    if isinstance(text, str):
        plan = PLANS.find(text).made(lambda thing: hasattr(thing, "roles"))
    if not hasattr(plan, "roles") or not plan.roles:
        raise InputError(f"a population grows by a name such as double-oracle, or a GrowingPlan; got {text!r}")
    names = [role.name for role in plan.roles]
    named = [name for role in plan.roles for name in (*role.meets, *role.against, role.begins or role.name)]
    named += [*plan.answers, *(name for role in plan.roles for share in role.also for name in share.named)]
    strange = next((name for name in named if name not in names), None)
    if strange is not None or len(set(names)) < len(names) or not plan.answers:
        what = f"{strange!r} is none" if strange is not None else f"got {names} with answers of {list(plan.answers)}"
        raise InputError(f"roles of a plan have different names, which meetings and answers refer to; {what}")
    much = next(
        (role.name for role in plan.roles if role.oneself + sum(share.part for share in role.also) > 1 + 1e-9), None
    )
    if much is not None:
        raise InputError(f"what a role meets are shares of one whole; those of {much!r} sum to more than 1")
    alone = next((role.name for role in plan.roles if role.meets and not role.against), None)
    if alone is not None:
        raise InputError(f"a role that meets others says against whom these are weighed; {alone!r} has no `against`")
    found: GrowingPlan = plan
    return found


def names_response(text: Any, plan: GrowingPlan) -> bool:
    """Whether it is said how strategies respond, with the name of a way or for a role.

    >>> names_response("psro:response=steps", psro()), names_response("self-play", self_play())
    (True, False)
    """
    given = PLANS.find(text).given if isinstance(text, str) else None
    return "response" in (given or {}) or any(role.response for role in plan.roles)


class Way(NamedTuple):
    """A way in which populations grow.

    Attributes:
        name: as it is typed.
        says: what it is, in one line.
        plan: its roles and answers, with usual options.
    """

    name: str
    says: str
    plan: GrowingPlan


@public()
def growing_catalogue() -> list[Way]:
    """All ways of growing that `grow` knows by name.

    Example:
        >>> [one.name for one in growing_catalogue()][:2]
        ['psro', 'double-oracle']
    """
    return [
        Way(name.replace("_", "-"), (prose(PLANS.find(name).thing) or [""])[0], plan_by_name(name))
        for name in PLANS.names()
    ]
