"""Uploads: what is kept, what is refused, what is served."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from etalase.integrations.storage import pictures
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.folder import Folder, media_url
from tests.builders.catalog import picture_bytes

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png_claiming(width: int, height: int) -> bytes:
    """A tiny file whose header promises a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def written(folder: Path) -> dict[Path, int]:
    """The files below a folder with the times they were written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


async def test_a_picture_is_kept_in_every_size_without_what_the_camera_told(tmp_path: Path) -> None:
    file = io.BytesIO()
    image = Image.new("RGB", (2000, 1000), "#0a7248")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010E] = "Jalan Dago 12, rumah kami"
    image.save(file, "JPEG", exif=exif)
    folder = Folder(tmp_path)
    kept = await folder.keep_picture(file.getvalue())
    assert (kept.width, kept.height) == (480, 960)
    for size in pictures.SIZES:
        path = folder.path(media_url(kept.key, size).removeprefix("/media/"))
        assert path is not None
        assert b"rumah kami" not in path.read_bytes()
        with Image.open(path) as shown:
            assert shown.format == "WEBP"
            assert max(shown.size) == size
            assert not shown.getexif()


async def test_the_same_file_is_kept_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    first = await folder.keep_picture(picture_bytes())
    before = written(tmp_path)
    assert await folder.keep_picture(picture_bytes()) == first
    assert written(tmp_path) == before


async def test_what_was_transparent_lies_on_white(tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(written, "PNG")
    folder = Folder(tmp_path)
    kept = await folder.keep_picture(written.getvalue())
    path = folder.path(kept.key.replace(".webp", "-200.webp"))
    assert path is not None
    with Image.open(path) as shown:
        assert shown.convert("RGB").getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\x00 a program", "not_a_picture"),
        (SCRIPT, "not_a_picture"),
        (b"GIF89a" + b"\0" * 50, "not_a_picture"),
        (b"\xff\xd8\xff\xe0" + b"<script>" * 40, "not_a_picture"),
        (picture_bytes()[:400], "not_a_picture"),
        (b"", "not_a_picture"),
        (png_claiming(50_000, 50_000), "too_many_pixels"),
        (png_claiming(7_000, 7_000), "too_many_pixels"),
        (png_claiming(500, 500), "not_a_picture"),
        (picture_bytes(width=99, height=400), "too_small"),
        (b"\0" * (pictures.UPLOAD_BYTES_MAX + 1), "too_large"),
    ],
)
async def test_what_is_no_fit_picture_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(UploadRefused) as refusal:
        await Folder(tmp_path).keep_picture(data)
    assert refusal.value.code == code
    assert written(tmp_path) == {}


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 2000), noise=st.binary(max_size=40))
def test_broken_pictures_are_refused_or_read_but_never_break_us(cut: int, noise: bytes) -> None:
    data = picture_bytes(width=200, height=200, kind="PNG")
    broken = data[:cut] + noise + data[cut + len(noise) :]
    with suppress(UploadRefused):
        assert max(pictures.encode(broken).by_size) == 960


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "..%2Fsecret_key",
        "a" * 64,
        "a" * 64 + ".webp/..",
        "a" * 63 + "/.webp",
        "A" * 64 + ".webp",
        "",
        ".",
        "a" * 64 + ".svg\n",
    ],
)
def test_only_names_of_kept_files_lead_anywhere(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret_key").write_text("geheim")
    assert Folder(tmp_path / "files").path(name) is None


def test_drawings_of_our_own_are_kept_as_they_are(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    kept = folder.keep_drawing("<svg/>")
    assert media_url(kept.key, 200) == f"/media/{kept.key}"
    path = folder.path(kept.key)
    assert path is not None
    assert path.read_text() == "<svg/>"
    assert media_url(None) == ""
