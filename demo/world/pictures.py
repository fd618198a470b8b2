"""Pictures of the demo world: product galleries, logos, banners and avatars, drawn when asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from zlib import crc32

from demo.world.drawings import DRAWINGS, draw
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.model import Category, Palette, PictureKind, Product, Shop
from demo.world.palettes import PALETTES

SKINS = ("#f0cfae", "#dfb58c", "#c99a6e", "#a8764d")
MEN = frozenset(
    [
        "Adi",
        "Agus",
        "Andi",
        "Arif",
        "Bagas",
        "Bayu",
        "Bima",
        "Cahya",
        "Dimas",
        "Fajar",
        "Farhan",
        "Galih",
        "Hendra",
        "Joko",
        "Made",
        "Nanda",
        "Rama",
        "Reza",
        "Rizki",
        "Satria",
        "Teguh",
        "Tri",
        "Wahyu",
        "Wayan",
        "Yoga",
        "Suparman",
        "Daniel",
        "Bram",
        "Satya",
        "Asep",
        "Yusuf",
        "Gilang",
        "Kevin",
    ]
)
UNVEILED = frozenset(("I", "Ni", "Putu", "Yohana", "Dhea"))
HAIRS = ("#241b18", "#3b2a22", "#15171c", "#4f3527")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product; `color` is the value of the color option that it shows, if one."""

    file_name: str
    kind: PictureKind
    alt_id: str
    alt_en: str
    color: str | None
    _paint: Callable[[], str] = field(repr=False, compare=False)

    def svg(self) -> str:
        """The SVG text, the same each time."""
        return self._paint()


def gallery_of(product: Product) -> tuple[Picture, ...]:
    """Four pictures: the product, another color or angle, a close-up, and a card with size and weight."""
    first, other, seed = product.palettes[0], product.palettes[1 % len(product.palettes)], _seed(product.slug)
    key, title = product.drawing, product.title
    color = _colors(product)[0] if product.color_option else None

    def picture(kind: PictureKind, said_id: str, said_en: str, paint: Callable[[], str]) -> Picture:
        own = color if kind == "main" else None
        return Picture(f"{product.slug}-{kind}.svg", kind, f"{title}{said_id}", f"{title}{said_en}", own, paint)

    return (
        picture("main", "", "", lambda: draw(key, first, seed)),
        picture(
            "alternate",
            ", tampak lain",
            ", another view",
            lambda: draw(key, first, seed + 1, view="alternate", other=other),
        ),
        picture("detail", ", dari dekat", ", close up", lambda: draw(key, first, seed, view="detail")),
        picture("card", ", ukuran dan berat", ", size and weight", lambda: _card(product)),
    )


def color_pictures_of(product: Product) -> tuple[Picture, ...]:
    """One picture per value of the color option; nothing for a product without one."""
    if product.color_option is None:
        return ()
    pairs = zip(_colors(product), product.palettes, strict=True)
    return tuple(_color_picture(product, color, palette) for color, palette in pairs)


def shop_logo(shop: Shop) -> str:
    """A round mark: the shop's drawing on its own color."""
    tone = shop.palette.main if shop.palette.main != "#f4f3ef" else shop.palette.accent
    palette = Palette(shop.palette.main, shop.palette.accent, light(tone, 0.72))
    canvas = Canvas(palette, 1, width=400, height=400)
    canvas.rect((0, 0, 400, 400), canvas.linear(light(tone, 0.12), dark(tone, 0.2), to=(1, 1)))
    canvas.oval((200, 200), canvas.radial("#ffffff", palette.backdrop), 168)
    canvas.line("M200 46a154 154 0 1 1 -.1 0", tone, 3, dash="1 11")
    with canvas.moved("translate(68 66) scale(.33)"):
        DRAWINGS[shop.mark].paint(canvas)
    return canvas.svg()


def category_icon(category: Category) -> str:
    """A small picture (400 x 400) of what the shelf holds."""
    canvas = Canvas(PALETTES[sorted(PALETTES)[_seed(category.slug) % len(PALETTES)]], 2, width=400, height=400)
    canvas.rect((0, 0, 400, 400), canvas.radial(light(canvas.palette.backdrop, 0.6), canvas.palette.backdrop))
    with canvas.moved("translate(36 30) scale(.41)"):
        DRAWINGS[category.icon].paint(canvas)
    return canvas.svg()


def shop_banner(shop: Shop) -> str:
    """A wide picture (1200 x 400) of the shop's wares upon a shelf."""
    canvas = Canvas(shop.palette, _seed(shop.slug), width=1200, height=400)
    tone = shop.palette.backdrop
    canvas.rect((0, 0, 1200, 400), canvas.linear(light(tone, 0.5), tone, dark(tone, 0.1), to=(1, 0.6)))
    for x in (180, 520, 860):
        canvas.path(f"M{x} 0h160l-160 400h-160z", "#ffffff", opacity=0.16)
    for x, radius in ((250, 150), (600, 176), (950, 150)):
        canvas.path(
            f"M{x - radius} 330V{330 - radius * 0.7:g}A{radius} {radius} 0 0 1 {x + radius} {330 - radius * 0.7:g}V330Z",
            light(tone, 0.45),
            opacity=0.7,
        )
    canvas.rect((0, 330, 1200, 70), canvas.linear(light(tone, 0.3), dark(tone, 0.18)))
    for x, scale, key in zip((250, 600, 950), (0.38, 0.44, 0.38), _wares(shop.mark), strict=True):
        with canvas.moved(f"translate({x - 400 * scale:g} {366 - 720 * scale:g}) scale({scale})"):
            DRAWINGS[key].paint(canvas)
    return canvas.svg()


def avatar(name: str) -> str:
    """A small portrait (200 x 200) that belongs to a name."""
    dice = Random(_seed(name))
    ground = dice.choice(("#dbe7e4", "#f3ddd5", "#e2dbec", "#f2e5c7", "#d8e5f1", "#dfecdd"))
    cloth = dice.choice(("#b6332f", "#2a7f7b", "#24365c", "#c7952f", "#bb3f74", "#4d8a57"))
    canvas = Canvas(Palette(cloth, light(cloth, 0.6), ground), 3, width=200, height=200)
    skin, hair = dice.choice(SKINS), dice.choice(HAIRS)
    canvas.rect((0, 0, 200, 200), canvas.linear(light(ground, 0.4), dark(ground, 0.08), to=(1, 1)))
    canvas.path("M30 200Q36 140 100 138Q164 140 170 200Z", canvas.sheen(cloth))
    called = name.split(maxsplit=1)[0]
    head = _short_hair if called in MEN else dice.choice((_long_hair, _veiled))
    (_long_hair if head is _veiled and called in UNVEILED else head)(canvas, skin, hair)
    for x in (84, 116):
        canvas.oval((x, 90), "#2a1d18", 4)
        canvas.oval((x + (-7 if x < 100 else 7), 104), "#e58a78", 7, 4, opacity=0.4)
    canvas.line("M88 110Q100 121 112 110", "#7a3b2c", 3)
    return canvas.svg()


def _short_hair(canvas: Canvas, skin: str, hair: str) -> None:
    canvas.rect((86, 112, 28, 36), dark(skin, 0.15), r=12)
    canvas.oval((100, 92), canvas.radial(light(skin, 0.15), skin), 40, 44)
    canvas.path("M58 90Q52 40 100 40Q150 42 142 90Q136 68 118 66Q84 70 68 64Q60 74 58 90Z", hair)


def _long_hair(canvas: Canvas, skin: str, hair: str) -> None:
    canvas.path(
        "M54 96Q48 38 100 38Q152 38 146 96Q150 140 156 152Q130 160 124 140H76Q70 160 44 152Q52 130 54 96Z", hair
    )
    canvas.rect((86, 112, 28, 36), dark(skin, 0.15), r=12)
    canvas.oval((100, 92), canvas.radial(light(skin, 0.15), skin), 37, 43)
    canvas.path("M60 88Q62 54 100 52Q138 54 140 88Q120 74 108 60Q92 78 60 88Z", hair)


def _veiled(canvas: Canvas, skin: str, hair: str) -> None:
    tone = light(canvas.main, 0.25) if hair < "#30" else canvas.accent
    canvas.path("M100 34Q46 36 50 100Q50 150 34 182Q100 206 166 182Q150 150 150 100Q154 36 100 34Z", canvas.sheen(tone))
    canvas.oval((100, 94), canvas.radial(light(skin, 0.15), skin), 35, 41)
    canvas.line("M66 116Q100 172 136 114M72 140Q100 168 130 140", dark(tone, 0.25), 3, opacity=0.6)


def _card(product: Product) -> str:
    """The picture with size and weight that sellers put last in a gallery."""
    palette = product.palettes[0]
    canvas = Canvas(palette, _seed(product.slug))
    tone = palette.backdrop
    ink = dark(palette.main if ink_on(palette.main, 1) == "#ffffff" else palette.accent, 0.45)
    canvas.rect((0, 0, 800, 800), canvas.linear(light(tone, 0.7), light(tone, 0.25)))
    canvas.rect((50, 50, 700, 480), "#ffffff", r=36, opacity=0.6)
    with canvas.moved("translate(190 60) scale(.53)"):
        DRAWINGS[product.drawing].paint(canvas)
    canvas.line("M140 110V478M126 110H154M126 478H154M196 506H612M196 494V518M612 494V518", ink, 4, opacity=0.7)
    weights = sorted({variant.weight_g for variant in product.variants})
    shown = _grams(weights[0]) if len(weights) == 1 else f"{_grams(weights[0])} – {_grams(weights[-1])}"
    for x, mark, said, value in (
        (50, _ruler, "Ukuran / Size", product.size_note),
        (410, _scale, "Berat / Weight", shown),
    ):
        canvas.rect((x, 560, 340, 180), "#ffffff", r=28)
        mark(canvas, x + 40, ink)
        canvas.text((x + 36, 662), said, 24, dark(tone, 0.55), anchor="start")
        canvas.text((x + 36, 706), value, 32 if len(value) < 18 else 26, ink, bold=True, anchor="start")
    return canvas.svg()


def _ruler(canvas: Canvas, x: int, ink: str) -> None:
    canvas.rect((x, 590, 84, 32), ink, r=6)
    canvas.line("".join(f"M{x + 12 + n * 12} 592v{14 if n % 2 else 9}" for n in range(6)), "#ffffff", 3)


def _scale(canvas: Canvas, x: int, ink: str) -> None:
    canvas.path(f"M{x + 6} 596h64l12 34h-88z", ink)
    canvas.oval((x + 38, 589), ink, 16)
    canvas.oval((x + 38, 589), "#ffffff", 8)


def _grams(weight: int) -> str:
    return f"{weight} g" if weight < 1000 else f"{weight / 1000:.2f}".rstrip("0").rstrip(".").replace(".", ",") + " kg"


def _color_picture(product: Product, color: str, palette: Palette) -> Picture:
    name = f"{product.slug}-color-{'-'.join(color.lower().split())}.svg"
    said = f"{product.title}, {color}"
    return Picture(name, "color", said, said, color, lambda: draw(product.drawing, palette, _seed(product.slug)))


def _colors(product: Product) -> tuple[str, ...]:
    return next(option.values for option in product.options if option.name == product.color_option)


def _wares(mark: str) -> tuple[str, str, str]:
    beside = {
        "shirt-kawung": ("sarong-mega", "hijab"), "serum": ("cream-jar", "toner"), "coffee-bag": ("sambal-jar", "cookie-tin"),
        "sneaker": ("backpack", "sling-bag"), "charger": ("earbuds", "speaker"), "kettle": ("plates", "lamp"),
        "plush": ("blocks", "rings"), "football": ("dumbbell", "yoga-mat"), "basket": ("vase", "mug"),
    }  # fmt: skip
    left, right = beside[mark]
    return left, mark, right


def _seed(text: str) -> int:
    return crc32(text.encode())
