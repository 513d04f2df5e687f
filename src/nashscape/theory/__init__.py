"""What can be said about a game without simulating it: best responses, regret, equilibria."""

from nashscape.theory.boundary import BoundaryTest, boundary_test
from nashscape.theory.boundary_batches import BoundaryTests, boundary_tests
from nashscape.theory.branches import BifurcationPoint, Branch, Continuation
from nashscape.theory.continuations import continuation
from nashscape.theory.cooperation import CooperationIndex, cooperation_index
from nashscape.theory.coupling_thresholds import coupling_threshold
from nashscape.theory.critical_boxes import Flip, critical_box
from nashscape.theory.effective import EffectiveCoupling, effective_coupling
from nashscape.theory.existence import ExistenceReport, existence_report
from nashscape.theory.programs import ProgramEquilibria, ProgramEquilibrium, program_equilibria
from nashscape.theory.pure import PureEquilibrium, pure_equilibria
from nashscape.theory.responses import BestResponse, best_response, regret
from nashscape.theory.sensitivities import SensitivityRatio, sensitivity_ratio
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds
from nashscape.theory.thresholds import Threshold, threshold
from nashscape.theory.transverse import TransverseSpectrum, transverse_spectrum

__all__ = [
    "BestResponse",
    "BifurcationPoint",
    "BoundaryTest",
    "BoundaryTests",
    "Branch",
    "Continuation",
    "CooperationIndex",
    "EffectiveCoupling",
    "ExistenceReport",
    "Flip",
    "ProgramEquilibria",
    "ProgramEquilibrium",
    "PureEquilibrium",
    "SensitivityRatio",
    "SymmetricThresholds",
    "Threshold",
    "TransverseSpectrum",
    "best_response",
    "boundary_test",
    "boundary_tests",
    "continuation",
    "cooperation_index",
    "coupling_threshold",
    "critical_box",
    "effective_coupling",
    "existence_report",
    "program_equilibria",
    "pure_equilibria",
    "regret",
    "sensitivity_ratio",
    "symmetric_thresholds",
    "threshold",
    "transverse_spectrum",
]
