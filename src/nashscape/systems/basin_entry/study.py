"""What is asked beside the published tables, as studies: data alone."""

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

CERTIFIED = Study(
    "certified",
    about="How much of [.05, .95]² is proved to end in each corner of Stag Hunt, without noise.",
    fixed={"game": "stag_hunt", "resolution": 1 / 64},
    vary=[{"rule": ["pg", "meta_mapg"]}],
    measure=["certificates"],
)

RAISED = Study(
    "raised",
    about="Which way the peer term moves the logits of cooperation, over all profiles of Stag Hunt.",
    fixed={"game": "stag_hunt"},
    measure=["peer_direction"],
)

ALIGNED = Study(
    "aligned",
    about="At which share of starts each term of Meta-MAPG points to cooperation in the repeated dilemma.",
    fixed={
        "game": "iterated_prisoners_dilemma",
        "rule": "meta_mapg",
        "at": "normal:std=1.35",
        "n": 2500,
        "target": "CC",
    },
    measure=["alignment"],
)
