"""Running rules: single trajectories, and many starts in one compiled program."""

from nashscape.dynamics import starts
from nashscape.dynamics.batches import Cost, Progress, Staged, completed, run_in_stages, run_starts
from nashscape.dynamics.settling import Endings, Settling, labels, status_of
from nashscape.dynamics.setup import Setup, check_estimator, check_steps, configuration, make_setup
from nashscape.dynamics.simulation import Run, simulate
from nashscape.dynamics.starts import Grid, Starts, cell_grid, endpoint_grid
from nashscape.dynamics.targets import THRESHOLD, Target, as_target

__all__ = [
    "THRESHOLD",
    "Cost",
    "Endings",
    "Grid",
    "Progress",
    "Run",
    "Settling",
    "Setup",
    "Staged",
    "Starts",
    "Target",
    "as_target",
    "cell_grid",
    "check_estimator",
    "check_steps",
    "completed",
    "configuration",
    "endpoint_grid",
    "labels",
    "make_setup",
    "run_in_stages",
    "run_starts",
    "simulate",
    "starts",
    "status_of",
]  # fmt: skip
