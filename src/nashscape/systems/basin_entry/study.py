"""What is asked of the 2×2 games, as a study: data alone."""

from nashscape.dynamics import Settling
from nashscape.studies import Study

CLASSES = Study(
    "classes",
    about="""
    Where policy gradient and Meta-MAPG stand after 140 updates without noise, in every strict ordinal game with two
    strict equilibria; which of these pays more or is safer; which way the peer term pushes.
    """,
    fixed={"grid": 41, "settling": Settling(follow=False)},
    vary=[{"game": {"ordinal": "two equilibria"}}, {"rule": ["pg", "meta_mapg"]}],
    measure=["standing", "equilibria", "peer_direction"],
)
