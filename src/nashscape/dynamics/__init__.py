"""Running rules: single trajectories, and many starts in one compiled program."""

from nashscape.dynamics import starts
from nashscape.dynamics.batches import Cost, Progress, run_starts
from nashscape.dynamics.settling import Endings, Settling, labels
from nashscape.dynamics.setup import Setup, check_steps, make_setup
from nashscape.dynamics.simulate import Run, simulate
from nashscape.dynamics.starts import Grid, Starts, cell_grid, endpoint_grid
from nashscape.dynamics.targets import THRESHOLD, Target, as_target

__all__ = [
    "THRESHOLD", "Cost", "Endings", "Grid", "Progress", "Run", "Settling", "Setup", "Starts", "Target", "as_target",
    "cell_grid", "check_steps", "endpoint_grid", "labels", "make_setup", "run_starts", "simulate", "starts",
]  # fmt: skip
