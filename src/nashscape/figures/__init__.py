"""Pictures of results: Matplotlib figures that need no display, no global state and no colour vision.

`result.plot()` and `draw` find the function by the name that the result's class carries, `picture`; they are loaded
when they are first used.
"""

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nashscape.core.pictures import picture_of

_HOMES = {
    "alignment_proofs": ["alignment_proof_figure"],
    "alignments": ["alignment_figure"],
    "basins": ["basin_atlas", "first_hit_atlas"],
    "bifurcations": ["bifurcation_figure"],
    "boundaries": ["separatrix_figure"],
    "certificate_curves": ["certificate_curve_figure"],
    "certificates": ["certificate_figure"],
    "combinations": ["combination_figure"],
    "containments": ["containment_figure"],
    "corrections": ["handoff_figure"],
    "coverages": ["coverage_figure"],
    "distances": ["distance_figure"],
    "drifts": ["drift_figure"],
    "entries": ["entry_figure"],
    "equilibria": ["equilibria_figure"],
    "fields": ["field_figure"],
    "fixed_points": ["fixed_point_figure"],
    "gains": ["gain_loss"],
    "independent_pairs": ["independent_comparison_figure"],
    "label_audits": ["label_audit_figure"],
    "lines": ["line_figure"],
    "pairs": ["comparison_figure"],
    "peer_directions": ["peer_directions_figure"],
    "phases": ["phase_figure"],
    "predictors": ["predictor_figure"],
    "programs": ["boundary_figure", "effective_figure", "existence_figure", "program_figure"],
    "published": ["PublishedRow", "published_figure", "reproduction_figure", "sweep_figure"],
    "restarting": ["restart_figure"],
    "rule_cards": ["card_figure", "rule_card"],
    "simulated_bounds": ["simulated_bound_figure"],
    "sensitivities": ["sensitivity_figure"],
    "spectra": ["spectrum_figure"],
    "steering": ["explanation_figure", "plan_figure", "steering_figure"],
    "studies": ["study_figure"],
    "style": ["save", "to_png_bytes", "to_svg"],
    "sweeping": ["swept_figure"],
    "thresholds": ["threshold_figure"],
    "trajectories": ["flow_figure", "run_figure"],
    "verifications": ["verification_figure"],
}  # fmt: skip
_WHERE = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    from nashscape.figures.distances import distance_figure
    from nashscape.figures.drifts import drift_figure
    from nashscape.figures.entries import entry_figure
    from nashscape.figures.equilibria import equilibria_figure
    from nashscape.figures.fields import field_figure
    from nashscape.figures.fixed_points import fixed_point_figure
    from nashscape.figures.gains import gain_loss
    from nashscape.figures.independent_pairs import independent_comparison_figure
    from nashscape.figures.label_audits import label_audit_figure
    from nashscape.figures.lines import line_figure
    from nashscape.figures.pairs import comparison_figure
    from nashscape.figures.peer_directions import peer_directions_figure
    from nashscape.figures.phases import phase_figure
    from nashscape.figures.predictors import predictor_figure
    from nashscape.figures.programs import boundary_figure, effective_figure, existence_figure, program_figure
    from nashscape.figures.published import PublishedRow, published_figure, reproduction_figure, sweep_figure
    from nashscape.figures.restarting import restart_figure
    from nashscape.figures.rule_cards import card_figure, rule_card
    from nashscape.figures.sensitivities import sensitivity_figure
    from nashscape.figures.simulated_bounds import simulated_bound_figure
    from nashscape.figures.spectra import spectrum_figure
    from nashscape.figures.steering import explanation_figure, plan_figure, steering_figure
    from nashscape.figures.studies import study_figure
    from nashscape.figures.style import save, to_png_bytes, to_svg
    from nashscape.figures.sweeping import swept_figure
    from nashscape.figures.thresholds import threshold_figure
    from nashscape.figures.trajectories import flow_figure, run_figure
    from nashscape.figures.verifications import verification_figure

__all__ = [
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
    "distance_figure",
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
    "independent_comparison_figure",
    "label_audit_figure",
    "line_figure",
    "peer_directions_figure",
    "phase_figure",
    "plan_figure",
    "predictor_figure",
    "program_figure",
    "published_figure",
    "reproduction_figure",
    "restart_figure",
    "rule_card",
    "run_figure",
    "save",
    "sensitivity_figure",
    "separatrix_figure",
    "simulated_bound_figure",
    "spectrum_figure",
    "steering_figure",
    "study_figure",
    "sweep_figure",
    "swept_figure",
    "threshold_figure",
    "to_png_bytes",
    "to_svg",
    "verification_figure",
]  # fmt: skip


def draw(result: Any, **options: Any) -> "Figure":
    """The figure of a result, or of a dict of results of one type by rule; the options are those of its function.

    Raises:
        InputError: for what is no result, or one whose class names no picture.

    Example:
        >>> from nashscape import games, pg, simulate
        >>> run = simulate(games.stag_hunt(), pg(), start=[0.4, 0.7], steps=20)
        >>> draw(run).axes[0].get_ylabel()
        'probability'
    """
    sample = next(iter(result.values()), None) if isinstance(result, Mapping) else result
    figure: Figure = picture_of(type(sample))(result, **options)
    return figure
