"""Which equilibrium will learning agents reach, and what steers them to a better one.

    import nashscape as ns

    maps = ns.basin_map(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()])
    maps["meta_mapg"].fraction("CC")

Names are loaded when they are first used: importing the package imports neither JAX nor SciPy.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "core": [
        "InputError", "Outcome", "Status",
    ],
    "games": [
        "DenseGame", "Game", "MarkovGame",
    ],
    "semantics": [
        "ParametricGame", "Semantics", "coupled", "imperfect", "independent", "networked", "open_source",
        "parametric", "per_state", "points", "read_all", "restricted", "simplex", "weight_reading",
    ],
    "learning": [
        "Estimator", "Rule", "box", "cgd", "cola", "consensus", "consistency_residual", "delayed", "episodes",
        "exact", "exact_lola", "extragradient", "local_symplectic_surgery", "lola", "lookahead", "meta_mapg",
        "meta_pg", "natural_gradient", "peer_only", "per_player", "pg", "pola", "rule_by_name", "sampled",
        "schedules", "sga", "simplexes", "sos", "unbounded", "unrolled_meta_mapg",
    ],
    "dynamics": [
        "Flow", "PointTarget", "Reducer", "Run", "Settling", "Starts", "Target", "flow", "reducers",
        "replicator", "simulate", "starts",
    ],
    "theory": [
        "best_response", "boundary_test", "boundary_tests", "certify", "certify_escape",
        "certify_in_probability", "containment", "continuation", "cooperation_index", "coupling_threshold",
        "critical_box", "drift_constants", "effective_coupling", "equilibria", "existence_report",
        "fixed_points", "load_certificate", "peer_direction", "program_equilibria", "proved_alignment",
        "pure_equilibria", "regret", "sensitivity_ratio", "symmetric_thresholds", "threshold",
        "transverse_spectrum",
    ],
    "checking": [
        "Verification", "verify_certificate",
    ],
    "selection": [
        "Alignment", "BasinMap", "Combination", "Comparison", "CorrectedSteps", "Coverage", "Entry",
        "Explanation", "LabelAudit", "Line", "PhaseDiagram", "Plan", "Restarts", "Separatrix", "Steering", "alignment",
        "along", "audit_labels", "basin_map", "cheapest_combination", "compare", "corrected_steps_needed", "coverage",
        "entry_probability", "explain", "flow_map", "phase_diagram", "plan", "restarts", "separatrix",
        "simulated_bound", "steer", "sweep", "term_field",
    ],
}  # fmt: skip
_FLOORS = (
    "core",
    "games",
    "semantics",
    "learning",
    "dynamics",
    "theory",
    "checking",
    "selection",
    "figures",
    "studies",
    "report",
)
_WHERE = {name: floor for floor, names in _HOMES.items() for name in names}

__all__ = [*_FLOORS, *_WHERE]  # noqa: PLE0604 - built from the two tables above


def __getattr__(name: str) -> Any:
    if name in _FLOORS:
        return importlib.import_module(f"{__name__}.{name}")
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


if TYPE_CHECKING:
    from nashscape import (
        checking,
        core,
        dynamics,
        figures,
        games,
        learning,
        report,
        selection,
        semantics,
        studies,
        theory,
    )
    from nashscape.checking import (
        Verification,
        verify_certificate,
    )
    from nashscape.core import (
        InputError,
        Outcome,
        Status,
    )
    from nashscape.dynamics import (
        Flow,
        PointTarget,
        Reducer,
        Run,
        Settling,
        Starts,
        Target,
        flow,
        reducers,
        replicator,
        simulate,
        starts,
    )
    from nashscape.games import (
        DenseGame,
        Game,
        MarkovGame,
    )
    from nashscape.learning import (
        Estimator,
        Rule,
        box,
        cgd,
        cola,
        consensus,
        consistency_residual,
        delayed,
        episodes,
        exact,
        exact_lola,
        extragradient,
        local_symplectic_surgery,
        lola,
        lookahead,
        meta_mapg,
        meta_pg,
        natural_gradient,
        peer_only,
        per_player,
        pg,
        pola,
        rule_by_name,
        sampled,
        schedules,
        sga,
        simplexes,
        sos,
        unbounded,
        unrolled_meta_mapg,
    )
    from nashscape.selection import (
        Alignment,
        BasinMap,
        Combination,
        Comparison,
        CorrectedSteps,
        Coverage,
        Entry,
        Explanation,
        LabelAudit,
        Line,
        PhaseDiagram,
        Plan,
        Restarts,
        Separatrix,
        Steering,
        alignment,
        along,
        audit_labels,
        basin_map,
        cheapest_combination,
        compare,
        corrected_steps_needed,
        coverage,
        entry_probability,
        explain,
        flow_map,
        phase_diagram,
        plan,
        restarts,
        separatrix,
        simulated_bound,
        steer,
        sweep,
        term_field,
    )
    from nashscape.semantics import (
        ParametricGame,
        Semantics,
        coupled,
        imperfect,
        independent,
        networked,
        open_source,
        parametric,
        per_state,
        points,
        read_all,
        restricted,
        simplex,
        weight_reading,
    )
    from nashscape.theory import (
        best_response,
        boundary_test,
        boundary_tests,
        certify,
        certify_escape,
        certify_in_probability,
        containment,
        continuation,
        cooperation_index,
        coupling_threshold,
        critical_box,
        drift_constants,
        effective_coupling,
        equilibria,
        existence_report,
        fixed_points,
        load_certificate,
        peer_direction,
        program_equilibria,
        proved_alignment,
        pure_equilibria,
        regret,
        sensitivity_ratio,
        symmetric_thresholds,
        threshold,
        transverse_spectrum,
    )
