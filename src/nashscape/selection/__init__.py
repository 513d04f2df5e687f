"""Which equilibrium is reached: basin maps, separatrices, entry probabilities, comparisons, alignment, handoffs."""

from nashscape.dynamics.label_audits import LabelAudit
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.selection.alignments import Alignment, alignment
from nashscape.selection.auditing import audit_labels
from nashscape.selection.basin_maps import BasinMap, basin_map
from nashscape.selection.combinations import Combination, cheapest_combination
from nashscape.selection.comparisons import Comparison, compare
from nashscape.selection.coverages import Coverage, coverage
from nashscape.selection.crossings import Line, along
from nashscape.selection.entries import Entry, entry_probability
from nashscape.selection.explaining import explain
from nashscape.selection.explanation_results import Explanation
from nashscape.selection.flow_maps import flow_map
from nashscape.selection.handoffs import CorrectedSteps, corrected_steps_needed
from nashscape.selection.independent_comparisons import IndependentComparison
from nashscape.selection.phase_results import PhaseDiagram
from nashscape.selection.phases import phase_diagram
from nashscape.selection.plan_results import Plan
from nashscape.selection.planning import plan
from nashscape.selection.portraits import Portrait, portrait
from nashscape.selection.predictors import Predictor, predictor
from nashscape.selection.probable_coverages import SimulatedBound, simulated_bound
from nashscape.selection.projections import terms_at
from nashscape.selection.restart_policies import anew, from_checkpoint, perturbed
from nashscape.selection.restart_results import Restarts
from nashscape.selection.restarting import restarts
from nashscape.selection.separatrices import Distances, Separatrix, separatrix
from nashscape.selection.steering import steer
from nashscape.selection.steering_results import Steering
from nashscape.selection.sweeps import Sweep, sweep
from nashscape.selection.term_fields import TermField, term_field

__all__ = [
    "Alignment",
    "BasinMap",
    "Combination",
    "Comparison",
    "CorrectedSteps",
    "Coverage",
    "Distances",
    "Entry",
    "Explanation",
    "IndependentComparison",
    "LabelAudit",
    "Line",
    "PhaseDiagram",
    "Plan",
    "Portrait",
    "Predictor",
    "Restarts",
    "Separatrix",
    "SimulatedBound",
    "Steering",
    "Sweep",
    "TermField",
    "alignment",
    "along",
    "anew",
    "audit_labels",
    "basin_map",
    "cheapest_combination",
    "choose_targets",
    "compare",
    "corrected_steps_needed",
    "coverage",
    "entry_probability",
    "explain",
    "flow_map",
    "from_checkpoint",
    "perturbed",
    "phase_diagram",
    "plan",
    "portrait",
    "predictor",
    "restarts",
    "separatrix",
    "simulated_bound",
    "steer",
    "sweep",
    "term_field",
    "terms_at",
]
