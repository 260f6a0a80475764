"""Our own script, style and embed files, read once at start and named by their content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.responses import Response

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "public, max-age=300, must-revalidate"
_CHECKED = "no-cache"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file that travels with the package."""

    name: str
    content: bytes

    @property
    def version(self) -> str:
        """A short name for its content."""
        return sha256(self.content).hexdigest()[:16]


def static_file(name: str) -> StaticFile:
    """The file of that name beside this package; `ui.css` is made of all files in `css`, in order of name."""
    folder = files("assistant.web").joinpath("static")
    if name == "ui.css":
        parts = sorted(folder.joinpath("css").iterdir(), key=lambda part: part.name)
        return StaticFile(name, b"\n".join(part.read_bytes() for part in parts if part.name.endswith(".css")))
    return StaticFile(name, folder.joinpath(name).read_bytes())


def files_router(served: tuple[StaticFile, ...]) -> APIRouter:
    """One route for each file. With its version in the address a file is kept for a year."""
    router = APIRouter(include_in_schema=False)
    for file in served:
        router.add_api_route(f"/{file.name}", _route(file), methods=["GET", "HEAD"])
    return router


def _route(file: StaticFile) -> Callable[[Request], Awaitable[Response]]:
    tag = f'"{file.version}"'
    plain = _ASKED_AGAIN if file.name == "embed.js" else _CHECKED

    async def give(request: Request) -> Response:
        kept = _KEPT if request.query_params.get("v") == file.version else plain
        headers = {"ETag": tag, "Cache-Control": kept}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(file.content, media_type=_TYPES[file.name.rpartition(".")[2]], headers=headers)

    return give
