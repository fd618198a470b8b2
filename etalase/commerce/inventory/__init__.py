"""Inventory: how many of each variant there are and to whom they are promised; available never falls below zero."""
