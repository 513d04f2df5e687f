"""`nashscape concepts`: what can be asked of a game beside its Nash equilibria."""

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON


@command("The solution concepts that have names.", "", JSON)
def concepts(asked: Asked) -> None:
    """List the solution concepts that `nashscape equilibria GAME --concept NAME` knows.

    With each: what it is, what a game must have for it, and its options with what
    is taken otherwise. An option is written with the name of the concept.

    \b
    Examples
      nashscape concepts
      nashscape equilibria chicken --concept correlated:objective=entropy
    """
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.theory import concept_catalogue

    entries = concept_catalogue()
    if asked["json"]:
        output.print_json([{**one._asdict(), "options": dict(one.options)} for one in entries])
        return
    rows = [
        (one.name, one.says, one.needs, "\n".join(f"{key}={value}" for key, value in one.options.items()) or "none")
        for one in entries
    ]
    columns = ("concept", "what it is", "needs", "options")
    output.show(Table("Solution concepts", columns, tuple(rows), left=columns, wrap=("what it is", "needs")))
