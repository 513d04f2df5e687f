"""Arguments and options that several commands share, described once."""

from pathlib import Path
from typing import Annotated, Any

import typer

from nashscape.core.options import option

DEFAULT_RULES = ("pg", "meta_pg", "peer_only", "meta_mapg")


def told(name: str, verb: str | None = None, *flags: str, **how: Any) -> Any:
    """An option of the command line with the help text of the table of options.

    Where the default is not what is typed, `show_default=False`, the help text says it.
    """
    row = option(name, verb)
    hidden = how.get("show_default") is False and "Default:" not in row.help and row.default is not None
    return typer.Option(*flags, help=f"{row.help} Default: {row.default}." if hidden else row.help, **how)


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
StepSize = Annotated[str, told("step_size", metavar="SIZE")]
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
Targets = Annotated[list[str], told("targets", None, "--target", metavar="PROFILE", show_default=False)]
Threshold = Annotated[float, told("threshold", metavar="P")]
Bound = Annotated[str | None, told("projection", None, "--bound", metavar="M", show_default=False)]
Seed = Annotated[int, told("seed", metavar="N")]
Precision = Annotated[str, told("precision", metavar="TYPE")]
Audit = Annotated[int | None, told("audit", metavar="N", show_default=False)]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", show_default=False, help="Folder for figures (PNG, SVG) and results.json."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
Cells = Annotated[bool, typer.Option("--cells", help="Put the outcome of every single start into the JSON.")]

STEP_SIZE: str = option("step_size").default
THRESHOLD: float = option("threshold").default
SEED: int = option("seed").default
PRECISION: str = option("precision").default
EVERY_RULE: list[str] = []
NOTHING: list[str] = []
