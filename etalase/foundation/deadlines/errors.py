"""What a deadline's handler may say."""


class Obsolete(Exception):
    """The subject has moved on: there is nothing left for this clock to do."""
