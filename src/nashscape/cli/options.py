"""Arguments and options that several commands share, described once."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_RULES = ("pg", "meta_pg", "peer_only", "meta_mapg")

GameName = Annotated[
    str,
    typer.Argument(
        metavar="GAME",
        show_default=False,
        help='Name of a game, or a JSON file {"payoffs": [player, action 1, action 2, …], "actions": […]}.',
    ),
]
Parameters = Annotated[
    list[str],
    typer.Option("--set", metavar="KEY=VALUE", show_default=False, help="Parameter of the game, as T=2.5. Repeatable."),
]
Rules = Annotated[
    list[str],
    typer.Option(
        "--rule",
        metavar="RULE",
        show_default=False,
        help="Learning rule, with coefficients as meta_mapg:peer=2,own=0.35. Repeatable. "
        f"Default: {', '.join(DEFAULT_RULES)}.",
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(metavar="RULE", show_default=False, help="Rule the others are compared with. Default: the first."),
]
StepSize = Annotated[
    str,
    typer.Option(
        metavar="SIZE",
        help="Step size: a number, or scale/(t+offset)^exponent with t the update, as 0.9/(t+10)^0.24.",
    ),
]
Batch = Annotated[
    int | None,
    typer.Option(
        metavar="B",
        show_default=False,
        help="Plays per update from which gradients are sampled. Default: exact gradients, no noise.",
    ),
]
Unbiased = Annotated[
    bool, typer.Option("--unbiased", help="With --batch: the unbiased form of the sampled terms, not the published.")
]
LeaveOneOut = Annotated[
    bool,
    typer.Option(
        "--leave-one-out", help="With --batch: subtract from every play's payoff the mean payoff of the other plays."
    ),
]
Targets = Annotated[
    list[str],
    typer.Option(
        "--target",
        metavar="PROFILE",
        show_default=False,
        help="Outcome to look for, as CC. Repeatable. Default: all strict pure equilibria, the best first.",
    ),
]
Threshold = Annotated[
    float, typer.Option(metavar="P", help="Probability of the target's actions that counts as reached, above 0.5.")
]
Bound = Annotated[str, typer.Option(metavar="LOGIT", help="Parameters stay in [-LOGIT, LOGIT]; 'none' for no bound.")]
Seed = Annotated[int, typer.Option(metavar="N", help="Seed of everything random.")]
Precision = Annotated[str, typer.Option(metavar="TYPE", help="float32 or float64.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", show_default=False, help="Folder for figures (PNG, SVG) and results.json."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
Cells = Annotated[bool, typer.Option("--cells", help="Put the outcome of every single start into the JSON.")]

STEP_SIZE = "0.9/(t+10)^0.24"
BOUND = "8"
THRESHOLD = 0.82
EVERY_RULE: list[str] = []
NOTHING: list[str] = []
