"""Policies: the figures that bind promises, versioned, the most specific scope wins; and the working days they count in."""
