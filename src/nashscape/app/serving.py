"""The server of the explorer: its pages, what they ask for, and who may ask."""

import asyncio
import contextlib
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.extras import needs_package

HOST = "127.0.0.1"
"""Who asks from another machine is not heard here."""

PORT = 8474
SWITCH = 0.0005
"""Seconds after which Python lets another thread go on."""

MOST_TEXT = 65_536
"""Bytes of a message that a page sends, at most."""

WARM = {"rules": ["pg", "meta_mapg", "lola", "lookahead"]}
"""The scene that is computed while the first page loads."""


@public()
def serve(
    host: str = HOST,
    port: int = PORT,
    *,
    stores: Sequence[str | Path] = (),
    anybody: bool = False,
    browser: bool = True,
    tell: Callable[[str], None] = print,
) -> None:
    """Open the explorer, and serve it until Ctrl-C.

    Args:
        host: the address to listen at; by default 127.0.0.1, so that nobody else can ask.
        port: by default 8474; 0 for any that is free.
        stores: folders of study stores that its second page shows. No page can name another.
        anybody: has to be said for an address that others can reach: who reaches it can let this machine compute.
        browser: whether the page is opened in the browser.
        tell: where its address is told.

    Raises:
        InputError: without the extra `app`, for an address that others can reach unless `anybody` is said, and a port
            at which something else listens.
    """
    for package in ("starlette", "uvicorn", "websockets"):
        needs_package(package, "the explorer")
    if host not in ("127.0.0.1", "localhost", "::1") and not anybody:
        raise InputError(
            f"at {host} others could reach the explorer and let this machine compute; if that is wanted, say anybody "
            "(--anybody)"
        )
    listening = bound(host, port)
    port = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    whom = "for whoever reaches this machine" if anybody else "for this machine alone"
    server = _server(names_of(host, port), tuple(map(Path, stores)))
    with listening, _ended_by_signals(server), _switching():
        tell(f"The explorer is at {address} ({whom}; Ctrl-C ends it).")
        if browser:
            threading.Timer(0.1, webbrowser.open, [address]).start()
        asyncio.run(server.serve(sockets=[listening]))


@contextlib.contextmanager
def _ended_by_signals(server: Any) -> Iterator[None]:
    """Ctrl-C, and a request to terminate, end a server well, also before it has begun; in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, server.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextlib.contextmanager
def _switching() -> Iterator[None]:
    """A thread that makes programs would hold up the one that is waited for, 5 ms at a time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def bound(host: str, port: int) -> socket.socket:
    """A socket at an address; raises `InputError` where there can be none."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)  # who comes before the server has begun waits
    except (OSError, OverflowError) as error:
        made.close()
        said = f"the explorer cannot listen at {host}:{port}: {error}; take another port, 0 for any that is free"
        raise InputError(said) from error
    return made


def names_of(host: str, port: int) -> frozenset[str] | None:
    """What a page may call this server; None for anything, where anybody may ask.

    A page of another site that points a name of its own here calls it otherwise.

    >>> sorted(names_of("127.0.0.1", 80))
    ['127.0.0.1:80', '[::1]:80', 'localhost:80']
    """
    if host not in ("127.0.0.1", "localhost", "::1"):
        return None
    return frozenset(f"{own}:{port}" for own in ("127.0.0.1", "localhost", "[::1]"))


def _server(names: frozenset[str] | None, stores: tuple[Path, ...]) -> Any:
    import uvicorn

    from nashscape.app.pages import application

    config = uvicorn.Config(
        application(names, stores), log_level="warning", lifespan="on", ws="websockets-sansio", ws_max_size=MOST_TEXT,
        server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


@contextlib.asynccontextmanager
async def warmed(desk: Any) -> AsyncIterator[None]:
    """While the first page loads, its programs are made."""
    from nashscape.app.scenes import scene_from_data

    warming = asyncio.ensure_future(_warm(desk, scene_from_data(WARM)))
    try:
        yield
    finally:
        warming.cancel()
        desk.close()


async def _warm(desk: Any, scene: Any) -> None:
    from nashscape.app.desks import SupersededError

    with contextlib.suppress(SupersededError):
        await desk.answer("quick", "map", scene, threading.Event())
