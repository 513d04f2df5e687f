"""What is asked of open-source games, as studies: data alone."""

from nashscape.dynamics import Settling, starts
from nashscape.games import bimatrix, chicken, donation, prisoners_dilemma, stag_hunt, symmetric_2x2
from nashscape.learning import unbounded
from nashscape.studies import Study
from nashscape.systems.open_source_games.enumeration import random_dilemmas

DONATION = {"benefit": 3.0, "cost": 1.0}
GIFT = donation(**DONATION)
CANONICAL = (prisoners_dilemma(), GIFT, stag_hunt(), symmetric_2x2(R=5.0, S=-2.0, T=7.0, P=1.0, name="uneven dilemma"))
"""The games of which the formula is tried."""
BELOW, BETWEEN, ABOVE = 0.2, 0.4, 0.6
"""Couplings in the donation game: below the threshold of the diagonal, 1/3; above it, and below √(1/3); above both."""
STEP_SIZES = (0.05, 0.5, 2.0, 10.0)

EXACT_THRESHOLDS = Study(
    "exact-thresholds",
    about="The coupling at which what one small update adds changes its sign, in games with names.",
    vary=[{"game": list(CANONICAL)}, {"at": [[0.25] * 2, [0.5] * 2, [0.75] * 2]}],
    measure=[{"what": "thresholds", "verb": "coupling_threshold"}],
)

ALIKE = Study(
    "alike",
    about="Whether two players with the same parameters earn more together as they learn.",
    fixed={
        "game": GIFT,
        "semantics": "open_source",
        "rule": "pg",
        "n": 1,
        "step_size": 0.5,
        "starts": starts.strategies([[0.5, 0.5]]),
    },
    vary=[{"coupling": [0.32, 0.35]}],
    measure=[{"what": "welfare", "steps": 300, "settling": Settling(follow=False)}],
)

UNBOUNDED = {"semantics": "open_source", "rule": "pg", "steps": 6000, "starts": "normal:std=1",
             "projection": unbounded(), "targets": ["CC", "DD"]}  # fmt: skip
LONG = {**UNBOUNDED, "step_size": 0.3}

GENERIC_STARTS = Study(
    "generic-starts",
    about="Where selfish ascent ends from starts in which players differ, as all drawn at random do.",
    fixed={**LONG, "game": GIFT},
    vary=[{"coupling": [BELOW, BETWEEN, ABOVE]}],
    measure=["standing"],
)

STEPS_OF_ANY_SIZE = Study(
    "steps-of-any-size",
    about="Where the same runs end with steps of other sizes, at couplings at which small ones do not cooperate.",
    fixed={**UNBOUNDED, "game": GIFT},
    vary=[{"coupling": [BELOW, BETWEEN]}, {"step_size": list(STEP_SIZES)}],
    measure=["standing"],
)

DILEMMAS = random_dilemmas(12, 3)
RANDOM_DILEMMAS = Study(
    "random-dilemmas",
    about="Where selfish ascent ends in dilemmas whose payoffs differ from player to player.",
    fixed={**LONG, "n": 40},
    vary=[
        {"game": [bimatrix(*own, name=f"dilemma {k}", actions=("C", "D")) for k, own in enumerate(DILEMMAS)]},
        {"coupling": [0.0, 1.0]},
    ],
    measure=["standing"],
)

STRONG_COUPLING = Study(
    "strong-coupling",
    about="Shares of cooperation at a strong coupling in games with names, without bounds on parameters.",
    fixed=LONG,
    vary=[{"game": [prisoners_dilemma(), GIFT, chicken(), stag_hunt()], "coupling": [0.95, 0.95, 0.95, 2.5]}],
    measure=["standing"],
)

BRIDGE = Study(
    "bridge",
    about="The peer coefficient at which peer-learning turns, for two inner step sizes.",
    fixed={"game": "stag_hunt", "dial": "peer", "at": [0.6, 0.6]},
    vary=[{"rule": ["peer_only:peer=1,inner_lr=0.275", "peer_only:peer=1,inner_lr=1.1"]}],
    measure=[{"what": "thresholds", "verb": "threshold"}],
)
