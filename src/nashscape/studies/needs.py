"""Packages that studies need and that are not always installed."""

import importlib.util

from nashscape.core import InputError

EXTRAS = {"pydantic": "studies", "pyarrow": "studies", "ray": "cluster"}


def needs(package: str, what: str) -> None:
    """Nothing where a package is installed.

    Args:
        package: its name.
        what: what takes it, at the beginning of a sentence.

    Raises:
        InputError: with what to install, where it is not.
    """
    if importlib.util.find_spec(package) is None:
        extra = f"it is in the extra nashscape[{EXTRAS[package]}]"
        raise InputError(f"{what} takes {package}, which is not installed: pip install {package}; {extra}")
