"""Terms estimated from a batch of plays of a Markov game."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, choice, citations, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.games import is_chain
from nashscape.learning.estimators import Estimator, refuse_costs
from nashscape.learning.keys import StepKey
from nashscape.learning.moments import Moments, terms_from_moments
from nashscape.learning.play_scores import play_scores
from nashscape.learning.records import Layout
from nashscape.learning.rollouts import Words, play, returns, round_payoffs
from nashscape.learning.state_baselines import less_values
from nashscape.learning.terms import Terms
from nashscape.semantics import ParametricGame

MOST_PLAYS = 65_408
MOST_SAMPLED_STATES = 256
LEAVE_ONE_OUT, PER_STATE = BASELINES = ("leave-one-out", "per-state")


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Episodes(Estimator):
    """Score-function terms from one batch of plays, shared by all players and terms. Made by `episodes`."""

    batch: int = field(metadata={"static": True})
    rounds: int | None = field(metadata={"static": True})
    baseline: str | None = field(metadata={"static": True})
    reward_to_go: bool = field(metadata={"static": True})

    sources: ClassVar[tuple[citations.Source, ...]] = (citations.POLICY_GRADIENT,)

    @property
    def exact(self) -> bool:
        """Never: a batch is random."""
        return False

    @property
    def unbiased(self) -> bool:
        """Never: the two means of a product are of one batch."""
        return False

    @property
    def width(self) -> int:
        """Starts that advance together: a batch of plays for each has to stay in the cache."""
        return 128

    @property
    def maps_itself(self) -> bool:
        """It plays for many starts side by side."""
        return True

    @override
    def for_game(self, game: ParametricGame) -> "Episodes":
        played = game.game
        if not is_chain(played):
            raise InputError(f"episodes are plays of a Markov game; for {played.name} use sampled(batch={self.batch})")
        if played.horizon is None and self.rounds is None:
            raise InputError(
                f"{played.name} has no end; say after how many rounds a play is cut off: episodes({self.batch}, "
                "rounds=100)"
            )
        if played.horizon is not None and self.rounds is not None and self.rounds > played.horizon:
            raise InputError(
                f"{played.name} ends after {played.horizon} rounds, so plays cannot be cut off after {self.rounds}; "
                "leave rounds out to play them all"
            )
        if played.n_states > MOST_SAMPLED_STATES:
            raise InputError(
                f"{played.name} has {played.n_states} states; at most {MOST_SAMPLED_STATES} can be sampled: use exact()"
            )
        refuse_costs(game)
        return self

    def estimate(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None = None
    ) -> Terms:
        """The terms from the batch that `key` names."""
        words = tuple(
            jnp.asarray(word, jnp.uint32) for word in (key.seed_low, key.seed_high, key.start, key.step, key.question)
        )
        return _over_starts(self.estimate_side_by_side)(game, theta, words)

    def estimate_side_by_side(self, game: ParametricGame, theta: jax.Array, words: Words) -> Terms:
        """The terms of W starts at once: `theta` is `[d, W]`, the index of the starts in `words` is `[W]`."""
        played = game.game
        assert is_chain(played)
        rounds = played.horizon if self.rounds is None else self.rounds
        assert rounds is not None, "for_game has seen to it"
        layout = Layout(played.n_states, played.shape, rounds)
        policies = jax.vmap(game.strategies, in_axes=-1, out_axes=-1)(theta)
        records = play(played, layout, policies, words, self.batch)
        scores = play_scores(game, layout, theta, [records[k] for k in range(layout.words)])
        if not self.reward_to_go:
            paid = self._centred(returns(played, layout, records))
            moments = Moments(scores.until(layout.rounds - 1), paid)
            return terms_from_moments(scores, lambda ask: ask(moments))

        shaped = None
        if self.baseline == PER_STATE:
            shaped = less_values(layout, records, lambda number: round_payoffs(played, layout, records, number))

        def paid_in(number: jax.Array) -> list[jax.Array]:
            if shaped is not None:
                return list(lax.dynamic_index_in_dim(shaped, number, keepdims=False))
            return self._centred(round_payoffs(played, layout, records, number))

        def over_rounds(ask: Callable[[Moments], list[jax.Array]]) -> list[jax.Array]:
            # γ^t u_i(t) multiplies the scores of rounds 0 to t only: what came later cannot have changed it
            def at(number: jax.Array) -> list[jax.Array]:
                return ask(Moments(scores.until(number), paid_in(number)))

            def add(number: jax.Array, sums: list[jax.Array]) -> list[jax.Array]:
                return [total + now for total, now in zip(sums, at(number), strict=True)]

            zeros = [jnp.zeros(one.shape, one.dtype) for one in jax.eval_shape(at, jnp.int32(0))]
            return lax.fori_loop(0, layout.rounds, add, zeros)

        return terms_from_moments(scores, over_rounds)

    def _centred(self, paid: list[jax.Array]) -> list[jax.Array]:
        if self.baseline is None:
            return paid
        # less the mean of the *other* plays, which leaves expectations as they are
        return [(own - jnp.mean(own, axis=0)) * (self.batch / (self.batch - 1)) for own in paid]

    def __repr__(self) -> str:
        return called(
            "episodes", self.batch, rounds=self.rounds, baseline=self.baseline, reward_to_go=self.reward_to_go
        )


def _over_starts(side_by_side: Callable[..., Terms]) -> Callable[..., Terms]:
    """A function of one start, which JAX maps over starts by calling the one for starts side by side."""

    @jax.custom_batching.custom_vmap
    def alone(game: ParametricGame, theta: jax.Array, words: Words) -> Terms:
        low, high, start, step, question = words
        together = side_by_side(game, theta[:, None], (low, high, start[None], step, question))
        return jax.tree.map(lambda leaf: leaf[..., 0], together)

    @alone.def_vmap
    def mapped(size: int, batched: Any, game: ParametricGame, theta: jax.Array, words: Words) -> Any:
        _, theta_batched, words_batched = batched
        low, high, start, step, question = words
        theta = theta.T if theta_batched else jnp.broadcast_to(theta[:, None], (theta.shape[0], size))
        start = start if words_batched[2] else jnp.broadcast_to(start, (size,))
        terms = side_by_side(game, theta, (low, high, start, step, question))
        return jax.tree.map(lambda leaf: jnp.moveaxis(leaf, -1, 0), terms), jax.tree.map(lambda _: True, terms)

    return alone


@public()
def episodes(
    batch: int = 384, *, rounds: int | None = None, baseline: str | None = None, reward_to_go: bool = False
) -> Episodes:
    """The estimator from a batch of plays of a Markov game.

    With the score `s = Σ_t ∇ log σ(a_t | s_t)` of a play and the return `R_i` of player i, `∇J_i` is estimated by
    `mean(R_i s)` and `∇∇J_i` by `mean(R_i (s sᵀ + Σ_t ∇² log σ))`; the terms are products of these means.

    Args:
        batch: plays per update, 1 (2 with a baseline) to 65408.
        rounds: after how many rounds a play is cut off; by default the game's horizon.
        baseline: None, as published; "leave-one-out" to subtract from every return, or with `reward_to_go` from every
            payoff of a round, the mean of the other plays'; "per-state", which needs `reward_to_go`, to subtract from
            what comes after an action the mean of what came after in the other plays that were in the same state in
            that round, or zero where there were none. Expectations of base and of the Jacobian stay as they are.
        reward_to_go: let the payoff of a round multiply the scores of the rounds up to it only (as DiCE does),
            instead of the return of the whole play.

    Raises:
        InputError: for a batch that is too small or too large, no rounds, or an unknown baseline.

    Example:
        >>> episodes(384)
        episodes(384, rounds=None, baseline=None, reward_to_go=False)

    Source: Williams (1992); Foerster et al. (2018) for DiCE, Mao et al. (2019) for its baselines; the form without
    baseline and with full returns is that of arXiv 2605.18078.
    """
    if baseline is not None:
        choice(baseline, "baseline", BASELINES)
    if baseline == PER_STATE and not reward_to_go:
        raise InputError("a baseline per state is for payoffs after a state: give reward_to_go=True as well")
    batch = positive_integer(batch, "batch", at_least=1 if baseline is None else 2)
    if batch > MOST_PLAYS:
        raise InputError(f"batch must be at most {MOST_PLAYS}; got {batch}: use exact() instead")
    if rounds is not None:
        rounds = positive_integer(rounds, "rounds")
    return Episodes(batch, rounds, baseline, bool(reward_to_go))
