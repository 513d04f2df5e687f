"""What every floor of the library stands on: input checks, outcome codes, estimates, provenance, results.

Nothing imported here knows what a game is, and nothing imported here loads JAX or SciPy.
"""

from nashscape.core.bounded_means import bounded_mean
from nashscape.core.checks import (
    choice,
    distribution,
    finite_array,
    finite_number,
    positive_integer,
    probability,
)
from nashscape.core.citations import SOURCES, Source, cite
from nashscape.core.errors import InputError, nearest, unknown
from nashscape.core.estimates import Estimate, bootstrap, bracket, clopper_pearson, stratified, wilson
from nashscape.core.interval_coverage import interval_coverage
from nashscape.core.outcomes import Outcome, Status, label_names, target_code
from nashscape.core.paired import PairedTest, binomial_test, mcnemar, two_proportion_test
from nashscape.core.paired_differences import paired_difference
from nashscape.core.plain_data import plain
from nashscape.core.provenance import Provenance, record
from nashscape.core.result import Result
from nashscape.core.waiting_times import waiting_interval

__all__ = [
    "SOURCES",
    "Estimate",
    "InputError",
    "Outcome",
    "PairedTest",
    "Provenance",
    "Result",
    "Source",
    "Status",
    "binomial_test",
    "bootstrap",
    "bounded_mean",
    "bracket",
    "choice",
    "cite",
    "clopper_pearson",
    "distribution",
    "finite_array",
    "finite_number",
    "interval_coverage",
    "label_names",
    "mcnemar",
    "nearest",
    "paired_difference",
    "plain",
    "positive_integer",
    "probability",
    "record",
    "stratified",
    "target_code",
    "two_proportion_test",
    "unknown",
    "waiting_interval",
    "wilson",
]
