"""Pictures and videos that prove something: sent first, then named in what is asked for; shown to the parties of the case alone."""

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import FileResponse

from etalase.commerce.evidence import queries
from etalase.commerce.evidence.rules import NewFile, too_many
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.private import VIDEO_BYTES_MAX, private_folder
from etalase.web.api.access import Buyer, BuyerDep, id_of
from etalase.web.api.problems import Problem, not_found
from etalase.web.middleware import TooLarge, read_body

router = APIRouter(prefix="/api/v1", tags=["cases"])

UPLOADS: Final = "/api/v1/evidence"
"""Where a body is a file: it is read once it is known who sends it."""
TAKEN: Final = ("image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "video/quicktime")
SENT: Final = ("image/webp", "video/mp4", "video/webm", "video/quicktime")
FILES_MAX: Final = 10
BINARY: Final = {"schema": {"type": "string", "format": "binary"}}

Evidence = Annotated[
    list[Annotated[str, Field(max_length=80)]],
    Field(max_length=FILES_MAX, description="Keys of POST /evidence: up to nine pictures and one video"),
]


class Kept(BaseModel):
    """A file that is kept; `key` names it where evidence is asked for."""

    key: str = Field(examples=["3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b.webp"])
    media_type: str


@router.post(
    "/evidence", status_code=201, openapi_extra={"requestBody": {"required": True, "content": dict.fromkeys(TAKEN, BINARY)}}
)  # fmt: skip
async def keep(buyer: BuyerDep, request: Request) -> Kept:
    """Send one picture (10 MB, cleaned of where it was taken) or one short video (50 MB) as the body itself."""
    try:
        data = await read_body(request.receive, request.headers, most=VIDEO_BYTES_MAX)
        kept = await private_folder(buyer.settings).keep(data)
    except (TooLarge, UploadRefused) as refusal:
        code = getattr(refusal, "code", "too_large")
        if code == "too_large":
            raise Problem(413, "too_large", "Pictures may have 10 MB, a video 50 MB.") from None
        raise Problem(422, "not_valid", "See errors.", errors=(("body", str(code)),)) from None
    return Kept(key=kept.key, media_type=kept.media_type)


def files_named(buyer: Buyer, keys: list[str]) -> list[NewFile]:
    """The kept files of these keys. Raises Problem for one that is not kept, and for too many."""
    folder = private_folder(buyer.settings)
    files = []
    for key in dict.fromkeys(keys):
        found = folder.kept(key)
        if found is None:
            raise Problem(422, "not_valid", "See errors.", errors=(("evidence", "not_kept"),))
        files.append(NewFile(found.key, found.media_type, found.sha256))
    if too_many(files):
        raise Problem(422, "not_valid", "See errors.", errors=(("evidence", "too_many"),))
    return files


@router.get(
    "/orders/{order_id}/cases/{case_id}/files/{file_id}", response_class=FileResponse,
    responses={200: {"content": dict.fromkeys(SENT, BINARY)}},
)  # fmt: skip
async def show(buyer: BuyerDep, order_id: str, case_id: str, file_id: str) -> FileResponse:
    """A file of a case about one's own order."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        case = await queries.case_of_buyer(tx, buyer_id=buyer.id, order_id=id_of(order_id), case_id=id_of(case_id))
        files = await queries.files_of_case(tx, shop_id=case.shop_id, case_id=case.id) if case else []
    found = next((file for file in files if file.id == id_of(file_id)), None)
    path = private_folder(buyer.settings).path(found.file_key) if found else None
    if found is None or path is None:
        raise not_found()
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=found.media_type, headers=headers)
