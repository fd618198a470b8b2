"""Why a policy was not set."""

from etalase.foundation.policies.values import Problem


class PolicyNotValid(ValueError):
    """The value may not hold; `problems` say why, field by field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.text}" for problem in problems))
        self.problems = problems


class PolicyChanged(Exception):
    """Somebody else set this policy since it was read."""
