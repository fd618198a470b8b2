"""Pictures out of the storage, kept by browsers for good: an address never changes its content."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from etalase.integrations.storage.folder import Folder
from etalase.integrations.storage.pictures import SIZES
from etalase.settings import Settings

router = APIRouter()

FOREVER = "public, max-age=31536000, immutable"
TYPES = {".webp": "image/webp", ".svg": "image/svg+xml"}
# A drawing opened by itself is a document: it may style itself and nothing else.
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def storage(settings: Settings) -> Folder:
    """The folder of this installation's files."""
    return Folder(settings.var / "files")


def private_storage(settings: Settings) -> Folder:
    """The folder of pictures that are shown to those they concern alone; no public address leads there."""
    return Folder(settings.var / "private")


def private_picture(settings: Settings, key: str) -> Response:
    """A picture for somebody who may see it; the caller has made sure of that."""
    path = private_storage(settings).path(key.replace(".webp", f"-{SIZES[-1]}.webp"))
    if path is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=TYPES[".webp"], headers=headers)


@router.get("/media/{name}")
async def media(request: Request, name: str) -> Response:
    """A kept file; 404 for every name that is none."""
    path = storage(request.app.state.settings).path(name)
    if path is None:
        return Response(status_code=404)
    headers = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    if path.suffix == ".svg":
        headers["Content-Security-Policy"] = DRAWING_POLICY
    return FileResponse(path, media_type=TYPES[path.suffix], headers=headers)
