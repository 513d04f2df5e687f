"""Random words by index: the same start draws the same numbers however the work is cut.

Threefry-4x32 (Salmon, Moraes, Dror and Shaw 2011) maps a counter and a key to four random 32-bit words with
additions, rotations and exclusive ors only. Nothing is stored and nothing is drawn in sequence: the counter
*says* which words are wanted (start, step, draw), so that results do not depend on chunks, order or devices.
Written in elementwise integer operations it becomes part of the compiled step instead of a pass of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
PARITY = 0x1BD11BDA
ROUNDS = 13
"""Rounds of mixing. The authors publish 12 as the fewest that pass BigCrush, 20 as the safe choice."""


def threefry(counter: Sequence[Any], key: Sequence[Any], rounds: int = ROUNDS) -> tuple[Any, ...]:
    """Four random words of 32 bits for every entry of the counter.

    Args:
        counter: four arrays of `uint32`, JAX's or NumPy's, that broadcast against each other.
        key: four arrays of `uint32`.
        rounds: rounds of mixing, 20 in the published default.

    Returns:
        Four `uint32` arrays of the common shape.

    Example:
        >>> zero = [np.zeros(1, np.uint32)] * 4
        >>> [f"{word.item():08x}" for word in threefry(zero, zero, rounds=20)]
        ['9c6ca96a', 'e17eae66', 'fc10ecd4', '5256a7d8']

    Source: Salmon, Moraes, Dror, Shaw (2011), section 3.2; the known answers are those of Random123.
    """
    schedule = [*key, key[0] ^ key[1] ^ key[2] ^ key[3] ^ np.uint32(PARITY)]
    x = [word + k for word, k in zip(counter, key, strict=True)]
    for r in range(rounds):
        # the two pairs swap their second words from round to round
        first, second = (1, 3) if r % 2 == 0 else (3, 1)
        for left, right, turn in ((0, first, ROTATIONS[r % 8][0]), (2, second, ROTATIONS[r % 8][1])):
            x[left] = x[left] + x[right]
            x[right] = _rotate(x[right], turn) ^ x[left]
        if r % 4 == 3:
            s = r // 4 + 1
            x = [word + schedule[(s + i) % 5] for i, word in enumerate(x)]
            x[3] = x[3] + np.uint32(s)
    return tuple(x)


def _rotate(word: Any, turn: int) -> Any:
    return (word << np.uint32(turn)) | (word >> np.uint32(32 - turn))
