"""Auditing: proves from what is written that no rupiah was lost, made or moved twice; reads only, batch by batch."""
