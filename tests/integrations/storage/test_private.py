"""Evidence is cleaned, recognized by its content, and lies where no public address leads."""

from pathlib import Path

import pytest

from etalase.integrations.storage import private
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.folder import Folder
from etalase.integrations.storage.private import PrivateFolder
from tests.builders.catalog import picture_bytes

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\0" * 100
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 100


async def test_pictures_and_videos_are_kept_once(tmp_path: Path) -> None:
    folder = PrivateFolder(tmp_path / "evidence")
    picture, video, other = await folder.keep(picture_bytes()), await folder.keep(MP4), await folder.keep(WEBM)
    assert [file.media_type for file in (picture, video, other)] == ["image/webp", "video/mp4", "video/webm"]
    assert await folder.keep(MP4) == video == folder.kept(video.key)
    path = folder.path(video.key)
    assert path is not None
    assert path.read_bytes() == MP4
    assert Folder(tmp_path / "files").path(picture.key) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 a receipt", "not_a_picture"),
        (b"<svg onload='alert(1)'></svg>", "not_a_picture"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "not_a_picture"),
        (picture_bytes(width=50), "too_small"),
        (picture_bytes()[:200], "not_a_picture"),
    ],
)
async def test_what_is_neither_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        await PrivateFolder(tmp_path).keep(data)
    assert refused.value.code == code
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - a test may wait for a folder


async def test_large_videos_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "VIDEO_BYTES_MAX", 50)
    with pytest.raises(UploadRefused) as refused:
        await PrivateFolder(tmp_path).keep(MP4)
    assert refused.value.code == "too_large"


def test_keys_lead_nowhere_else(tmp_path: Path) -> None:
    folder = PrivateFolder(tmp_path)
    assert folder.kept("../../etc/passwd") is None
    assert folder.path("a" * 64 + ".webp") is None
