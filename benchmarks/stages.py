"""Where the time before the first result goes: what JAX says of the programs that it makes, in seconds."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import jax

STAGES = {
    "tracing": "jaxpr_trace_duration",
    "lowering": "jaxpr_to_mlir_module_duration",
    "compiling, or reading what was compiled": "backend_compile_duration",
}
"""Stages by the ends of the names that JAX has for them; traces within traces count once for each."""


def listened() -> Callable[[], dict[str, float]]:
    """A function that gives the seconds of every stage since now."""
    told: dict[str, float] = defaultdict(float)

    def listen(event: str, duration_secs: float, **_: Any) -> None:
        told[event] += duration_secs

    jax.monitoring.register_event_duration_secs_listener(listen)
    return lambda: {stage: sum(told[name] for name in told if name.endswith(end)) for stage, end in STAGES.items()}
