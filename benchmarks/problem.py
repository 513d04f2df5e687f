"""The problem that most benchmarks share: four rules on the Stag Hunt."""

import numpy as np
import numpy.typing as npt

STEPS = 140
BOUND = 8.0
THRESHOLD = 0.82
INNER_LR = 0.55
PAYOFFS = np.array([[[4.0, 0.0], [3.0, 2.0]], [[4.0, 3.0], [0.0, 2.0]]], dtype=np.float32)

RULES = {"pg": (0.0, 0.0), "meta_pg": (0.35, 0.0), "peer_only": (0.0, 1.5), "meta_mapg": (0.35, 1.5)}
"""Coefficients of own- and peer-learning; their order is that of the specialised loops of the kernels."""


def step_sizes() -> npt.NDArray[np.float32]:
    """`0.9 / (t + 10)^0.24`, the library's default."""
    return (0.9 / (np.arange(STEPS) + 10.0) ** 0.24).astype(np.float32)


def axis_logits(grid: int) -> npt.NDArray[np.float32]:
    """Logits of the centres of `grid` equal cells from 0.05 to 0.95."""
    axis = 0.05 + 0.9 * (np.arange(grid) + 0.5) / grid
    return (np.log(axis) - np.log1p(-axis)).astype(np.float32)
