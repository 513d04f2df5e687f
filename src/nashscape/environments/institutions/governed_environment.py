"""`governed`: an environment under institutions, which is an environment again."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.environments.game_environment import of_game
from nashscape.environments.institutions.bases import measures_of
from nashscape.environments.institutions.exact_rules import exact_under
from nashscape.environments.institutions.governed_state import GovernedState
from nashscape.environments.institutions.looks import looks, space_of
from nashscape.environments.institutions.protocol import Round
from nashscape.environments.institutions.stages import Stages, stages_of
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Space
from nashscape.games.offers import has_plays
from nashscape.games.protocol import Game


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class Governed:
    """An environment under institutions; made by `governed`.

    Attributes:
        environment: what is played.
        institutions: from the one nearest to the environment outwards.
        stages: of a round: those before it, the round itself, those after it.
    """

    environment: Any
    institutions: tuple[Any, ...]
    stages: Stages = field(metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    @property
    def name(self) -> str:
        """The name of the environment and those of its institutions."""
        return " with ".join([str(self.environment.name), *(str(own.name) for own in self.institutions)])

    @property
    def players(self) -> tuple[str, ...]:
        """Those of the environment."""
        return tuple(self.environment.players)

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What is seen of the environment, then which stage it is, then what institutions show, in their order."""
        return tuple(space_of(self, i) for i in range(len(self.players)))

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """The actions of the environment, then the choices of each stage; what is no choice now is not legal."""
        return self.stages.action_spaces(self.environment)

    @property
    def discount(self) -> Any:
        """That of the environment, spread evenly over the stages of a round."""
        return self.environment.discount ** (1.0 / self.stages.count)

    @property
    def horizon(self) -> int | None:
        """Rounds of the environment, times the stages of each."""
        inner = self.environment.horizon
        return None if inner is None else inner * self.stages.count

    def reset(self, key: jax.Array) -> tuple[GovernedState, tuple[jax.Array, ...]]:
        """An episode of the environment begins, and every institution's own state."""
        inner, seen = self.environment.reset(key)
        own = tuple(one.begin(self.environment) for one in self.institutions)
        accounts = jnp.zeros((len(own), len(self.players) + 1))
        state = GovernedState(inner, seen, own, accounts, jnp.int32(0), jnp.zeros(2, bool))
        return state, looks(self, state)

    def step(self, key: jax.Array, state: GovernedState, actions: tuple[jax.Array, ...]) -> Step:
        """The stage that it is: a round of the environment, or what an institution lets players choose."""
        kinds = [self._round if own is None else partial(self._stage, own) for own in self.stages.order]
        if len(kinds) == 1:
            after, rewards, measures = kinds[0](key, state, actions)
        else:
            told: dict[str, Any] = {}
            for one in kinds:
                told |= jax.eval_shape(one, key, state, actions)[2]
            alike = [_with_all(own, told) for own in kinds]
            after, rewards, measures = lax.switch(state.at, alike, key, state, actions)
        last = state.at == self.stages.count - 1
        after = replace(after, at=jnp.where(last, 0, state.at + 1).astype(jnp.int32))
        return Step(after, looks(self, after), rewards, last & after.over[0], last & after.over[1], measures)

    def legal(self, state: GovernedState) -> tuple[jax.Array | None, ...]:
        """In a round what the environment and all institutions allow, in a stage its choices."""
        return self.stages.legal(self, state)

    @property
    def views(self) -> Any:
        """What players see in the rows of `exact`."""
        return self.environment.views

    @property
    def certain(self) -> bool:
        """Whether what a round pays follows from its state and actions alone, where there is an `exact` game."""
        return bool(getattr(self.environment, "certain", False))

    @property
    def ended(self) -> Any:
        """In which states of `exact` the episode is over, `[S]`; None where it has none such."""
        return getattr(self.environment, "ended", None)

    def exact(self) -> Game | None:
        """The game of the environment with the transfers in its payoffs, where every institution depends on a round's
        actions and rewards alone; None else.
        """
        return exact_under(self)

    def _round(self, key: jax.Array, state: GovernedState, actions: tuple[jax.Array, ...]) -> Any:
        first, *keys = jax.random.split(key, len(self.institutions) + 1)
        actions = self.stages.of_round(self.environment, actions)
        step = self.environment.step(first, state.inner, actions)
        # of institutions over others those before all of them
        told = {"reward before institutions": step.rewards, **step.measures}
        paid, own, moved = step.rewards, [], []
        for one, before, at in zip(self.institutions, state.own, keys, strict=True):
            settled = one.settles(at, self.environment, before, Round(state.inner, actions, step, paid))
            own.append(settled.state)
            moved.append(settled.account)
            told |= settled.measures
            paid = paid + settled.account[:-1]
        entries = jnp.stack(moved).astype(state.accounts.dtype)
        told |= _told_of(self, entries)
        over = jnp.stack([step.terminated, step.truncated])
        after = replace(
            state,
            inner=step.state,
            seen=step.observations,
            own=tuple(own),
            accounts=state.accounts + entries,
            over=over,
        )
        return after, paid, told

    def _stage(self, which: int, key: jax.Array, state: GovernedState, actions: tuple[jax.Array, ...]) -> Any:
        one = self.institutions[which]
        chosen = self.stages.chosen(self.environment, which, actions)
        settled = one.decides(key, self.environment, state.own[which], chosen)
        own = (*state.own[:which], settled.state, *state.own[which + 1 :])
        moved = jnp.zeros_like(state.accounts).at[which].set(settled.account.astype(state.accounts.dtype))
        after = replace(state, own=own, accounts=state.accounts + moved)
        return after, settled.account[:-1].astype(float), dict(settled.measures) | _told_of(self, moved)


def _told_of(governed: Governed, moved: jax.Array) -> dict[str, jax.Array]:
    """What every institution has moved, by name: what players got, `[n]`, and what was burnt."""
    names = [str(own.name) for own in governed.institutions]
    gained = {f"from {name}": own[:-1] for name, own in zip(names, moved, strict=True)}
    return gained | {f"burnt by {name}": own[-1] for name, own in zip(names, moved, strict=True)}


def _with_all(stage: Any, told: dict[str, Any]) -> Any:
    """The same stage, which tells zero of all that only other stages measure."""

    def whole(*given: Any) -> Any:
        after, rewards, own = stage(*given)
        return after, rewards, {
            name: own[name].astype(like.dtype) if name in own else jnp.zeros(like.shape, like.dtype)
            for name, like in told.items()
        }  # fmt: skip

    return whole


@public()
def governed(environment: Any, *institutions: Any) -> Governed:
    """An environment under institutions: an environment again, which every rule, measure and picture applies to.

    In every round the environment is played as it is. Then each institution, from the first on, moves payoff between
    the accounts of the players, its own and the outside; one that lets players choose does so in a stage of its own,
    before the round or after it, in which they see what has happened. `measures` tell, by name, what every institution
    moved to whom ("from …", `[n]`), what of it was burnt ("burnt by …", below zero where it came from outside), and the
    "reward before institutions". What all get and what is burnt sum to zero, always: nothing is paid in secret.

    Where there are stages, players have the choices of all as further actions, of which those of the present stage are
    legal, and see which stage it is. The share of an action is that of the rounds in which it may be taken.

    Args:
        environment: any, or a game, which is played as `of_game` plays it.
        institutions: from the one nearest to the environment outwards, such as `tax`, `punishment`, `quota`.

    Raises:
        InputError: for what is not played in rounds, an institution that needs what the environment does not offer,
            two of one name, and stages where players choose points.

    Example:
        >>> from nashscape import equilibria, games
        >>> from nashscape.environments import tax
        >>> fined = governed(games.prisoners_dilemma(), tax("D", 3.0, back=0.0))
        >>> [found.strategies[0].tolist() for found in equilibria(fined.exact())]       # it pays to cooperate
        [[1.0, 0.0]]
    """
    played = environment if has_plays(environment) else of_game(environment)
    if not institutions:
        raise InputError("give at least one institution, such as tax('taken', 0.5)")
    for own in institutions:
        if not all(hasattr(own, what) for what in ("over", "stage", "settles", "decides", "begin")):
            raise InputError(f"expected institutions, such as environments.tax; got {own!r}")
    standing = tuple(own.over(played) for own in institutions)
    names, known = [str(own.name) for own in standing], measures_of(played)
    for name in names:
        if names.count(name) > 1 or f"from {name}" in known:
            raise InputError(f"two institutions are called {name!r}; give one of them another name=")
    return Governed(played, standing, stages_of(played, standing))
