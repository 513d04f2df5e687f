"""The machine that the numbers hold for."""

import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

from nashscape.core.machine import cores


def describe() -> dict[str, Any]:
    """Processor, cores, versions and how busy the machine is at this moment."""
    return {
        "processor": _processor(),
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


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if not table.exists():
        return platform.processor() or platform.machine()
    facts = dict(line.split(":", 1) for line in table.read_text(encoding="utf-8").splitlines() if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    name = named.get("model name", platform.machine())
    return f"{name} (family {named['cpu family']}, model {named['model']})" if "cpu family" in named else name


def _gcc() -> str:
    if shutil.which("gcc") is None:
        return "none"
    return subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()
