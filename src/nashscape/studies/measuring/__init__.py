"""What studies measure: of results of every verb, numbers with what they are about and how sure they are."""

from nashscape.studies.measuring.kinds import MEASURES, Kind, kind_of
from nashscape.studies.measuring.rows import Number, numbers_in

__all__ = ["MEASURES", "Kind", "Number", "kind_of", "numbers_in"]
