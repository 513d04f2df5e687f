"""`nashscape app`: the explorer, a page in the browser."""

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import Typed

HOST = Typed("host", "str", None, "", "The address to listen at. Default: 127.0.0.1.", shape="ADDRESS")
PORT = Typed("port", "int", None, "", "The port, 0 for any that is free. Default: 8474.", shape="N")
STORE = Typed("store", "str", (), "", "Folder of a study store that its second page shows.", shape="DIR", several=True)
ANYBODY = Typed("anybody", "bool", False, "",
                "Listen at an address that others can reach; they can let this machine compute.")  # fmt: skip
QUIET = Typed("no_browser", "bool", False, "", "Do not open the page in the browser.")


@command("The landscape of a game as a page: turn payoffs and coefficients, and see.", "", HOST, PORT, STORE, ANYBODY,
         QUIET)  # fmt: skip
def app(asked: Asked) -> None:
    """Open the explorer, a page on which the landscape of outcomes is played with.

    Drag payoffs, coupling and coefficients; maps, shares and thresholds follow.
    Click a map for a run from there. A link to a scene holds all of it. The page
    is served to this machine alone until Ctrl-C, and needs nothing from outside.

    \b
    Examples
      nashscape app
      nashscape app --port 0 --no-browser
      nashscape app --store results/
    """
    from nashscape.app import serve
    from nashscape.tracing import keep_programs

    keep_programs()
    given = {name: asked[name] for name in ("host", "port") if name in asked}
    serve(**given, stores=asked["store"], anybody="anybody" in asked, browser="no_browser" not in asked)
