"""Which claim of the card a figure is about."""

from nashscape.systems.agreement import Row

BY_TABLE = {
    "noise-free shares": "noise-free-shares",
    "ablation": "stag-hunt-ablation",
    "21×21 maps": "stag-hunt-maps",
    "peer sweep, share": "peer-sweep",
    "peer sweep, mean first hit": "first-hits",
    "annealing": "annealing",
    "estimator variance": "estimator-variance",
    "ablation, iterated Prisoner's Dilemma": "repeated-dilemma-ablation",
    "restarts, Stag Hunt": "stag-hunt-restarts",
    "restarts, iterated Prisoner’s Dilemma": "repeated-dilemma-restarts",
}


def claim_of(row: Row) -> str:
    """The id of the claim that a figure of the published tables is about."""
    return BY_TABLE[row.table]
