"""The environments of Coopetition-Gym, as one class that is composed of constants and rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.coopetitions import payoffs, seen
from nashscape.environments.coopetitions.endings import TESTS, mean_apart
from nashscape.environments.coopetitions.rules import Moment, Rule
from nashscape.environments.coopetitions.trust import TrustRates, observed, trust_weights
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space, reals


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
        tops: endowments, as bounds of what players do and see; static, as spaces are.
        most: the largest dependence, as a bound of what they see.
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
    tops: tuple[float, ...] = field(metadata={"static": True})
    most: float = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """A vector for every player."""
        extras = tuple(rule.bounds(np.array(self.tops)) for rule in self.rules)
        return seen.spaces(self.seen, self.tops, self.most, self.limit, extras)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """What each invests, `[1]`, from 0 to its endowment."""
        return tuple(reals(1, 0.0, own) for own in self.tops)

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
        trust, damage = observed(
            state.trust, state.damage, invested, now["baseline"], now["dependence"], trust_rates(now)
        )
        paid = self._payoffs(invested, self.weights(trust, damage), state.synergy, now)
        moment = Moment(invested, invested / now["endowment"], now["endowment"], now["dependence"], trust, played, {})
        kept, factor, penalty, told = self._ruled(state.kept, moment)
        paid = {name: own * factor - penalty for name, own in paid.items()}
        then = Standing(invested, trust, damage, state.synergy, played, kept)
        over = TESTS[self.ends](trust, now["bound"])
        measures = {**told, **paid, **_told(then), "factor": factor}
        return Step(
            then, self._views(key, then, state.kept), paid[self.reward], over, ~over & (played >= self.limit), measures
        )

    def legal(self, state: Standing) -> tuple[None, ...]:
        """Players choose points."""
        return (None,) * len(self.players)

    def exact(self) -> None:
        """Nothing: trust has a continuum of values."""

    def weights(self, trust: jax.Array, damage: jax.Array) -> jax.Array:
        """How much each counts what the others get, `D_ij min(T_ij, 1 − R_ij)`, `[n, n]`."""
        needs = jnp.asarray(self.numbers["dependence"], jnp.result_type(float))
        return needs * trust_weights(trust, damage) if self.trusted else needs

    def _payoffs(self, invested: jax.Array, weights: jax.Array, synergy: jax.Array, now: Any) -> dict[str, jax.Array]:
        own = payoffs.private(invested, synergy, now)
        mixed = payoffs.integrated(own, weights)
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


def trust_rates(numbers: Mapping[str, Any]) -> TrustRates:
    """How trust moves in an environment; its ceiling is `1 − R`."""
    return TrustRates(
        numbers["growth"], numbers["erosion"], numbers["amplification"], numbers["harm"], numbers["recovery"],
        numbers["sharpness"], highest=1.0, weight=1.0,
    )  # fmt: skip


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
