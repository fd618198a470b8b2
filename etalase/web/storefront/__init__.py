"""Buyers, phone first: looking, buying, following an order to the door, and their account."""
