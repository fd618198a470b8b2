"""Money in minor units: never a float, never a hard-coded hundred."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

# ISO 4217: digits after the point. Rupiah has two on paper and none in trade, so its minor unit here is the rupiah.
EXPONENTS: dict[str, int] = {"IDR": 0, "JPY": 0, "KRW": 0, "VND": 0, "USD": 2, "SGD": 2, "MYR": 2, "EUR": 2, "KWD": 3}
AMOUNT_LIMIT = 10**15
"""No amount is as large as this: whatever says so is a mistake."""


_TYPED = re.compile(r"(?:Rp)?\s*(\d{1,15}|\d{1,3}(?:\.\d{3}){1,4}|\d{1,3}(?:,\d{3}){1,4})", re.ASCII | re.IGNORECASE)


def typed_rupiah(text: object) -> int | None:
    """Whole rupiah as people type them: 50000, 50.000, Rp50,000. None for all else: who types 50000.00 means no 5000000."""
    found = _TYPED.fullmatch(str(text).strip())
    amount = int(re.sub(r"[.,]", "", found[1])) if found else AMOUNT_LIMIT
    return amount if amount < AMOUNT_LIMIT else None


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


# Where vendors count otherwise than we do: ISO 4217 gives the rupiah two digits, and who counts by the standard expects them.
ISO_EXPONENTS: dict[str, int] = {**EXPONENTS, "IDR": 2}


def to_major(amount_minor: int, currency: str) -> Decimal:
    """The amount in whole units of the currency (12.5 dollars), exactly; raises KeyError for an unknown currency."""
    return Decimal(amount_minor).scaleb(-exponent(currency))


def from_major(amount: Decimal | int | str, currency: str) -> int:
    """Minor units of an amount in whole units; raises ValueError for what is no exact number of them, never rounds."""
    try:
        minor = Decimal(amount).scaleb(exponent(currency))
    except (InvalidOperation, TypeError) as problem:
        raise ValueError(f"{str(amount)[:40]!r} is no amount") from problem
    except KeyError as problem:
        raise ValueError(f"currency {currency[:10]!r}") from problem
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) >= AMOUNT_LIMIT:
        raise ValueError(f"{str(amount)[:40]!r} is no amount of {currency}")
    return int(minor)


def to_iso_minor(amount_minor: int, currency: str) -> int:
    """Our minor units as the standard counts them: a rupiah is a hundred sen there."""
    return amount_minor * _iso_parts(currency)


def from_iso_minor(amount: int, currency: str) -> int:
    """What the standard counts as our minor units; raises ValueError for parts of ours."""
    if currency not in EXPONENTS:
        raise ValueError(f"currency {currency[:10]!r}")
    whole, rest = divmod(amount, _iso_parts(currency))
    if rest:
        raise ValueError(f"{amount} is no whole amount of {currency}")
    return whole


def _iso_parts(currency: str) -> int:
    """How many of the standard's minor units one of ours is."""
    return int(10 ** (ISO_EXPONENTS[currency] - exponent(currency)))
