"""The four terms that opponent-aware learning rules are made of."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError
from nashscape.core.calls import public

TERMS = ("base", "own", "peer", "lookahead", "jacobian")
"""The names of those that every estimator of this library gives."""


@jax.tree_util.register_pytree_node_class
class Terms:
    """What an estimator says at a profile, by name: each term for all players, or not at all.

    For player i, with utilities `J` and unit inner step size, these are flat vectors over all players' parameters:

        base_i      = ∇_i J_i
        own_i       = [∇_i∇_i J_i]ᵀ ∇_i J_i
        peer_i      = Σ_{j≠i} [∇_i∇_j J_j]ᵀ ∇_j J_i      how i's parameters shape what j will learn
        lookahead_i = Σ_{j≠i} [∇_i∇_j J_i]ᵀ ∇_j J_j      how i should answer what j will learn

    The game's Jacobian is `jacobian[k, l] = ∂base_k/∂θ_l`, of shape `[d, d]`. Whoever gives something else gives it
    under another name.

    Here `[∇_i∇_j J]` is `∂(∇_j J)/∂θ_i`. A rule multiplies own, peer and lookahead by its inner step size `η`.
    Peer and lookahead coincide in two-player zero-sum and common-payoff games, and in few others.

    Args:
        sizes: parameters per player.
        **given: the terms.

    Raises:
        InputError: when a term is asked for that was not given.

    Example:
        >>> terms = Terms((1, 1), base=jnp.zeros(2))
        >>> sorted(terms), terms.base.shape
        (['base'], (2,))
        >>> terms.peer
        Traceback (most recent call last):
        nashscape.core.errors.InputError: there is no term peer here, only base; a rule says which it needs, as in
        needs = frozenset({'base', 'peer'})

    Source: Kim et al. (2021) for own and peer; Foerster et al. (2018) and Letcher et al. (2019) for lookahead.
    """

    if TYPE_CHECKING:
        base: jax.Array
        own: jax.Array
        peer: jax.Array
        lookahead: jax.Array
        jacobian: jax.Array

    def __init__(self, sizes: Sequence[int], **given: Any) -> None:
        self.sizes = tuple(sizes)
        self._given = given

    def __iter__(self) -> Iterator[str]:
        """The names of what is given."""
        return iter(self._given)

    def __getattr__(self, name: str) -> Any:
        """A term that is given."""
        given = self.__dict__.get("_given", {})
        if name in given:
            return given[name]
        if name.startswith("_"):
            raise AttributeError(name)
        both = ", ".join(map(repr, sorted([*given, name])))
        raise InputError(
            f"there is no term {name} here, only {', '.join(sorted(given)) or 'none'}; a rule says which it needs, as "
            f"in needs = frozenset({{{both}}})"
        )

    def only(self, names: frozenset[str]) -> "Terms":
        """Base and these terms, so that a rule that asks for others without a word is told."""
        return Terms(self.sizes, **{name: own for name, own in self._given.items() if name in names or name == "base"})

    def changed(self, **given: Any) -> "Terms":
        """The same with some terms changed or added."""
        return Terms(self.sizes, **{**self._given, **given})

    def tree_flatten(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """The terms in the order of their names, for JAX."""
        names = tuple(sorted(self._given))
        return tuple(self._given[name] for name in names), (self.sizes, names)

    @classmethod
    def tree_unflatten(cls, fixed: tuple[Any, ...], terms: Sequence[Any]) -> "Terms":
        """The same again."""
        return cls(fixed[0], **dict(zip(fixed[1], terms, strict=True)))

    @property
    def slices(self) -> tuple[slice, ...]:
        """Where each player's parameters lie in the flat vectors."""
        return player_slices(self.sizes)


@public()
def player_slices(sizes: Sequence[int]) -> tuple[slice, ...]:
    """Where each player's parameters lie in a flat vector over all players."""
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return tuple(slice(start, start + size) for start, size in zip(starts, sizes, strict=True))


def own_gradients(gradients: jax.Array, sizes: Sequence[int]) -> jax.Array:
    """Base: of the gradients of all utilities `[n, d]` every player's own part, `[d]`."""
    return jnp.concatenate([gradients[i, own] for i, own in enumerate(player_slices(sizes))])


@public()
def terms_from_derivatives(gradients: jax.Array, hessians: jax.Array, sizes: Sequence[int]) -> Terms:
    """The four terms from first and second derivatives of all utilities.

    Base is linear in the gradients; own, peer and lookahead are bilinear in gradients and Hessians.

    Args:
        gradients: `[n, d]`, entry `[j, k] = ∂J_j/∂θ_k`.
        hessians: `[n, d, d]`, entry `[j, k, l] = ∂²J_j/∂θ_k∂θ_l`.
        sizes: parameters per player; `d` is their sum.
    """
    parts = player_slices(sizes)
    players = range(len(sizes))
    g = gradients

    def product(learner: int, rows: slice, columns: slice, vector: jax.Array) -> jax.Array:
        """`[∂(∇_rows J)/∂θ_columns]ᵀ v`, for the utility J of one learner."""
        return jnp.einsum("lk,l->k", hessians[learner, rows, columns], vector, precision=lax.Precision.HIGHEST)

    own, peer, lookahead = [], [], []
    for i in players:
        me = parts[i]
        others = [j for j in players if j != i]
        own.append(product(i, me, me, g[i, me]))
        peer.append(sum(product(j, parts[j], me, g[i, parts[j]]) for j in others))
        lookahead.append(sum(product(i, parts[j], me, g[j, parts[j]]) for j in others))
    return Terms(
        base=own_gradients(gradients, sizes),
        own=jnp.concatenate(own),
        peer=jnp.concatenate(peer),
        lookahead=jnp.concatenate(lookahead),
        jacobian=jnp.concatenate([hessians[i, parts[i]] for i in players]),
        sizes=tuple(sizes),
    )


def terms_from_products(
    utilities: Callable[[jax.Array], jax.Array],
    theta: jax.Array,
    sizes: Sequence[int],
    factor: jax.Array | None = None,
    jacobian: bool = True,
) -> Terms:
    """The same terms from products of second derivatives with vectors, without an array of all of them.

    With the field `v = (∇_1 J_1, …, ∇_n J_n)`, own and peer of player i are the i-th part of `∂v/∂θ ᵀ c`, where c
    holds `∇_j J_i` for all j, and look-ahead of `∂v/∂θ u`, where u holds the others' `∇_j J_j`. For many players.

    Args:
        utilities: of all players, `[n]`, at a flat profile.
        theta: the flat profile, `[d]`.
        sizes: parameters per player.
        factor: what second derivatives are multiplied by in place of the gradients, `[n, d]`, entry `[j, k]` for
            `∂J_j/∂θ_k`: estimates from other plays, with which products have no bias.
        jacobian: whether the Jacobian, of d² entries, is among the terms.
    """
    owner = jnp.repeat(jnp.arange(len(sizes)), jnp.asarray(sizes), total_repeat_length=sum(sizes))
    mine = (owner[None, :] == jnp.arange(len(sizes))[:, None]).astype(theta.dtype)

    def field(theta: jax.Array) -> tuple[jax.Array, jax.Array]:
        gradients = jax.jacrev(utilities)(theta)
        return jnp.sum(gradients * mine, axis=0), gradients

    base, gradients = field(theta)
    along = gradients if factor is None else factor
    pull: Callable[..., Any] = jax.vjp(field, theta, has_aux=True)[1]
    push: Callable[..., Any] = jax.linearize(lambda at: field(at)[0], theta)[1]

    def own_parts(rows: jax.Array) -> jax.Array:
        return jnp.sum(rows * mine, axis=0)

    def pulled(rows: jax.Array) -> jax.Array:
        return own_parts(jax.vmap(lambda row: pull(row)[0])(rows))

    return Terms(
        base=base,
        own=pulled(along * mine),
        peer=pulled(along * (1.0 - mine)),
        lookahead=own_parts(jax.vmap(push)(own_parts(along)[None] * (1.0 - mine))),
        sizes=tuple(sizes),
        **({"jacobian": jax.vmap(push, out_axes=1)(jnp.eye(sum(sizes), dtype=theta.dtype))} if jacobian else {}),
    )
