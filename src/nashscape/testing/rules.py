"""What a rule must do."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core.citations import checked_sources
from nashscape.games.pytrees import check_pytree
from nashscape.learning import Oracle, exact, step_key
from nashscape.learning import check_rule as as_rule
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.testing.claims import claim, close, tried

STEP_SIZE = 0.1


def check_rule(rule: Any, game: "Playable", *, seed: int = 0) -> None:
    """Look at a rule in a game: its state, the shape and type of its direction, its sources, and what it needs.

    It is asked with exact terms, all of them and only those that it says it needs, in single and double precision.

    >>> from nashscape import games, sos
    >>> check_rule(sos(), games.battle_of_the_sexes())

    Raises:
        AssertionError: with what does not hold.
        InputError: for what is no rule, and terms that it asks for without a word.
    """
    check_pytree(as_rule(rule), "rule")
    claim(isinstance(rule.name, str) and rule.name, f"a rule has a name; got {rule.name!r}")
    checked_sources(rule.sources)
    renamed = tried("renamed, which needs a field `name: str`,", rule.renamed, "another")
    claim(renamed.name == "another", "renamed must change the name")
    named: Any = [jax.tree.structure(one) for one in (rule, renamed)]
    same = named[0] == named[1]
    claim(
        same,
        "the name must be no part of the structure, or rules of other names are compiled again: call "
        'jax.tree_util.register_dataclass(cls, [numbers], [others], drop_fields=["name"])',
    )
    learners = parametric(game)
    ready = rule.for_game(learners)
    random = np.random.default_rng(seed)
    for precision in ("float32", "float64"):
        with jax.enable_x64(precision == "float64"):
            _check_update(ready, learners, jnp.asarray(random.normal(size=learners.dimension), precision))


def _check_update(rule: Any, learners: ParametricGame, theta: Any) -> None:
    @jax.jit
    def twice(rule: Any, theta: Any) -> Any:
        return [_updated(rule, learners, theta, wanted) for wanted in (None, rule.needs)]

    (direction, before, after), (alone, _, _) = tried("update", twice, rule, theta)
    claim(direction.shape == theta.shape, f"the direction has shape {direction.shape}, parameters have {theta.shape}")
    claim(direction.dtype == theta.dtype, f"the direction is {direction.dtype}, parameters are {theta.dtype}")
    claim(np.isfinite(np.asarray(direction)), f"the direction is {np.asarray(direction).tolist()}")
    unit = float(np.abs(np.asarray(direction)).max()) + 1e-12
    close(alone, direction, "with the terms that it needs alone the rule goes elsewhere", unit=unit, rounding=1e-3)
    kept: Any = [jax.tree.structure(one) for one in (before, after)]
    claim(kept[0] == kept[1], "an update changes the structure of the state")
    for one, other in zip(jax.tree.leaves(before), jax.tree.leaves(after), strict=True):
        kinds = f"from {one.dtype}{list(one.shape)} to {other.dtype}{list(other.shape)}"
        alike = (one.shape, one.dtype) == (other.shape, other.dtype)
        claim(alike, f"an update changes shapes or types in the state, {kinds}")


def _updated(rule: Any, learners: ParametricGame, theta: Any, wanted: Any) -> Any:
    oracle = Oracle(learners, exact(), theta, step_key(0), STEP_SIZE, wanted)
    before = rule.init(theta)
    direction, after = rule.update(oracle, before, jnp.int32(2))
    return direction, jax.tree.map(jnp.asarray, before), after
