"""What the server answers: the page and its files, the socket, exports, the shelf; and what it refuses."""

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
    desk = Desk()
    files = _files()

    async def page(request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        if name not in files:
            return PlainTextResponse("There is no such page.\n", status_code=404, headers=HEADERS)
        return Response(files[name], media_type=KINDS[Path(name).suffix], headers=HEADERS)

    async def export(request: Request) -> Response:
        from nashscape.app.exports import MADE

        kind = request.path_params["kind"]
        if kind not in MADE:
            return PlainTextResponse("There is no such kind of file.\n", status_code=404, headers=HEADERS)
        body = await request.body() if int(request.headers.get("content-length", MOST_TEXT)) < MOST_TEXT else b""
        try:
            made = await desk.did(MADE[kind][1], scene_in(body))
        except InputError as error:
            # no fault of the page, whose console stays silent
            return PlainTextResponse(str(error), headers={**HEADERS, "x-refused": "1"})
        return Response(made, media_type=MADE[kind][0], headers=HEADERS)

    async def shelved(request: Request) -> Response:
        from nashscape.app.shelf import shelf

        return JSONResponse(shelf(stores), headers=HEADERS)

    async def stored(request: Request) -> Response:
        from nashscape.app.shelf import report, store

        number = request.path_params["number"]
        if request.path_params["what"] not in ("store", "report"):
            return PlainTextResponse("There is no such page.\n", status_code=404, headers=HEADERS)
        try:
            if request.path_params["what"] == "report":
                attached = {**HEADERS, "content-disposition": 'attachment; filename="report.html"'}
                return Response(await desk.did(report, stores, number), media_type=KINDS[".html"], headers=attached)
            return JSONResponse(await desk.did(store, stores, number), headers=HEADERS)
        except InputError as error:
            return PlainTextResponse(str(error), status_code=404, headers=HEADERS)

    async def names_(request: Request) -> Response:
        from nashscape.app.choices import choices

        return JSONResponse(choices(), headers=HEADERS)

    async def socket(one: WebSocket) -> None:
        await one.accept()
        if len(visits) >= VISITORS:
            await one.close(code=1013, reason="too many pages are open")
            return
        visit = Visit(one, desk)
        visits.add(visit)
        try:
            await visit.attend()
        finally:
            visits.discard(visit)

    visits: set[Visit] = set()
    routes = [
        Route("/", page), Route("/choices", names_), Route("/export/{kind}", export, methods=["POST"]),
        Route("/shelf", shelved), Route("/shelf/{what}/{number:int}", stored), Route("/{name}", page),
        WebSocketRoute("/socket", socket),
    ]  # fmt: skip
    made = Starlette(routes=routes, lifespan=lambda _: warmed(desk))
    made.state.desk, made.state.visits, made.state.stores, made.state.most = desk, visits, stores, MOST_TEXT
    return OursAlone(made, names)


def _files() -> dict[str, bytes]:
    """The files of the page by name; nothing else is ever opened."""
    folder = resources.files("nashscape.app") / "page"
    return {one.name: one.read_bytes() for one in folder.iterdir() if Path(one.name).suffix in KINDS}
