"""The command line: `nashscape games`, `nashscape basin`, `nashscape entry`, `nashscape simulate`.

Everything that takes long to import is imported inside the commands, so that help and version answer at once.
"""

import signal


def main() -> None:
    """Run the command line."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # until there is somebody who waits: an exception in the middle of an import leaves a traceback
        signal.signal(signal.SIGINT, at_once)
    from nashscape.cli.app import main as run

    run()


def at_once(*_: object) -> None:
    """What Ctrl-C does before there is a command: nothing was done."""
    import os

    os.write(2, b"interrupted\n")
    os._exit(130)


__all__ = ["main"]
