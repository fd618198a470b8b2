"""Files that only the parties of a case may see: pictures cleaned like all others, short videos as they are.

They lie in a folder of their own that no public address leads to, named by the SHA-256 of what was uploaded.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.pictures import SIZES, encode
from etalase.integrations.storage.shelf import Shelf
from etalase.settings import Settings

VIDEO_BYTES_MAX: Final = 50 * 1024 * 1024
PICTURE_TYPE: Final = "image/webp"
_KEY: Final = re.compile(r"[0-9a-f]{64}\.(?P<kind>webp|mp4|mov|webm)")
_TYPES: Final = {"webp": PICTURE_TYPE, "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}
_MP4_BRANDS: Final = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5", b"3gp6", b"MSNV", b"dash")  # fmt: skip
_ENCODERS_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that lies in the folder."""

    key: str
    media_type: str
    sha256: str

    @property
    def is_video(self) -> bool:
        return self.media_type.startswith("video/")


def video_kind(head: bytes) -> str | None:
    """What sort of video begins with these bytes, by its own signature and whatever its name says; none for no video."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return "mov" if brand == b"qt  " else "mp4" if brand in _MP4_BRANDS else None
    if head[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in head[:64]:
        return "webm"
    return None


class PrivateFolder:
    """The folder that keeps evidence."""

    def __init__(self, root: Path) -> None:
        self._shelf = Shelf(root)
        self._encoders = asyncio.Semaphore(_ENCODERS_MAX)

    async def keep(self, data: bytes) -> KeptFile:
        """Keep an uploaded picture or video; raises UploadRefused. The same bytes are kept once."""
        if not data:
            raise UploadRefused("empty")
        digest = hashlib.sha256(data).hexdigest()
        kind = video_kind(data[:64])
        if kind is not None:
            if len(data) > VIDEO_BYTES_MAX:
                raise UploadRefused("too_large")
            key, content = f"{digest}.{kind}", data
        else:
            key = f"{digest}.webp"
            async with self._encoders:
                content = await asyncio.to_thread(lambda: encode(data).by_size[SIZES[-1]])
        await asyncio.to_thread(self._shelf.write, key, content)
        return KeptFile(key, _TYPES[key.rpartition(".")[2]], digest)

    def kept(self, key: str) -> KeptFile | None:
        """The file under a key, if there is one."""
        found = _KEY.fullmatch(key)
        if found is None or not self._shelf.place(key).is_file():
            return None
        return KeptFile(key, _TYPES[found["kind"]], key[:64])

    def path(self, key: str) -> Path | None:
        """Where a file lies; none for what is not kept."""
        return self._shelf.place(key) if self.kept(key) else None


def private_folder(settings: Settings) -> PrivateFolder:
    """The folder of this installation's evidence."""
    return PrivateFolder(settings.var / "evidence")
