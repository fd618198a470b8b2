"""Catalog: what shops offer, in which forms and at what price, and the shop window made of it; orders keep copies."""
