"""Signalling games, with a strategy of the sender for every type and one of the receiver for every message."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Signalling:
    """Nature draws a type, the sender sees it and sends a message, the receiver sees the message and answers.

    Attributes:
        prior: probabilities of the types, `[T]`.
        payoffs: of sender and receiver, `[2, T, M, A]`.
        rows: names of the types, and of the messages.
        actions: names of the messages, and of the answers.
        payoff_range: largest minus least payoff.
        name: of the game.
        players: names.
    """

    prior: Any
    payoffs: Any
    rows: tuple = field(metadata={"static": True})
    actions: tuple = field(metadata={"static": True})
    payoff_range: float = field(metadata={"static": True}, default=1.0)
    name: str = field(metadata={"static": True}, default="signalling")
    players: tuple = field(metadata={"static": True}, default=("sender", "receiver"))

    offers: ClassVar = frozenset({"pays", "rows"})

    @property
    def strategy_shapes(self):
        return tuple((len(rows), len(actions)) for rows, actions in zip(self.rows, self.actions, strict=True))

    def expected_payoffs(self, strategies):
        sender, receiver = map(jnp.asarray, strategies)
        return jnp.einsum("t,tm,ma,itma->i", jnp.asarray(self.prior), sender, receiver, jnp.asarray(self.payoffs))

    def regrets(self, strategies):
        sender, receiver = map(jnp.asarray, strategies)
        own = jnp.einsum("t,tma,ma->tm", jnp.asarray(self.prior), jnp.asarray(self.payoffs)[0], receiver)
        other = jnp.einsum("t,tm,tma->ma", jnp.asarray(self.prior), sender, jnp.asarray(self.payoffs)[1])
        best = jnp.stack([own.max(axis=1).sum(), other.max(axis=1).sum()])
        return best - self.expected_payoffs(strategies)


def lewis(prior=(0.5, 0.5), messages=2):
    """Both are paid one where the answer fits the type, whatever the message.

    With as many messages as types there are two ways to understand each other perfectly, which are the usual targets.
    """
    types = len(prior)
    fits = jnp.eye(types)[:, None, :] * jnp.ones((1, messages, 1))
    names = [f"t{k}" for k in range(types)], [f"m{k}" for k in range(messages)], [f"a{k}" for k in range(types)]
    kinds, words, answers = map(tuple, names)
    return Signalling(jnp.asarray(prior), jnp.stack([fits, fits]), (kinds, words), (words, answers), name="lewis")


class Codebook:
    """How another library keeps a common-interest game: what both are paid, by the actions of the two."""

    def __init__(self, paid):
        self.paid = paid


class Cipher(Codebook):
    """One of its kinds."""


def of_codebook(book):
    """Both are paid the same."""
    return [book.paid, book.paid]
