"""What can be said about a game without simulating it: best responses, regret, equilibria."""

from nashscape.games.pure import PureEquilibrium, pure_equilibria
from nashscape.theory.alignment_proofs import AlignmentProof, proved_alignment
from nashscape.theory.certification.certificates import Certificate
from nashscape.theory.certification.certifying import certify, certify_escape
from nashscape.theory.certification.comparisons import Containment, containment
from nashscape.theory.certification.probable_certificates import ProbableCertificate
from nashscape.theory.certification.probable_certifying import certify_in_probability
from nashscape.theory.cooperation import CooperationIndex, cooperation_index
from nashscape.theory.coupling_thresholds import coupling_threshold
from nashscape.theory.effective import EffectiveCoupling, effective_coupling
from nashscape.theory.following.branches import BifurcationPoint, Branch, Continuation
from nashscape.theory.following.continuations import continuation
from nashscape.theory.nash.finding import equilibria
from nashscape.theory.nash.responses import BestResponse, best_response, regret
from nashscape.theory.nash.results import Equilibria, Equilibrium
from nashscape.theory.nash.stability import Stability
from nashscape.theory.peer_directions import PeerDirections, peer_direction
from nashscape.theory.programs.boundary import BoundaryTest, boundary_test
from nashscape.theory.programs.boundary_batches import BoundaryTests, boundary_tests
from nashscape.theory.programs.critical_boxes import critical_box
from nashscape.theory.programs.existence import ExistenceReport, existence_report
from nashscape.theory.programs.finding import ProgramEquilibria, ProgramEquilibrium, program_equilibria
from nashscape.theory.resting.drift import drift_constants
from nashscape.theory.resting.drift_results import DriftConstants
from nashscape.theory.resting.points import fixed_points
from nashscape.theory.resting.results import FixedPoint, FixedPoints
from nashscape.theory.sensitivities import sensitivity_ratio
from nashscape.theory.sensitivity_results import SensitivityRatio
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds
from nashscape.theory.thresholds import Threshold, threshold
from nashscape.theory.transverse import TransverseSpectrum, transverse_spectrum
from nashscape.theory.transverse_thresholds import transverse_threshold

__all__ = [
    "AlignmentProof",
    "BestResponse",
    "BifurcationPoint",
    "BoundaryTest",
    "BoundaryTests",
    "Branch",
    "Certificate",
    "Containment",
    "Continuation",
    "CooperationIndex",
    "DriftConstants",
    "EffectiveCoupling",
    "Equilibria",
    "Equilibrium",
    "ExistenceReport",
    "FixedPoint",
    "FixedPoints",
    "PeerDirections",
    "ProbableCertificate",
    "ProgramEquilibria",
    "ProgramEquilibrium",
    "PureEquilibrium",
    "SensitivityRatio",
    "Stability",
    "SymmetricThresholds",
    "Threshold",
    "TransverseSpectrum",
    "best_response",
    "boundary_test",
    "boundary_tests",
    "certify",
    "certify_escape",
    "certify_in_probability",
    "containment",
    "continuation",
    "cooperation_index",
    "coupling_threshold",
    "critical_box",
    "drift_constants",
    "effective_coupling",
    "equilibria",
    "existence_report",
    "fixed_points",
    "peer_direction",
    "program_equilibria",
    "proved_alignment",
    "pure_equilibria",
    "regret",
    "sensitivity_ratio",
    "symmetric_thresholds",
    "threshold",
    "transverse_spectrum",
    "transverse_threshold",
]
