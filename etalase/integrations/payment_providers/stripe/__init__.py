"""Stripe: cards on its Checkout page, by the official library; card numbers never come near us."""
