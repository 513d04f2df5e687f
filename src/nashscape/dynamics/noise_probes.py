"""How much updates with noise move players who mix, whatever the runs that are labelled have drawn themselves."""

import math
from typing import Any

import jax
import numpy as np

from nashscape.dynamics.batches import run_starts, widest
from nashscape.dynamics.setup import Setup
from nashscape.dynamics.starts import normal, uniform_strategies

PROBES, COMMON = 128, 0.9
UPDATES = 3
"""Of each probe: two differences of directions."""


def noise_of(setup: Setup, steps: int, *, like: int, **options: Any) -> float:
    """The largest difference of an entry between one direction and the next that one in ten mixed probes sees.

    A run that stood near a corner all the while has hardly drawn the action that would move it much.

    Args:
        setup: the setup.
        steps: after how many updates, so that schedules of coefficients are as they are then.
        like: how many runs are made otherwise: as many at a time serve as probes, so that nothing is compiled for them.
        **options: precision, seed and chunk of the runs.
    """
    if setup.estimator.exact or setup.game.semantics.domain == "points":
        return 0.0
    if setup.optimiser is not None and not setup.optimiser.linear:
        return float("inf")  # what becomes of noise in it nobody knows, so that runs are noisy
    source = normal(std=1.0) if setup.game.semantics.domain == "logits" else uniform_strategies()
    together = min(like, widest(like, options.get("chunk"), setup.estimator, setup.game.dimension) * len(jax.devices()))
    seen: list[Any] = []
    for k in range(math.ceil(PROBES / together)):
        indices = np.arange(k * together, min((k + 1) * together, max(PROBES, together)))
        some = np.pad(indices, (0, together - len(indices)), mode="edge")
        endings, _ = run_starts(setup, source, some, steps=steps + UPDATES, begin=steps, **options)
        seen.append(endings.largest[: PROBES - k * together])
    return float(np.quantile(np.concatenate(seen), COMMON))
