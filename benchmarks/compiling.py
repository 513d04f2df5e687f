"""How long a user waits for a rule to be compiled, in a process that has compiled nothing yet."""

from typing import Any

from benchmarks.problem import RULES
from benchmarks.rows import Row
from nashscape.dynamics.program import compiled
from nashscape.games import stag_hunt
from nashscape.learning import exact, rule_by_name, sampled
from nashscape.selection import basin_map


def run(quick: bool) -> list[Row]:
    """See the module."""
    rows = [_row("compile, exact", exact(), most=1.0)]
    return rows if quick else [*rows, _row("compile, sampled", sampled(batch=192), most=None)]


def _row(name: str, estimator: Any, most: float | None) -> Row:
    first = {rule: _seconds(rule, estimator) for rule in RULES}
    compiled.cache_clear()
    again = {rule: _seconds(rule, estimator) for rule in RULES}
    each = ", ".join(f"{rule} {first[rule]:.2f} s (again {again[rule]:.2f})" for rule in RULES)
    return Row(name, max(first.values()), unit="s", most=most, details=each)


def _seconds(rule: str, estimator: Any) -> float:
    found = basin_map(stag_hunt(), rule_by_name(rule), grid=21, estimator=estimator, rollouts=1)
    return float(found.provenance.compile_seconds)
