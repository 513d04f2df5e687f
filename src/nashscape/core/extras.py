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
        "pgx": "turns",
        "jaxmarl": "marl",
        "pandas": "frames",
        "polars": "frames",
        "xarray": "frames",
        "sklearn": "digits",
        "starlette": "app",
        "uvicorn": "app",
        "websockets": "app",
    }
)
"""The extra of nashscape that a package is in."""

DISTRIBUTIONS: Mapping[str, str] = MappingProxyType({"sklearn": "scikit-learn"})
"""What installs a package, where it has another name."""


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
        install = DISTRIBUTIONS.get(package, package)
        raise InputError(f"{what} takes {install}, which is not installed: pip install {install}; {extra}")
