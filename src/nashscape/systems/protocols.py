"""What a system asks, as it was written down before its runs: the file `protocol.toml` beside its card."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def protocol_of(package: str) -> Mapping[str, Any]:
    """The protocol of a system, by the name of its package.

    >>> protocol_of("nashscape.systems.pruning_game")["training"]["batch"]
    32
    """
    return tomllib.loads(resources.files(package).joinpath("protocol.toml").read_text(encoding="utf-8"))
