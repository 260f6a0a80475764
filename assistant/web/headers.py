"""What every response carries: a Content-Security-Policy with a fresh nonce, and the other safety headers.

Pages get our own script and style first in their head; streams pass through untouched.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.addresses import check_origin
from assistant.web.options import WebOptions

_YEAR = "public, max-age=31536000, immutable"
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_UNWANTED = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>')
_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'none'; object-src 'none'; "
    "worker-src 'none'; frame-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors {ancestors}"
)


class SafetyHeaders:
    """ASGI middleware that adds the headers and puts `head` first into each page."""

    def __init__(self, app: ASGIApp, options: WebOptions, *, head: bytes) -> None:
        self._app = app
        self._base = options.mount_path
        self._head = head
        self._ancestors = " ".join(("'self'", *map(check_origin, options.frame_ancestors)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the inside and add to what it sends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        reply = _Reply(send, self._head, nonce)
        policy = _POLICY.format(nonce=nonce, ancestors=self._ancestors)

        async def outgoing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": list(message["headers"])}
                self._add(MutableHeaders(raw=message["headers"]), scope["path"], policy)
            await reply.send(message)

        await self._app(_uncompressed(scope), receive, outgoing)

    def _add(self, headers: MutableHeaders, path: str, policy: str) -> None:
        below = path.removeprefix(self._base)
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if below == "/embed.js" else "same-origin"
        if below.startswith("/assets/"):
            headers["Cache-Control"] = _YEAR
        elif "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"


class _Reply:
    """Holds a page back until it is whole, so that it can be completed; sends everything else at once."""

    def __init__(self, send: Send, head: bytes, nonce: str) -> None:
        self._send = send
        self._head = head
        self._tag = b'<script nonce="' + nonce.encode() + b'"'
        self._start: Message | None = None
        self._page = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message["headers"]):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self._start)
        else:
            await self._send(message)

    async def _finish(self, start: Message) -> None:
        page = _UNWANTED.sub(b"", bytes(self._page))
        page = page.replace(b'lang="en"', b'lang="en-GB"', 1).replace(b"<head>", b"<head>" + self._head, 1)
        page = _SCRIPT.sub(lambda _: self._tag, page)
        if "content-length" in (headers := MutableHeaders(raw=start["headers"])):
            headers["Content-Length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def _is_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _uncompressed(scope: Scope) -> Scope:
    """The scope of a page asked for as plain text, because a compressed one could not be completed."""
    headers = scope["headers"]
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    return {**scope, "headers": [pair for pair in headers if pair[0] != b"accept-encoding"]}
