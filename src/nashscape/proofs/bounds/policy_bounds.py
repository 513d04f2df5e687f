"""Bounds of the field of a rule whose players have a softmax, or a sigmoid, over the actions of a one-shot game.

Expected payoffs are linear in the strategy of every player j, so that with `p` its strategy, for the logit of action b

    ∂U_i/∂z_{j,b} = p_b Σ_a p_a · E[u_i(b, ·) − u_i(a, ·)],

differences of payoffs first and a positive factor in front: its sign is known wherever that of the sum is. Strategies
are bounded by what they are at the ends of a box, and differentiated by `dp = p (dz − Σ p dz)`; how gradients and
Hessians become the field is traced from the rule itself, as in `nashscape.proofs.bounds.sigmoid_bounds`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.learning import TermRule
from nashscape.proofs.bounds.followed import Followed
from nashscape.proofs.bounds.policy_formulas import field_slopes
from nashscape.proofs.bounds.sigmoid_bounds import Bounds, sigmoid_orders
from nashscape.proofs.bounds.strategy_polynomials import sigmoid_polynomials, strategy_polynomials
from nashscape.proofs.bounds.term_formulas import written
from nashscape.semantics import ParametricGame
from nashscape.tracing.components import by_component, operations
from nashscape.tracing.intervals import BOUNDS, Interval, enclosed
from nashscape.tracing.polynomial_arithmetic import POLYNOMIALS, as_polynomial
from nashscape.tracing.polynomials import Polynomial

add, div = BOUNDS["add"], BOUNDS["div"]
ONE = Interval(1.0)
MOST_PRODUCTS = 700
"""Operations of the longest program that is written out in polynomials."""


@dataclass(frozen=True)
class Policies:
    """A rule in a game of players with a softmax or a sigmoid each, as formulas of given strategies.

    Attributes:
        game: the game.
        rule: the rule; its coefficients are numbers.
        followed: what is followed.
    """

    game: ParametricGame
    rule: TermRule
    followed: Followed

    def values(self) -> Bounds:
        """From the entries of (game, rule, θ): bounds of the field, `[D]`."""
        return self._on_entries(enclosed(self._field, *self._example))

    def slopes(self) -> Bounds:
        """Bounds of what the field does to the followed numbers `[d]`, and of how that changes with them, `[d, d]`."""
        return self._on_entries(enclosed(self._both, *self._example))

    def polynomials(self) -> Callable[[list[Interval], list[Polynomial]], list[Polynomial]]:
        """From the numbers of (game, rule) and the followed numbers, variables each: what the field does to these."""
        run = by_component(self._moves, *self._example, arithmetic=POLYNOMIALS)
        places = {first: k for k, (first, _) in enumerate(self.followed.pairs)}

        def on_numbers(numbers: list[Interval], box: list[Polynomial]) -> list[Polynomial]:
            known: list[Any] = []
            for part, form in zip(self._semantics.slices, self._semantics.forms, strict=True):
                own = [places[place] for place in range(part.start, part.stop) if place in places]
                middle, radius = [box[k].terms[()] for k in own], [box[k].terms[(k,)] for k in own]
                if form == "sigmoid":
                    known += sigmoid_polynomials(middle[0], radius[0], own[0])
                else:
                    known += strategy_polynomials(middle, radius, own)
            payoffs, rest = numbers[: self._count], numbers[self._count :]
            # strategies are given: of the parameters only the shape is used
            return [as_polynomial(entry) for entry in run([*rest, *payoffs, *known, *[np.float64(0.0)] * self._total])]

        return on_numbers

    @property
    def is_short(self) -> bool:
        """Whether the program is short enough to be written out in polynomials, each of which is many numbers."""
        return operations(self._moves, *self._example) <= MOST_PRODUCTS

    @property
    def _semantics(self) -> Any:
        return self.game.semantics

    @property
    def _total(self) -> int:
        return sum(self._semantics.sizes)

    @property
    def _count(self) -> int:
        """How many payoffs there are."""
        shape = self._semantics.shape
        return len(shape) * int(np.prod(shape))

    @property
    def _plain(self) -> bool:
        return not any(getattr(self.rule, name) is not None for name in ("own", "peer", "lookahead"))

    @property
    def _example(self) -> tuple[Any, ...]:
        shape = self._semantics.shape
        known = [jax.ShapeDtypeStruct((4 if form == "sigmoid" else size,), "float64")
                 for size, form in zip(self._semantics.sizes, self._semantics.forms, strict=True)]  # fmt: skip
        payoffs = jax.ShapeDtypeStruct((len(shape), *shape), "float64")
        return self.rule, payoffs, known, jax.ShapeDtypeStruct((self._total,), "float64")

    def _field(
        self, rule: TermRule, payoffs: jax.Array, known: Sequence[jax.Array], theta: jax.Array, by_pairs: bool = False
    ) -> jax.Array:
        terms: Any = written(payoffs, known, self._semantics.split(theta), by_pairs)
        gains = rule.parts(terms, jnp.int32(0))
        return jnp.asarray(terms.moves(sum(gains[name] for name in gains)))

    def _moves(self, rule: TermRule, payoffs: jax.Array, known: Sequence[jax.Array], theta: jax.Array) -> jax.Array:
        return _reduced(self._field(rule, payoffs, known, theta, by_pairs=True), self.followed)

    def _both(self, rule: TermRule, payoffs: jax.Array, known: Any, theta: jax.Array) -> tuple[jax.Array, jax.Array]:
        if self._plain:
            own = self._semantics.split(theta)
            columns = [field_slopes(payoffs, known, own, first) for first, _ in self.followed.pairs]
            return _reduced(self._field(rule, payoffs, known, theta), self.followed), jnp.stack(
                [_reduced(column, self.followed) for column in columns], axis=1
            )

        def along(first: int) -> tuple[jax.Array, jax.Array]:
            way = jnp.asarray(np.eye(self._total)[first])
            return jax.jvp(lambda at: _reduced(self._field(rule, payoffs, known, at), self.followed), (theta,), (way,))

        made = [along(first) for first, _ in self.followed.pairs]
        return made[0][0], jnp.stack([change for _, change in made], axis=1)

    def _on_entries(self, run: Bounds) -> Bounds:
        """The same bounds, from the entries of (game, rule, θ)."""

        def bounds(entries: list[Interval]) -> list[Interval]:
            count, total = self._count, self._total
            payoffs, rest, theta = entries[:count], entries[count:-total], entries[-total:]
            known: list[Interval] = []
            for part, form in zip(self._semantics.slices, self._semantics.forms, strict=True):
                known += sigmoid_orders(theta[part.start]) if form == "sigmoid" else softmax(theta[part])
            return run([*rest, *payoffs, *known, *theta])

        return bounds


def _reduced(direction: jax.Array, followed: Followed) -> jax.Array:
    parts = [direction[k] if other is None else direction[k] - direction[other] for k, other in followed.pairs]
    return jnp.stack(parts)


def softmax(logits: list[Interval]) -> list[Interval]:
    """Bounds of `p_a = 1 / (1 + Σ_b exp(z_b − z_a))`, which rises with its own logit and falls with all others.

    >>> with jax.enable_x64(True):
    ...     found = softmax([Interval(jnp.float64(0.0), jnp.float64(1.0)), Interval(jnp.float64(0.0))])
    >>> [round(float(end), 6) for end in (found[0].low, found[0].high)]
    [0.5, 0.731059]
    """
    found = []
    for a, own in enumerate(logits):
        others = [z for b, z in enumerate(logits) if b != a]
        ends = [_share(Interval(mine), [Interval(getattr(z, end)) for z in others])
                for mine, end in ((own.low, "high"), (own.high, "low"))]  # fmt: skip
        found.append(Interval(ends[0].low, ends[1].high))
    return found


def _share(own: Interval, others: list[Interval]) -> Interval:
    total = ONE
    for z in others:
        total = add(total, BOUNDS["exp"](BOUNDS["sub"](z, own)))
    return div(ONE, total)
