"""Running rules: single trajectories, and many starts in one compiled program."""

from nashscape.dynamics import reducers, starts
from nashscape.dynamics.batches import Cost, Progress, Staged, completed, run_in_stages, run_starts, widest
from nashscape.dynamics.endings.accounts import Labelled
from nashscape.dynamics.endings.settling import Endings, Settling, status_of
from nashscape.dynamics.flows import flow
from nashscape.dynamics.hosting import Hosted, hosted
from nashscape.dynamics.labelled_runs import label_endings, label_in_stages, label_starts
from nashscape.dynamics.reduction import Reducer, Seen
from nashscape.dynamics.replication import Replicator, replicator, share_velocity
from nashscape.dynamics.setup import Setup, check_estimator, check_steps, configuration, make_setup
from nashscape.dynamics.simulation import Run, simulate
from nashscape.dynamics.solutions import Flow
from nashscape.dynamics.starts import Grid, Starts, cell_grid, endpoint_grid
from nashscape.dynamics.targets import THRESHOLD, PointTarget, Target, as_target
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.dynamics.velocities import flow_steps

__all__ = [
    "THRESHOLD",
    "Cost",
    "Endings",
    "Flow",
    "Grid",
    "Hosted",
    "Labelled",
    "PointTarget",
    "Progress",
    "Reducer",
    "Replicator",
    "Run",
    "Seen",
    "Settling",
    "Setup",
    "Staged",
    "Starts",
    "Target",
    "as_target",
    "cell_grid",
    "check_estimator",
    "check_steps",
    "choose_targets",
    "completed",
    "configuration",
    "endpoint_grid",
    "flow",
    "flow_steps",
    "hosted",
    "label_endings",
    "label_in_stages",
    "label_starts",
    "make_setup",
    "reducers",
    "replicator",
    "run_in_stages",
    "run_starts",
    "share_velocity",
    "simulate",
    "starts",
    "status_of",
    "widest",
]  # fmt: skip
