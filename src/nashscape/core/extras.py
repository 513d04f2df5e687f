"""Packages that are not always installed: one error says what to install."""

import importlib.util
from collections.abc import Mapping
from types import MappingProxyType

from nashscape.core.errors import InputError

EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "pydantic": "studies",
        "pyarrow": "studies",
        "ray": "cluster",
        "pettingzoo": "env",
        "gymnasium": "env",
        "pandas": "frames",
        "polars": "frames",
        "xarray": "frames",
    }
)
"""The extra of nashscape that a package is in."""


def needs_package(package: str, what: str, otherwise: str = "") -> None:
    """Nothing where a package is installed.

    Args:
        package: its name.
        what: what takes it, at the beginning of a sentence.
        otherwise: what does without it, at the end of one.

    Raises:
        InputError: with what to install, where it is not.
    """
    if importlib.util.find_spec(package) is None:
        extra = f"it is in the extra nashscape[{EXTRAS[package]}]{otherwise and f'; {otherwise}'}"
        raise InputError(f"{what} takes {package}, which is not installed: pip install {package}; {extra}")
