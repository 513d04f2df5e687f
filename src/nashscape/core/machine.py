"""The machine that the library runs on."""

import os
import platform
import sys
from pathlib import Path


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Bytes of memory that this machine has; where it does not say, 8 GiB.

    >>> memory() > 2**28
    True
    """
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not a Unix, or one that does not tell
        return 2**33


def use_every_core() -> None:
    """Ask JAX for one CPU device per core, unless the environment already says how many, or JAX has started."""
    if "jax" not in sys.modules:
        os.environ.setdefault("JAX_NUM_CPU_DEVICES", str(cores()))


def processor() -> str:
    """The name of the processor, with family and model where the system tells them.

    >>> bool(processor())
    True
    """
    table = Path("/proc/cpuinfo")
    if not table.exists():
        return platform.processor() or platform.machine()
    facts = dict(line.split(":", 1) for line in table.read_text(encoding="utf-8").splitlines() if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    name = named.get("model name", platform.machine())
    return f"{name} (family {named['cpu family']}, model {named['model']})" if "cpu family" in named else name
