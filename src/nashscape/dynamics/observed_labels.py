"""Labels of what was seen of behaviour, window after window or at some moments: facts, no claims about what comes."""

import numpy as np
import numpy.typing as npt

from nashscape.core import PASSING, Outcome, target_code

Codes = npt.NDArray[np.int8]


def observed_labels(inside: npt.NDArray[np.bool_]) -> tuple[Codes, Codes]:
    """Labels of N runs, and the target that each held at the last look, −1 for none, `[N]` each.

    A target is reached where it held at all looks of the second half, and passed where it did at the last of them. The
    first target counts where there are several, and what is reached before what is only passed.

    Args:
        inside: whether each target held in each run at each look, `[G, N, K]`.

    >>> from nashscape.core import label_names
    >>> made, held = observed_labels(np.array([[[0, 0, 0, 1]], [[0, 0, 1, 1]]], bool))
    >>> label_names(("first", "second"))[int(made[0])], held.tolist()
    ('second', [0])
    """
    goals, count, looks = inside.shape
    codes, held = np.full(count, int(Outcome.OUT_OF_BUDGET), np.int8), np.full(count, -1, np.int8)
    last, always = inside[:, :, -1], np.asarray(inside[:, :, looks // 2 :].all(axis=2))
    for where, more in ((last, PASSING), (always, 0)):
        for k in reversed(range(goals)):
            codes[where[k]] = target_code(k) + more
    for k in reversed(range(goals)):
        held[last[k]] = k
    return codes, held
