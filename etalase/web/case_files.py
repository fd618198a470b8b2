"""Evidence on pages: what was said and shown in a case, files taken in and sent out to its parties alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi.responses import FileResponse, Response
from starlette.datastructures import FormData, UploadFile

from etalase.commerce.evidence import queries
from etalase.commerce.evidence.rules import Author, Case, NewFile, Said
from etalase.foundation.i18n import N_, Translator
from etalase.foundation.sql import Tx
from etalase.integrations.storage.private import private_folder
from etalase.web.request import NotFound, Visit

AUTHORS: dict[Author, tuple[str, str]] = {
    "buyer": (N_("Buyer"), "user"),
    "seller": (N_("Seller"), "store"),
    "operator": (N_("Customer service"), "users"),
    "system": (N_("Etalase"), "clock"),
}
REFUSALS = {
    "empty": N_("A file was empty."),
    "too_large": N_("A file is too large."),
}
REFUSED = N_("A file could not be read. Send pictures (JPEG, PNG, WebP) or a short video (MP4, MOV, WebM).")


@dataclass(frozen=True, slots=True)
class Line:
    """A message as a page shows it."""

    author: str
    icon: str
    text: str
    at: datetime
    files: tuple[tuple[str, bool], ...]


def conversation(said: Sequence[Said], *, files_at: str, translator: Translator) -> list[Line]:
    """Messages in the reader's language; `files_at` is the address under which this reader finds the case's files."""
    return [
        Line(
            author=translator.gettext(AUTHORS[one.message.author][0]),
            icon=AUTHORS[one.message.author][1],
            text=one.message.text,
            at=one.message.at,
            files=tuple((f"{files_at}/{file.id}", file.is_video) for file in one.files),
        )
        for one in said
    ]


async def uploads_in(visit: Visit, form: FormData, *, name: str = "files") -> list[NewFile]:
    """Keep the files of a form; raises UploadRefused for one that is no picture or video, or too large."""
    folder = private_folder(visit.settings)
    kept = []
    for sent in form.getlist(name):
        if isinstance(sent, UploadFile) and sent.filename:
            file = await folder.keep(await sent.read())
            kept.append(NewFile(file.key, file.media_type, file.sha256))
    return kept


async def send_file(tx: Tx, visit: Visit, case: Case | None, file_id: int | None) -> Response:
    """A file of a case that the reader is party of; 404 for everything else."""
    files = await queries.files_of_case(tx, shop_id=case.shop_id, case_id=case.id) if case else []
    found = next((file for file in files if file.id == file_id), None)
    path = private_folder(visit.settings).path(found.file_key) if found else None
    if found is None or path is None:
        raise NotFound
    headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=found.media_type, headers=headers)
