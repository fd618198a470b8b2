"""Text and its ground keep the contrast of WCAG 2.2 AA, in light and in dark."""

import re

import pytest

from etalase.foundation.ui.static_files import STATIC_DIR

AA_TEXT = 4.5
AA_SHAPES = 3.0
LIGHT_GROUNDS = ["canvas", "surface", "sunken"]
TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "ink-soft", "ink-faint") for ground in LIGHT_GROUNDS],
    ("brand-ink", "surface"), ("brand-ink", "canvas"), ("brand-ink", "brand-soft"), ("brand-ink", "sunken"), ("ink", "brand-soft"),
    ("ink-soft", "brand-soft"), ("on-brand", "brand"), ("on-brand", "brand-strong"), ("on-accent", "accent"), ("on-inverse", "inverse"),
    ("bad", "surface"), ("bad", "canvas"), ("good", "surface"), ("urgent", "surface"), ("soon", "surface"), ("good", "sunken"),
    *[(tone, f"{tone}-soft") for tone in ("good", "soon", "urgent", "bad", "calm")],
    *[("ink", f"{tone}-soft") for tone in ("good", "soon", "urgent", "bad", "calm")],
    *[("ink-soft", f"{tone}-soft") for tone in ("soon", "urgent", "bad", "calm")],
]  # fmt: skip
SHAPE_PAIRS = [
    ("line-strong", "surface"),
    ("focus", "canvas"),
    ("focus", "surface"),
    ("brand", "surface"),
    ("brand", "canvas"),
]


def palettes() -> dict[str, dict[str, str]]:
    source = (STATIC_DIR / "css/tokens.css").read_text(encoding="utf-8")
    light, dark = source.split("@media (prefers-color-scheme: dark)")
    tokens = re.compile(r"--color-([\w-]+):\s*(#[0-9a-f]{6});")
    bright = dict(tokens.findall(light))
    return {"light": bright, "dark": bright | dict(tokens.findall(dark))}


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(scheme: str, text: str, ground: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[text], palette[ground]) >= AA_TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_can_be_seen(scheme: str, shape: str, ground: str) -> None:
    palette = palettes()[scheme]
    assert contrast(palette[shape], palette[ground]) >= AA_SHAPES


def test_colors_are_named_only_in_the_tokens() -> None:
    stray = [
        (path.name, color)
        for path in (STATIC_DIR / "css").glob("*.css")
        if path.name != "tokens.css"
        for color in re.findall(r"#[0-9a-f]{3,8}\b", path.read_text(encoding="utf-8"))
        if color != "#fff"  # on pictures, whatever the scheme
    ]
    assert stray == []
