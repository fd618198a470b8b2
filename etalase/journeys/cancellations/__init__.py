"""Cancellations: who may cancel what until when, what it gives back, and what happens when nobody answers."""
