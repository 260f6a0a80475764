"""Which hosts, origins and paths a request may use. Pure decisions; what is not listed is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.web.options import WebOptions

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_ADDRESS = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 - recognised so that it can be refused

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/embed.js"})
"""Answered without identity: probes, and the script that a foreign page fetches before anyone signs in."""

ASK_PATHS = frozenset({"/api/ask"})
READ_PATHS = frozenset(
    {
        "/api/search",
        "/api/source",
        "/api/verify",
        "/api/evidence",
        "/api/gaps",
        "/gradio_api/queue/join",
    }
)
API_METHODS = {
    "/api/ask": "POST",
    "/api/search": "POST",
    "/api/verify": "POST",
    "/api/source": "GET",
    "/api/evidence": "GET",
    "/api/gaps": "GET",
    "/api/openapi.json": "GET",
}
"""Told apart here because a page mounted at the root would answer for a wrong method."""

_PAGE_PATHS = frozenset(
    (
        "/",
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/robots.txt",
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/cancel",
        "/gradio_api/reset",
        "/gradio_api/app_id",
        "/gradio_api/startup-events",
    )
)
"""What the page itself calls. Upload, files, proxy, runs and every other door of Gradio stay shut."""

_PAGE_FOLDERS = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_OWN_FILES = frozenset({"/ui.js", "/ui.css", "/icon.svg"})


def host_name(value: str) -> str:
    """The lower-case name in a Host header, without port and brackets; empty if it is malformed."""
    try:
        parts = urlsplit(f"//{value}")
        if parts.path or parts.query or parts.fragment or parts.username is not None or parts.port == 0:
            return ""
        return (parts.hostname or "").lower()
    except ValueError:
        return ""


class AddressBook:
    """The hosts, origins and paths that are allowed."""

    def __init__(self, options: WebOptions, *, pages: tuple[str, ...] = ()) -> None:
        self._base = options.mount_path
        bound = () if options.bind_host in ANY_ADDRESS else (options.bind_host.lower(),)
        self._hosts = LOOPBACK_NAMES | {name.lower() for name in options.allowed_hosts} | set(bound)
        self._origins = frozenset(check_origin(origin) for origin in options.allowed_origins)
        self._paths = (
            _PAGE_PATHS | _OWN_FILES | OPEN_PATHS | API_METHODS.keys() | {f"/{page}" for page in pages}
        )

    def knows_host(self, value: str) -> bool:
        """True if a request may be addressed to this Host header."""
        return host_name(value) in self._hosts

    def knows_origin(self, origin: str, host: str) -> bool:
        """True if a page of that origin may send the request: our own host, or one that is listed."""
        scheme, separator, place = origin.partition("://")
        if separator and scheme in {"http", "https"} and place.lower() == host.lower():
            return True
        return origin in self._origins

    def route(self, path: str) -> str | None:
        """`path` below the mount path, or None if nothing of ours is there."""
        if path in {"/healthz", "/readyz"}:
            return path
        if not (path == self._base or path.startswith(f"{self._base}/")):
            return None
        below = path[len(self._base) :] or "/"
        if ".." in below or "//" in below or "\\" in below:
            return None
        known = below in self._paths or below.startswith(_PAGE_FOLDERS)
        return below if known else None


def check_origin(origin: str) -> str:
    """`origin` as given. Raises SettingsError unless it is `http(s)://host[:port]`; `*` never is."""
    parts = urlsplit(origin)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or origin != f"{parts.scheme}://{parts.netloc}"
    ):
        raise SettingsError(
            f"'{origin}' is not an origin.",
            hint="Write it as https://portal.example, without a path; '*' is refused.",
        )
    if any(character in origin for character in " ;,'\"*"):
        raise SettingsError(f"'{origin}' is not an origin.", hint="Name one exact host.")
    return origin
