"""The published tables as studies: data alone, of public names. How much is run is that of the full effort."""

from nashscape.dynamics import Settling
from nashscape.learning import episodes, meta_mapg, sampled, two_phase
from nashscape.studies import Study

ROOM = 768
"""Plays that the one compiled sampled program has room for: the largest batch of the tables."""

STANDING = Settling(follow=False)
"""Published tables count where runs stand after their last update."""

# Every rule has one structure, so that one compiled program does for all: with exponent 0 a schedule is constant.
PG = meta_mapg(own=0.0, peer=two_phase(0.0, warm_up=0.0, exponent=0.0)).renamed("pg")
META_PG = meta_mapg(own=0.35, peer=two_phase(0.0, warm_up=0.0, exponent=0.0)).renamed("meta_pg")
PEER_ONLY = meta_mapg(own=0.0, peer=two_phase(1.5, warm_up=0.0, exponent=0.0)).renamed("peer_only")
META_MAPG = meta_mapg(own=0.35, peer=two_phase(1.5, warm_up=0.0, exponent=0.0)).renamed("meta_mapg")
METHODS = [PG, META_PG, PEER_ONLY, META_MAPG]

PEER = [
    PG,
    meta_mapg(own=0.35, peer=two_phase(0.0, warm_up=0.0, exponent=0.0)).renamed("peer 0"),
    meta_mapg(own=0.35, peer=two_phase(0.25, warm_up=0.0, exponent=0.0)).renamed("peer 0.25"),
    meta_mapg(own=0.35, peer=two_phase(0.5, warm_up=0.0, exponent=0.0)).renamed("peer 0.5"),
    meta_mapg(own=0.35, peer=two_phase(1.0, warm_up=0.0, exponent=0.0)).renamed("peer 1"),
    meta_mapg(own=0.35, peer=two_phase(1.5, warm_up=0.0, exponent=0.0)).renamed("peer 1.5"),
    meta_mapg(own=0.35, peer=two_phase(2.0, warm_up=0.0, exponent=0.0)).renamed("peer 2"),
    meta_mapg(own=0.35, peer=two_phase(3.0, warm_up=0.0, exponent=0.0)).renamed("peer 3"),
    meta_mapg(own=0.35, peer=two_phase(5.0, warm_up=0.0, exponent=0.0)).renamed("peer 5"),
]
ARMS = [
    PG,
    META_MAPG.renamed("meta_mapg_constant"),
    meta_mapg(own=0.35, peer=two_phase(1.5, warm_up=100.0, exponent=0.7, decay_steps=30.0)).renamed(
        "meta_mapg_two_phase"
    ),
]

HUNT = {"game": "stag_hunt", "targets": ["CC", "DD"], "settling": STANDING}
IPD = {"game": "iterated_prisoners_dilemma", "estimator": episodes(384)}
NORMAL, WIDE = "normal:std=1.35", "uniform:low=-3,high=3"

GRIDS = Study(
    "noise-free-grids",
    about="Without noise, the shares of two grids of starts that stand in cooperation after 140 updates.",
    fixed={**HUNT, "kind": "endpoints", "steps": 140},
    vary=[{"grid": [21, 51]}, {"rule": METHODS}],
    measure=["standing"],
)

RANDOM_STARTS = Study(
    "noise-free-starts",
    about="Without noise, the shares of normal and of uniform starts that stand in cooperation.",
    fixed={**HUNT, "n": 250_000},
    vary=[{"starts": [NORMAL, WIDE], "steps": [260, 120]}, {"rule": METHODS}],
    measure=["standing"],
)

ABLATION = Study(
    "ablation",
    about="How many normal starts stand in cooperation after 260 sampled updates.",
    fixed={**HUNT, "starts": NORMAL, "steps": 260, "estimator": sampled(384, capacity=ROOM), "n": 1536},
    vary=[{"rule": METHODS}],
    measure=["standing"],
)

MAPS = Study(
    "maps",
    about="How many cells of single sampled 21×21 maps stand in cooperation.",
    fixed={**HUNT, "kind": "endpoints", "grid": 21, "steps": 140, "estimator": sampled(192, capacity=ROOM),
           "rollouts": 40},
    vary=[{"rule": [PG, META_MAPG]}],
    measure=["single_maps"],
)  # fmt: skip

SWEEP = Study(
    "peer-sweep",
    about="Single sampled 11×11 maps against the peer coefficient: cooperative cells, and when they are first hit.",
    fixed={**HUNT, "kind": "endpoints", "grid": 11, "steps": 140, "estimator": sampled(192, capacity=ROOM),
           "rollouts": 40},
    vary=[{"rule": PEER}],
    measure=["single_maps"],
)  # fmt: skip

SWEEP_NOISE_FREE = Study(
    "peer-sweep-noise-free",
    about="The same shares without noise.",
    fixed={**HUNT, "kind": "endpoints", "grid": 11, "steps": 140},
    vary=[{"rule": PEER}],
    measure=["standing"],
)

ANNEALING = Study(
    "annealing",
    about="A constant against a two-phase peer coefficient over 2,000 sampled updates.",
    fixed={**HUNT, "starts": NORMAL, "steps": 2000, "estimator": sampled(256, capacity=ROOM), "n": 1536},
    vary=[{"rule": ARMS}],
    measure=["standing"],
)

NOISY = {"game": "stag_hunt", "rule": META_MAPG, "at": [0.58, 0.58], "estimator": sampled(384, capacity=ROOM)}

NOISE = Study(
    "estimator-variance",
    about="The variance trace of sampled updates of Meta-MAPG at p = (.58, .58) against the batch.",
    fixed={**NOISY, "n": 50_000},
    vary=[{"estimator.batch": [48, 96, 192, 384, 768]}],
    measure=["update_noise"],
)

NOISE_AGAIN = Study(
    "estimator-variance-again",
    about="The same with eight seeds, each of which gives a slope of its own.",
    fixed={**NOISY, "n": 1500},
    vary=[{"estimator.batch": [48, 96, 192, 384, 768]}],
    measure=["update_noise"],
    replicates=8,
)

IPD_ABLATION = Study(
    "ablation-repeated-dilemma",
    about="How many normal starts cooperate in the first round after 260 sampled updates.",
    fixed={**IPD, "targets": "CC", "settling": STANDING, "starts": NORMAL, "steps": 260, "n": 256},
    vary=[{"rule": METHODS}],
    measure=["standing"],
)

RESTARTED = {"budget": 13, "steps": 120, "target": "CC", "at_step": True}

RESTARTS = Study(
    "restarts-stag-hunt",
    about="How many of at most 13 fresh starts it takes until one stands in cooperation after 120 updates.",
    fixed={**RESTARTED, "game": "stag_hunt", "estimator": sampled(384, capacity=ROOM), "runs": 4096},
    vary=[{"rule": METHODS}],
    measure=["restarts", "single_runs"],
)

IPD_RESTARTS = Study(
    "restarts-repeated-dilemma",
    about="The same in the repeated dilemma.",
    fixed={**RESTARTED, **IPD, "runs": 100},
    vary=[{"rule": METHODS}],
    measure=["restarts", "single_runs"],
)
