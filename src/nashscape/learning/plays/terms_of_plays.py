"""Terms of policies from whole episodes that were played: products of means of returns times scores.

No matrix of second derivatives is made. With the scores `s_t = ∇ log π(t)` of the rounds of a play and what is paid
for them, `A_j(t)`, the second derivatives of `J_j` are estimated by

    mean Σ_t [ A_j(t) ∇² log π(t) + Σ_τ A_j(max(t, τ)) λ^|t−τ| s_t s_τᵀ ]

which is, with rewards to go in A and λ = 1, what DiCE says, and with λ < 1, or advantages in A, what Loaded DiCE says.
Their products with a vector v take the derivatives of log-probabilities along v (one pass forwards), and a gradient of
log-probabilities with weights (one pass backwards). Where players do not read each other, all of them go together.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, choice
from nashscape.core.calls import public
from nashscape.learning.markov_sampling import LEAVE_ONE_OUT
from nashscape.learning.plays.collecting import evaluate
from nashscape.learning.plays.dice import along_rounds, loaded_dice_objective
from nashscape.learning.plays.records import Plays
from nashscape.learning.sampling import FORMS
from nashscape.learning.terms import Terms, own_gradients, terms_from_products
from nashscape.semantics import ParametricGame

OF_PLAYS = frozenset({"base", "own", "peer", "lookahead"})
"""The terms that plays give."""

UNBIASED = FORMS[1]


@public()
def terms_of_plays(
    learners: ParametricGame,
    theta: jax.Array,
    plays: Plays,
    *,
    form: str = UNBIASED,
    baseline: str | None = LEAVE_ONE_OUT,
    reward_to_go: bool = True,
    trace: Any = 1.0,
    advantages: jax.Array | None = None,
    wanted: frozenset[str] = OF_PLAYS,
) -> Terms:
    """Base, own, peer and look-ahead from B episodes side by side; of each column the first episode counts.

    All columns begin an episode with the first round. What was played after its end is left out; an episode that the
    last round cuts off counts as far as it was played, so that terms are those of the game cut off then.

    Args:
        learners: an environment and policies.
        theta: the flat profile of weights that played, `[d]`.
        plays: T rounds of B episodes, from their beginning.
        form: "unbiased" multiplies means over the two halves of the episodes with each other, which are independent;
            "published" two means over all of them, which biases own, peer and lookahead by `O(1/B)`.
        baseline: "leave-one-out" subtracts from what comes after a round the mean of what comes after it in the other
            episodes (of the same half), which changes no expectation; None for nothing.
        reward_to_go: let what is paid count for the actions up to then only, as in DiCE, instead of for all.
        trace: λ, which fades products of scores of distant rounds, as in Loaded DiCE; 1 for no bias.
        advantages: instead of returns what the actions of every round were worth to every player, `[T, B, n]`, in
            payoff units and not discounted to the beginning; γ^t is put to it. Baseline and reward_to_go are not used.
        wanted: which terms.

    Raises:
        InputError: for an unknown form or baseline, and too few episodes, or an odd number, for them.

    Example:
        >>> from nashscape import environments, games, neural, parametric
        >>> from nashscape.learning.plays.collecting import begin, play
        >>> hunt = environments.of_game(games.stag_hunt())
        >>> learners = parametric(hunt, neural.perceptrons(hunt, hidden=(2,)))
        >>> theta = jnp.zeros(learners.dimension)
        >>> @jax.jit
        ... def terms(key):
        ...     plays, _ = play(learners, theta, key, begin(learners, key, 64), rounds=1)
        ...     return terms_of_plays(learners, theta, plays)
        >>> sorted(terms(jax.random.key(0)))
        ['base', 'lookahead', 'own', 'peer']

    Source: Foerster et al. (2018) for LOLA and DiCE, Kim et al. (2021) for own and peer, Farquhar et al. (2019).
    """
    groups = 2 if choice(form, "form", FORMS) == UNBIASED else 1
    check_episodes(plays.begins.shape[1], form, baseline if advantages is None else None)
    environment: Any = learners.game
    discount = jnp.asarray(environment.discount, theta.dtype)
    each = in_groups(plays, groups)
    alive = jax.vmap(first_episodes)(each)
    if advantages is None:
        worth = jax.vmap(lambda own, kept: returns(own, kept, discount, baseline, reward_to_go))(each, alive)
    else:
        powers = discount ** jnp.arange(advantages.shape[0])
        worth = _cut(jnp.asarray(advantages, theta.dtype) * powers[:, None, None], groups, 1) * alive[..., None]
    made = _together if learners.semantics.reads_others else _apart
    return made(learners, theta, each, lax.stop_gradient(worth), trace, wanted & OF_PLAYS)


def check_episodes(batch: int, form: str, baseline: str | None) -> None:
    """Refuse a number of episodes of which halves or other episodes cannot be had.

    Raises:
        InputError: which says what number would do.
    """
    if baseline is not None:
        choice(baseline, "baseline", (LEAVE_ONE_OUT,))
    groups = 2 if form == UNBIASED else 1
    least = groups * (1 if baseline is None else 2)
    if batch % groups or batch < least:
        said = "an even number of episodes, whose halves are independent" if groups == 2 else "episodes"
        raise InputError(f"the form {form!r} with baseline={baseline!r} takes {said}, at least {least}; got {batch}")


def first_episodes(plays: Plays) -> jax.Array:
    """Whether a round belongs to the first episode of its column, `[T, B]`."""
    ends = jnp.cumsum(plays.ended.astype(jnp.int32), axis=0)
    return ends - plays.ended.astype(jnp.int32) == 0


def returns(
    plays: Plays, alive: jax.Array, discount: jax.Array, baseline: str | None = None, reward_to_go: bool = True
) -> jax.Array:
    """What the score of every round is multiplied by, `[T, B, n]`: `Σ_{t'≥t} γ^t' r(t')`, or over all rounds.

    Args:
        plays: B episodes from their beginning.
        alive: which rounds count, `[T, B]`.
        discount: γ.
        baseline: "leave-one-out" for less the mean of the other episodes.
        reward_to_go: whether payoffs count for the actions up to then only.
    """
    rounds, batch = alive.shape
    powers = discount ** jnp.arange(rounds)
    paid = plays.rewards.astype(discount.dtype) * jnp.where(alive, powers[:, None], 0.0)[..., None]
    after = jnp.cumsum(paid[::-1], axis=0)[::-1]
    came = after if reward_to_go else jnp.broadcast_to(after[:1], after.shape)
    if baseline is not None:
        came = (came - jnp.mean(came, axis=1, keepdims=True)) * (batch / (batch - 1))
    return came * alive[..., None]


def in_groups(plays: Plays, count: int) -> Plays:
    """The episodes in groups of equal size, which are a first axis: `[count, T, B / count, …]`."""
    rounds = jax.tree.map(lambda own: _cut(own, count, 1), replace(plays, memory=()))
    return replace(rounds, memory=jax.tree.map(lambda own: _cut(own, count, 0), plays.memory))


def _cut(own: jax.Array, count: int, axis: int) -> jax.Array:
    """An array whose episodes are along an axis, with groups of them first."""
    shape = own.shape
    return jnp.moveaxis(own.reshape(*shape[:axis], count, shape[axis] // count, *shape[axis + 1 :]), axis, 0)


def _log_probs(learners: ParametricGame, theta: jax.Array, plays: Plays) -> jax.Array:
    """Of what every player drew, `[n, T, B]`."""
    return jnp.stack(evaluate(learners, theta, plays).log_probs)


def _apart(
    learners: ParametricGame, theta: jax.Array, plays: Plays, worth: jax.Array, trace: Any, wanted: frozenset[str]
) -> Terms:
    """The terms where nobody reads others: one pass gives for every player the part that is its own.

    Passes backwards take weights `[n, G, T, b]` of the log-probabilities of every player, and passes forwards give
    their derivatives along a vector `[G, d]`, in each of G groups of plays.
    """
    players = range(len(learners.sizes))
    groups, _, size, _ = worth.shape
    # weights of means over the plays of a group
    paid = jnp.moveaxis(worth, -1, 0) / size

    def logs(theta: jax.Array) -> jax.Array:
        return jax.vmap(lambda own, seen: _log_probs(learners, own, seen), out_axes=1)(theta, plays)

    at = jnp.broadcast_to(theta, (groups, *theta.shape))
    pull: Callable[..., Any] = jax.vjp(logs, at)[1]
    forwards: Callable[..., Any] = jax.linearize(logs, at)[1]

    def backwards(weights: jax.Array) -> jax.Array:
        made: jax.Array = pull(weights)[0]
        return made

    def shaped(k: int) -> jax.Array:
        """Weights of scores of player i, from what i = j + k is paid for what j does."""
        # of two halves each is multiplied by the gradient of the other
        along = backwards(jnp.roll(paid, -k, axis=0))[::-1]
        return jnp.roll(_paired(paid, forwards(along), trace), k, axis=0)

    base = backwards(paid)
    found = {"base": base}
    if not wanted.isdisjoint({"own", "lookahead"}):
        alone = forwards(base[::-1])
        everyone = jnp.sum(alone, axis=0, keepdims=True)
    if "own" in wanted:
        bent = jax.jvp(lambda at: jax.vjp(logs, at)[1](paid)[0], (at,), (base[::-1],))[1]
        found["own"] = bent + backwards(_paired(paid, alone, trace))
    if "lookahead" in wanted:
        found["lookahead"] = backwards(_paired(paid, everyone - alone, trace))
    if "peer" in wanted:
        found["peer"] = backwards(sum(map(shaped, players[1:]), start=jnp.zeros_like(paid)))
    return Terms(learners.sizes, **{name: jnp.mean(own, axis=0) for name, own in found.items() if name in wanted})


def _paired(paid: jax.Array, scores: jax.Array, trace: Any) -> jax.Array:
    """`Σ_τ A(max(t, τ)) λ^|t−τ| x_τ`, of A and x of shape `[n, G, T, b]`."""
    paid, scores = (jnp.moveaxis(own, 2, 0) for own in (paid, scores))
    until = paid * along_rounds(scores, trace)
    later = along_rounds((paid * scores)[::-1], trace)[::-1] - paid * scores
    return jnp.moveaxis(until + later, 0, 2)


def _together(
    learners: ParametricGame, theta: jax.Array, plays: Plays, worth: jax.Array, trace: Any, wanted: frozenset[str]
) -> Terms:
    """The terms where players read each other: every score is that of what all of them drew.

    `∇_i log Π_j π_j` holds what others say because of i's weights, and second derivatives between players are those
    of log-probabilities too. The objective of Loaded DiCE has both.
    """
    sizes = learners.sizes

    def objective(plays: Plays, worth: jax.Array) -> Callable[[jax.Array], jax.Array]:
        return lambda theta: loaded_dice_objective(tuple(_log_probs(learners, theta, plays)), worth, trace)

    gradients = jax.vmap(lambda *own: jax.jacrev(objective(*own))(theta))(plays, worth)
    if wanted <= {"base"}:
        made = Terms(sizes, base=jax.vmap(lambda own: own_gradients(own, sizes))(gradients))
    else:
        made = jax.vmap(
            lambda factor, *own: terms_from_products(objective(*own), theta, sizes, factor, jacobian=False)
        )(gradients[::-1], plays, worth)
    return Terms(sizes, **{name: jnp.mean(made.__getattr__(name), axis=0) for name in made if name in wanted})
