"""Policies that are networks: one module for every player, whose weights are what is learnt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.spaces import Space
from nashscape.games.offers import needs
from nashscape.neural.layers import Spread, redrawn
from nashscape.semantics.acting import Acting
from nashscape.semantics.callables import Held, hold
from nashscape.semantics.heads import Head, head_of

if TYPE_CHECKING:
    from nashscape.neural.coupled_policies import CoupledPolicies

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Policies(Acting):
    """Player i acts on `network_i(observation; θ_i)`, or `network_i(observation, memory; θ_i)`. Made by `policies`.

    Attributes:
        networks: one for each player; a run's own weights take the place of theirs.
        ends: the heads, what each player's numbers say of actions.
        shapes: of what each player sees.
    """

    networks: tuple[Held, ...]
    ends: tuple[Head, ...]
    shapes: tuple[tuple[int, ...], ...]

    @property
    @override
    def heads(self) -> tuple[Head, ...]:
        return self.ends

    @property
    @override
    def observation_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.shapes

    @property
    def reads_others(self) -> bool:
        """Players see observations, never each other's weights."""
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of weights of every player's network."""
        return tuple(own.size for own in self.networks)

    @property
    def tabular(self) -> bool:
        """Whether all players look their numbers up in tables."""
        return all(getattr(own.whole(), "tabular", False) for own in self.networks)

    @property
    def weights_read(self) -> Floats:
        """The weights of others that players read, `[n, n]`: none beside their own."""
        return np.eye(len(self.networks))

    def reading_with(self, weights: Floats) -> "CoupledPolicies":
        """The same players who read each other's weights, see `coupled`.

        Raises:
            InputError: for networks that differ in more than their weights, which cannot be added up one by one.
        """
        from nashscape.neural.coupled_policies import CoupledPolicies

        for i, one in enumerate(self.networks):
            if not one.alike(self.networks[0]):
                raise InputError(
                    f"players who read each other have networks alike; that of player {i + 1} differs from the first "
                    f"in more than its weights ({self.sizes[0]} and {self.sizes[i]} of them)"
                )
        return CoupledPolicies(self, weights)

    def memory(self) -> tuple[Any, ...]:
        """What every player's network remembers before an episode: `module.memory()`, or () without one."""
        return tuple(_memory(own.whole()) for own in self.networks)

    @override
    def outputs(
        self, theta: jax.Array, observations: tuple[jax.Array, ...], memory: tuple[Any, ...]
    ) -> tuple[tuple[jax.Array, ...], tuple[Any, ...]]:
        made = [
            _called(network.with_weights(own), seen, before, theta.dtype)
            for network, own, seen, before in zip(self.networks, self.split(theta), observations, memory, strict=True)
        ]
        return tuple(numbers for numbers, _ in made), tuple(after for _, after in made)

    def initial(self, key: jax.Array) -> jax.Array:
        """Random weights of all players to start from, `[d]`, in single precision."""
        return _initial(self, key)

    def weights(self, modules: Sequence[Any] | None = None) -> jax.Array:
        """The flat profile `[d]` of players with these modules; by default those that the policies were made of.

        Raises:
            InputError: for modules that differ from those in more than weights.
        """
        given = self.networks if modules is None else tuple(hold(own, "a module") for own in modules)
        for i, (own, known) in enumerate(zip(given, self.networks, strict=True)):
            if not own.alike(known):
                raise InputError(f"the module of player {i + 1} differs in more than its weights; make new policies")
        return jnp.concatenate([own.weights() for own in given])

    def players(self, theta: Any) -> tuple[Any, ...]:
        """The modules of all players at a flat profile, like those that were given."""
        parts = self.split(jnp.asarray(theta))
        return tuple(own.with_weights(part).whole() for own, part in zip(self.networks, parts, strict=True))


jax.tree_util.register_dataclass(Policies, data_fields=["networks"], meta_fields=["ends", "shapes"])


@jax.jit
def _initial(players: Policies, key: jax.Array) -> jax.Array:
    keys = jax.random.split(key, len(players.networks))
    return players.weights([redrawn(own.whole(), one) for own, one in zip(players.networks, keys, strict=True)])


@public()
def policies(environment: Any, modules: Any) -> Policies:
    """Players of an environment who act on what their networks make of what they see.

    A module is called as `module(observation)` and gives the numbers of the player's head: one logit for every action,
    or of points the means of all coordinates, or these and then the logarithms of standard deviations. Where it gives
    means alone, the logarithms are parameters of their own, at first zero. One with a method `memory()`, what is
    remembered before an episode, is called as `module(observation, memory)` and gives numbers and memory.

    Weights are all entries of its arrays of floating point numbers. Where runs start from drawn weights, a module that
    has `drawn(key)` says how; of others matrices are drawn from `N(0, 1/m)` with m inputs, `[outputs, inputs, …]`, and
    all else stays as it is given.

    Args:
        environment: what is played.
        modules: pytrees that can be called, such as Equinox modules: one for every player, or one alone for players
            who see and do the same.

    Raises:
        InputError: for a module that fails on what its player sees, gives numbers or memory that do not fit, or has no
            weights.

    Example:
        >>> import equinox as eqx
        >>> from nashscape import environments, games
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> made = policies(environment, eqx.nn.Linear(3, 2, key=jax.random.key(0)))
        >>> made.sizes                              # 2·3 + 2
        (8, 8)
        >>> made.initial(jax.random.key(1)).shape
        (16,)
    """
    needs(environment, "plays", to="be played by policies")
    seen, done = environment.observation_spaces, environment.action_spaces
    given = tuple(modules) if isinstance(modules, Sequence) else (modules,) * len(done)
    if len(given) != len(done):
        raise InputError(f"{environment.name} has {len(done)} players; got {len(given)} modules: give one each")
    heads = tuple(head_of(space) for space in done)
    held = tuple(map(_fitted, given, heads, seen, range(len(done))))
    return Policies(held, heads, tuple(space.shape for space in seen))


def _fitted(module: Any, head: Head, seen: Space, player: int) -> Held:
    """The module of a player, with a spread of its own where it gives means alone."""
    name = f"the module of player {player + 1}"
    held = hold(module, name)
    size = _size(held, name, seen)
    means = getattr(head, "low", ())
    if size == (len(means),) and means:
        held = hold(Spread(held.whole(), np.zeros(len(means), np.float32)), name)
    elif size != (head.size,):
        wanted = f"[{head.size}]" + (f", or means alone, [{len(means)}]" if means else "")
        raise InputError(f"{name} gives numbers of shape {list(size)}; its actions, {head}, take {wanted}")
    if not held.size:
        raise InputError(f"{name} has no weights that could be learnt: its arrays are its weights")
    return held


def _size(held: Held, name: str, seen: Space) -> tuple[int, ...]:
    """The shape of the numbers that a module gives, found without computing anything; memory has to keep its shape."""
    before = _memory(held.whole())
    kind = "int32" if seen.shape == () else "float32"
    try:
        # the module is an argument too, so that its arrays are not seen as constants
        made, after = jax.eval_shape(
            lambda own, shown, kept: _called(own, shown, kept, jnp.dtype("float32")),
            held, jax.ShapeDtypeStruct(seen.shape, kind), before,
        )  # fmt: skip
    except Exception as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise InputError(f"{name} fails on observations of shape {list(seen.shape)}: {reason}") from error
    if not hasattr(made, "dtype") or not jnp.issubdtype(made.dtype, jnp.floating):
        raise InputError(f"{name} must give one array of real numbers; it gives {made}")
    shapes = [jax.tree.map(lambda own: (jnp.shape(own), jnp.result_type(own)), tree) for tree in (before, after)]
    if shapes[0] != shapes[1]:
        raise InputError(f"{name} must keep the shapes and types of its memory: {shapes[0]} became {shapes[1]}")
    return tuple(made.shape)


def _memory(module: Any) -> Any:
    return module.memory() if hasattr(module, "memory") else ()


def _called(network: Held, seen: jax.Array, before: Any, dtype: Any) -> tuple[jax.Array, Any]:
    """Numbers and memory; observations that are arrays come in the precision of the weights."""
    shown = seen if jnp.ndim(seen) == 0 else jnp.asarray(seen, dtype)
    if hasattr(network.whole(), "memory"):
        numbers, after = network(shown, before)
        return numbers, after
    return network(shown), ()
