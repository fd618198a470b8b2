"""Returns and refunds after delivery: asked for, answered or not, negotiated, decided; every state has a clock and a default."""
