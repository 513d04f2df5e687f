"""Declared experiments: what is varied, what is measured, how results are kept.

Names are loaded when they are first used: what keeps results needs no JAX, and processes that work on items import what
these need, and no more.
"""

import importlib
from typing import TYPE_CHECKING, Any

_HOMES = {
    "findings": ["Findings", "one_estimate", "one_number"],
    "study": ["Study"],
    "toml_files": ["read_study", "write_study"],
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from nashscape.studies.findings import Findings, one_estimate, one_number
    from nashscape.studies.study import Study
    from nashscape.studies.toml_files import read_study, write_study

__all__ = ["Findings", "Study", "one_estimate", "one_number", "read_study", "write_study"]
