"""Money in minor units: never a float, never a hard-coded hundred."""

from collections.abc import Sequence

# ISO 4217: digits after the point. Rupiah has two on paper and none in trade, so its minor unit here is the rupiah.
EXPONENTS: dict[str, int] = {"IDR": 0, "JPY": 0, "KRW": 0, "VND": 0, "USD": 2, "SGD": 2, "MYR": 2, "EUR": 2, "KWD": 3}


def exponent(currency: str) -> int:
    """Digits after the decimal point; raises KeyError for a currency that is not in the table."""
    return EXPONENTS[currency]


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split a total in proportion to weights so that the parts sum to it exactly (largest remainder, then order)."""
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        if total_minor:
            raise ValueError("nothing to allocate to")
        return [0] * len(weights)
    sign, magnitude = (-1, -total_minor) if total_minor < 0 else (1, total_minor)
    parts = [magnitude * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(magnitude * weights[i] % whole), i))
    for index in by_remainder[: magnitude - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
