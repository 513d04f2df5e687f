"""What the server answers: the page and its files, the socket, exports, the shelf; and what it refuses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from nashscape.app.desks import Desk
from nashscape.app.serving import MOST_TEXT, warmed
from nashscape.app.visits import Visit, scene_in
from nashscape.core import InputError

VISITORS = 64
"""Pages that are connected at once, at most."""

KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}  # fmt: skip

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}


class OursAlone:
    """Refuses what calls the server by another name, and what comes from a page of another origin."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        """Before an application; see `names_of`."""
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours."""
        if scope["type"] in ("http", "websocket") and not self._is_ours(HTTPConnection(scope)):
            refusal = PlainTextResponse("The explorer answers to its own pages alone.\n", status_code=403)
            if scope["type"] == "websocket":
                await WebSocket(scope, receive, send).close(code=1008)
            else:
                await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, request: HTTPConnection) -> bool:
        host = request.headers.get("host", "")
        if self.names is not None and host not in self.names:
            return False
        origin = request.headers.get("origin")
        needs = request.scope["type"] == "websocket"
        return (origin is None and not needs) or origin in (f"http://{host}", f"https://{host}")


def application(names: frozenset[str] | None, stores: tuple[Path, ...] = ()) -> Any:
    """The application that a server runs.

    Args:
        names: what pages may call it, see `names_of`.
        stores: folders of study stores that are shown.
    """
    pages = Pages(stores)
    made = Starlette(routes=pages.routes(), lifespan=lambda _: warmed(pages.desk))
    made.state.desk, made.state.visits = pages.desk, pages.visits
    return OursAlone(made, names)


def files_of_the_page() -> dict[str, bytes]:
    """The files of the page by name."""
    folder = resources.files("nashscape.app") / "page"
    return {one.name: one.read_bytes() for one in folder.iterdir() if Path(one.name).suffix in KINDS}


@dataclass(frozen=True)
class Pages:
    """What is answered at every address.

    Attributes:
        stores: folders of study stores that are shown.
        desk: who computes.
        files: of the page, by name.
        visits: pages that are connected.
    """

    stores: tuple[Path, ...]
    desk: Desk = field(default_factory=Desk)
    files: dict[str, bytes] = field(default_factory=files_of_the_page)
    visits: set[Visit] = field(default_factory=set)

    def routes(self) -> list[Any]:
        """The addresses."""
        return [
            Route("/", self.page), Route("/choices", self.choices),
            Route("/export/{kind}", self.export, methods=["POST"]), Route("/shelf", self.shelf),
            Route("/shelf/store/{number:int}", self.store),
            Route("/shelf/report/{number:int}", self.report), Route("/{name}", self.page),
            WebSocketRoute("/socket", self.socket),
        ]  # fmt: skip

    async def page(self, request: Request) -> Response:
        """A file of the page; nothing else is ever opened."""
        name = request.path_params.get("name", "index.html")
        if name not in self.files:
            return _missing("page")
        return Response(self.files[name], media_type=KINDS[Path(name).suffix], headers=HEADERS)

    async def choices(self, _: Request) -> Response:
        """What can be chosen."""
        from nashscape.app.choices import choices

        return JSONResponse(choices(), headers=HEADERS)

    async def export(self, request: Request) -> Response:
        """A file of the scene that was sent, or what is wrong with it.

        That is no fault of the page, whose console stays silent.
        """
        from nashscape.app.exports import MADE

        kind = request.path_params["kind"]
        if kind not in MADE:
            return _missing("kind of file")
        try:
            made = await self.desk.did(MADE[kind][1], scene_in(await sent(request)))
        except InputError as error:
            return PlainTextResponse(str(error), headers={**HEADERS, "x-refused": "1"})
        return Response(made, media_type=MADE[kind][0], headers=HEADERS)

    async def shelf(self, _: Request) -> Response:
        """What the second page shows."""
        from nashscape.app.shelf import shelf

        return JSONResponse(shelf(self.stores), headers=HEADERS)

    async def store(self, request: Request) -> Response:
        """The numbers of a study."""
        from nashscape.app.shelf import store

        return await self._stored(store, request, lambda found: JSONResponse(found, headers=HEADERS))

    async def report(self, request: Request) -> Response:
        """The report of a study, as a file."""
        from nashscape.app.shelf import report

        attached = {**HEADERS, "content-disposition": 'attachment; filename="report.html"'}
        return await self._stored(
            report, request, lambda found: Response(found, media_type=KINDS[".html"], headers=attached)
        )

    async def _stored(self, make: Callable[..., Any], request: Request, answer: Callable[[Any], Response]) -> Response:
        try:
            return answer(await self.desk.did(make, self.stores, request.path_params["number"]))
        except InputError as error:
            return PlainTextResponse(str(error), status_code=404, headers=HEADERS)

    async def socket(self, one: WebSocket) -> None:
        """A page that connects, until it goes."""
        await one.accept()
        if len(self.visits) >= VISITORS:
            await one.close(code=1013, reason="too many pages are open")
            return
        visit = Visit(one, self.desk)
        self.visits.add(visit)
        try:
            await visit.attend()
        finally:
            self.visits.discard(visit)


async def sent(request: Request) -> bytes:
    """What was sent with a request.

    Raises:
        InputError: for more than `MOST_TEXT` bytes; no more than that is read.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_TEXT:
            raise InputError(f"a scene has at most {MOST_TEXT} bytes")
    return body


def _missing(what: str) -> Response:
    return PlainTextResponse(f"There is no such {what}.\n", status_code=404, headers=HEADERS)
