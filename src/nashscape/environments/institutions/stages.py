"""The stages of a round under institutions: who may choose what when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.environments.spaces import Space, discrete, is_discrete

if TYPE_CHECKING:
    from nashscape.environments.institutions.governed_environment import Governed
    from nashscape.environments.institutions.governed_state import GovernedState

Masks = tuple[jax.Array | None, ...]


@dataclass(frozen=True)
class Stages:
    """What comes in a round, in which order.

    Attributes:
        order: the number of the institution whose stage it is; None for the round of the environment.
        names: of every institution the names of each player's choices, `()` without a stage.
    """

    order: tuple[int | None, ...]
    names: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.order)

    def start(self, environment: Any, which: int, player: int) -> int:
        """The action of a player that stands for its first choice in the stage of an institution."""
        before = sum(len(own[player]) for own in self.names[:which] if own)
        return int(environment.action_spaces[player].n) + before

    def action_spaces(self, environment: Any) -> tuple[Space, ...]:
        """The actions of the environment, then the choices of each stage."""
        spaces: tuple[Space, ...] = environment.action_spaces
        if self.count == 1:
            return spaces
        return tuple(_joined(space, [own[i] for own in self.names if own]) for i, space in enumerate(spaces))

    def of_round(self, environment: Any, actions: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
        """What players do in a round; where it is another stage nobody looks at it, but it has to be an action."""
        if self.count == 1:
            return actions
        spaces = environment.action_spaces
        return tuple(jnp.minimum(own, space.n - 1) for own, space in zip(actions, spaces, strict=True))

    def chosen(self, environment: Any, which: int, actions: tuple[jax.Array, ...]) -> jax.Array:
        """What players choose in the stage of an institution, `[n]`, counted from 0."""
        names = self.names[which]
        return jnp.stack([
            jnp.clip(own - self.start(environment, which, i), 0, len(names[i]) - 1) for i, own in enumerate(actions)
        ])  # fmt: skip

    def legal(self, governed: "Governed", state: "GovernedState") -> Masks:
        """In a round what the environment and all institutions allow, in a stage its choices."""
        inside = _allowed(governed, state)
        if self.count == 1:
            return inside
        return tuple(self._mask(governed.environment, state, i, own) for i, own in enumerate(inside))

    def _mask(self, environment: Any, state: "GovernedState", player: int, inside: jax.Array | None) -> jax.Array:
        """Of one player in the present stage, `[a_i + Σ c]`."""
        whole: int = self.action_spaces(environment)[player].n  # type: ignore[union-attr]
        count: int = environment.action_spaces[player].n
        at = jnp.arange(whole)
        known = jnp.ones(count, bool) if inside is None else inside
        masks = []
        for own in self.order:
            if own is None:
                masks.append(jnp.append(known, jnp.zeros(whole - count, bool)))
            else:
                first = self.start(environment, own, player)
                masks.append((at >= first) & (at < first + len(self.names[own][player])))
        return jnp.stack(masks)[state.at]


def _allowed(governed: "Governed", state: "GovernedState") -> Masks:
    """What the environment and all institutions allow in a round; None where a player may do everything."""
    made = list(governed.environment.legal(state.inner))
    for one, own in zip(governed.institutions, state.own, strict=True):
        admitted = one.admits(governed.environment, own)
        if admitted is not None:
            made = [_both(first, second) for first, second in zip(made, admitted, strict=True)]
    return tuple(made)


def _both(first: jax.Array | None, second: jax.Array | None) -> jax.Array | None:
    """What both allow; where that is nothing, what the first one allows, so that nobody is left without an action."""
    if first is None or second is None:
        return second if first is None else first
    both = first & second
    return jnp.where(both.any(), both, first)


def _joined(space: Space, further: Sequence[tuple[str, ...]]) -> Space:
    names = getattr(space, "names", ()) or tuple(f"action {k}" for k in range(space.n))  # type: ignore[union-attr]
    return discrete(len(names) + sum(map(len, further)), (*names, *(one for own in further for one in own)))


def stages_of(environment: Any, institutions: Sequence[Any]) -> Stages:
    """The order in which things come: stages before the round, the round, stages after it.

    Raises:
        InputError: for stages where players choose points, or where two actions would be called alike.
    """
    stages = [own.stage(environment) for own in institutions]
    if any(stages) and not all(map(is_discrete, environment.action_spaces)):
        name = next(str(one.name) for one, own in zip(institutions, stages, strict=True) if own)
        raise InputError(f"{name} needs players with finitely many actions; those of {environment.name} choose points")
    before = [k for k, own in enumerate(stages) if own and own.first]
    after = [k for k, own in enumerate(stages) if own and not own.first]
    made = Stages((*before, None, *after), tuple(own.names if own else () for own in stages))
    for space in made.action_spaces(environment):
        names = getattr(space, "names", ())
        for name in names:
            if names.count(name) > 1:
                raise InputError(
                    f"two actions would be called {name!r}; give an institution with a stage another name="
                )
    return made
