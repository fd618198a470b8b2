"""Which uploads are refused."""

from typing import Literal

UploadProblem = Literal["too_large", "too_many_pixels", "too_small", "not_a_picture", "empty"]


class UploadRefused(Exception):
    """The file can't be kept; `code` says why, `file_name` of which file."""

    def __init__(self, code: UploadProblem, file_name: str = "") -> None:
        self.code = code
        self.file_name = file_name
        super().__init__(f"{file_name}: {code}")
