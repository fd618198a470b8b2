"""Files in a folder, named by the SHA-256 of what was uploaded, so that an address never changes its content.

A key is `<hash>.webp` for pictures and `<hash>.svg` for drawings of the demo world. Pictures lie in each size as
`<hash>-<size>.webp`; addresses name the file that lies there.
"""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from etalase.integrations.storage.pictures import SIZES, encode
from etalase.integrations.storage.shelf import Shelf

_NAME: Final = re.compile(r"(?P<hash>[0-9a-f]{64})(-(?P<size>[0-9]{3}))?\.(?P<kind>webp|svg)")
_DRAWING_SIDE: Final = 800
_ENCODERS_MAX: Final = 2  # a large picture takes a few hundred megabytes while it is decoded


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file: its key, and how large it is shown at most."""

    key: str
    width: int
    height: int


def media_url(key: str | None, size: int = SIZES[-1]) -> str:
    """The address of a file in the smallest size that is not below `size`; '' for no key."""
    if not key:
        return ""
    stem, _, kind = key.partition(".")
    if kind != "webp":
        return f"/media/{key}"
    fitting = next((one for one in SIZES if one >= size), SIZES[-1])
    return f"/media/{stem}-{fitting}.webp"


class Folder:
    """The folder that keeps files, prefix folders by the first digits of the hash."""

    def __init__(self, root: Path) -> None:
        self._shelf = Shelf(root)
        self._encoders = asyncio.Semaphore(_ENCODERS_MAX)

    async def keep_picture(self, data: bytes) -> StoredFile:
        """Keep an uploaded picture in all sizes; raises UploadRefused. The same bytes are kept once."""
        digest = hashlib.sha256(data).hexdigest()
        kept = await asyncio.to_thread(self.kept, f"{digest}.webp")
        if kept is not None:
            return kept
        async with self._encoders:
            return await asyncio.to_thread(self._encode_and_keep, digest, data)

    def keep_drawing(self, svg: str, *, width: int = _DRAWING_SIDE, height: int = _DRAWING_SIDE) -> StoredFile:
        """Keep a drawing of our own as it is. Never for what somebody uploads: drawings can hold scripts."""
        data = svg.encode()
        key = f"{hashlib.sha256(data).hexdigest()}.svg"
        self._shelf.write(key, data)
        return StoredFile(key, width, height)

    def kept(self, key: str) -> StoredFile | None:
        """The picture under a key, if there is one."""
        found = _NAME.fullmatch(key)
        path = self.path(f"{found['hash']}-{SIZES[-1]}.webp") if found and found["kind"] == "webp" else None
        if path is None:
            return None
        with Image.open(path, formats=("WEBP",)) as image:
            return StoredFile(key, image.width, image.height)

    def path(self, name: str) -> Path | None:
        """Where the file of an address lies; none for anything that is not the name of a kept file."""
        if _NAME.fullmatch(name) is None:
            return None
        path = self._shelf.place(name)
        return path if path.is_file() else None

    def _encode_and_keep(self, digest: str, data: bytes) -> StoredFile:
        encoded = encode(data)
        for size, content in encoded.by_size.items():  # the largest last: `kept` looks for it
            self._shelf.write(f"{digest}-{size}.webp", content)
        return StoredFile(f"{digest}.webp", encoded.width, encoded.height)
