"""Copy the pinned npm files that pages need into the static folder, with their licenses: `npm ci --ignore-scripts`, then this.

Also draws one icon sprite from the chosen icons, and takes registry addresses out of the lock file (the integrity hashes stay).
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
MODULES: Final = ROOT / "node_modules"
VENDOR: Final = ROOT / "etalase" / "foundation" / "ui" / "static" / "vendor"
FILES: Final = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE.txt",
    "idiomorph/LICENSE": "idiomorph.LICENSE.txt",
    "@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2": "plus-jakarta-sans.woff2",
    "@fontsource-variable/plus-jakarta-sans/LICENSE": "plus-jakarta-sans.LICENSE.txt",
    "lucide-static/LICENSE": "icons.LICENSE.txt",
}
FONTS: Final = ROOT / "etalase" / "web" / "printing" / "fonts"
FONT_FILES: Final = {
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf": "DejaVuSansCondensed.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf": "DejaVuSansCondensed-Bold.ttf",
    "dejavu-fonts-ttf/LICENSE": "DejaVu.LICENSE.txt",
}
"""Fonts of printed papers; DroidSansFallbackFull.ttf beside them comes from Debian's fonts-droid-fallback."""
ICONS: Final = """
    archive arrow-left arrow-right arrow-up-down baby ban banknote barcode bell bike book-open box boxes calendar
    calendar-clock camera chart-no-axes-column check chevron-down chevron-left chevron-right chevron-up
    circle-alert circle-check circle-question-mark circle-user-round circle-x clipboard-list clock coffee cookie
    copy credit-card download dumbbell ellipsis external-link eye eye-off fast-forward flag flower-2 funnel gift
    globe hand-coins headphones heart history hourglass house image inbox info key-round languages layers
    layout-dashboard layout-grid link list lock log-in log-out mail map-pin map-pinned menu message-circle minus
    monitor moon package package-check package-open package-plus package-x pencil percent phone plus printer
    qr-code receipt-text refresh-cw rotate-ccw ruler search send settings share-2 shield shield-check shirt
    shopping-bag shopping-cart sliders-horizontal smartphone sofa sparkles split star store sun tag ticket-percent
    timer toy-brick trash-2 triangle-alert truck undo-2 upload user user-plus users utensils wallet warehouse
    watch weight x zap
"""
_SHAPES: Final = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def main() -> int:
    """Write the vendor folder anew."""
    if not MODULES.is_dir():
        sys.stderr.write("node_modules is missing: run `npm ci --ignore-scripts` first.\n")
        return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        shutil.copyfile(MODULES / source, VENDOR / target)
    for source, target in FONT_FILES.items():
        shutil.copyfile(MODULES / source, FONTS / target)
    (VENDOR / "idiomorph.min.js").write_text(_module("idiomorph/dist/idiomorph.min.js", "Idiomorph"), encoding="utf-8")
    (VENDOR / "icons.svg").write_text(_sprite(), encoding="utf-8")
    _strip_registry_addresses(ROOT / "package-lock.json")
    return 0


def _module(source: str, name: str) -> str:
    """A script as a module, loaded only where it is imported; the package has its own module in full length alone."""
    return (MODULES / source).read_text(encoding="utf-8").rstrip() + f"\nexport {{ {name} }};\n"


def _sprite() -> str:
    symbols = [_symbol(name) for name in ICONS.split()]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str) -> str:
    drawing = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    match = _SHAPES.search(drawing)
    if match is None:
        raise ValueError(f"{name}.svg is not a drawing")
    shapes = re.sub(r"\s+", " ", match[1]).replace(" />", "/>").replace("> <", "><").strip()
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


def _strip_registry_addresses(lock_path: Path) -> None:
    lock = json.loads(lock_path.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
    lock_path.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
