"""Sellers at work: orders, parcels, products and stock of the shop they work in now."""
