"""`nashscape rank`: players from the best to the worst, from a file of matches or orders; agents by scores in tasks."""

from pathlib import Path
from typing import Any

from nashscape.cli.answers import Answer
from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import TOLD, Typed

FILE = Typed("file", "str", None, "", "CSV file of matches: player, player, result; of orders: 1,2,3,… or race, "
             "player, place; or of scores: agent, task, score.",
             shape="FILE.csv", argument=True, needed=True)  # fmt: skip
BY = Typed("by", "str", None, "", "Method, as elo:k=16; see nashscape rank methods. Default: bradley-terry; of orders "
           "plackett-luce.",
           shape="METHOD", several=True)  # fmt: skip
COLUMNS = Typed("columns", "str", None, "", "Names of three columns, of both players and the result, as "
                "white,black,points; or of race, player, place.", shape="A,B,RESULT")  # fmt: skip
LEVEL = Typed("level", "float", 0.95, "probability", "Confidence level of all ranks together.", shape="X",
              least=0, most=1)  # fmt: skip


@command("Players from the best to the worst, from a file of matches or orders.", "", FILE, BY, COLUMNS, LEVEL, *TOLD)
def rank(asked: Asked) -> Answer | None:
    """Rank players by the results of their matches, with the ranks that the results leave to each.

    A result is what the first player got: a number from 0 to 1, win, loss or tie,
    a score such as 1-0, the name of who won, model_a or model_b. Orders of several
    players stand one a line, the best first, under the line 1,2,3; or one place
    a line, under race,player,place. With --out there are pictures: ranks with
    their intervals, and who beats whom. A file of scores of agents in many tasks,
    agent,task,score and perhaps run, is told by percentiles over tasks, and by
    who is nowhere lower than whom.

    \b
    Examples
      nashscape rank matches.csv
      nashscape rank matches.csv --by bradley-terry --by elo:k=16 --by copeland
      nashscape rank games.csv --columns white,black,points --out ranks
      nashscape rank races.csv --by plackett-luce
      nashscape rank scores.csv --level 0.9
      nashscape rank methods
    """
    if asked["file"] == "methods":
        _methods(asked["json"])
        return None
    from nashscape.ranking import rank as ranked

    if not {"by", "columns"} & asked.given.keys() and (found := _of_scores(Path(asked["file"]), asked["level"])):
        return Answer(found, {"scores": found.plot})
    methods = asked.given.get("by", [None])
    columns = asked.given.get("columns", "").split(",") if "columns" in asked else None
    found = ranked(asked["file"], methods[0] if len(methods) == 1 else methods, level=asked["level"], columns=columns)
    return Answer(found, {"ranking": found.plot}, by="methods")


def _of_scores(path: Path, level: float) -> Any:
    """Scores in tasks compared, where the file holds such."""
    from nashscape.ranking import task_scores
    from nashscape.ranking.given_results import hold_scores

    return task_scores(path, level=level) if hold_scores(path) else None


def _methods(as_json: bool) -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.ranking import ranking_catalogue

    known = ranking_catalogue()
    if as_json:
        output.print_json([{**one._asdict(), "options": dict(one.options)} for one in known])
        return
    rows = [(one.name, one.says, "\n".join(f"{key}={own}" for key, own in one.options.items()) or "none")
            for one in known]  # fmt: skip
    columns = ("method", "what it gives", "options")
    output.show(Table("Methods of ranking", columns, tuple(rows), left=columns, wrap=("what it gives", "options")))
