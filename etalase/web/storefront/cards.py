"""Products in lists: what a card says, and where a list goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from etalase.commerce.accounts import regions
from etalase.commerce.catalog.window.queries import Card, Category, ShopCard
from etalase.foundation.ids import ID_MAX
from etalase.integrations.storage.folder import media_url

PAGE_SIZE = 24
SEARCH_CHARS_MAX = 100
SORTS = ("popular", "newest", "cheapest")
CARD_PICTURE = 480
PICTURE_KINDS = (".svg", ".webp")
DEFAULT_ICON = "tag"


@dataclass(frozen=True, slots=True)
class CardView:
    """A product as `ui.product_card` wants it."""

    href: str
    title: str
    image: str
    price_minor: int
    currency: str
    has_range: bool
    shop: str
    place: str
    sold: int
    sold_out: bool


@dataclass(frozen=True, slots=True)
class ShopView:
    """A shop in a list."""

    href: str
    name: str
    place: str
    logo: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A category in the reader's language, with what hangs below it; its icon is a name, or else it has a picture."""

    id: int
    slug: str
    name: str
    icon: str
    picture: str
    children: tuple["Branch", ...] = ()

    @property
    def href(self) -> str:
        return f"/c/{self.slug}"

    @property
    def ids(self) -> list[int]:
        return [self.id, *(child.id for child in self.children)]


def card_view(card: Card) -> CardView:
    """What a list shows of a listing."""
    return CardView(
        href=f"/p/{card.shop_id}/{card.product_id}",
        title=card.title,
        image=media_url(card.cover_key, CARD_PICTURE),
        price_minor=card.price_min_minor,
        currency=card.currency,
        has_range=card.price_max_minor > card.price_min_minor,
        shop=card.shop_name,
        place=city_name(card.shop_city),
        sold=card.sold_units,
        sold_out=not card.is_available,
    )


def shop_view(shop: ShopCard) -> ShopView:
    """What a list shows of a shop."""
    return ShopView(
        href=f"/s/{shop.slug}",
        name=shop.name,
        place=city_name(shop.city),
        logo=media_url(shop.logo_key, 200),
        covers=tuple(media_url(key, 200) for key in shop.cover_keys or ()),
    )


def city_name(code: str) -> str:
    """ "Kota Bandung" as people say it in a list: "Bandung"; regencies keep their "Kab."."""
    city = regions.city(code)
    if city is None:
        return ""
    return city.name.removeprefix("Kota ").replace("Kabupaten ", "Kab. ")


def branches(categories: Sequence[Category], locale: str) -> list[Branch]:
    """The category tree in the reader's language."""

    def branch(category: Category) -> Branch:
        below = tuple(branch(child) for child in categories if child.parent_id == category.id)
        name = category.name_en if locale == "en" else category.name_id
        is_drawn = category.icon.endswith(PICTURE_KINDS)
        return Branch(
            id=category.id,
            slug=category.slug,
            name=name,
            icon=DEFAULT_ICON if is_drawn else category.icon,
            picture=media_url(category.icon, 200) if is_drawn else "",
            children=below,
        )

    return [branch(category) for category in categories if category.parent_id is None]


def read_after(text: str | None) -> tuple[int, int] | None:
    """Where a list goes on, out of an address; anything odd begins it anew."""
    key, _, product_id = (text or "").partition(".")
    digits = key.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and product_id.isascii() and product_id.isdigit()):
        return None
    if len(digits) > 18 or len(product_id) > 19 or int(product_id) > ID_MAX:
        return None
    return int(key), int(product_id)


def page_of(cards: Sequence[Card], *, path: str, **query: str) -> tuple[list[CardView], str]:
    """The cards of one page, and the address of the next one, '' for none. Ask for PAGE_SIZE + 1 cards."""
    shown = cards[:PAGE_SIZE]
    if len(cards) <= PAGE_SIZE:
        return [card_view(card) for card in shown], ""
    after = f"{shown[-1].sort_key}.{shown[-1].product_id}"
    return [card_view(card) for card in shown], address(path, **query, after=after)


def address(path: str, **query: str) -> str:
    """The path with those parameters that say something."""
    told = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def tidy_query(text: str) -> str:
    """What somebody typed to search for, short and on one line."""
    return " ".join(text.replace("\x00", " ")[: SEARCH_CHARS_MAX * 10].split())[:SEARCH_CHARS_MAX]
