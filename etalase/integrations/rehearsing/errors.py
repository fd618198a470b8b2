"""What can stand in the way of a rehearsal."""


class CannotRehearse(Exception):
    """The shop is not set up for it; the message says what is missing."""
