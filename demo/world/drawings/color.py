"""Mixing of `#rrggbb` colors."""


def mix(first: str, second: str, share: float) -> str:
    """The color `share` of the way from the first to the second."""
    pairs = zip(_parts(first), _parts(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def light(color: str, share: float = 0.3) -> str:
    """The color moved towards white."""
    return mix(color, "#ffffff", share)


def dark(color: str, share: float = 0.25) -> str:
    """The color moved towards a warm black, which looks less dead than pure black."""
    return mix(color, "#1a1014", share)


def is_light(color: str) -> bool:
    """Whether dark ink reads better on it than white."""
    red, green, blue = _parts(color)
    return red * 0.299 + green * 0.587 + blue * 0.114 > 150


def ink_on(color: str, share: float = 0.75) -> str:
    """A quiet tone of the same color that stays visible on it."""
    return dark(color, share) if is_light(color) else light(color, share)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
