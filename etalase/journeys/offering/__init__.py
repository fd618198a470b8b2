"""Offering: a product, its pictures and its opening stock written in one transaction, or none of it."""
