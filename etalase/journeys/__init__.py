"""Verbs that span subjects."""
