"""The browser's files, read and compressed once at start and served from memory under an address that changes with them.

The whole folder has one hash, so a module's relative import and a stylesheet's font land on the same version as the page.
Stylesheets are joined into one file at start: one request instead of many, with no build step.
"""

import functools
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

STATIC_DIR: Final = Path(__file__).parent / "static"
STYLES: Final = (
    "css/tokens.css",
    "css/base.css",
    "css/layouts.css",
    "css/controls.css",
    "css/display.css",
    "css/commerce.css",
    "css/shopfront.css",
    "css/inbox.css",
    "css/goods.css",
    "css/orders.css",
    "css/feedback.css",
    "css/seller.css",
    "css/developer.css",
)
SCRIPTS: Final = (
    "js/menu.js",
    "js/copy.js",
    "js/countdown.js",
    "js/quantity.js",
    "js/gallery.js",
    "js/filters.js",
    "js/requests.js",
    "js/live.js",
)
_STYLES_JOINED: Final = "app.css"
_CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".webp": "image/webp",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
_COMPRESSED: Final = frozenset({".css", ".js", ".svg", ".txt", ".json", ".webmanifest"})
_FOREVER: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "public, no-cache"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file in memory, ready to be sent."""

    content: bytes
    compressed: bytes | None
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class StaticFolder:
    """All files of one version of the folder."""

    version: str
    files: MappingProxyType[str, StaticFile]


@functools.cache
def folder() -> StaticFolder:
    """The folder as it was when the process first asked."""
    contents = {
        path.relative_to(STATIC_DIR).as_posix(): path.read_bytes()
        for path in sorted(STATIC_DIR.rglob("*"))
        if path.suffix in _CONTENT_TYPES
    }
    # Joined at the folder's top, so stylesheets name other files from there: url(vendor/...).
    contents[_STYLES_JOINED] = b"\n".join(contents[name] for name in STYLES)
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    files = {name: _static_file(name, content) for name, content in contents.items()}
    return StaticFolder(digest.hexdigest()[:12], MappingProxyType(files))


def static_url(path: str) -> str:
    """Where the browser finds a file; raises KeyError for a file that is not there, so a typing error shows at once."""
    current = folder()
    if path not in current.files:
        raise KeyError(f"no static file {path}")
    return f"/static/{current.version}/{path}"


def static_app() -> Router:
    """An ASGI app to mount at `/static`."""
    folder()
    return Router([Route("/{version}/{path:path}", _answer, methods=["GET"])], redirect_slashes=False)


async def _answer(request: Request) -> Response:
    current = folder()
    file = current.files.get(request.path_params["path"])
    if file is None:
        return Response(status_code=404)
    is_current = request.path_params["version"] == current.version
    headers = {
        "Cache-Control": _FOREVER if is_current else _REVALIDATE,
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, headers=headers, media_type=file.content_type)
    return Response(file.content, headers=headers, media_type=file.content_type)


def _static_file(name: str, content: bytes) -> StaticFile:
    suffix = Path(name).suffix
    return StaticFile(
        content=content,
        compressed=gzip.compress(content, compresslevel=9, mtime=0) if suffix in _COMPRESSED else None,
        content_type=_CONTENT_TYPES[suffix],
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:16]}"',
    )
