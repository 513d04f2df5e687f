"""Pictures of results: Matplotlib figures that need no display, no global state and no colour vision.

`draw` chooses the figure by the type of a result, and is what `result.plot()` calls.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure

from nashscape.checking import Verification
from nashscape.core import InputError
from nashscape.dynamics import Flow, Run
from nashscape.figures.alignment_proofs import alignment_proof_figure
from nashscape.figures.alignments import alignment_figure
from nashscape.figures.basins import basin_atlas, first_hit_atlas
from nashscape.figures.bifurcations import bifurcation_figure
from nashscape.figures.boundaries import separatrix_figure
from nashscape.figures.certificate_curves import certificate_curve_figure
from nashscape.figures.certificates import certificate_figure
from nashscape.figures.combinations import combination_figure
from nashscape.figures.containments import containment_figure
from nashscape.figures.corrections import handoff_figure
from nashscape.figures.coverages import coverage_figure
from nashscape.figures.drifts import drift_figure
from nashscape.figures.entries import entry_figure
from nashscape.figures.equilibria import equilibria_figure
from nashscape.figures.fields import field_figure
from nashscape.figures.fixed_points import fixed_point_figure
from nashscape.figures.gains import gain_loss
from nashscape.figures.label_audits import label_audit_figure
from nashscape.figures.lines import line_figure
from nashscape.figures.pairs import comparison_figure
from nashscape.figures.peer_directions import peer_directions_figure
from nashscape.figures.phases import phase_figure
from nashscape.figures.programs import boundary_figure, effective_figure, existence_figure, program_figure
from nashscape.figures.published import PublishedRow, published_figure, sweep_figure
from nashscape.figures.restarting import restart_figure
from nashscape.figures.rule_cards import card_figure, rule_card
from nashscape.figures.simulated_bounds import simulated_bound_figure
from nashscape.figures.spectra import spectrum_figure
from nashscape.figures.steering import explanation_figure, plan_figure, steering_figure
from nashscape.figures.style import save, to_png_bytes, to_svg
from nashscape.figures.sweeping import swept_figure
from nashscape.figures.thresholds import threshold_figure
from nashscape.figures.trajectories import flow_figure, run_figure
from nashscape.figures.verifications import verification_figure
from nashscape.selection import BasinMap, Comparison, Entry, Restarts
from nashscape.selection.alignments import Alignment
from nashscape.selection.combinations import Combination
from nashscape.selection.coverages import Coverage
from nashscape.selection.crossings import Line
from nashscape.selection.explanation_results import Explanation
from nashscape.selection.handoffs import CorrectedSteps
from nashscape.selection.label_audits import LabelAudit
from nashscape.selection.phase_results import PhaseDiagram
from nashscape.selection.plan_results import Plan
from nashscape.selection.portraits import Portrait
from nashscape.selection.probable_coverages import SimulatedBound
from nashscape.selection.separatrices import Separatrix
from nashscape.selection.steering_results import Steering
from nashscape.selection.sweeps import Sweep
from nashscape.selection.term_fields import TermField
from nashscape.theory import (
    AlignmentProof,
    BoundaryTest,
    Certificate,
    Containment,
    Continuation,
    DriftConstants,
    EffectiveCoupling,
    Equilibria,
    ExistenceReport,
    FixedPoints,
    PeerDirections,
    ProbableCertificate,
    ProgramEquilibria,
    Threshold,
    TransverseSpectrum,
)

__all__ = [
    "DRAWN_BY",
    "PublishedRow",
    "alignment_figure",
    "alignment_proof_figure",
    "basin_atlas",
    "bifurcation_figure",
    "boundary_figure",
    "card_figure",
    "certificate_curve_figure",
    "certificate_figure",
    "combination_figure",
    "comparison_figure",
    "containment_figure",
    "coverage_figure",
    "draw",
    "drift_figure",
    "effective_figure",
    "entry_figure",
    "equilibria_figure",
    "existence_figure",
    "explanation_figure",
    "field_figure",
    "first_hit_atlas",
    "fixed_point_figure",
    "flow_figure",
    "gain_loss",
    "handoff_figure",
    "label_audit_figure",
    "line_figure",
    "peer_directions_figure",
    "phase_figure",
    "plan_figure",
    "program_figure",
    "published_figure",
    "restart_figure",
    "rule_card",
    "run_figure",
    "save",
    "separatrix_figure",
    "simulated_bound_figure",
    "spectrum_figure",
    "steering_figure",
    "sweep_figure",
    "swept_figure",
    "threshold_figure",
    "to_png_bytes",
    "to_svg",
    "verification_figure",
]  # fmt: skip

DRAWN_BY: Mapping[type, Callable[..., Figure]] = MappingProxyType(
    {
        Certificate: certificate_figure,
        ProbableCertificate: certificate_figure,
        FixedPoints: fixed_point_figure,
        Steering: steering_figure,
        Plan: plan_figure,
        Explanation: explanation_figure,
        Equilibria: equilibria_figure,
        Alignment: alignment_figure,
        AlignmentProof: alignment_proof_figure,
        BasinMap: basin_atlas,
        Continuation: bifurcation_figure,
        BoundaryTest: boundary_figure,
        Combination: combination_figure,
        Comparison: comparison_figure,
        Containment: containment_figure,
        CorrectedSteps: handoff_figure,
        Coverage: coverage_figure,
        DriftConstants: drift_figure,
        EffectiveCoupling: effective_figure,
        Entry: entry_figure,
        ExistenceReport: existence_figure,
        Flow: flow_figure,
        LabelAudit: label_audit_figure,
        Line: line_figure,
        PeerDirections: peer_directions_figure,
        PhaseDiagram: phase_figure,
        Portrait: card_figure,
        ProgramEquilibria: program_figure,
        Restarts: restart_figure,
        Run: run_figure,
        Separatrix: separatrix_figure,
        SimulatedBound: simulated_bound_figure,
        Sweep: swept_figure,
        TermField: field_figure,
        Threshold: threshold_figure,
        TransverseSpectrum: spectrum_figure,
        Verification: verification_figure,
    }
)


def draw(result: Any, **options: Any) -> Figure:
    """The figure of a result, or of a dict of results of one type by rule; the options are those of its function.

    Raises:
        InputError: for a type that has no figure.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> run = simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=20)
        >>> draw(run).axes[0].get_ylabel()
        'probability'
    """
    sample = next(iter(result.values()), None) if isinstance(result, Mapping) else result
    for kind, function in DRAWN_BY.items():
        if isinstance(sample, kind):
            return function(result, **options)
    known = ", ".join(kind.__name__ for kind in DRAWN_BY)
    raise InputError(f"there is no figure of a {type(sample).__name__}; there are figures of {known}")
