"""Arguments and options that several commands about studies share."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the results of a study.")]
Engine = Annotated[
    str, typer.Option(metavar="ENGINE", help="here (this process), pool (processes of this machine), or ray.")
]
Workers = Annotated[
    int, typer.Option(metavar="N", show_default=False, help="Processes of a pool or of Ray. Default: one per core.")
]
Address = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", show_default=False, help="Of a Ray cluster. Default: one of this machine."),
]
Limit = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", show_default=False, help="Items of a pool or of Ray that take longer fail. Default: none."
    ),
]
Shard = Annotated[
    str | None, typer.Option(metavar="K/N", show_default=False, help="Part K of N alone, as 3/16. Default: all.")
]
Again = Annotated[bool, typer.Option("--again", help="Try items once more that failed before.")]
Mixed = Annotated[
    bool, typer.Option("--mixed", help="Let results of other code stand beside those that are there; rows say whose.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
Events = Annotated[bool, typer.Option("--events", help="Print what happens as lines of JSON on stdout.")]
Table = Annotated[str, typer.Option(metavar="NAME", help="Which table; `study status` lists them.")]
