"""Payments and refunds: the provider's word settles them, each word once, whatever order it arrives in."""
