"""Estimators: where a rule's terms come from."""

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import jax

from nashscape.core import InputError, Source
from nashscape.core.calls import public
from nashscape.core.reprs import called
from nashscape.learning.asking import EXACTLY
from nashscape.learning.keys import StepKey
from nashscape.learning.terms import TERMS, Terms, own_gradients, terms_from_derivatives, terms_from_products
from nashscape.semantics import ParametricGame

if TYPE_CHECKING:
    from typing_extensions import TypeIs

SECOND = frozenset(TERMS) - {"base"}
"""Terms that are made of second derivatives."""

MOST_SECOND_DERIVATIVES = 2000
"""Beyond so many, the array of all second derivatives of all utilities is not made."""


class Estimator(abc.ABC):
    """Gives terms at a profile. Rules see nothing of a game but through an estimator."""

    gives: ClassVar[frozenset[str]] = frozenset(TERMS)
    """The names of the terms that it gives; rules that need others are refused before anything is compiled."""

    sources: ClassVar[tuple[Source, ...]] = ()
    """The publications to cite for it."""

    @property
    @abc.abstractmethod
    def exact(self) -> bool:
        """Whether the terms are free of noise."""

    @property
    def unbiased(self) -> bool | None:
        """Whether the expectations of all terms are the exact terms; None where that is not known."""
        return True if self.exact else None

    @abc.abstractmethod
    def estimate(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None = None
    ) -> Terms:
        """The terms at the flat profile `theta` of shape `[d]`; `key` says which random numbers to use.

        Of the terms only those that are `wanted` have to be there, all where it is None.
        """

    def init(self, game: ParametricGame, theta: jax.Array) -> Any:
        """What it remembers before the first update of a run; nothing, but for a `StatefulEstimator`."""
        return ()

    def answer(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None, state: Any
    ) -> tuple[Terms, Any]:
        """The terms, and what is remembered after them."""
        return self.estimate(game, theta, key, wanted), state

    @property
    def width(self) -> int | None:
        """How many starts should advance together, or None for as many as is usual."""
        return None

    @property
    def maps_itself(self) -> bool:
        """Whether it has a form of its own for many starts at once, by `jax.custom_batching.custom_vmap`."""
        return False

    def for_game(self, game: ParametricGame) -> "Estimator":
        """The estimator made ready for a game.

        Raises:
            InputError: when it cannot estimate the terms of such a game.
        """
        return self


class StatefulEstimator(Estimator):
    """An estimator that remembers: a running baseline, a buffer, the states of environments.

    Every start of every run has a state of its own, a pytree of arrays whose shapes and types stay. A rule may ask
    several times in a step, at several places: all answers of a step are given from the state before it, whatever was
    asked earlier, and the state moves once, as it does under the first question at the players' own parameters.

    Who judges at a point asks from a fresh state, `init(game, theta)`: labels of noise-free runs, alignment, term
    fields. Labels of runs with noise follow the exact field, and measure the noise of runs whose states are fresh.

    Whoever gives terms without bias must do so from every state that it can reach: what a baseline remembers must not
    depend on the plays that it is subtracted from.
    """

    @abc.abstractmethod
    def init(self, game: ParametricGame, theta: jax.Array) -> Any:
        """The state before the first update of a run that starts at `theta`, `[d]`."""

    @abc.abstractmethod
    def answer(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None, state: Any
    ) -> tuple[Terms, Any]:
        """The terms at `theta`, see `estimate`, and the state after them."""

    def estimate(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None = None
    ) -> Terms:
        """The terms from a fresh state."""
        return self.answer(game, theta, key, wanted, self.init(game, theta))[0]


def refuse_costs(game: ParametricGame) -> None:
    """Refuse costs that depend on parameters: they are no part of plays, so that their gradients are not sampled."""
    if game.semantics.costs_vary:
        raise InputError(
            f"the players of {game.name} pay costs that depend on their parameters and are not in plays; use exact(), "
            "or costs that learning does not change"
        )


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Exact(Estimator):
    """Terms from the derivatives of the expected payoffs, by automatic differentiation."""

    gives: ClassVar[frozenset[str]] = frozenset({*TERMS, *EXACTLY})

    @property
    def exact(self) -> bool:
        """Always: expected payoffs have no noise."""
        return True

    def estimate(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None = None
    ) -> Terms:
        """The terms of the exact utilities; the key is not used."""
        if wanted is not None and wanted.isdisjoint(SECOND):
            return Terms(game.sizes, base=own_gradients(jax.jacrev(game.utilities)(theta), game.sizes))
        if len(game.sizes) * game.dimension**2 > MOST_SECOND_DERIVATIVES:
            return terms_from_products(game.utilities, theta, game.sizes)
        gradients = jax.jacrev(game.utilities)(theta)
        hessians = jax.jacfwd(jax.jacrev(game.utilities))(theta)
        return terms_from_derivatives(gradients, hessians, game.sizes)

    def __repr__(self) -> str:
        return called("exact")


@public()
def exact() -> Exact:
    """The estimator without noise: derivatives of expected payoffs by automatic differentiation.

    Example:
        >>> import jax.numpy as jnp
        >>> from nashscape import games
        >>> from nashscape.semantics import parametric
        >>> from nashscape.learning.keys import step_key
        >>> terms = exact().estimate(parametric(games.stag_hunt()), jnp.zeros(2), step_key(0))
        >>> terms.base.tolist(), terms.peer.tolist()   # c = 3: A(1/2) = -1/2, B(1/2) = 5/2
        ([-0.125, -0.125], [0.1171875, 0.1171875])
    """
    return Exact()


def is_estimator(value: Any) -> "TypeIs[Estimator]":
    """Whether a value is an estimator."""
    return isinstance(value, Estimator)  # class: the base that all estimators derive from


@public()
def check_estimator(estimator: Any) -> Estimator:
    """The estimator itself, exact terms for None, or an error that says what was given instead."""
    if estimator is None:
        return exact()
    if not is_estimator(estimator):
        raise InputError(
            f"expected an estimator such as exact() or sampled(batch=384); got {estimator!r}; one of your own derives "
            "from nashscape.learning.Estimator"
        )
    return estimator
