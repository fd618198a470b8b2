"""Waiting: parcels that can be named before they are arranged, and a shop's parcels in pages that stay put while they change."""
