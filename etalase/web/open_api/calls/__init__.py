"""The calls, a module for each family; each puts its calls into the registry when it is imported."""

from importlib import import_module
from typing import Final

FAMILIES: Final = (
    "authorization",
    "orders",
    "external_orders",
    "packages",
    "shipping",
    "parcels",
    "packing",
    "categories",
    "products",
    "listing",
    "product_lists",
    "stock",
    "cancellations",
    "aftersales",
    "returns",
    "giving",
    "deciding",
    "finance",
    "payouts",
    "conversations",
    "to_come",
    "logistics",
    "webhooks",
    "sandbox",
)
"""Modules of this package that hold calls, in the order of the reference."""


def load() -> None:
    """Have every call in the registry."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
