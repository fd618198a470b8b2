"""Uploads to clean pictures: decoded, turned upright, stripped of metadata and written anew as WebP."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from etalase.integrations.storage.errors import UploadRefused

UPLOAD_BYTES_MAX: Final = 10 * 1024 * 1024
PIXELS_MAX: Final = 40_000_000
SIDE_MIN: Final = 100
SIZES: Final = (200, 480, 960)
QUALITY: Final = 82
FORMATS: Final = ("JPEG", "PNG", "WEBP")
PAPER: Final = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One picture in all sizes (by the longer side at most), with the width and height of the largest."""

    width: int
    height: int
    by_size: Mapping[int, bytes]


def encode(data: bytes) -> Encoded:
    """The picture in `data`, clean and in all sizes; raises UploadRefused. Slow: call it in a thread."""
    if len(data) > UPLOAD_BYTES_MAX:
        raise UploadRefused("too_large")
    upright = _upright(data)
    largest = _within(upright, SIZES[-1])
    by_size = {size: _webp(_within(largest, size)) for size in SIZES}
    return Encoded(width=largest.width, height=largest.height, by_size=by_size)


def _upright(data: bytes) -> Image.Image:
    try:
        # Only the header is read here: its size is checked before any pixel is decoded.
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise UploadRefused("too_many_pixels")
            if min(image.width, image.height) < SIDE_MIN:
                raise UploadRefused("too_small")
            image.draft("RGB", (SIZES[-1] * 2, SIZES[-1] * 2))
            image.load()
            return _on_paper(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise UploadRefused("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow's decoders answer broken files with any of these.
        raise UploadRefused("not_a_picture") from error


def _on_paper(image: Image.Image) -> Image.Image:
    """Opaque on white: what was transparent must not turn black."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _within(image: Image.Image, side_max: int) -> Image.Image:
    if max(image.size) <= side_max:
        return image
    smaller = image.copy()
    smaller.thumbnail((side_max, side_max), Image.Resampling.LANCZOS)
    return smaller


def _webp(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
