"""Seeds of runs that share no random numbers, derived so that those of different studies do not meet."""

import hashlib


def derived(seed: int, index: int, purpose: str = "") -> int:
    """The seed itself for 0, else one of 62 bits from a hash of seed, index and purpose.

    Seeds that are counted up from a study's would be those of the next study: ten seeds of a hundred runs each would be
    109 streams of random numbers, not 1,000.

    >>> derived(7, 0), derived(7, 1) == derived(8, 0), len({derived(s, k) for s in range(10) for k in range(100)})
    (7, False, 1000)
    >>> derived(7, 1, "baseline") == derived(7, 1)
    False
    """
    if not index:
        return seed
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}{index}".encode()).digest()[:8], "big") >> 2
