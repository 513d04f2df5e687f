"""Critics: what players expect to earn from where they are. They belong to a rule, and decide nothing themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError, choice, positive_integer
from nashscape.environments.spaces import Space
from nashscape.neural.drawing import Drawing
from nashscape.neural.layers import Layers, Sight, layers, redrawn
from nashscape.neural.ready_policies import sight_of
from nashscape.neural.tabular_policies import value_tables
from nashscape.semantics.callables import Held, hold

KINDS = ("own", "shared", "central", "tables")
"""A network for every player that sees what the player sees; the same one for all; one for every player that sees what
all players see; a table for every player with a row for everything it may see."""

Arrays = tuple[jax.Array, ...]


class Together(eqx.Module):
    """Layers of units on what all players see.

    Attributes:
        sights: how the observation of every player becomes a vector.
        layers: of one number, on all vectors one after the other.
    """

    sights: tuple[Sight, ...]
    layers: Layers

    def __call__(self, *observations: jax.Array) -> jax.Array:
        """The value, `[1]`."""
        dtype = self.layers.biases[0].dtype
        seen = [sight(own, dtype) for sight, own in zip(self.sights, observations, strict=True)]
        return self.layers(jnp.concatenate(seen))

    def drawn(self, key: jax.Array) -> "Together":
        """The same with random weights."""
        return eqx.tree_at(lambda own: own.layers, self, self.layers.drawn(key))


@dataclass(frozen=True, eq=False)
class Critics:
    """Value functions `V_i` of all players. Made by `critics_of`; their weights lie in the state of a rule.

    Attributes:
        networks: one for each player, or a single one that all share; a run's own weights take the place of theirs.
        kind: "own", "shared" or "central"; tables are own ones.
    """

    networks: tuple[Held, ...]
    kind: str

    def drawn(self, key: jax.Array) -> Arrays:
        """Random weights of every network, flat."""
        keys = jax.random.split(key, max(len(self.networks), 1))
        return tuple(
            hold(redrawn(own.whole(), one), "a critic").weights() for own, one in zip(self.networks, keys, strict=False)
        )

    def values(self, weights: Arrays, observations: Arrays) -> jax.Array:
        """`V_i`, `[T, B, n]`, in the unit of the rewards that critics are trained on; zeros where there are none.

        Args:
            weights: of every network, flat.
            observations: what every player sees, `[T, B, …]` each.
        """
        rounds = observations[0].shape[:2]
        if not self.networks:
            return jnp.zeros((*rounds, len(observations)))
        made = []
        for i, own in enumerate(observations):
            k = 0 if self.kind == "shared" else i
            seen = observations if self.kind == "central" else (own,)
            network, flat = self.networks[k], weights[k]
            made.append(jax.vmap(jax.vmap(lambda *one, n=network, w=flat: _value(n, w, one)))(*seen))
        return jnp.stack(made, axis=-1)


jax.tree_util.register_dataclass(Critics, data_fields=["networks"], meta_fields=["kind"])


@dataclass(frozen=True)
class CriticPlan:
    """What critics a rule wants, before it knows the game. Made by `critic_plan`.

    Attributes:
        kind: "own", "shared", "central" or "tables"; "" for none.
        hidden: units of the hidden layers.
        modules: networks of one's own in place of perceptrons, one for each player, or one that is shared.
    """

    kind: str
    hidden: tuple[int, ...] = ()
    modules: tuple[Held, ...] = ()


jax.tree_util.register_dataclass(CriticPlan, data_fields=["modules"], meta_fields=["kind", "hidden"])


def critic_plan(critics: Any, hidden: Sequence[int]) -> CriticPlan:
    """What was asked for: a word, modules of one's own, or None.

    Raises:
        InputError: for another word, what cannot be called, and layers without units.
    """
    if critics is None:
        return CriticPlan("")
    if isinstance(critics, str):
        if not isinstance(hidden, Sequence):
            raise InputError(f"critic_hidden must be units of hidden layers, as in (64, 64); got {hidden!r}")
        sizes = tuple(positive_integer(own, "an entry of critic_hidden") for own in hidden)
        return CriticPlan(choice(critics, "critics", KINDS), sizes)
    if isinstance(critics, Sequence):
        held = tuple(hold(own, f"the critic of player {i + 1}") for i, own in enumerate(critics))
        return CriticPlan("own", modules=held)
    return CriticPlan("shared", modules=(hold(critics, "the critic"),))


def critics_of(environment: Any, plan: CriticPlan) -> Critics:
    """Critics of the players of an environment, as planned.

    Perceptrons have tanh units and orthogonal weights with gain √2, 1 in the last layer.

    Raises:
        InputError: for another number of modules than players, modules that give no single number, and players who
            share a critic though they see different things.
    """
    spaces: tuple[Space, ...] = environment.observation_spaces
    if plan.kind == "shared" and len(set(spaces)) > 1:
        raise InputError(
            f"players of {environment.name} see different things, {', '.join(map(str, spaces))}; they cannot share a "
            'critic: give each an own one with critics="own", or "central"'
        )
    if plan.kind == "tables":
        return Critics(tuple(hold(own, "a critic") for own in value_tables(environment)), "own")
    if plan.modules:
        count = 1 if plan.kind == "shared" else len(spaces)
        if len(plan.modules) != count:
            raise InputError(f"{environment.name} has {count} players; got {len(plan.modules)} critics: give one each")
        made = Critics(plan.modules, plan.kind)
        _check(made, spaces)
        return made
    sights, drawing = tuple(map(sight_of, spaces)), Drawing("orthogonal", 1.0)
    if plan.kind == "central":
        whole = Sight(sum(own.size for own in sights), False)
        nets: list[Any] = [Together(sights, layers(whole, plan.hidden, 1, "tanh", drawing))] * len(spaces)
    else:
        seen = {"": (), "own": sights, "shared": sights[:1]}[plan.kind]
        nets = [layers(own, plan.hidden, 1, "tanh", drawing) for own in seen]
    return Critics(tuple(hold(own, "a critic") for own in nets), plan.kind)


def _check(critics: Critics, spaces: tuple[Space, ...]) -> None:
    """Refuse modules that do not give one number, found without computing anything."""
    seen = tuple(
        jax.ShapeDtypeStruct((1, 1, *space.shape), "int32" if space.shape == () else "float32") for space in spaces
    )
    for k, network in enumerate(critics.networks):
        alone = replace(critics, networks=(network,), kind="shared")
        name = f"the critic of player {k + 1}"
        if not network.size:
            raise InputError(f"{name} has no weights that could be learnt: its arrays are its weights")
        try:
            jax.eval_shape(
                lambda held, one, own=alone: replace(own, networks=(held,)).values((held.weights(),), (one,)),
                network, seen[k],
            )  # fmt: skip
        except InputError:
            raise
        except Exception as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise InputError(f"{name} fails on observations of shape {list(spaces[k].shape)}: {reason}") from error


def _value(network: Held, weights: jax.Array, seen: Arrays) -> jax.Array:
    """One number; observations that are arrays come in the precision of the weights."""
    shown = [own if jnp.ndim(own) == 0 else own.astype(weights.dtype) for own in seen]
    made = network.with_weights(weights)(*shown)
    if int(np.prod(np.shape(made))) != 1:
        raise InputError(f"a critic gives one number, the value of what is seen; got an array {list(np.shape(made))}")
    return jnp.reshape(made, ())
