"""`nashscape versions`: what is installed."""

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON


@command("What is installed, for a report of a fault.", "", JSON)
def versions(asked: Asked) -> None:
    """Versions of Python, nashscape and all that it may use, the machine, and the devices that JAX sees.

    "code" is a digest of the files of nashscape: two checkouts of one version
    differ in it. A report of a fault should have all of this.

    \b
    Examples
      nashscape versions
      nashscape versions --json
    """
    from nashscape.cli import output
    from nashscape.core.installed import installation, versions_table

    found = installation()
    output.print_json(found) if asked["json"] else output.show(versions_table(found))
