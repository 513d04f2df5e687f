"""What every floor of the library stands on: input checks, outcome codes, estimates, provenance, results, options.

Nothing imported here knows what a game is, and nothing imported here loads JAX or SciPy. Names are loaded when they are
first used: help texts need the table of options, and not NumPy.
"""

import importlib
from typing import TYPE_CHECKING, Any

_HOMES = {
    "bounded_means": ["bounded_mean"],
    "brackets": ["Bracket"],
    "checks": ["choice", "distribution", "finite_array", "finite_number", "positive_integer", "probability"],
    "citations": ["Source", "cite"],
    "compiled_programs": ["keep_programs"],
    "errors": ["InputError", "nearest", "unknown"],
    "estimates": ["Estimate", "bootstrap", "bracket", "clopper_pearson", "stratified", "wilson"],
    "coverages": ["interval_coverage"],
    "independent_differences": ["independent_difference"],
    "loading": ["load"],
    "order_statistics": ["median_interval"],
    "outcomes": ["PASSING", "WITHIN", "Outcome", "Status", "explained", "is_complete", "label_names", "target_code"],
    "paired": ["PairedTest", "binomial_test", "mcnemar", "two_proportion_test"],
    "paired_differences": ["paired_difference"],
    "plain_data": ["plain"],
    "provenance": ["Provenance", "record"],
    "rank_statistics": ["area_under_curve", "rank_correlation"],
    "result": ["Result"],
    "stratified_means": ["stratified_mean"],
    "waiting_times": ["waiting_interval"],
}  # fmt: skip
_WHERE = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from nashscape.core.bounded_means import bounded_mean
    from nashscape.core.brackets import Bracket
    from nashscape.core.checks import (
        choice,
        distribution,
        finite_array,
        finite_number,
        positive_integer,
        probability,
    )
    from nashscape.core.citations import Source, cite
    from nashscape.core.compiled_programs import keep_programs
    from nashscape.core.coverages import interval_coverage
    from nashscape.core.errors import InputError, nearest, unknown
    from nashscape.core.estimates import Estimate, bootstrap, bracket, clopper_pearson, stratified, wilson
    from nashscape.core.independent_differences import independent_difference
    from nashscape.core.loading import load
    from nashscape.core.order_statistics import median_interval
    from nashscape.core.outcomes import (
        PASSING,
        WITHIN,
        Outcome,
        Status,
        explained,
        is_complete,
        label_names,
        target_code,
    )
    from nashscape.core.paired import PairedTest, binomial_test, mcnemar, two_proportion_test
    from nashscape.core.paired_differences import paired_difference
    from nashscape.core.plain_data import plain
    from nashscape.core.provenance import Provenance, record
    from nashscape.core.rank_statistics import area_under_curve, rank_correlation
    from nashscape.core.result import Result
    from nashscape.core.stratified_means import stratified_mean
    from nashscape.core.waiting_times import waiting_interval

__all__ = [
    "PASSING",
    "WITHIN",
    "Bracket",
    "Estimate",
    "InputError",
    "Outcome",
    "PairedTest",
    "Provenance",
    "Result",
    "Source",
    "Status",
    "area_under_curve",
    "binomial_test",
    "bootstrap",
    "bounded_mean",
    "bracket",
    "choice",
    "cite",
    "clopper_pearson",
    "distribution",
    "explained",
    "finite_array",
    "finite_number",
    "independent_difference",
    "interval_coverage",
    "is_complete",
    "keep_programs",
    "label_names",
    "load",
    "mcnemar",
    "median_interval",
    "nearest",
    "paired_difference",
    "plain",
    "positive_integer",
    "probability",
    "rank_correlation",
    "record",
    "stratified",
    "stratified_mean",
    "target_code",
    "two_proportion_test",
    "unknown",
    "waiting_interval",
    "wilson",
]
