"""What can be refused of a case."""


class CaseNotFound(LookupError):
    """No such case for this buyer, shop or operator."""


class CaseClosed(Exception):
    """The case is over; nothing can be added to it."""


class NothingSaid(ValueError):
    """A message without text and files."""


class TooMuchSaid(ValueError):
    """More files than a message may carry, or more messages than a case holds."""


class AnswerNotFound(LookupError):
    """The shop keeps no such answer."""


class AnswerNotValid(ValueError):
    """An answer can't be kept: `problem` is "title", "words", or "many" for too many of them."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
