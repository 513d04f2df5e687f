"""The environments of Coopetition-Gym, as one class that is composed of constants and rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.coopetitions import payoffs, seen
from nashscape.environments.coopetitions.constants import constants
from nashscape.environments.coopetitions.endings import TESTS, mean_apart
from nashscape.environments.coopetitions.rules import Moment, Rule
from nashscape.environments.coopetitions.trust import TrustState, updated
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, reals

REWARDS = ("private", "integrated", "cooperative")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Standing:
    """How players stand after a round.

    Attributes:
        invested: their last actions, baselines at the start, `[n]`.
        trust: of the row in the column, `[n, n]`, ones on the diagonal.
        damage: of the column's reputation with the row, `[n, n]`, zeros on the diagonal.
        synergy: γ of this episode.
        played: rounds that were played.
        kept: what each rule keeps in mind.
    """

    invested: jax.Array
    trust: jax.Array
    damage: jax.Array
    synergy: jax.Array
    played: jax.Array
    kept: tuple[Any, ...]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class CoopetitionGym:
    """An environment of Coopetition-Gym. Made by `coopetition_gym`.

    Attributes:
        numbers: arrays by name: `endowment`, `baseline`, `share` `[n]`, `dependence` `[n, n]`, `synergy` `[2]`, and
            single numbers.
        rules: extra parts.
        discount: γ.
        name: of the environment.
        players: their names.
        limit: rounds after which an episode is cut off.
        reward: "private", "integrated" or "cooperative".
        seen: "own" or "joint".
        ends: the test by which an episode is terminated.
        trusted: whether trust weighs what others get; else dependence alone does.
    """

    numbers: Mapping[str, Any]
    rules: tuple[Rule, ...]
    discount: Any
    name: str = field(metadata={"static": True})
    players: tuple[str, ...] = field(metadata={"static": True})
    limit: int = field(metadata={"static": True})
    reward: str = field(metadata={"static": True})
    seen: str = field(metadata={"static": True})
    ends: str = field(metadata={"static": True})
    trusted: bool = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """A vector for every player."""
        endowment = np.asarray(self.numbers["endowment"], float)
        extras = tuple(rule.bounds(endowment) for rule in self.rules)
        return seen.spaces(self.seen, self.numbers, self.limit, extras)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """What each invests, `[1]`, from 0 to its endowment."""
        return tuple(reals(1, 0.0, float(own)) for own in np.asarray(self.numbers["endowment"]))

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode, at most."""
        return self.limit

    def reset(self, key: jax.Array) -> tuple[Standing, tuple[jax.Array, ...]]:
        """All have invested their baselines and trust each other alike; a hidden synergy is drawn."""
        drawing, showing = jax.random.split(key)
        now, n = self._numbers(), len(self.players)
        apart = 1.0 - jnp.eye(n, dtype=now["trust"].dtype)
        low, high = now["synergy"]
        state = Standing(
            now["baseline"], 1.0 - apart * (1.0 - now["trust"]), apart * now["damage"],
            low + (high - low) * jax.random.uniform(drawing, (), low.dtype), jnp.int32(0),
            tuple(rule.begin(n) for rule in self._rules()),
        )  # fmt: skip
        return state, self._views(showing, state, state.kept)

    def step(self, key: jax.Array, state: Standing, actions: tuple[jax.Array, ...]) -> Step:
        """All invest; trust and damage follow; payoffs are weighed with them, and rules multiply rewards."""
        now, played = self._numbers(), state.played + 1
        invested = jnp.clip(jnp.concatenate(actions).astype(now["endowment"].dtype), 0.0, now["endowment"])
        after = updated(TrustState(state.trust, state.damage), invested - now["baseline"], now)
        paid = self._payoffs(invested, after, state.synergy, now)
        moment = Moment(
            invested, invested / now["endowment"], now["endowment"], now["dependence"], after.trust, played, {}
        )
        kept, factor, penalty, told = self._ruled(state.kept, moment)
        paid = {name: own * factor - penalty for name, own in paid.items()}
        then = Standing(invested, after.trust, after.damage, state.synergy, played, kept)
        over = TESTS[self.ends](after.trust, now["bound"])
        measures = {**told, **paid, **_told(then), "factor": factor}
        return Step(
            then, self._views(key, then, state.kept), paid[self.reward], over, ~over & (played >= self.limit), measures
        )

    def legal(self, state: Standing) -> tuple[None, ...]:
        """Players choose points."""
        return (None,) * len(self.players)

    def exact(self) -> None:
        """Nothing: trust has a continuum of values."""
        return None

    def weights(self, trust: jax.Array, damage: jax.Array) -> jax.Array:
        """How much each counts what the others get, `D_ij min(T_ij, 1 − R_ij)`, `[n, n]`."""
        needs = jnp.asarray(self.numbers["dependence"], jnp.result_type(float))
        return needs * jnp.minimum(trust, 1.0 - damage) if self.trusted else needs

    def _payoffs(self, invested: jax.Array, after: Any, synergy: jax.Array, now: Any) -> dict[str, jax.Array]:
        own = payoffs.private(invested, synergy, now)
        mixed = payoffs.integrated(own, self.weights(after.trust, after.damage))
        return {"private": own, "integrated": mixed, "cooperative": payoffs.shared(mixed)}

    def _ruled(self, kept: tuple[Any, ...], moment: Moment) -> tuple[tuple[Any, ...], jax.Array, jax.Array, Any]:
        """What rules keep, the product of their factors, the sum of their penalties, and what they tell."""
        told: dict[str, jax.Array] = {}
        factor, penalty = jnp.ones_like(moment.invested), jnp.zeros_like(moment.invested)
        then = []
        for rule, own in zip(self._rules(), kept, strict=True):
            effect = rule.apply(own, Moment(**{**vars(moment), "told": told}))
            then.append(effect.kept)
            factor, penalty = factor * effect.factor, penalty + effect.penalty
            told |= effect.told
        return tuple(then), factor, penalty, told

    def _views(self, key: jax.Array, state: Standing, kept: tuple[Any, ...]) -> tuple[jax.Array, ...]:
        """What every player sees, with what rules show of what they kept in mind before the round."""
        keys = jax.random.split(key, max(1, len(self.rules)))
        shown = [rule.seen(one, own) for one, rule, own in zip(keys, self._rules(), kept, strict=False)]
        views = seen.VIEWS[self.seen](state, self._numbers(), self.limit)
        return tuple(jnp.concatenate([own, *shown]) for own in views)

    def _numbers(self) -> dict[str, jax.Array]:
        return {name: _real(own) for name, own in self.numbers.items()}

    def _rules(self) -> tuple[Rule, ...]:
        made: tuple[Rule, ...] = jax.tree.map(_real, self.rules)
        return made


def _real(number: Any) -> jax.Array:
    return jnp.asarray(number, jnp.result_type(float))


def _told(state: Standing) -> dict[str, jax.Array]:
    """What each invests, how much the others trust it and what they hold against it, and means over all."""
    n = len(state.invested)
    return {
        "invested": state.invested,
        "trusted": (state.trust.sum(axis=0) - 1.0) / (n - 1),
        "blamed": state.damage.sum(axis=0) / (n - 1),
        "mean_trust": mean_apart(state.trust),
        "mean_damage": mean_apart(state.damage),
        "synergy": state.synergy,
    }


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
    drawn from the key; in an own view, too, rules hold, and what the joint vector shows of them is appended; a coalition
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
            `baseline`, `share`, `dependence`, `worth` (θ), `synergy` (γ, or two ends between which it is drawn), `gain`,
            `loss`, `harm`, `healing`, `amplified`, `slope` of the dynamics; of ReputationMarket `visibility`.

    Raises:
        InputError: for names, phases and numbers that are none, and sizes that an environment does not have.

    Example:
        >>> env = coopetition_gym("PartnerHoldUp")
        >>> state, seen = env.reset(jax.random.key(0))
        >>> after = env.step(jax.random.key(1), state, (jnp.array([60.0]), jnp.array([40.0])))
        >>> after.rewards.round(2).tolist(), after.measures["private"].round(2).tolist()
        ([186.1, 206.88], [159.86, 126.02])

    Source: V. Pant, E. Yu, arXiv 2605.02063; constants and rules as in vikpant/strategic-coopetition (MIT licence).
    """
    made = constants(name, players=players, phase=phase, changes=changes)
    return CoopetitionGym(
        made.numbers, made.rules, np.float64(finite_number(discount, "discount", low=0.0, high=1.0)), name,
        made.players, positive_integer(made.limit if limit is None else limit, "limit"),
        choice(reward, "reward", REWARDS), choice(seen, "seen", ("own", "joint")), made.ends, bool(trusted),
    )  # fmt: skip
