"""What a file of a result may hold, by the words that stand for it there, which are no names of Python."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core.announced import announced, load
from nashscape.core.errors import InputError, unknown
from nashscape.core.places import thing_at

GROUP = "nashscape.results"
"""The entry points by which other packages announce their results: `"my kind" = "my_package.module:Class"`."""

OURS: Mapping[str, str] = MappingProxyType({
    "acquisition mechanism": "theory.mechanisms.acquisition_results:AcquisitionMechanism",
    "alignment": "selection.alignments:Alignment",
    "alignment proof": "theory.alignment_proofs:AlignmentProof",
    "alpha-rank": "ranking.alpha_ranks:AlphaRank",
    "average play": "theory.concepts.averages:AveragePlay",
    "basin map": "selection.maps.basin_maps:BasinMap",
    "Bayes-Nash equilibria": "theory.bayesian.results:BayesNashEquilibria",
    "belief tree": "theory.one_sided.belief_results:BeliefTree",
    "boundary test": "theory.programs.boundary:BoundaryTest",
    "certificate": "proofs.certification.certificates:Certificate",
    "checked claims": "systems.checked_claims:CheckedClaims",
    "combination": "selection.steering.combinations:Combination",
    "commons run": "environments.commons.commons_runs:CommonsRun",
    "comparison": "selection.comparing.comparisons:Comparison",
    "containment": "proofs.certification.comparisons:Containment",
    "continuation": "theory.following.branches:Continuation",
    "correlated equilibrium": "theory.concepts.correlated_results:CorrelatedEquilibrium",
    "conventions": "selection.comparing.cross_play:Conventions",
    "corrected steps": "selection.plans.handoffs:CorrectedSteps",
    "coverage": "selection.maps.coverages:Coverage",
    "decomposition": "theory.potentials.results:Decomposition",
    "distances": "selection.edges.separatrices:Distances",
    "drift constants": "theory.resting.drift_results:DriftConstants",
    "duel exploitability": "environments.duels.match_results:DuelExploitability",
    "duel match": "environments.duels.match_results:DuelMatch",
    "ecology": "tournaments.ecologies:Ecology",
    "effective coupling": "theory.effective:EffectiveCoupling",
    "entry": "selection.entries:Entry",
    "equilibria": "theory.nash.results:Equilibria",
    "evolution": "evolution.basin_results:Evolution",
    "evolutionary basins": "evolution.basin_results:EvolutionaryBasins",
    "evolutionary stability": "evolution.stability_results:EvolutionaryStability",
    "existence report": "theory.programs.existence:ExistenceReport",
    "explanation": "selection.explaining.explanation_results:Explanation",
    "fingerprint": "tournaments.fingerprints:Fingerprint",
    "fixation": "evolution.fixation_results:Fixation",
    "finite one-sided value": "theory.one_sided.finite_results:FiniteOneSidedValue",
    "fixed points": "theory.resting.results:FixedPoints",
    "flow": "dynamics.solutions:Flow",
    "grown population": "populations.grown:Grown",
    "grown members": "populations.grown_members:GrownMembers",
    "population outcomes": "populations.leading_results:LeadsTo",
    "independent comparison": "selection.comparing.independent_comparisons:IndependentComparison",
    "interim gains": "theory.bayesian.results:InterimGains",
    "iterated dominance": "theory.domination.results:IteratedDominance",
    "label audit": "dynamics.label_audits:LabelAudit",
    "lattice learning": "dynamics.lattices.lattice_results:LatticeLearning",
    "learning curves": "selection.comparing.curve_results:LearningCurves",
    "line": "selection.edges.crossings:Line",
    "learned acquisition": "theory.mechanisms.learned_results:LearnedAcquisition",
    "logit equilibria": "theory.concepts.logit_results:LogitEquilibria",
    "mean shares": "evolution.fixation_results:MeanShares",
    "minimax winner": "theory.concepts.minimax_winners:MinimaxWinner",
    "mutation law": "evolution.mutation_laws:MutationLaw",
    "one-sided value": "theory.one_sided.envelope_results:OneSidedValue",
    "paths of Lemke and Howson": "theory.nash.path_results:LemkeHowsonPaths",
    "peer directions": "theory.peer_directions:PeerDirections",
    "phase diagram": "selection.phases.phase_results:PhaseDiagram",
    "plan": "selection.plans.plan_results:Plan",
    "point equilibria": "theory.continuous.results:PointEquilibria",
    "portrait": "selection.maps.portraits:Portrait",
    "potential test": "theory.potentials.results:PotentialTest",
    "predictor": "selection.predictors:Predictor",
    "price of anarchy": "theory.efficiency.results:PriceOfAnarchy",
    "probable certificate": "proofs.certification.probable_certificates:ProbableCertificate",
    "program equilibria": "theory.programs.finding:ProgramEquilibria",
    "program game": "programs.program_games:ProgramGame",
    "ranking": "ranking.ranking_results:Ranking",
    "response graph": "ranking.response_graphs:ResponseGraph",
    "sequential rationality": "theory.trees.rationality:SequentialRationality",
    "subgame perfect": "theory.trees.subgame_perfect:SubgamePerfect",
    "takeovers": "evolution.takeovers:Takeovers",
    "reproduction": "systems.basin_entry.reproduction:Reproduction",
    "restarts": "selection.waiting.restart_results:Restarts",
    "run": "dynamics.simulation:Run",
    "scenarios": "populations.scenario_results:Scenarios",
    "score comparison": "selection.comparing.scores:ScoreComparison",
    "security levels": "theory.zero_sum.results:SecurityLevels",
    "selfish routing": "theory.efficiency.routing_results:SelfishRouting",
    "sensitivity ratio": "theory.sensitivity_results:SensitivityRatio",
    "separatrix": "selection.edges.separatrices:Separatrix",
    "simulated bound": "selection.maps.probable_coverages:SimulatedBound",
    "stackelberg": "theory.concepts.stackelberg_results:Stackelberg",
    "steering": "selection.steering.steering_results:Steering",
    "store differences": "studies.store.differing:StoreDifferences",
    "study": "studies.findings:Findings",
    "sweep": "selection.sweeps:Sweep",
    "task scores": "ranking.task_score_results:TaskScores",
    "team battle": "games.families.battle_results:TeamBattle",
    "team maxmin": "theory.concepts.team_results:TeamMaxmin",
    "team meetings": "games.families.battle_results:TeamMeetings",
    "term field": "selection.maps.term_fields:TermField",
    "threshold": "theory.thresholds:Threshold",
    "tournament": "tournaments.tournament_results:Tournament",
    "transverse spectrum": "theory.transverse:TransverseSpectrum",
    "tree equilibria": "theory.trees.equilibria:TreeEquilibria",
    "tree logit equilibrium": "theory.trees.logit:TreeLogitEquilibrium",
    "tree play": "theory.trees.play:TreePlay",
    "update search": "theory.trees.search:UpdateSearch",
    "tree value": "theory.trees.values:TreeValue",
    "verification": "checking.verifications:Verification",
    "weak selection": "evolution.weak_selection_results:WeakSelection",
    "zero-sum value": "theory.zero_sum.results:ZeroSumValue",
})  # fmt: skip
"""The results of this library, by kind: module within the package, and class."""

_HOMES = {
    "core.outcomes": "Outcome Status",
    "core.statistics.estimates": "Estimate",
    "core.citations": "Source",
    "games.families.auction_game": "AuctionGame",
    "games.families.hats": "HatsGame",
    "games.constraint_sets": "ConstraintSet ProductSet",
    "games.forms.anonymous_game": "AnonymousGame",
    "games.forms.bayesian_game": "BayesianGame",
    "games.forms.dense_game": "DenseGame",
    "games.forms.markov_game": "MarkovGame",
    "games.forms.polymatrix_game": "PolymatrixGame",
    "games.institutions.mixing": "MixedPayoffs",
    "semantics.coupling": "Coupled",
    "semantics.direct": "PointParameters SimplexParameters",
    "semantics.direct_rows": "RowSimplexes",
    "semantics.imperfection": "Imperfect",
    "semantics.independence": "Independent",
    "semantics.parametric_game": "ParametricGame",
    "semantics.policies": "PerState",
    "semantics.reading": "Reading",
    "semantics.reading_noise": "EvenNoise LogitNoise ProfileNoise Quiet",
    "semantics.restriction": "Restricted",
    "learning.competitive_gradients": "CompetitiveGradient",
    "learning.consistency": "Consistency",
    "learning.consistent_lola": "Cola Network",
    "learning.delays": "Delayed",
    "learning.handing_over": "HandedOver",
    "learning.jacobian_rules": "Consensus LocalSymplecticSurgery SymplecticGradientAdjustment",
    "learning.natural_gradients": "NaturalGradient",
    "learning.projection": "Box OntoSets Simplexes",
    "learning.proximal_lola": "Pola",
    "learning.replies": "Replies",
    "learning.row_rules.leaders": "RegularisedLeader",
    "learning.row_rules.mirror_descent": "MirrorDescent",
    "learning.row_rules.regret_matching": "RegretMatching",
    "learning.rules": "PlayerRules",
    "learning.schedules": "Constant Handoff Power TwoPhase",
    "learning.stable_opponent_shaping": "StableOpponentShaping",
    "learning.steps_ahead": "ExactLola Extragradient UnrolledMetaMapg",
    "learning.term_rules": "TermRule",
    "dynamics.replication": "LogShares Replicator",
    "dynamics.velocities": "FlowSteps",
    "evolution.rest_points": "RestPoint",
    "evolution.stability_results": "Resident",
}  # fmt: skip
PARTS: Mapping[str, str] = MappingProxyType(
    {name: f"{home}:{name}" for home, names in _HOMES.items() for name in names.split()}
)
"""What results and questions may hold that is made of values alone: games, semantics, rules, schedules, by name."""


def result_of(kind: str) -> Any:
    """The class of results of a kind: one of ours, or one that an installed package announces.

    >>> result_of("basin map").__name__
    'BasinMap'

    Raises:
        InputError: for a kind that nobody announces, or whose class cannot be loaded.
    """
    if kind in OURS:
        return thing_at(OURS[kind])
    others = announced(GROUP)
    name = kind.replace("-", "_")
    if name not in others:
        raise InputError(
            f"{unknown('kind of result', kind, [*OURS, *others])} Install the package that it comes from, which "
            f"announces it as an entry point of the group {GROUP!r}."
        )
    return load(kind, others[name])


def part_of(name: str) -> Any:
    """The class of a part by its name.

    Raises:
        InputError: for a name that no part has.
    """
    if name not in PARTS:
        raise unknown("part of a result", name, PARTS)
    return thing_at(PARTS[name])


def name_of(kind: type) -> str:
    """The name under which a class is a part, empty where it is none."""
    here = f"{kind.__module__}:{kind.__qualname__}".removeprefix("nashscape.")
    return kind.__name__ if PARTS.get(kind.__name__) == here else ""
