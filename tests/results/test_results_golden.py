"""Every kind of result as data, against files that say what it was: keys, shapes, words and numbers.

What changes on purpose is written anew by `NASHSCAPE_GOLDEN=write pytest tests/results`, and looked at in the diff.
"""

import importlib
import json
import os
import pkgutil
import re
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from checks.played_runs import trained

import nashscape as ns
from nashscape.core import InputError, Result, Status, record
from nashscape.core.files.kinds import OURS
from nashscape.dynamics.runs import Runs
from nashscape.proofs.certification.comparisons import containment
from nashscape.proofs.certification.labelled_cells import LabelledCells
from nashscape.selection.maps.portraits import portrait
from nashscape.selection.predictors import predictor
from nashscape.systems import Card, Claim, check
from nashscape.systems.agreement import Row
from nashscape.systems.basin_entry.reproduction import Reproduction
from nashscape.systems.checked_claims import Findings
from nashscape.systems.statements import near
from nashscape.testing import check_result
from nashscape.testing.sameness import unequal

GOLDEN = Path(__file__).with_name("golden")
TABLES = Path(__file__).with_name("golden_tables")
CHANGING = ("version", "libraries", "devices", "curve", "checksum")
"""What hangs on the machine, the day and the release, beside all that is named in seconds; a curve is one of time."""

TEXTS = ("key", "sha256", "line", "column")
BATTLES = ns.games.team_battles(ns.games.random_roster(3, health=(2, 2), seed=2))
HUNT, DILEMMA = ns.games.stag_hunt(), ns.games.prisoners_dilemma()
ENTRY = ns.games.extensive_game(
    ns.games.decision(0, {
        "enter": ns.games.decision(1, {"fight": ns.games.ending(-1, -1), "yield": ns.games.ending(1, 1)}),
        "stay out": ns.games.ending(0, 2),
    }),
    name="entry",
)  # fmt: skip


@cache
def certificate(rule="pg"):
    return ns.certify(HUNT, getattr(ns, rule)(), "CC", resolution=1 / 8)


@cache
def probable():
    return ns.proofs.certify_in_probability(HUNT, ns.pg(), "DD", estimator=ns.sampled(384), resolution=1 / 8)


@cache
def grid(rule="pg"):
    return ns.basin_map(HUNT, getattr(ns, rule)(), grid=5, steps=40)


def meeting():
    payoffs = np.zeros((2, 1, 2, 2, 2))
    payoffs[0, 0, :] = [[2, 0], [0, 1]]
    payoffs[1, 0] = [[[1, 0], [0, 2]], [[0, 2], [1, 0]]]
    return ns.games.bayesian_game(payoffs, types=[["her"], ["meet", "avoid"]], actions="FO", name="sexes")


def coin():
    """An agent who sees a biased coin through a glass, if it works."""
    signals = [[["1", "0"], ["1", "0"]], [["7/10", "3/10"], ["1/5", "4/5"]]]
    worth = [[4, 0], [0, 4]]
    return ns.theory.acquisition_problem(
        signals, [[0, "1/10"]], worth, prior=["3/5", "2/5"], most_paid=1, efforts=[["rest", "work"]], name="coin"
    )


def exchange():
    duel = ns.environments.duel(health=1, widest=0, start=0, actions=["attack", "guard", "throw"], discount=0.999)
    always = {name: np.tile(np.eye(3)[k], (duel.n_states, 1)) for k, name in ((0, "attack"), (2, "throw"))}
    return duel, always


def verified(folder):
    return ns.verify_certificate(certificate().save(f"{folder}/proof.json"))


def open_dilemma(coupling):
    return ns.open_source(DILEMMA, coupling)


SCORES = {
    "pg": [[0.1, 0.3], [0.2, 0.9], [0.15, 0.4], [0.6, 0.5], [0.2, 0.2]],
    "lola": [[0.7, 0.8], [0.2, 0.9], [0.9, 0.95], [0.8, 0.7], [0.85, 1.0], [0.9, 0.6]],
}

CARD = Card(
    "made-up", "Made up", 2026, ("Doe",), "exact", "Two claims.", {"full": 1.0, "quick": 1.0},
    (Claim("sum", "It adds up.", "abstract", "agrees", value=0.5), Claim("far", "It is far.", "abstract", "disagrees")),
)  # fmt: skip


def findings():
    """Figures about two claims of a card, one as it says and one not."""
    rows = [near("sum", "1/4 + 1/4", 0.5, 0.5, 0.1), near("far", "distance", 3.0, 3.0, 0.5)]
    return Findings(tuple(rows), Status.COMPLETE, record("reproduction", {"system": "made-up"}, seed=0))


MADE = {
    "Alignment": lambda _: ns.alignment(HUNT, ns.peer_only(), grid=3),
    "AlphaRank": lambda _: ns.ranking.alpha_rank([[2, 0, 1], [3, 1, 0], [0, 2, 1]], intensity=0.5, population=6),
    "ResponseGraph": lambda _: ns.ranking.response_graph(
        [[[0.9, 0.2], [0.5, 0.2]], [[0.8, 0.1], [0.3, 0.6]]], most=4000
    ),
    "AlignmentProof": lambda _: ns.theory.proved_alignment(DILEMMA, ns.peer_only(), "CC", resolution=1 / 8),
    "AveragePlay": lambda _: ns.theory.average_play(ns.games.shapley(), "regret_matching", steps=40),
    "BasinMap": lambda _: grid(),
    "BayesNashEquilibria": lambda _: ns.equilibria(meeting()),
    "BoundaryTest": lambda _: ns.theory.boundary_test(open_dilemma(0.7), "CC", bound=2.0),
    "Certificate": lambda _: certificate(),
    "CheckedClaims": lambda _: check(CARD, findings()),
    "Combination": lambda _: ns.cheapest_combination(
        HUNT, {"peer": [0, 2, 4], "warm_up": [0, 20]}, {"peer": 1, "warm_up": 0.1}, "CC", 0.4, grid=5
    ),
    "CommonsRun": lambda _: ns.environments.play_commons(
        ns.environments.common_pool(2, demands=(0, 1, 4), capacity=8, unit=1, rounds=3),
        ["universaliser", "greedy"],
        episodes=2,
    ),
    "Comparison": lambda _: ns.compare(grid("meta_mapg"), grid()),
    "Containment": lambda _: containment(certificate("meta_mapg"), certificate()),
    "Continuation": lambda _: ns.theory.continuation(open_dilemma, 0.35, 0.45, start=[0.5, 0.5], at=0.4, parameter="κ"),
    "DuelExploitability": lambda _: ns.environments.duel_exploitability(*exchange()),
    "LatticeLearning": lambda _: ns.dynamics.lattice_q_learning(
        ns.environments.graph_dilemma("ring:4"), budgets=[0.2, 0.6], runs=2, rounds=40, seed=3
    ),
    "DuelMatch": lambda _: ns.environments.duel_match(
        exchange()[0], *exchange()[1].values(), names=["attacker", "thrower"]
    ),
    "TeamBattle": lambda _: ns.games.team_battle(BATTLES, "c1+c2", "c3+c1"),
    "TeamMeetings": lambda _: ns.games.team_meetings(BATTLES, ["c1+c2", "c2+c3", "c3+c1"]),
    "Evolution": lambda _: ns.evolution.evolve([[3, 0], [5, 1]], [0.75, 0.25], samples=4),
    "EvolutionaryBasins": lambda _: ns.evolution.evolutionary_basins([[4, 0, 1], [3, 2, 1], [0, 1, 2]], grid=4),
    "EvolutionaryStability": lambda _: ns.evolution.evolutionary_stability([[0, -1, 2], [2, 0, -1], [-1, 2, 0]]),
    "Fixation": lambda _: ns.evolution.fixation(
        ns.evolution.graph_population([[3, -1], [4, 0]], "ring:5", types="CD", intensity=0.1), {"C": 1, "D": 4}
    ),
    "MeanShares": lambda _: ns.evolution.mean_shares(
        ns.evolution.finite_population([[2, 1], [1, 3]], 6, mutation=0.2), runs=4, changes=10
    ),
    "MutationLaw": lambda _: ns.evolution.mutation_law(
        ns.evolution.finite_population([[3, 0], [5, 1]], 4, types="CD", fitness="exponential", mutation=0.1)
    ),
    "Takeovers": lambda _: ns.evolution.takeovers(
        ns.evolution.finite_population([[1, 2, 0], [0, 1, 3], [2, 0, 1]], 5, process="fermi")
    ),
    "Grown": lambda _: ns.populations.grow(
        ns.games.bimatrix([[2, 0, 1], [1, 3, 0]], [[1, 0, 2], [0, 1, 1]]), "league", generations=2, start="first"
    ),
    "GrownMembers": lambda _: ns.populations.grow(
        ns.populations.sampled_game(ns.games.bimatrix([[2, 0, 1], [1, 3, 0]], [[1, 0, 2], [0, 1, 1]]), tries=20),
        generations=2,
        tries=50,
    ),
    "LeadsTo": lambda _: ns.populations.leads_to(
        ns.games.bimatrix([[2, 0, 1], [1, 3, 0]], [[1, 0, 2], [0, 1, 1]]), n=6, generations=2
    ),
    "WeakSelection": lambda _: ns.evolution.weak_selection("ring:5"),
    "Tournament": lambda _: ns.tournaments.tournament(["TFT", "ALLC", "ALLD", "Grudger"], turns=8),
    "Ecology": lambda _: ns.tournaments.ecology(ns.tournaments.tournament(["TFT", "ALLC", "ALLD"], turns=10), 3),
    "Fingerprint": lambda _: ns.tournaments.fingerprint("WSLS", points=3),
    "Conventions": lambda _: ns.selection.conventions([[1, 0, 1], [0.1, 0.8, 0], [0.95, 0, 1]]),
    "ProgramGame": lambda _: ns.programs.program_game(
        HUNT, [ns.programs.clique(), ns.programs.simulating(0, epsilon="1/4", name="copies")], [ns.programs.plays(1)]
    ),
    "Scenarios": lambda _: ns.populations.scenarios(
        HUNT,
        {"hunters": "C", "mixed": {"C": 3, "D": 1}},
        {"hunter": "C", "loner": "D", "both": "CD"},
        trained={"hunters": "hunter"},
    ),
    "TaskScores": lambda _: ns.ranking.task_scores(
        {"general": [[4, 50, 3], [5, 60, 2], [4, 55, 3]], "special": [[0, 100, 0], [1, 99, 1], [0, 101, 0]]},
        percentiles=[0, 50],
    ),
    "Ranking": lambda _: ns.ranking.rank(
        [("ann", "bob", 1)] * 7 + [("bob", "ann", 1), ("bob", "cy", 0.5), ("cy", "ann", 0)]
    ),
    "CorrectedSteps": lambda _: ns.corrected_steps_needed(HUNT, ns.meta_mapg(), [[0.8, 0.8], [0.6, 0.6], [0.3, 0.3]]),
    "CorrelatedEquilibrium": lambda _: ns.theory.correlated_equilibrium(ns.games.chicken()),
    "Coverage": lambda _: ns.selection.coverage(certificate(), grid()),
    "Decomposition": lambda _: ns.theory.decomposition(
        ns.games.dense([[[3, 0, 1], [1, 2, 0]], [[0, 1, 1], [2, 0, 4]]])
    ),
    "Distances": lambda _: ns.separatrix(HUNT, ns.pg(), grid=9).distance([[0.9, 0.9], [0.5, 0.5]]),
    "DriftConstants": lambda _: ns.theory.drift_constants(ns.pg(), ns.games.matching_pennies(), [0.0, 0.0]),
    "EffectiveCoupling": lambda _: ns.theory.effective_coupling(
        ns.peer_only(peer=1.5, inner_lr=0.55), HUNT, [0.5, 0.5]
    ),
    "Entry": lambda _: ns.entry_probability(HUNT, ns.pg(), n=12, steps=40, estimator=ns.sampled(64)),
    "Equilibria": lambda _: ns.equilibria(HUNT, rule=ns.pg()),
    "ExistenceReport": lambda _: ns.theory.existence_report(open_dilemma(0.7), bound=2.0),
    "Explanation": lambda _: ns.explain(HUNT, ns.meta_mapg(), [0.5, 0.5], "CC", changes=["peer"]),
    "Findings": lambda _: ns.studies.Study(
        "peer", fixed={"game": "stag_hunt", "grid": 5, "rule": "meta_mapg"}, vary=[{"peer": [0.0, 2.0]}]
    ).run(),
    "FixedPoints": lambda _: ns.theory.fixed_points(ns.meta_mapg(), HUNT, prove=True),
    "Flow": lambda _: ns.dynamics.replicator(HUNT, [0.7, 0.7], time=5.0, targets=["CC", "DD"]),
    "IndependentComparison": lambda _: ns.compare(
        ns.entry_probability(HUNT, ns.meta_mapg(), n=30, steps=60, seed=1),
        ns.entry_probability(HUNT, ns.pg(), n=20, steps=60, seed=2),
        independent=True,
    ),
    "AcquisitionMechanism": lambda _: ns.theory.acquisition_mechanism(coin()),
    "LearnedAcquisition": lambda _: ns.theory.learned_acquisition(coin(), rounds=[1_000, 8_000], runs=6),
    "InterimGains": lambda _: ns.theory.interim_gains(meeting(), [[["1/2", "1/2"]], [["1/4", "3/4"], [0, 1]]]),
    "IteratedDominance": lambda _: ns.theory.iterated_dominance(
        ns.games.bimatrix([[3, 0, 1], [0, 3, 1], [1, 1, 0]], [[0, 1, -1], [1, 0, -1], [0, 0, 2]])
    ),
    "LabelAudit": lambda _: ns.audit_labels(HUNT, ns.pg(), n=30, sample=5),
    "LearningCurves": lambda _: ns.selection.learning_curves(
        trained(5, 3), "share of C", target="trust", resamples=400
    ),
    "LemkeHowsonPaths": lambda _: ns.theory.lemke_howson_paths(
        ns.games.bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
    ),
    "Line": lambda _: ns.selection.along(HUNT, ns.pg(), [0.1, 0.1], [0.9, 0.9]),
    "LogitEquilibria": lambda _: ns.theory.logit_equilibrium(HUNT, precision=2.0),
    "BeliefTree": lambda _: ns.theory.belief_tree(ns.theory.hexner_game(), steps=4),
    "FiniteOneSidedValue": lambda _: ns.theory.finite_one_sided_value(
        [[[1, 0], [0, 0]], [[0, 0], [0, 1]]], [0.5, 0.5], 2
    ),
    "OneSidedValue": lambda _: ns.theory.one_sided_value(
        [[[4, 0, 2], [4, 0, -2]], [[0, 4, -2], [0, 4, 2]]], ["2/5", "3/5"]
    ),
    "MinimaxWinner": lambda _: ns.theory.minimax_winner(
        ns.games.preferences([[".5", ".6", ".3"], [".4", ".5", ".8"], [".7", ".2", ".5"]])
    ),
    "PeerDirections": lambda _: ns.theory.peer_direction(ns.games.chicken()),
    "PhaseDiagram": lambda _: ns.phase_diagram(open_dilemma, [0.0, 0.7], n=16, steps=200),
    "Plan": lambda _: ns.plan(HUNT, ns.meta_mapg(), "CC", failure=0.05, n=100, runs=20),
    "PointEquilibria": lambda _: ns.equilibria(ns.games.cournot(costs=[1.0, 2.0])),
    "Portrait": lambda _: portrait(HUNT, ns.pg(), starts=[(0.4, 0.7)], grid=5, arrows=3, steps=20),
    "PotentialTest": lambda _: ns.theory.potential_test(ns.games.bimatrix([[1, 2], [2, 0]], [[0, 0], [0, 1]])),
    "Predictor": lambda _: predictor(
        grid("meta_mapg"), grid(), ns.alignment(HUNT, ns.meta_mapg(), grid=5).projections["total"], among="missed"
    ),
    "PriceOfAnarchy": lambda _: ns.theory.price_of_anarchy(ns.games.braess(players=2)),
    "ProbableCertificate": lambda _: probable(),
    "ProgramEquilibria": lambda _: ns.program_equilibria(open_dilemma(0.7), bound=1.0),
    "Restarts": lambda _: ns.restarts(HUNT, ns.meta_mapg(), runs=12, budget=3),
    "Run": lambda _: ns.simulate(HUNT, ns.meta_mapg(), [0.6, 0.55], steps=10),
    "ScoreComparison": lambda _: ns.selection.compare_scores(SCORES, thresholds=[0.1, 0.5, 0.9], measure="share of CC"),
    "SecurityLevels": lambda _: ns.theory.security_levels(ns.games.volunteers_dilemma(3)),
    "SelfishRouting": lambda _: ns.theory.selfish_routing(ns.games.braess()),
    "SensitivityRatio": lambda _: ns.theory.sensitivity_ratio(open_dilemma(0.7), [0.2, -0.4]),
    "Separatrix": lambda _: ns.separatrix(HUNT, ns.pg(), grid=9),
    "SimulatedBound": lambda _: ns.selection.simulated_bound(probable(), n=20),
    "Stackelberg": lambda _: ns.theory.stackelberg(
        ns.games.bimatrix([[2, 4, 0], [1, 3, 0]], [[1, 0, -1], [0, 1, -1]]), ties="against"
    ),
    "Steering": lambda _: ns.steer(HUNT, "peer", "CC", 0.6, grid=5, tolerance=0.5),
    "Sweep": lambda _: ns.sweep(HUNT, lambda v: ns.meta_mapg(peer=v), [0, 5], parameter="peer", grid=5),
    "TeamMaxmin": lambda _: ns.theory.team_maxmin(
        ns.games.dense([[[[4, 0], [0, 1]], [[0, 0], [0, 3]]]] * 2 + [np.zeros((2, 2, 2))]), tolerance=1e-3
    ),
    "TermField": lambda _: ns.selection.term_field(HUNT, ns.meta_mapg(), grid=3),
    "Threshold": lambda _: ns.threshold(DILEMMA).with_corners([2.0]),
    "TransverseSpectrum": lambda _: ns.theory.transverse_spectrum(open_dilemma(0.5), [0.0]),
    "Verification": verified,
    "SequentialRationality": lambda _: ns.theory.sequential_rationality(ENTRY, [[[0, 1]], [[1, 0]]]),
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
}

ELSEWHERE = {
    "Reproduction": "test_systems_basin_entry.py",
    "StoreDifferences": "test_store_differences.py",
}
COMMON = (LabelledCells, Runs)
"""What results have in common that are none by themselves."""


@cache
def classes():
    """All classes of results that the library declares, without those that are none by themselves."""
    for module in pkgutil.walk_packages(ns.__path__, "nashscape."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    left, found = list(Result.__subclasses__()), set()
    while left:
        one = left.pop()
        left += one.__subclasses__()
        if one.__module__.startswith("nashscape.") and one not in COMMON:
            found.add(one)
    return found


def test_every_kind_of_result_is_looked_at():
    assert set(MADE) | set(ELSEWHERE) == {one.__name__ for one in classes()}


def classes_in(data):
    """The classes of this library that a description names."""
    if isinstance(data, list):
        return {name for entry in data for name in classes_in(entry)}
    if not isinstance(data, dict):
        return set()
    here = data.get("class", data.get("kind"))
    return ({here} if isinstance(here, str) else set()) | classes_in(list(data.values()))


def test_classes_that_questions_name_have_names_of_their_own():
    """They are described by these alone, so that rooms can be moved."""
    homes = {}
    for module in pkgutil.walk_packages(ns.__path__, "nashscape."):
        if not module.name.endswith("__main__"):
            for name, own in vars(importlib.import_module(module.name)).items():
                if isinstance(own, type) and own.__module__ == module.name:
                    homes.setdefault(name, []).append(module.name)
    questions = [json.loads(path.read_text(encoding="utf-8"))["provenance"]["question"] for path in GOLDEN.iterdir()]
    named = classes_in([one["asked"] for one in questions]) & set(homes)
    assert {"DenseGame", "TermRule", "Power", "Box", "Target", "Independent"} <= named
    assert {name: homes[name] for name in named if len(homes[name]) > 1} == {}


def differences(ours, theirs, where=""):
    """Where two pieces of plain data differ, in words."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        yield from (f"{where}: key {key!r}" for key in ours.keys() ^ theirs.keys())
        for key in ours.keys() & theirs.keys():
            yield from differences(ours[key], theirs[key], f"{where}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(ours) != len(theirs):
            yield f"{where}: {len(ours)} entries for {len(theirs)}"
        for k, pair in enumerate(zip(ours, theirs, strict=False)):
            yield from differences(*pair, f"{where}[{k}]")
    elif isinstance(theirs, float) and isinstance(ours, float):
        if not np.isclose(ours, theirs, rtol=1e-4, atol=1e-6):
            yield f"{where}: {ours} for {theirs}"
    elif type(ours) is not type(theirs) or ours != theirs:
        yield f"{where}: {ours!r} for {theirs!r}"


def lasting(data, changing=CHANGING):
    """Plain data without what hangs on the machine, the day, and the text of functions that were given."""
    if not isinstance(data, dict):
        return [lasting(value, changing) for value in data] if isinstance(data, list) else data
    kept = {name: own for name, own in data.items() if name not in changing and "seconds" not in name}
    return {name: lasting(own, (*changing, *TEXTS) if name == "question" else changing) for name, own in kept.items()}


@pytest.fixture(scope="module", params=MADE)
def found(request, tmp_path_factory):
    """A result of every kind, made once for all tests."""
    return MADE[request.param](tmp_path_factory.mktemp("made"))


def test_a_result_is_the_data_that_it_was(found):
    kind = type(found).__name__
    assert found.question.unknown == ()
    assert len(found.question.key) == 32
    assert MADE[kind]
    ours, path = lasting(json.loads(found.to_json())), GOLDEN / f"{kind}.json"
    if os.environ.get("NASHSCAPE_GOLDEN") == "write":
        path.write_text(json.dumps(ours, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert not list(differences(ours, json.loads(path.read_text(encoding="utf-8"))))


SECONDS = re.compile(r"\b\d+\.\d s\b")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]\d+)?")


def texts(table):
    """All texts of a table and of those below it, in order, without what a run took."""
    every = [table.title, *table.columns, *(cell for row in table.rows for cell in row), *table.notes]
    return [*(SECONDS.sub("… s", text) for text in every), *(text for one in table.below for text in texts(one))]


def reads_alike(ours, theirs):
    """Whether two texts have the same words, and numbers that differ by a last digit at most."""
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (ours, theirs)]
    return NUMBER.split(ours) == NUMBER.split(theirs) and np.allclose(*numbers, rtol=0.01, atol=2e-4)


def test_a_table_says_what_it_said(found):
    ours, path = texts(found.table()), TABLES / f"{type(found).__name__}.json"
    if os.environ.get("NASHSCAPE_GOLDEN") == "write":
        path.write_text(json.dumps(ours, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    theirs = json.loads(path.read_text(encoding="utf-8"))
    assert [pair for pair in zip(ours, theirs, strict=True) if not reads_alike(*pair)] == []


@pytest.mark.parametrize("other", ["0.2503 of CC", "0.25 of DD", "0.25", "0.25 of CC 1"])
def test_tables_that_differ_in_a_word_or_a_number_do_not_read_alike(other):
    assert reads_alike("0.25 of CC", "0.2501 of CC")
    assert not reads_alike("0.25 of CC", other.replace("0.2503", "0.253"))


def without_large(whole, short, largest, where=""):
    """Where plain data without large arrays is not the whole data with these left out."""
    if isinstance(short, dict) and short.keys() == {"left_out", "shape"}:
        # a complex number is a list of two
        shape = list(np.array(whole, object).shape)[: len(short["shape"])]
        if short["left_out"] != "array" or shape != short["shape"] or np.prod(shape) <= largest:
            yield f"{where}: {short}"
    elif isinstance(short, dict) and isinstance(whole, dict):
        yield from (f"{where}: key {key!r}" for key in short.keys() ^ whole.keys())
        for key in short.keys() & whole.keys():
            yield from without_large(whole[key], short[key], largest, f"{where}.{key}")
    elif isinstance(short, list) and isinstance(whole, list):
        if len(short) != len(whole):
            yield f"{where}: {len(short)} entries for {len(whole)}"
        for k, pair in enumerate(zip(whole, short, strict=False)):
            yield from without_large(*pair, largest, f"{where}[{k}]")
    elif short != whole:
        yield f"{where}: {short!r} for {whole!r}"


def test_without_large_arrays_everything_else_is_told_and_there_is_a_table_of_one_and_of_several(found):
    whole, largest = found.to_dict(), 8
    short = found.to_dict(largest=largest)
    assert list(without_large(whole, short, largest)) == []
    assert len(json.dumps(short)) <= len(json.dumps(whole))
    both = ns.learning.by_rule.ByRule(one=found, other=found)
    own, several = str(found.table()), str(both.table())
    assert len(several) >= len(own) > 0
    assert getattr(found, "game", "") in own
    assert found.table()._repr_html_().count("<table>") == len([found.table(), *found.table().below])


def test_a_result_is_saved_and_read_again_as_it_was_in_columns_and_as_a_picture(found):
    check_result(found)


def test_what_is_computed_is_there_and_is_no_field():
    for kind in classes():
        names = [name for own in kind.__mro__ for name in vars(own).get("computed", ())]
        assert len(names) == len(set(names)), kind
        assert not {*names, "result", "schema"} & {field.name for field in fields(kind)}, kind
        assert all(hasattr(kind, name) for name in names), kind


def test_our_kinds_are_all_announced_and_each_has_its_own():
    told = {own.question_kind: f"{own.__module__.removeprefix('nashscape.')}:{own.__name__}" for own in classes()}
    assert len(told) == len(classes())
    assert told == OURS


def test_a_reproduction_is_saved_with_all_that_it_holds():
    row = Row("table", "label", 0.5, 0.25, 0.2, 0.3, "within", False, published_interval=(0.4, 0.6))
    restarts = MADE["Restarts"](None)
    provenance = record("reproduction", {"study": "basin_entry"}, seed=1)
    maps, entries = {"pg": grid()}, {"pg": MADE["Entry"](None)}
    found = Reproduction((row,), maps, entries, {}, {"stag_hunt": {"pg": restarts}}, Status.COMPLETE, provenance)
    check_result(found, plots=False)


class Strange:
    """A rule of somebody else, of which files of results hold no more than what questions say."""


def test_of_a_portrait_of_somebody_elses_rule_everything_else_is_read(tmp_path):
    whole = MADE["Portrait"](None)
    again = ns.load(replace(whole, rule=Strange()).save(tmp_path / "portrait.json"))
    assert list(unequal(whole, replace(again, rule=whole.rule))) == []
    assert again.basin.plot().axes
    for used in (again.plot, lambda: again.rule.name):
        with pytest.raises(InputError, match=r"this was not saved: a Strange of .*; compute the result again"):
            used()
