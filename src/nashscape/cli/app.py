"""The commands and where they are registered."""

import gc
import signal
from typing import Annotated

import typer

from nashscape import __version__
from nashscape.cli import (
    basin,
    certify,
    entry,
    games,
    phase,
    program_equilibria,
    reproduce,
    restarts,
    rules,
    simulate,
    steer,
    study,
    sweep,
    systems,
    threshold,
    verify,
)
from nashscape.cli.errors import INTERRUPTED, Commands, leave

app = typer.Typer(
    name="nashscape",
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,  # plain help: importing Rich takes longer than everything else that help needs
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# a command is one import above and one line here; a group of commands is app.add_typer(group, name="…")
app.command("games", short_help="The games that have names; payoffs and equilibria of one.")(games.games)
app.command("rules", short_help="The learning rules; what one does in a game.")(rules.rules)
app.command("basin", short_help="Which starts lead to which outcome, by learning rule.")(basin.basin)
app.command("entry", short_help="How often random starts reach a target.")(entry.entry)
app.command("restarts", short_help="How many fresh starts until a target is reached.")(restarts.restarts)
app.command("sweep", short_help="A share against one coefficient of a rule.")(sweep.sweep)
app.command("steer", short_help="The smallest value of a number that reaches a target often enough.")(steer.steer)
app.command("phase", short_help="How learning ends over a coupling and a payoff.")(phase.phase)
app.command("threshold", short_help="The coupling at which learners switch.")(threshold.threshold)
app.command("program-equilibria", short_help="Parameters from which no player gains by any other.")(
    program_equilibria.program_equilibria
)
app.command("simulate", short_help="One run, step by step.")(simulate.simulate)
app.command("certify", short_help="Starts of which it is proved where they end.")(certify.certify)
app.command("verify", short_help="Prove every claim of a certificate again.")(verify.verify)
app.add_typer(study.group, name="study", short_help="Experiments as files: run, continued, looked at.")
app.command("systems", short_help="Published systems: what is claimed, and what holds.")(systems.systems)
app.command("reproduce", short_help="What was published, computed again.")(reproduce.reproduce)


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

    Every command takes the name of a game (see `nashscape games`) or the path of a JSON file with payoffs.

    \b
    Start with
      nashscape games                     the games that have names
      nashscape games stag-hunt           payoffs and equilibria of one
      nashscape rules                     how agents may learn
      nashscape rules lola --game stag-hunt    what one rule does in a game
      nashscape basin stag-hunt           which starts lead where, for four learning rules
      nashscape entry stag-hunt           how often random starts reach the good equilibrium
      nashscape restarts stag-hunt        how many fresh starts it takes to get there
      nashscape sweep stag-hunt --coefficient peer --values 0:5:11    a share against a coefficient
      nashscape steer stag-hunt --parameter peer --at-least 0.6    the smallest value that does it
      nashscape phase donation --coupling 0:1.5    how learning ends over a coupling
      nashscape threshold prisoners-dilemma    the coupling at which learners switch
      nashscape program-equilibria donation --coupling 0.5    parameters that nobody leaves
      nashscape simulate stag-hunt --start 0.4,0.7    one run, step by step
      nashscape certify stag-hunt --save stag-hunt.json    starts of which it is proved where they end
      nashscape verify stag-hunt.json     prove a certificate again
      nashscape study list                experiments as files: run, continued, looked at
      nashscape systems                   published systems, and which of their claims hold
      nashscape reproduce basin-entry     what was published, computed again
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line."""
    # importing and tracing make many objects that stay: looking through them again and again is a tenth of a call
    gc.set_threshold(100_000, 50, 50)
    try:
        app(prog_name="nashscape")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            leave()
        # all is printed and written: what comes now would be the end of a process that is at its end
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise
