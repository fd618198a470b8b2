"""Pictures and videos of a form, taken one by one: one that is refused does not lose the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile

from etalase.commerce.evidence.rules import PICTURES_MAX, VIDEOS_MAX, NewFile, too_many
from etalase.foundation.i18n import N_
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.private import VIDEO_BYTES_MAX, private_folder
from etalase.web.request import Visit

FIELD = "evidence"
KEPT = "kept"
"""The field of files that were kept by an earlier try of the same form."""
ACCEPT = "image/jpeg,image/png,image/webp,video/mp4,video/webm,video/quicktime"
FILES_MAX = PICTURES_MAX + VIDEOS_MAX
HINT = N_("Up to 9 pictures (JPEG, PNG or WebP, 10 MB each) and one video (MP4, MOV or WebM, 50 MB).")
PROBLEMS: dict[str, str] = {
    "too_large": N_("%(name)s is too large: pictures may have 10 MB, a video 50 MB."),
    "too_many_pixels": N_("%(name)s has too many pixels. Make it smaller and try again."),
    "too_small": N_("%(name)s is too small to show anything: at least 100 pixels on each side."),
    "not_a_picture": N_("%(name)s is no picture or video that we can show."),
    "empty": N_("%(name)s is empty. Choose the file again."),
}
TOO_MANY = N_("At most 9 pictures and one video for each message.")


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files of a form that were kept, and what is to be said about those that were not (texts in the reader's language)."""

    files: Sequence[NewFile] = ()
    problems: Sequence[str] = field(default_factory=tuple)


async def read_uploads(visit: Visit, form: FormData) -> Uploads:
    """The form's files, kept at once so that they outlive a further round; one that is refused does not lose the others."""
    place, files, problems = private_folder(visit.settings), dict[str, NewFile](), list[str]()
    for key in form.getlist(KEPT)[:FILES_MAX]:
        found = place.kept(key) if isinstance(key, str) else None
        if found is not None:
            files[found.key] = NewFile(found.key, found.media_type, found.sha256)
    for upload in form.getlist(FIELD):
        if not isinstance(upload, UploadFile) or not upload.filename:
            continue
        try:
            kept = await place.keep(await upload.read(VIDEO_BYTES_MAX + 1))
            files[kept.key] = NewFile(kept.key, kept.media_type, kept.sha256)
        except UploadRefused as refusal:
            problems.append(visit.page.translator.gettext(PROBLEMS[refusal.code], name=upload.filename[:60]))
    if too_many(list(files.values())):
        problems.append(visit.page.translator.gettext(TOO_MANY))
    return Uploads(list(files.values()), problems)
