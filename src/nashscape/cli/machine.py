"""What has to be said before JAX starts."""

import os
import sys


def use_every_core() -> None:
    """Ask JAX for one CPU device per core, unless the environment already says how many, or JAX has started."""
    if "jax" not in sys.modules:
        os.environ.setdefault("JAX_NUM_CPU_DEVICES", str(cores()))


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
