"""The command line, run as a user would run it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finished:
    """A command that ended well: what it printed, seconds it took, and the most memory it held, in bytes."""

    output: str
    seconds: float
    peak: int

    def data(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.output)


def nashscape(*arguments: str, environment: Mapping[str, str] | None = None) -> Finished:
    """Run `nashscape` with these arguments in a process of its own.

    The kernel counts what the parent held before the command took over as part of the command's peak, so this
    gives no more than the parent's own size as the least.
    """
    base = {name: value for name, value in os.environ.items() if name not in ("JAX_NUM_CPU_DEVICES", "XLA_FLAGS")}
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("nashscape")), *arguments],
        env={**base, **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as stream:
        output = stream.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"nashscape {' '.join(arguments)} ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Finished(output, seconds, usage.ru_maxrss * unit)
