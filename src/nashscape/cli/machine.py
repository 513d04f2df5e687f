"""What has to be said before JAX starts."""

import os
import sys

from nashscape.core.machine import cores

__all__ = ["cores", "use_every_core"]


def use_every_core() -> None:
    """Ask JAX for one CPU device per core, unless the environment already says how many, or JAX has started."""
    if "jax" not in sys.modules:
        os.environ.setdefault("JAX_NUM_CPU_DEVICES", str(cores()))
