"""`coopetition_gym`: one of the twenty environments of Coopetition-Gym, by name."""

from typing import Any

import numpy as np

from nashscape.core import choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.coopetitions.constants import constants
from nashscape.environments.coopetitions.gym_environment import CoopetitionGym

REWARDS = ("private", "integrated", "cooperative")


@public()
def coopetition_gym(
    name: str = "TrustDilemma",
    reward: str = "integrated",
    *,
    seen: str = "own",
    players: int | None = None,
    phase: str | None = None,
    limit: int | None = None,
    discount: float = 1.0,
    trusted: bool = True,
    **changes: Any,
) -> CoopetitionGym:
    """One of the twenty environments of Coopetition-Gym: partners who create value together, and trust over time.

    In every round each player invests a part of its endowment, and keeps the rest:

        π_i = e_i − a_i + θ ln(1 + a_i) + α_i γ (∏_j a_j)^{1/n}
        U_i = π_i + Σ_{j≠i} D_ij min(T_ij, 1 − R_ij) π_j

    Investing more than the baseline earns trust `T` with all who watch, less costs trust and damages reputation `R`, so
    that others count one's payoff for less. Payoffs are apart from rewards: these are the private π, the integrated U,
    or the mean of U for everybody. Single environments add rules, which multiply whatever is rewarded: the idle get
    less and the steady more, coalitions are left, agreements broken, actions answered.

    `measures` tell of every round `private`, `integrated` and `cooperative`, what each would be rewarded with, `[n]`;
    `invested`, `trusted` (the mean trust of others), `blamed` (the mean damage with others) and `factor`, `[n]`;
    `mean_trust`, `mean_damage` and `synergy`; and where rules have them `loyalty`, `member`, `reputation`, `tier`,
    `idle`, `penalty`, `[n]`, `breach` and `agreed`.

    Where code and documents of the release differ, this is as the code. It differs from that in five points: an
    episode that is terminated is not truncated as well; reputations begin anew in every episode; a hidden synergy is
    drawn from the key; where views are own, rules hold as well, and what is seen of them is appended; a coalition
    is never terminated for being too small, which cannot happen there either.

    Args:
        name: "TrustDilemma", "PartnerHoldUp", "PlatformEcosystem", "DynamicPartnerSelection", "RecoveryRace",
            "SynergySearch", "SLCD", "RenaultNissan", "CooperativeNegotiation", "ReputationMarket", "TeamProduction",
            "LoyaltyTeam", "CoalitionFormation", "ApacheProject", "PublicGoods", "ReciprocalDilemma", "GiftExchange",
            "IndirectReciprocity", "GraduatedSanction" or "AppleAppStore".
        reward: "private", "integrated" or "cooperative".
        seen: "own", each player's view as in the release's wrappers; "joint", one vector for all, as elsewhere there.
        players: n, where players are alike or form a platform with developers.
        phase: of RenaultNissan "formation", "mature", "crisis" or "strained"; of ApacheProject "emergence", "growth",
            "maturity" or "evolution".
        limit: rounds after which an episode is cut off; that of the release by default.
        discount: γ; returns of the release are not discounted.
        trusted: whether trust weighs what others get; without, `D` alone does.
        **changes: other numbers than those of the release, by name: `trust` and `damage` at the start, `endowment`,
            `baseline`, `share`, `dependence`, `worth` (θ), `synergy` (γ, or two ends between which it is drawn),
            `growth`, `erosion`, `harm` (μ), `recovery`, `amplification`, `sharpness` of trust; of ReputationMarket
            `visibility`.

    Raises:
        InputError: for names, phases and numbers that are none, and sizes that an environment does not have.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> env = coopetition_gym("PartnerHoldUp")
        >>> state, seen = env.reset(jax.random.key(0))
        >>> after = env.step(jax.random.key(1), state, (jnp.array([60.0]), jnp.array([40.0])))
        >>> [np.asarray(own, float).round(1).tolist() for own in (after.rewards, after.measures["private"])]
        [[186.1, 206.9], [159.9, 126.0]]

    Source: V. Pant, E. Yu, arXiv 2605.02063; constants and rules as in vikpant/strategic-coopetition (MIT licence).
    """
    made = constants(name, players=players, phase=phase, changes=changes)
    return CoopetitionGym(
        made.numbers, made.rules, np.float64(finite_number(discount, "discount", low=0.0, high=1.0)), name,
        made.players, positive_integer(made.limit if limit is None else limit, "limit"),
        choice(reward, "reward", REWARDS), choice(seen, "seen", ("own", "joint")), made.ends, bool(trusted),
        tuple(map(float, made.numbers["endowment"])), max(1.0, float(made.numbers["dependence"].max())),
    )  # fmt: skip
