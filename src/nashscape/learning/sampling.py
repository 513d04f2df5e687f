"""Terms estimated from a batch of plays of a one-shot game."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, choice, citations, positive_integer
from nashscape.core.calls import public
from nashscape.core.randomness import threefry
from nashscape.core.reprs import called
from nashscape.games import is_chain
from nashscape.games.offers import payoff_array
from nashscape.learning.counts import joint_counts
from nashscape.learning.estimators import Estimator, refuse_costs
from nashscape.learning.keys import StepKey
from nashscape.learning.markov_sampling import LEAVE_ONE_OUT, episodes
from nashscape.learning.terms import Terms, terms_from_derivatives
from nashscape.semantics import ParametricGame

FORMS = ("published", "unbiased")
GENERATORS = ("counter", "jax")
MOST_PLAYS = 65_408


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Sampled(Estimator):
    """Score-function terms from one batch of plays, shared by all players and terms. Made by `sampled`."""

    batch: Any
    capacity: int = field(metadata={"static": True})
    form: str = field(metadata={"static": True})
    generator: str = field(metadata={"static": True})
    baseline: str | None = field(default=None, metadata={"static": True})

    sources: ClassVar[tuple[citations.Source, ...]] = (citations.POLICY_GRADIENT,)

    @property
    def exact(self) -> bool:
        """Never: a batch is random."""
        return False

    @property
    def unbiased(self) -> bool:
        """In the form of that name."""
        return self.form == "unbiased"

    def for_game(self, game: ParametricGame) -> Estimator:
        """Episodes for a Markov game; see `Estimator`."""
        if is_chain(game.game):
            if self.form != "published":
                raise InputError(f"the form {self.form!r} is for one-shot games; use episodes(batch) for {game.name}")
            return episodes(int(self.batch), baseline=self.baseline).for_game(game)
        if game.semantics.domain == "simplex":
            raise InputError("scores are infinite where a probability is zero; sample with logits, or use exact()")
        if payoff_array(game.game) is None:
            raise InputError(f"{game.name} has no payoff array to sample from; use exact(), or a dense game")
        refuse_costs(game)
        return self

    def estimate(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None = None
    ) -> Terms:
        """The terms from the batch that `key` names."""
        strategies = game.strategies(theta)
        counts = joint_counts(strategies, _WORDS[self.generator](key), self.batch, self.capacity)
        return self.from_counts(game, theta, counts)

    def from_counts(self, game: ParametricGame, theta: jax.Array, counts: jax.Array) -> Terms:
        """The terms from the counts of joint actions, of shape `[a_1, …, a_n]`.

        With the joint score `s(a) = ∇ log P(a|θ)`, every play a gives `g_j(a) = u_j(a) s(a)` for `∇J_j` and
        `m_j(a) = u_j(a) (s sᵀ + ∇² log P)` for `∇∇J_j`; the terms are products of their means. With a baseline
        `u_j(a)` is less the mean of the other plays' payoffs, which is `(u_j(a) − ū_j) B/(B − 1)`.
        """
        plays = jnp.asarray(self.batch, counts.dtype)
        share = counts.ravel() / plays
        payoffs = jnp.asarray(payoff_array(game.game), counts.dtype).reshape(len(game.sizes), -1)
        if self.baseline is not None:
            means = jnp.tensordot(payoffs, share, 1, precision=lax.Precision.HIGHEST)
            payoffs = (payoffs - means[:, None]) * (plays / (plays - 1.0))

        def log_chances(theta: jax.Array) -> jax.Array:
            return _joint_sum(game.semantics.log_strategies(theta))

        scores = jax.jacrev(log_chances)(theta)
        curvatures = jax.jacfwd(jax.jacrev(log_chances))(theta)
        gradients = jnp.einsum("ja,ak->ajk", payoffs, scores, precision=lax.Precision.HIGHEST)
        products = scores[:, :, None] * scores[:, None, :] + curvatures
        hessians = payoffs.T[:, :, None, None] * products[:, None, :, :]

        def mean(values: jax.Array) -> jax.Array:
            return jnp.tensordot(share, values, 1, precision=lax.Precision.HIGHEST)

        together = terms_from_derivatives(mean(gradients), mean(hessians), game.sizes)
        if self.form == "published":
            return together
        alone = jax.vmap(lambda g, m: terms_from_derivatives(g, m, game.sizes))(gradients, hessians)

        def without_diagonal(product: jax.Array, same_play: jax.Array) -> jax.Array:
            # mean over pairs of *different* plays; the two factors are then independent
            return (plays * product - mean(same_play)) / (plays - 1.0)

        pairs = Terms(
            base=together.base,
            jacobian=together.jacobian,
            own=without_diagonal(together.own, alone.own),
            peer=without_diagonal(together.peer, alone.peer),
            lookahead=without_diagonal(together.lookahead, alone.lookahead),
            sizes=together.sizes,
        )
        return pairs if self.baseline is None else _without_shared_baselines(pairs, plays)

    def __repr__(self) -> str:
        return called(
            "sampled", self.batch, form=self.form, **({} if self.baseline is None else {"baseline": self.baseline})
        )


def _without_shared_baselines(terms: Terms, plays: jax.Array) -> Terms:
    """The unbiased form with a baseline, from means over pairs of different plays k, l.

    The payoff of k is in the baseline of l and that of l in the baseline of k. Of their product the expectation is
    `1/(B − 1)²` times that of the term with the two utilities exchanged: own with itself, peer with look-ahead.
    """
    share = 1.0 / jnp.square(plays - 1.0)
    alone = 1.0 - jnp.square(share)
    return terms.changed(
        own=terms.own / (1.0 + share),
        peer=(terms.peer - share * terms.lookahead) / alone,
        lookahead=(terms.lookahead - share * terms.peer) / alone,
    )


def _joint_sum(parts: tuple[jax.Array, ...]) -> jax.Array:
    """Sum of one entry per player for every joint action, flat in row-major order."""
    total = parts[0]
    for part in parts[1:]:
        total = (total[:, None] + part[None, :]).ravel()
    return total


def _counter_words(key: StepKey) -> Callable[[jax.Array, int], jax.Array]:
    def words(stage: jax.Array, n: int) -> jax.Array:
        blocks = jnp.arange(-(-n // 4), dtype=jnp.uint32)
        counter = [jnp.broadcast_to(w.astype(jnp.uint32), blocks.shape) for w in (key.start, key.step, stage)]
        # the fourth word keeps later questions of a step apart from starts, whose third word is one
        question = jnp.uint32(key.question)
        words = [key.seed_low, key.seed_high, question, 2 * jnp.minimum(question, 1)]
        return jnp.concatenate(threefry([*counter, blocks], words))[:n]

    return words


def _jax_words(key: StepKey) -> Callable[[jax.Array, int], jax.Array]:
    named = jax.random.key(0)
    for word in (key.seed_low, key.seed_high, key.start, key.step, key.question):
        named = jax.random.fold_in(named, word)
    return lambda stage, n: jax.random.bits(jax.random.fold_in(named, stage), (n,), jnp.uint32)


_WORDS = {"counter": _counter_words, "jax": _jax_words}


@public()
def sampled(
    batch: int,
    *,
    form: str = "published",
    generator: str = "counter",
    capacity: int | None = None,
    baseline: str | None = None,
) -> Sampled:
    """The estimator from a batch of plays of a one-shot game.

    Args:
        batch: plays per update, at least 1 (2 for the unbiased form or a baseline, 3 for both) and at most 65408.
        form: "published" multiplies two means of the same batch, which biases own, peer and lookahead by
            `O(1/batch)`; "unbiased" leaves out the products of a play with itself.
        generator: "counter" is Threefry-4x32 with 13 rounds inside the compiled step; "jax" is JAX's default
            generator, many times slower.
        capacity: plays that the compiled program has room for, by default the batch rounded up to a multiple of
            128. Give one capacity to sweep over batch sizes without compiling again.
        baseline: "leave-one-out" subtracts from the payoff of every play the mean payoff of the other plays. That
            leaves the expectations of base and of the Jacobian as they are, and so those of own, peer and lookahead
            in the unbiased form; it takes away the noise that payoffs have in common, so that a constant added to all
            payoffs changes nothing. None, as published, leaves payoffs as they are.

    Raises:
        InputError: for a batch that is too small or too large, or an unknown form, generator or baseline.

    Example:
        >>> sampled(batch=384).capacity
        384

    Source: Williams (1992) for the score function; the published products are those of arXiv 2605.18078; the baseline
    of Kool, van Hoof and Welling (2019).
    """
    form = choice(form, "form", FORMS)
    if baseline is not None:
        choice(baseline, "baseline", (LEAVE_ONE_OUT,))
    batch = positive_integer(batch, "batch", at_least=1 + (form == "unbiased") + (baseline is not None))
    room = positive_integer(-(-batch // 128) * 128 if capacity is None else capacity, "capacity")
    if batch > room:
        raise InputError(f"batch is {batch} but capacity only {room}; raise capacity or lower batch")
    if room > MOST_PLAYS:
        raise InputError(f"batch and capacity must be at most {MOST_PLAYS}; got {room}: use exact() instead")
    return Sampled(batch, room, form, choice(generator, "generator", GENERATORS), baseline)
