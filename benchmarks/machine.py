"""The machine that the numbers hold for."""

import os
import platform
import shutil
import subprocess
from importlib import metadata
from typing import Any

from nashscape.core.machine import cores, processor


def describe() -> dict[str, Any]:
    """Processor, cores, versions and how busy the machine is at this moment."""
    return {
        "processor": processor(),
        "cores": cores(),
        "python": platform.python_version(),
        "jax": metadata.version("jax"),
        "numpy": metadata.version("numpy"),
        "gcc": _gcc(),
        "load": round(os.getloadavg()[0], 2),
    }


def sentence(machine: dict[str, Any]) -> str:
    """The description as one line."""
    return (
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}, jax {machine['jax']}, "
        f"numpy {machine['numpy']}, gcc {machine['gcc']}, load average {machine['load']}"
    )


def _gcc() -> str:
    if shutil.which("gcc") is None:
        return "none"
    return subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
