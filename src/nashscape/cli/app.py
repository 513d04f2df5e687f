"""The commands and where they are registered."""

import gc
import signal
import sys
from typing import Annotated

import typer

from nashscape import __version__
from nashscape.cli import study
from nashscape.cli.basin import basin
from nashscape.cli.certify import certify
from nashscape.cli.commands import Declared, announced, by_name
from nashscape.cli.compare import compare
from nashscape.cli.concepts import concepts
from nashscape.cli.entry import entry
from nashscape.cli.equilibria import equilibria
from nashscape.cli.errors import INTERRUPTED, Commands, leave
from nashscape.cli.explain import explain
from nashscape.cli.explorer import app as explorer
from nashscape.cli.games import games
from nashscape.cli.lost_signals import heard_again
from nashscape.cli.phase import phase
from nashscape.cli.program_equilibria import program_equilibria
from nashscape.cli.rank import rank
from nashscape.cli.reproduce import reproduce
from nashscape.cli.restarts import restarts
from nashscape.cli.rules import rules
from nashscape.cli.show import show
from nashscape.cli.simulate import simulate
from nashscape.cli.steer import steer
from nashscape.cli.sweep import sweep
from nashscape.cli.systems import systems
from nashscape.cli.threshold import threshold
from nashscape.cli.tournament import tournament
from nashscape.cli.verify import verify
from nashscape.cli.versions import versions


class All(Declared, Commands):
    """All commands."""

    declared = by_name(
        games, equilibria, concepts, rules, basin, entry, compare, restarts, sweep, steer, phase, threshold,
        program_equilibria, simulate, explain, certify, verify, show, rank, tournament, systems, reproduce,
        explorer, versions,
    )  # fmt: skip


app = typer.Typer(
    name="nashscape",
    cls=All,
    add_completion=False,
    rich_markup_mode=None,  # plain help: importing Rich takes longer than everything else that help needs
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
announced(app, All.declared)
app.add_typer(study.group, name="study", short_help="Experiments as files: run, continued, looked at.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nashscape {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def nashscape(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Which equilibrium will agents reach that learn by gradient, and what steers them to a better one?

    Every command takes the name of a game (see `nashscape games`) or the path of a file with one.

    \b
    Start with
      nashscape games                   the games that have names
      nashscape games stag-hunt         payoffs and pure equilibria of one
      nashscape equilibria stag-hunt    all its equilibria
      nashscape concepts                what else counts as a solution of a game
      nashscape rules                   how agents may learn
      nashscape rules lola --game stag-hunt    what one rule does in a game
      nashscape basin stag-hunt         which starts lead where, by rule
      nashscape entry stag-hunt         how often random starts reach a target
      nashscape compare stag-hunt --rule pg --rule lola    rules, pair by pair
      nashscape restarts stag-hunt      how many fresh starts it takes
      nashscape sweep stag-hunt --vary peer=0:5:11    a share against a number
      nashscape steer stag-hunt --vary peer --at-least 0.6    the smallest value
      nashscape phase donation          how learning ends over a coupling
      nashscape threshold chicken       the coupling at which learners switch
      nashscape program-equilibria donation --coupling 0.5    nobody leaves them
      nashscape simulate stag-hunt --start 0.4,0.7    one run, step by step
      nashscape explain stag-hunt --start 0.4,0.7     why it ends where it ends
      nashscape certify stag-hunt --save proof.json   what is proved of starts
      nashscape verify proof.json       prove a certificate again
      nashscape show proof.json         a result that was saved
      nashscape tournament TFT ALLC ALLD --turns 8    repeated play
      nashscape study list              experiments as files
      nashscape systems                 published systems, and what holds
      nashscape reproduce basin-entry   what was published, computed again
      nashscape app                     all of it as a page in the browser
      nashscape versions                what is installed, for a report of a fault
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line."""
    # importing and tracing make many objects that stay: looking through them again and again is a tenth of a call
    gc.set_threshold(100_000, 50, 50)
    sys.unraisablehook = heard_again
    try:
        app(prog_name="nashscape")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            leave()
        # all is printed and written: what comes now would be the end of a process that is at its end
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise
