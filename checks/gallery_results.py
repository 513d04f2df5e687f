"""Small real results of every kind that has a picture, by name.

A name is the kind of the result, and after a dash what is different about it. Makers take a folder for what has to be
written to disk. Of two kinds the numbers are made up: of what compares claims with a card, and stores with each other.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import nashscape as ns
from checks.played_runs import trained, trained_with_two
from nashscape.core import Status, record
from nashscape.core.results_by_name import ResultsByName
from nashscape.proofs.certification.comparisons import containment
from nashscape.selection.maps.portraits import portrait
from nashscape.selection.predictors import predictor
from nashscape.studies.store.differing import StoreDifferences
from nashscape.systems import Card, Claim, check
from nashscape.systems.checked_claims import Findings
from nashscape.systems.information_acquisition.plans import inspectors
from nashscape.systems.statements import near

HUNT, DILEMMA = ns.games.stag_hunt(), ns.games.prisoners_dilemma()
THREE = ns.games.threshold_stag_hunt(3, 2)
UNEQUAL = ns.games.bimatrix([[3, 0, 1], [1, 2, 0]], [[2, 0, 1], [0, 3, 1]])
TEAM = ns.games.dense([[[[4, 0], [0, 1]], [[0, 0], [0, 3]], [[1, 0], [2, 1]]]] * 2 + [np.zeros((3, 2, 2))])
ENTRY = ns.games.extensive_game(
    ns.games.decision(
        0,
        {
            "enter": ns.games.decision(1, {"fight": ns.games.ending(-1, -1), "yield": ns.games.ending(1, 1)}),
            "stay out": ns.games.ending(0, 2),
        },
    ),
    name="entry",
)
RULES = [ns.pg(), ns.lola(), ns.meta_mapg()]
BATTLES = ns.games.team_battles(ns.games.random_roster(9, seed=1))
MATCHED = ("mixer", "whiff punisher")
GRID = 25
NOISY = ns.sampled(batch=64)


@cache
def certificate(rule: str = "pg") -> Any:
    """What is proved of Stag Hunt."""
    return ns.certify(HUNT, getattr(ns, rule)(), "CC", resolution=1 / 32)


@cache
def probable() -> Any:
    """The same of sampled updates."""
    return ns.proofs.certify_in_probability(HUNT, ns.pg(), "DD", estimator=ns.sampled(384), resolution=1 / 16)


@cache
def maps() -> Any:
    """Basins of a few rules."""
    return ns.basin_map(HUNT, RULES, grid=GRID)


@cache
def entries(n: int = 100) -> Any:
    """Entries of a few rules with sampled updates."""
    return ns.entry_probability(HUNT, RULES, n=n, steps=80, estimator=NOISY)


@cache
def fighters() -> Any:
    """A duel, and those who fight it."""
    duel = ns.environments.duel()
    return duel, {**ns.environments.duel_characters(duel), "minimax": ns.theory.duel_minimax(duel)}


@cache
def started_anew() -> Any:
    """Restarts of a few rules."""
    return ns.restarts(HUNT, RULES, runs=40, budget=6)


def cross_play(runs: int) -> Any:
    """Made-up runs of two conventions, and one that has learned neither."""
    random = np.random.default_rng(2)
    side = random.random(runs) < 0.6
    alike = np.where(side[:, None] == side[None], 1.0, 0.1)
    alike[0] = alike[:, 0] = 0.4
    return np.clip(alike - random.uniform(0, 0.05, size=(runs, runs)), 0, 1)


def scores() -> dict[str, Any]:
    """Made-up scores of training runs, of which some arms end in two ways."""
    random = np.random.default_rng(3)
    two = random.random((12, 2)) < 0.4
    return {
        "ppo": random.beta(2.0, 6.0, size=(10, 2)),
        "shaped": np.clip(np.where(two, 0.85, 0.3) + random.normal(0, 0.05, size=(12, 2)), 0, 1),
        "mediator": random.beta(9.0, 2.0, size=(8, 2)),
    }


def open_dilemma(coupling: float) -> Any:
    """Players who read each other."""
    return ns.open_source(DILEMMA, coupling)


def greedier(kappa: float, T: float) -> Any:
    """The same with another temptation."""
    return ns.open_source(ns.games.prisoners_dilemma(T=T), kappa)


def claims() -> Any:
    """A made-up card against made-up numbers."""
    card = Card(
        "made-up", "Made up", 2026, ("Doe",), "exact", "Two claims.", {"full": 1.0, "quick": 1.0},
        (Claim("sum", "It adds up.", "a", "agrees", value=0.5), Claim("far", "It is far.", "a", "disagrees")),
    )  # fmt: skip
    rows = [near("sum", "1/4 + 1/4", 0.5, 0.5, 0.1), near("far", "a distance", 0.9, 0.6, 0.1)]
    return check(card, Findings(tuple(rows), Status.COMPLETE, record("reproduction", {"system": "made-up"}, seed=0)))


def stores() -> Any:
    """Two made-up stores."""
    one = np.array([0.1, 0.25, 0.4, 0.62, 0.8, 0.33])
    differs = np.array([False, False, True, False, True, False])
    other, unknown = one + np.where(differs, 0.12, 0.0), np.full(len(one), np.nan)
    names = tuple(f"share of CC, peer = {k}" for k in range(len(one)))
    return StoreDifferences(
        names, one, other, ("exact",) * len(one), unknown, unknown, differs, (), ("share of DD, peer = 6",), (), (),
        0.95, Status.COMPLETE, record("store differences", {"stores": "made up"}),
    )  # fmt: skip


SEASON = [
    *[("ann", "bob", 1)] * 28, *[("bob", "ann", 1)] * 8, *[("bob", "cy", 1)] * 9, *[("cy", "bob", 1)] * 7,
    *[("cy", "dan", 1)] * 12, *[("ann", "dan", 1)] * 8, *[("dan", "cy", 1)] * 2,
]  # fmt: skip
"""Matches of four players, of whom two are hard to tell apart."""


def meeting() -> Any:
    """Battle of the Sexes of which the second player may rather avoid the first."""
    payoffs = np.zeros((2, 1, 2, 2, 2))
    payoffs[0, 0, :] = [[2, 0], [0, 1]]
    payoffs[1, 0] = [[[1, 0], [0, 2]], [[0, 2], [1, 0]]]
    return ns.games.bayesian_game(payoffs, types=[["her"], ["meet", "avoid"]], actions="FO", name="sexes")


def levels_played() -> dict[str, Any]:
    """Forty runs of each of twelve tasks by four agents, of which three come one after the other."""
    draws, hard = np.random.default_rng(0), np.linspace(1, 4, 12)
    made = {name: draws.beta(worth, hard, size=(40, 12)) for name, worth in (("first", 1), ("second", 3), ("third", 9))}
    return {**made, "specialist": draws.beta(np.where(np.arange(12) % 3, 0.3, 9.0), hard, size=(40, 12))}


def verified(folder: Path) -> Any:
    """A certificate that was checked."""
    return ns.verify_certificate(certificate().save(f"{folder}/proof.json"))


GRAPH = [[[0.9, 0.2, 0.5], [0.5, 0.2, 0.8]], [[0.8, 0.1, 0.4], [0.3, 0.6, 0.62]]]

RESULTS: Mapping[str, Callable[[Path], Any]] = {
    "Alignment": lambda _: ns.alignment(HUNT, ns.meta_mapg(), grid=GRID),
    "Alignment-rules": lambda _: ns.alignment(HUNT, RULES, grid=9),
    "AlphaRank": lambda _: ns.ranking.alpha_rank(ns.games.shapley(), intensity=2.0),
    "ResponseGraph": lambda _: ns.ranking.response_graph(GRAPH, names=["ab", "xyz"], most=30_000),
    "AlphaRank-limit": lambda _: ns.ranking.alpha_rank(HUNT),
    "Grown": lambda _: ns.populations.grow(ns.games.shapley(), generations=8, start="first"),
    "GrownMembers": lambda _: ns.populations.grow(
        ns.populations.sampled_game(ns.games.shapley(), noise=0.5), "psro:meta=replicator", generations=8
    ),
    "LeadsTo": lambda _: ns.populations.leads_to(ns.games.battle_of_the_sexes(), n=60, generations=2),
    "LeadsTo-ways": lambda _: ResultsByName(
        (way, ns.populations.leads_to(HUNT, way, n=40, generations=3)) for way in ("self-play", "fictitious-play")
    ),
    "Grown-ways": lambda _: ns.populations.grow(
        ns.games.shapley(), ["fictitious-play", "fictitious-self-play", "league"], generations=20, until=None
    ),
    "AlignmentProof": lambda _: ns.theory.proved_alignment(HUNT, ns.meta_mapg(), "CC"),
    "AlignmentProof-three": lambda _: ns.theory.proved_alignment(THREE, ns.peer_only(), "CCC", resolution=1 / 2),
    "AveragePlay": lambda _: ns.theory.average_play(ns.games.shapley()),
    "AveragePlay-swaps": lambda _: ns.theory.average_play(ns.games.shapley(), "internal"),
    "BasinMap": lambda _: maps()["pg"],
    "BasinMap-rules": lambda _: maps(),
    "BasinMap-sampled": lambda _: ns.basin_map(HUNT, RULES[:2], grid=9, estimator=NOISY, rollouts=3, steps=80),
    "BasinMap-three": lambda _: ns.basin_map(THREE, ns.pg(), grid=9, steps=200),
    "BayesNashEquilibria": lambda _: ns.equilibria(meeting()),
    "BayesNashEquilibria-auction": lambda _: ns.equilibria(ns.games.auction(values=[0, 1], bids=[0, "1/4", "1/2"])),
    "BoundaryTest": lambda _: ns.theory.boundary_test(open_dilemma(0.7), "CC", bound=2.0),
    "Certificate": lambda _: certificate(),
    "CheckedClaims": lambda _: claims(),
    "Combination": lambda _: ns.cheapest_combination(
        HUNT, {"peer": [0, 1, 2, 4], "warm_up": [0, 20]}, {"peer": 1, "warm_up": 0.1}, "CC", 0.6, grid=11
    ),
    "CommonsRun": lambda _: ns.environments.play_commons(
        ns.environments.fishery(), ["universaliser"] * 4 + [ns.environments.pool_player("steady", amount=30, arrives=3)]
    ),
    "Comparison": lambda _: ns.compare(maps()["meta_mapg"], maps()["pg"]),
    "Comparison-rules": lambda _: maps().compare(),
    "Comparison-entries": lambda _: entries().compare(),
    "Containment": lambda _: containment(certificate("meta_mapg"), certificate()),
    "Continuation": lambda _: ns.theory.continuation(open_dilemma, 0.3, 0.7, start=[0.5, 0.5], at=0.4, parameter="κ"),
    "LatticeLearning": lambda _: ns.dynamics.lattice_q_learning(
        ns.environments.lattice_dilemma(10, 10), budgets=[0.12, 0.25, 0.55, 1.2], runs=6, rounds=2000, values=125.0
    ),
    "DuelExploitability": lambda _: ns.environments.duel_exploitability(*fighters()),
    "DuelMatch": lambda _: ns.environments.duel_match(
        fighters()[0], *(fighters()[1][name] for name in MATCHED), names=MATCHED, seed=5
    ),
    "TeamBattle": lambda _: ns.games.team_battle(BATTLES, "c1+c7", "c7+c3", seed=3),
    "TeamBattle-threes": lambda _: ns.games.team_battle(
        ns.games.team_battles(ns.games.random_roster(6, health=(3, 3), seed=4), members=3), 0, 50, seed=1
    ),
    "TeamMeetings": lambda _: ns.games.team_meetings(BATTLES, range(0, 72, 6)),
    "Evolution": lambda _: ns.evolution.evolve([[0, -1, 2], [2, 0, -1], [-1, 2, 0]], [0.8, 0.15, 0.05], time=20.0),
    "EvolutionaryBasins": lambda _: ns.evolution.evolutionary_basins(
        ns.evolution.population_game([[3, 0, 0], [0, 2, 0], [0, 0, 1]], types=["left", "middle", "right"])
    ),
    "EvolutionaryBasins-two": lambda _: ns.evolution.evolutionary_basins([[4, 0], [3, 2]], "smith"),
    "EvolutionaryBasins-four": lambda _: ns.evolution.evolutionary_basins(
        [[1, 2, 0, 0], [2, 1, 0, 0], [0, 0, 3, 1], [0, 0, 1, 3]], n=400
    ),
    "EvolutionaryBasins-cycle": lambda _: ns.evolution.evolutionary_basins(
        [[0, -2, 1], [1, 0, -2], [-2, 1, 0]], grid=20
    ),
    "EvolutionaryStability": lambda _: ns.evolution.evolutionary_stability(
        ns.evolution.population_game([[-1, 2, -1], [0, 1, 1], [-1, 1, 1]], types=["hawk", "dove", "retaliator"])
    ),
    "Fixation": lambda _: ns.evolution.fixation(
        ns.evolution.graph_population([[3, -1], [4, 0]], "ring:9", types="CD", intensity=0.1), {"C": 1, "D": 8}
    ),
    "Fixation-runs": lambda _: ns.evolution.fixation(
        ns.evolution.finite_population([[1, 2, 0], [0, 1, 3], [2, 0, 1]], 60, types=["rock", "paper", "scissors"]),
        {"rock": 20, "paper": 20, "scissors": 20},
        runs=200,
    ),
    "MeanShares": lambda _: ns.evolution.mean_shares(
        ns.evolution.finite_population([[1, 2, 0], [0, 1, 3], [2, 0, 1]], 60, mutation=0.1), runs=12, changes=1000
    ),
    "WeakSelection": lambda _: ns.evolution.weak_selection("ring:12"),
    "WeakSelection-never": lambda _: ns.evolution.weak_selection("star:8"),
    "MutationLaw": lambda _: ns.evolution.mutation_law(
        ns.evolution.finite_population([[3, 0], [2, 1]], 30, types="CD", fitness="exponential", mutation=0.02)
    ),
    "MutationLaw-three": lambda _: ns.evolution.mutation_law(
        ns.evolution.finite_population([[1, 2, 0], [0, 1, 3], [2, 0, 1]], 20, process="fermi", mutation=0.05)
    ),
    "Takeovers": lambda _: ns.evolution.takeovers(
        ns.evolution.finite_population([[1, 2, 0], [0, 1, 3], [2, 0, 1]], 12, process="fermi", intensity=0.5)
    ),
    "Tournament": lambda _: ns.tournaments.tournament(["TFT", "ALLC", "ALLD", "Grudger", "GTFT"], turns=8),
    "Tournament-many": lambda _: ns.tournaments.tournament(ns.tournaments.classics(), turns=200, noise=0.02),
    "Ecology": lambda _: ns.tournaments.ecology(ns.tournaments.tournament(["TFT", "ALLC", "ALLD"], turns=10), 40),
    "Ecology-many": lambda _: ns.tournaments.ecology(ns.tournaments.tournament(ns.tournaments.all_automata()), 60),
    "Fingerprint": lambda _: ns.tournaments.fingerprint("WSLS"),
    "Conventions": lambda _: ns.selection.conventions(cross_play(7)),
    "Conventions-many": lambda _: ns.selection.conventions(cross_play(24), threshold=0.8),
    "CorrelatedEquilibrium": lambda _: ns.theory.correlated_equilibrium(ns.games.chicken()),
    "CorrelatedEquilibrium-three": lambda _: ns.theory.coarse_correlated_equilibrium(
        ns.games.random_game((3, 2, 2), seed=4), objective="entropy"
    ),
    "ProgramGame": lambda _: ns.programs.program_game(ns.games.prisoners_dilemma(), ns.programs.published().values()),
    "ProgramGame-uneven": lambda _: ns.programs.program_game(
        HUNT, [ns.programs.plays(["1/2", "1/2"], name="even"), ns.programs.clique()], [ns.programs.plays(1)]
    ),
    "Scenarios": lambda _: ns.populations.scenarios(
        ns.games.public_goods(3, multiplier=2.0),
        {"givers": "C", "mixed": "CD"},
        {"givers": "C", "takers": "D", "mostly": {"C": 3, "D": 1}},
        trained={"givers": "givers", "mixed": "mostly"},
    ),
    "TaskScores": lambda _: ns.ranking.task_scores(levels_played()),
    "TaskScores-exact": lambda _: ns.ranking.task_scores({"general": [4, 50, 3, 7], "special": [0, 100, 0, 2]}),
    "Ranking": lambda _: ns.ranking.rank(SEASON),
    "Ranking-methods": lambda _: ns.ranking.rank(SEASON, ["bradley-terry", "copeland"]),
    "CorrectedSteps": lambda _: ns.corrected_steps_needed(HUNT, ns.meta_mapg(), ns.dynamics.cell_grid(2, 11)),
    "CorrectedSteps-sampled": lambda _: ns.corrected_steps_needed(
        HUNT, RULES[1:], ns.starts.normal(std=1.0), n=30, estimator=NOISY, steps=60
    ),
    "Coverage": lambda _: ns.selection.coverage(certificate(), maps()["pg"]),
    "Distances": lambda _: ns.separatrix(HUNT, ns.pg(), grid=GRID).distance(
        np.random.default_rng(0).uniform(0.05, 0.95, size=(60, 2))
    ),
    "DriftConstants": lambda _: ns.theory.drift_constants(ns.pg(), ns.games.matching_pennies(), [0.0, 0.0]),
    "EffectiveCoupling": lambda _: ns.theory.effective_coupling(
        ns.peer_only(peer=1.5, inner_lr=0.55), HUNT, [0.5, 0.5]
    ),
    "Entry": lambda _: entries()["pg"],
    "Entry-rules": lambda _: entries(),
    "Equilibria": lambda _: ns.equilibria(HUNT, rule=ns.pg()),
    "Equilibria-unequal": lambda _: ns.equilibria(UNEQUAL),
    "ExistenceReport": lambda _: ns.theory.existence_report(open_dilemma(0.7), bound=2.0),
    "Explanation": lambda _: ns.explain(HUNT, ns.meta_mapg(), [0.5, 0.5], "CC", changes=["peer", "own"]),
    "Findings": lambda _: ns.Study(
        "peer", fixed={"game": "stag_hunt", "grid": 9}, vary=[{"rule": ["pg", "meta_mapg"]}, {"game.T": [2.5, 3, 3.5]}]
    ).run(),
    "Findings-plane": lambda _: ns.Study(
        "peer",
        fixed={"game": "stag_hunt", "grid": 7, "rule": "meta_mapg"},
        vary=[{"peer": [0.0, 1.0, 2.0]}, {"game.T": [2.5, 3, 3.5]}],
    ).run(),
    "FixedPoints": lambda _: ns.theory.fixed_points(ns.meta_mapg(), HUNT, prove=True),
    "Flow": lambda _: ns.dynamics.replicator(HUNT, [0.7, 0.7], time=5.0, targets=["CC", "DD"]),
    "IndependentComparison": lambda _: ns.compare(
        ns.entry_probability(HUNT, ns.meta_mapg(), n=60, steps=60, seed=1),
        ns.entry_probability(HUNT, ns.pg(), n=50, steps=60, seed=2),
        independent=True,
    ),
    "LabelAudit": lambda _: ns.audit_labels(HUNT, ns.pg(), n=60, sample=10),
    "LabelAudit-rules": lambda _: ns.audit_labels(HUNT, RULES, n=60, sample=10, steps=20),
    "LearningCurves": lambda _: ns.selection.learning_curves(trained(), "share of C", target="trust"),
    "LearningCurves-terms": lambda _: ns.selection.learning_curves(trained_with_two(), of="least"),
    "LearningCurves-one": lambda _: ns.selection.learning_curves(trained()["ppo"], of="blue"),
    "Line": lambda _: ns.selection.along(HUNT, ns.pg(), [0.1, 0.1], [0.9, 0.9]),
    "PeerDirections": lambda _: ns.theory.peer_direction(ns.games.chicken()),
    "PeerDirections-three": lambda _: ns.theory.peer_direction(THREE),
    "PhaseDiagram": lambda _: ns.phase_diagram(open_dilemma, np.linspace(0.0, 1.0, 11), n=32, steps=300),
    "PhaseDiagram-plane": lambda _: ns.phase_diagram(
        greedier, np.linspace(0.0, 1.5, 7), values=[4.0, 4.5, 5.0, 6.0], parameter="T", n=32, steps=200
    ),
    "Decomposition": lambda _: ns.theory.decomposition(
        ns.games.dense([[[3, 0, 1], [1, 2, 0]], [[0, 1, 1], [2, 0, 4]]])
    ),
    "AcquisitionMechanism": lambda _: ns.theory.acquisition_mechanism(inspectors()),
    "AcquisitionMechanism-independent": lambda _: ns.theory.acquisition_mechanism(
        inspectors(), recommendations="independent"
    ),
    "LearnedAcquisition": lambda _: ns.theory.learned_acquisition(inspectors(most_paid=2), runs=8),
    "InterimGains": lambda _: ns.theory.interim_gains(meeting(), [[["1/2", "1/2"]], [["1/4", "3/4"], [0, 1]]]),
    "InterimGains-auction": lambda _: ns.theory.interim_gains(
        ns.games.auction(values=[k / 8 for k in range(9)], bids=[k / 16 for k in range(9)]),
        "0 0 0.125 0.125 0.25 0.25 0.375 0.375 0.5/0 0.0625 0.125 0.1875 0.25 0.3125 0.375 0.4375 0.5",
    ),
    "IteratedDominance": lambda _: ns.theory.iterated_dominance(
        ns.games.bimatrix([[3, 0, 1], [0, 3, 1], [1, 1, 0]], [[0, 1, -1], [1, 0, -1], [0, 0, 2]])
    ),
    "LemkeHowsonPaths": lambda _: ns.theory.lemke_howson_paths(
        ns.games.bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
    ),
    "PotentialTest": lambda _: ns.theory.potential_test(ns.games.bimatrix([[1, 2], [2, 0]], [[0, 0], [0, 1]])),
    "SecurityLevels": lambda _: ns.theory.security_levels(ns.games.volunteers_dilemma(3)),
    "SequentialRationality": lambda _: ns.theory.sequential_rationality(
        ns.games.kuhn_poker(), ns.games.kuhn_poker().uniform()
    ),
    "SubgamePerfect": lambda _: ns.theory.subgame_perfect(ENTRY),
    "TreeEquilibria": lambda _: ns.theory.tree_equilibria(ENTRY),
    "TreeLogitEquilibrium": lambda _: ns.theory.tree_logit_equilibrium(ns.games.kuhn_poker(), precision=3.0),
    "TreePlay": lambda _: ns.theory.tree_play(ns.games.kuhn_poker(), ns.learning.cfr(), steps=60),
    "TreeValue": lambda _: ns.theory.sequence_form_value(ns.games.kuhn_poker()),
    "UpdateSearch": lambda _: ns.theory.update_search(
        ns.games.kuhn_poker(), ns.games.kuhn_poker().uniform(), 0, "Q pb", rollouts=200, temperature=0.1
    ),
    "ZeroSumValue": lambda _: ns.theory.zero_sum_value(
        ns.games.bimatrix([[1, 0, 1], [0, 1, 0]], [[2, 3, 2], [3, 2, 3]])
    ),
    "LogitEquilibria": lambda _: ns.theory.logit_equilibrium(HUNT, precision=2.0),
    "LogitEquilibria-three": lambda _: ns.theory.logit_equilibrium(ns.games.random_game((3, 2, 2), seed=4)),
    "BeliefTree": lambda _: ns.theory.belief_tree(ns.theory.hexner_game(), steps=10),
    "FiniteOneSidedValue": lambda _: ns.theory.finite_one_sided_value(
        [[[1, 0], [0, 0]], [[0, 0], [0, 1]]], [0.5, 0.5], 6
    ),
    "OneSidedValue": lambda _: ns.theory.one_sided_value(
        [[[4, 0, 2], [4, 0, -2]], [[0, 4, -2], [0, 4, 2]]], ["2/5", "3/5"]
    ),
    "MinimaxWinner": lambda _: ns.theory.minimax_winner(
        ns.games.preferences(
            [[".5", ".6", ".3", ".9"], [".4", ".5", ".8", ".7"], [".7", ".2", ".5", ".6"], [".1", ".3", ".4", ".5"]]
        )
    ),
    "PointEquilibria": lambda _: ns.equilibria(ns.games.cournot(costs=[1.0, 2.0])),
    "PointEquilibria-sets": lambda _: ns.equilibria(
        ns.games.power_control([[[1.0, 2.0], [0.3, 0.2]], [[0.1, 0.2], [1.0, 1.0]]])
    ),
    "Plan": lambda _: ns.plan(HUNT, ns.meta_mapg(), "CC", failure=0.05, n=100, runs=20),
    "Portrait": lambda _: portrait(HUNT, ns.meta_mapg(), grid=GRID),
    "Predictor": lambda _: predictor(
        maps()["meta_mapg"],
        maps()["pg"],
        ns.alignment(HUNT, ns.meta_mapg(), grid=GRID).projections["total"],
        among="missed",
    ),
    "PriceOfAnarchy": lambda _: ns.theory.price_of_anarchy(ns.games.braess(players=2)),
    "ProbableCertificate": lambda _: probable(),
    "ProgramEquilibria": lambda _: ns.program_equilibria(open_dilemma(0.7), bound=2.0),
    "Restarts": lambda _: started_anew()["meta_mapg"],
    "Restarts-rules": lambda _: started_anew(),
    "Run": lambda _: ns.simulate(HUNT, ns.meta_mapg(), [0.6, 0.55], steps=120, targets=["CC"]),
    "Run-states": lambda _: ns.simulate(
        ns.games.iterated_prisoners_dilemma(), ns.pg(), [np.tile([0.6, 0.4], (5, 1))] * 2, steps=40
    ),
    "ScoreComparison": lambda _: ns.selection.compare_scores(scores(), measure="share of cooperation", reference="ppo"),
    "ScoreComparison-tasks": lambda _: ns.selection.compare_scores(
        {name: scores()[name] for name in ("ppo", "shaped")}, tasks=["coins", "harvest"], measure="share of optimum"
    ),
    "SelfishRouting": lambda _: ns.theory.selfish_routing(ns.games.braess()),
    "SensitivityRatio": lambda _: ns.theory.sensitivity_ratio(open_dilemma(0.7), [0.2, -0.4]),
    "Separatrix": lambda _: ns.separatrix(HUNT, ns.pg(), grid=GRID),
    "SimulatedBound": lambda _: ns.selection.simulated_bound(probable(), n=60),
    "Stackelberg": lambda _: ns.theory.stackelberg(
        ns.games.bimatrix([[2, 4, 0], [1, 3, 0]], [[1, 0, -1], [0, 1, -1]]), ties="against"
    ),
    "Steering": lambda _: ns.steer(HUNT, "peer", "CC", 0.6, grid=11, tolerance=0.1),
    "StoreDifferences": lambda _: stores(),
    "Sweep": lambda _: ns.sweep(HUNT, "peer", [0, 1, 2, 3, 5], grid=11),
    "TeamMaxmin": lambda _: ns.theory.team_maxmin(TEAM),
    "TermField": lambda _: ns.selection.term_field(HUNT, ns.meta_mapg(), grid=9),
    "Threshold": lambda _: ns.threshold(
        lambda T: ns.open_source(ns.games.prisoners_dilemma(T=T), 0.5), 3.1, 8, parameter="T"
    ),
    "Threshold-coupling": lambda _: ns.coupling_threshold(DILEMMA),
    "TransverseSpectrum": lambda _: ns.theory.transverse_spectrum(open_dilemma(0.5), [0.0]),
    "Verification": verified,
}
