"""How long a user waits for a rule to be compiled, in a process that has compiled nothing yet."""

from collections.abc import Sequence
from typing import Any

from benchmarks.problem import RULES
from benchmarks.rows import Row
from benchmarks.sizes import Size
from nashscape.dynamics.program import compiled
from nashscape.games import iterated_prisoners_dilemma, stag_hunt
from nashscape.learning import episodes, exact, rule_by_name, sampled
from nashscape.selection import basin_map, entry_probability


def run(size: Size) -> list[Row]:
    """See the module."""
    rules = list(RULES)[:1] if size is Size.TINY else list(RULES)
    rows = [_row("compile, exact", exact(), rules, most=1.0)]
    if size is Size.QUICK:
        return rows
    return [*rows, _row("compile, sampled", sampled(batch=192), rules, most=None), _markov(rules)]


def _markov(rules: Sequence[str]) -> Row:
    first = {}
    for rule in rules:
        found = entry_probability(
            iterated_prisoners_dilemma(), rule_by_name(rule), n=128, steps=1, estimator=episodes(384), targets="CC"
        )
        first[rule] = float(found.provenance.compile_seconds)
    each = ", ".join(f"{rule} {seconds:.2f} s" for rule, seconds in first.items())
    return Row("compile, sampled Markov", max(first.values()), unit="s", most=5.0, details=each)


def _row(name: str, estimator: Any, rules: Sequence[str], most: float | None) -> Row:
    compiled.cache_clear()  # whoever was here before may have compiled it
    first = {rule: _seconds(rule, estimator) for rule in rules}
    compiled.cache_clear()
    again = {rule: _seconds(rule, estimator) for rule in rules}
    each = ", ".join(f"{rule} {first[rule]:.2f} s (again {again[rule]:.2f})" for rule in rules)
    return Row(name, max(first.values()), unit="s", most=most, details=each)


def _seconds(rule: str, estimator: Any) -> float:
    found = basin_map(stag_hunt(), rule_by_name(rule), grid=21, estimator=estimator, rollouts=1)
    return float(found.provenance.compile_seconds)
