"""The estimator that plays: terms from whole episodes, or rounds that go on where the last ones ended."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
from jax import lax

from nashscape.core import InputError, choice, citations, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.games.offers import has_plays
from nashscape.learning.asking import PLAYS
from nashscape.learning.estimators import StatefulEstimator, refuse_costs
from nashscape.learning.keys import StepKey
from nashscape.learning.markov_sampling import LEAVE_ONE_OUT
from nashscape.learning.plays.collecting import Playing, begin, in_precision, play
from nashscape.learning.plays.randomness import BEGINNING, UPDATING, key_of
from nashscape.learning.plays.terms_of_plays import OF_PLAYS, UNBIASED, check_episodes, terms_of_plays
from nashscape.learning.sampling import FORMS
from nashscape.learning.terms import Terms
from nashscape.semantics import ParametricGame


@jax.tree_util.register_dataclass
@dataclass(frozen=True, repr=False)
class Played(StatefulEstimator):
    """Rounds played at the players' parameters, and the terms from them. Made by `played`.

    With fresh episodes it remembers nothing; else where its episodes are.
    """

    batch: int = field(metadata={"static": True})
    rounds: int | None = field(metadata={"static": True})
    fresh: bool = field(metadata={"static": True})
    form: str = field(metadata={"static": True})
    baseline: str | None = field(metadata={"static": True})
    reward_to_go: bool = field(metadata={"static": True})
    trace: Any

    sources: ClassVar[tuple[citations.Source, ...]] = (citations.POLICY_GRADIENT, citations.DICE, citations.LOADED_DICE)

    @property
    @override
    def gives(self) -> frozenset[str]:  # type: ignore[override]
        return OF_PLAYS | {PLAYS} if self.fresh else frozenset({PLAYS})

    @property
    def exact(self) -> bool:
        """Never: a batch is random."""
        return False

    @property
    def unbiased(self) -> bool | None:
        """In the form of that name, where nothing is faded; None where plays may be cut off before they end."""
        if self.form != UNBIASED or float(self.trace) != 1.0:
            return False
        return True if self.rounds is None else None

    @override
    def for_game(self, game: ParametricGame) -> "Played":
        environment: Any = game.game
        if not has_plays(environment):
            raise InputError(
                f"played() is for environments, which are played by policies; for {game.name} use exact(), sampled() "
                "or episodes(), or play it: nashscape.environments.of_game(game)"
            )
        refuse_costs(game)
        if environment.horizon is None and self.rounds is None:
            raise InputError(
                f"nobody knows how long episodes of {game.name} are; say how many rounds are played for an update: "
                f"played({self.batch}, rounds=100)"
            )
        if not self.fresh or self.rounds is None or environment.horizon is None:
            return self
        if self.rounds > environment.horizon:
            raise InputError(
                f"episodes of {game.name} are over after {environment.horizon} rounds, and an update begins new ones; "
                f"got rounds={self.rounds}: leave it out to play them whole, or give a larger batch"
            )
        return replace(self, rounds=None) if self.rounds == environment.horizon else self

    def init(self, game: ParametricGame, theta: jax.Array) -> Any:
        """Nothing with fresh episodes; else where they are, and whether they have begun."""
        if self.fresh:
            return ()
        # before the first update no key says which episodes a run has
        return self._begun(game, theta, jax.random.key(0)), jnp.asarray(False)

    def answer(
        self, game: ParametricGame, theta: jax.Array, key: StepKey, wanted: frozenset[str] | None, state: Any
    ) -> tuple[Terms, Any]:
        """Terms and plays, and where the episodes are after them."""
        environment: Any = game.game
        rounds: Any = environment.horizon if self.rounds is None else self.rounds
        playing = self._begun(game, theta, key_of(key, BEGINNING))
        if not self.fresh:
            going_on, begun = state
            playing = jax.tree.map(lambda new, old: lax.select(begun, old, new), playing, going_on)
        plays, after = play(game, theta, key_of(key, UPDATING), playing, rounds)
        if not self.fresh:
            return Terms(game.sizes, plays=plays), (after, jnp.asarray(True))
        names = OF_PLAYS if wanted is None else wanted & OF_PLAYS
        terms = terms_of_plays(
            game, theta, plays, form=self.form, baseline=self.baseline, reward_to_go=self.reward_to_go,
            trace=self.trace, wanted=names,
        )  # fmt: skip
        return terms.changed(plays=plays), ()

    def _begun(self, game: ParametricGame, theta: jax.Array, key: jax.Array) -> Playing:
        """Episodes before their first round, with memory of the type that it has after one."""
        made = begin(game, key, self.batch)
        return replace(made, memory=in_precision(made.memory, theta))

    def __repr__(self) -> str:
        options: dict[str, Any] = {"rounds": self.rounds, "fresh": self.fresh}
        if self.fresh:
            options |= {"form": self.form, "baseline": self.baseline, "reward_to_go": self.reward_to_go}
            options["trace"] = self.trace
        return called("played", self.batch, **options)


@public()
def played(
    batch: int = 128,
    *,
    rounds: int | None = None,
    fresh: bool = True,
    form: str = UNBIASED,
    baseline: str | None = LEAVE_ONE_OUT,
    reward_to_go: bool = True,
    trace: Any = 1.0,
) -> Played:
    """The estimator that plays an environment: B episodes side by side, for every update.

    With fresh episodes an update begins B of them and plays them whole. It gives the plays and, from the scores
    `s_t = Σ_j ∇ log π_j(t)`, base, own, peer and lookahead, see `learning.plays.terms_of_plays`. Else episodes go on
    where the last update left them, and begin anew as they end: it gives plays alone, for rules such as PPO that
    value by themselves what lies beyond the last round.

    Args:
        batch: B.
        rounds: T; by default the horizon of the environment. Fresh episodes that are longer are cut off, and terms are
            those of the game that is over then.
        fresh: whether every update begins new episodes.
        form: "unbiased", products of means over two halves of the episodes, or "published", of means over all of
            them, which biases own, peer and lookahead by `O(1/B)`. Both cost the same.
        baseline: "leave-one-out", less the mean of the other episodes, or None.
        reward_to_go: let what is paid count for the actions up to then only, as in DiCE, instead of for all.
        trace: λ of Loaded DiCE, from 0 to 1: products of scores of rounds k apart count `λ^k` in second derivatives.
            Below 1 they have less noise, and a bias. A dial.

    Raises:
        InputError: for too few episodes, an odd number of them in the unbiased form, or an unknown form or baseline.

    Example:
        >>> played(256)
        played(256, rounds=None, fresh=True, form='unbiased', baseline='leave-one-out', reward_to_go=True, trace=1)
        >>> sorted(played(64, rounds=32, fresh=False).gives)
        ['plays']

    Source: Foerster et al. (2018) for LOLA and DiCE, Farquhar et al. (2019) for Loaded DiCE.
    """
    batch = positive_integer(batch, "batch")
    if rounds is not None:
        rounds = positive_integer(rounds, "rounds")
    form = choice(form, "form", FORMS)
    if fresh:
        check_episodes(batch, form, baseline)
    trace = finite_number(trace, "trace", low=0.0, high=1.0)
    return Played(batch, rounds, bool(fresh), form, baseline, bool(reward_to_go), trace)
