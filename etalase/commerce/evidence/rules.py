"""Who speaks in a case, which files prove something, how many there may be. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

CaseKind = Literal["return", "claim", "insurance"]
Author = Literal["buyer", "seller", "operator", "system"]

TEXT_MAX: Final = 2000
PICTURES_MAX: Final = 9
VIDEOS_MAX: Final = 1
MESSAGES_MAX: Final = 200
"""So many messages a case holds; who needs more has stopped to talk about it."""
ANSWERS_MAX: Final = 50
ANSWER_TITLE_MAX: Final = 60
ANSWER_WORDS_MAX: Final = 500
"""As many as the shortest of the fields they are put into takes."""


class Proof(StrEnum):
    """What has to be shown before a request counts."""

    NONE = "none"
    PHOTO = "photo"
    PHOTO_OR_VIDEO = "photo_or_video"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was kept in the storage and is to be part of a message."""

    file_key: str
    media_type: str
    sha256: str

    @property
    def is_video(self) -> bool:
        return self.media_type.startswith("video/")


@dataclass(frozen=True, slots=True)
class Case:
    """A disagreement about an order as it stands in its row."""

    shop_id: int
    id: int
    order_id: int
    buyer_id: int
    kind: CaseKind
    state: str
    opened_at: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A picture or video of a case."""

    shop_id: int
    id: int
    case_id: int
    message_id: int
    file_key: str
    media_type: str
    sha256: str
    at: datetime

    @property
    def is_video(self) -> bool:
        return self.media_type.startswith("video/")


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody said in a case."""

    shop_id: int
    id: int
    case_id: int
    author: Author
    author_id: int | None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A message with its files, as a page shows it."""

    message: Message
    files: Sequence[CaseFile]


def needs_evidence(required: Proof, files: Iterable[NewFile | CaseFile]) -> bool:
    """Whether what has to be shown is still missing among the files."""
    are_videos = [file.is_video for file in files]
    if required is Proof.NONE:
        return False
    return not are_videos if required is Proof.PHOTO_OR_VIDEO else all(are_videos)


def too_many(files: Sequence[NewFile]) -> bool:
    """Whether one message would carry more than a message may."""
    videos = sum(file.is_video for file in files)
    return videos > VIDEOS_MAX or len(files) - videos > PICTURES_MAX


def thread(messages: Sequence[Message], files: Sequence[CaseFile]) -> list[Said]:
    """Messages with their files, in the order in which they were said."""
    return [Said(message, [file for file in files if file.message_id == message.id]) for message in messages]


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """Words that a shop, or the operator's desk, answers with again and again."""

    shop_id: int
    id: int
    title: str
    words: str
    saved_at: datetime


def answer_problem(title: str, words: str) -> str:
    """What is wrong with an answer to be kept: "title", "words", or "" for nothing."""
    if not 0 < len(title) <= ANSWER_TITLE_MAX:
        return "title"
    return "" if 0 < len(words) <= ANSWER_WORDS_MAX else "words"
