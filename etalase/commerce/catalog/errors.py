"""What the catalog can refuse."""

from collections.abc import Sequence

from etalase.commerce.catalog.rules import Missing, Problem


class ProductNotFound(LookupError):
    """The shop has no such product."""


class ProductRefused(Exception):
    """The draft can't be saved; `problems` says why, each with its field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(problem.code for problem in self.problems))


class EditConflict(Exception):
    """Somebody else saved the product since it was opened; `version` is the one that stands now."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(f"version {version} stands now")


class NotReadyForSale(Exception):
    """The product lacks something buyers need; `missing` says what."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__(", ".join(self.missing))


class TooManyPictures(Exception):
    """A product shows at most PICTURES_MAX pictures."""
