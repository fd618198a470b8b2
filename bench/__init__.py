"""Measures the product against PostgreSQL itself; needs the source tree, nothing of the product needs it."""
