"""What happens to products and to the shops that offer them."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ProductCreated(Fact, name="product.created", subject="product"):
    """A seller wrote down a new product; buyers do not see it yet."""

    title: str
    variants: int


@dataclass(frozen=True, kw_only=True)
class ProductEdited(Fact, name="product.edited", subject="product"):
    """A seller changed the product; `version` stands now. Orders keep what they were placed with."""

    version: int
    title: str
    added: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class VariantRepriced(Fact, name="variant.repriced", subject="variant"):
    """A seller changed a variant's price."""

    product_id: int
    before_minor: int
    after_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PicturesChanged(Fact, name="product.pictures_changed", subject="product"):
    """A seller added, removed or reordered a product's pictures."""

    pictures: int


@dataclass(frozen=True, kw_only=True)
class ProductActivated(Fact, name="product.activated", subject="product"):
    """Buyers can see and buy the product."""

    title: str


@dataclass(frozen=True, kw_only=True)
class ProductDeactivated(Fact, name="product.deactivated", subject="product"):
    """Buyers can no longer find or buy the product; what was ordered stays ordered."""

    title: str


@dataclass(frozen=True, kw_only=True)
class ProductDeleted(Fact, name="product.deleted", subject="product"):
    """A seller took the product off everything for good; orders keep what they were placed with."""

    title: str


@dataclass(frozen=True, kw_only=True)
class ShopEdited(Fact, name="shop.edited", subject="shop"):
    """A seller changed what the shop says of itself or how it works; `changed` names the settings."""

    changed: list[str]
