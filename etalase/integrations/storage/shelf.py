"""Where kept files lie: by name in folders of a hash's first digits, each written whole or not at all."""

import os
import tempfile
from pathlib import Path


class Shelf:
    """A folder of files whose names begin with a hash; the same name is written once."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def place(self, name: str) -> Path:
        """Where the file of this name lies, or would."""
        return self._root / name[:2] / name[2:4] / name

    def write(self, name: str, content: bytes) -> None:
        """Put the file there; readers meet the whole of it or nothing."""
        place = self.place(name)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).replace(place)
