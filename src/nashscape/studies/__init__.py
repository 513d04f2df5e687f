"""Declared experiments: what was published, measured again."""

from nashscape.studies.agreement import Row
from nashscape.studies.basin_entry import Reproduction, reproduce

__all__ = ["Reproduction", "Row", "reproduce"]
