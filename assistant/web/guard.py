"""The one door: every request to page, API and frame passes here before anything else looks at it.

Checks host, path, origin, identity, rate and size, in that order, and tells the inside who is asking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.security.limits import RateLimit
from assistant.web.addresses import API_METHODS, ASK_PATHS, OPEN_PATHS, READ_PATHS, AddressBook
from assistant.web.identity import Denied, Headers, Identity, Principal
from assistant.web.options import WebOptions
from assistant.web.problems import problem

PRINCIPAL_HEADER = "x-assistant-principal"
"""Set here for the inside and removed from whatever arrives."""

_SECONDS_TO_SEND_A_BODY = 20.0
_TOO_OFTEN = "You have asked {limit} times in the last minute, which is the limit."
_PAGE = (
    '<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{sentence}</title>'
    "<main><h1>{sentence}</h1><p>{hint}</p></main></html>"
)


class Guard:
    """ASGI middleware that lets through only what the options allow."""

    def __init__(
        self, app: ASGIApp, options: WebOptions, *, asks: RateLimit, pages: tuple[str, ...] = ()
    ) -> None:
        self._app = app
        self._options = options
        self._book = AddressBook(options, pages=pages)
        self._identity = Identity(options)
        self._asks = asks
        self._reads = RateLimit(options.reads_per_minute, name="read")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the reason why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = _headers(scope)
        peer = scope["client"][0] if scope.get("client") else ""
        verdict = self._decide(scope, headers, peer)
        if isinstance(verdict, Denied):
            await _refusal(verdict, headers)(scope, receive, send)
            return
        body = await self._body(headers, receive)
        if isinstance(body, Denied):
            await _refusal(body, headers)(scope, receive, send)
            return
        inner = {**scope, "headers": self._cleaned(scope, verdict, peer)}
        await self._app(inner, _replay(body, receive), send)

    def _decide(self, scope: Scope, headers: Headers, peer: str) -> Principal | Denied:
        hosts = headers.get("host", ())
        forwarded = headers.get("x-forwarded-host", ()) if self._identity.from_proxy(peer) else ()
        if len(hosts) != 1 or not all(self._book.knows_host(host) for host in (*hosts, *forwarded)):
            return Denied(400, "This service does not answer to that host name.", "Add it to allowed_hosts.")
        origins = headers.get("origin", ())
        known = [self._book.knows_origin(origin, (*forwarded, *hosts)[0]) for origin in origins]
        if len(origins) > 1 or not all(known):
            return Denied(403, "Pages of that origin may not use this service.", "Add it to allowed_origins.")
        path = self._book.route(scope["path"])
        preflight = scope["method"] == "OPTIONS" and bool(origins)
        if path in OPEN_PATHS or (preflight and path is not None):
            return Principal("open")
        who = self._identity.identify(headers, peer)
        if isinstance(who, Denied):
            return who
        if path is None:
            return Denied(
                404, "There is nothing at this address.", "The addresses are listed in api/openapi.json."
            )
        wanted = API_METHODS.get(path, scope["method"])
        if scope["method"] != wanted:
            return Denied(405, f"This address takes {wanted} requests only.", "See api/openapi.json.")
        return self._within_rate(path, who)

    def _within_rate(self, path: str, who: Principal) -> Principal | Denied:
        limit = self._asks if path in ASK_PATHS else self._reads if path in READ_PATHS else None
        wait = limit.take(who.name) if limit else 0
        if limit and wait:
            return Denied(
                429, _TOO_OFTEN.format(limit=limit.per_minute), f"Wait {wait} seconds and try again.", wait
            )
        return who

    async def _body(self, headers: Headers, receive: Receive) -> bytes | Denied | None:
        """The whole body, None if the client left, or why it is refused. Bounded in bytes and in time."""
        limit = self._options.max_body_bytes
        large = Denied(413, f"The request is larger than {limit:,} bytes.", "Send less at a time.")
        stated = headers.get("content-length", ("0",))[0]
        if not stated.isascii() or not stated.isdigit():
            return Denied(400, "The length of the request is not a number.")
        if int(stated) > limit:
            return large
        try:
            async with asyncio.timeout(_SECONDS_TO_SEND_A_BODY):
                body = bytearray()
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    if len(body) > limit:
                        return large
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            return Denied(408, "The request took too long to arrive.", "Send it again.")

    def _cleaned(self, scope: Scope, who: Principal, peer: str) -> list[tuple[bytes, bytes]]:
        """The headers for the inside: nothing about proxies from strangers, and our own word on who asks."""
        trusted = self._identity.from_proxy(peer)
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name != PRINCIPAL_HEADER.encode()
            and (trusted or not (name == b"forwarded" or name.startswith(b"x-forwarded-")))
        ]
        return [*kept, (PRINCIPAL_HEADER.encode(), who.name.encode("utf-8", "replace"))]


def _headers(scope: Scope) -> Headers:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _replay(body: bytes | None, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then waits for the client to leave."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        if body is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _refusal(denied: Denied, headers: Mapping[str, Any]) -> Response:
    extra = {"Retry-After": str(denied.retry_after)} if denied.retry_after else {}
    if denied.status == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if any("text/html" in accepted for accepted in headers.get("accept", ())):
        page = _PAGE.format(sentence=denied.sentence, hint=denied.hint)
        return HTMLResponse(page, status_code=denied.status, headers={"Cache-Control": "no-store", **extra})
    return problem(denied.status, denied.sentence, denied.hint, headers=extra)
