"""Indonesia's provinces, cities and districts: what an address may say, in which zone it lies, which postal codes fit.

Codes are those of the Ministry of Home Affairs without dots ("32" West Java, "3273" Kota Bandung). The lists are read
once, at first use. Districts are known for the larger cities only; elsewhere they are free text.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast

Zone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
ShippingZone = Literal["jabodetabek", "jawa", "bali_nusra", "sumatera", "kalimantan", "sulawesi", "maluku_papua"]
CityKind = Literal["city", "regency"]
Field = Literal["province", "city", "district", "postal_code"]
ProblemCode = Literal[
    "unknown_province",
    "unknown_city",
    "city_elsewhere",
    "district_missing",
    "unknown_district",
    "postal_code_malformed",
    "postal_code_elsewhere",
]

# Bogor, Depok, Tangerang and Bekasi are priced as one area with Jakarta by every carrier, though in other provinces.
JABODETABEK_CITIES = frozenset({"3201", "3271", "3276", "3216", "3275", "3603", "3671", "3674"})
JAKARTA = "31"
POSTAL_CODE = re.compile(r"[1-9][0-9]{4}")


@dataclass(frozen=True, slots=True)
class Province:
    """A province with its time zone and the beginnings of its postal codes."""

    code: str
    name: str
    zone: Zone
    shipping_zone: ShippingZone
    postal_prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class City:
    """A city (Kota) or regency (Kabupaten), with the kind as part of its name."""

    code: str
    province_code: str
    name: str
    kind: CityKind


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which field; the caller says it in the reader's language."""

    field: Field
    code: ProblemCode


def provinces() -> tuple[Province, ...]:
    """All 38 provinces in the order of their codes."""
    return tuple(_provinces_by_code().values())


def province(code: str) -> Province | None:
    """The province of this code, if there is one."""
    return _provinces_by_code().get(code)


def cities(province_code: str) -> tuple[City, ...]:
    """The cities and regencies of a province, regencies first; nothing for an unknown province."""
    return _cities_by_province().get(province_code, ())


def city(code: str) -> City | None:
    """The city or regency of this code, if there is one."""
    return _cities_by_code().get(code)


def districts(city_code: str) -> tuple[str, ...]:
    """The districts (kecamatan) in alphabetical order; empty means that we hold no list and any text will do."""
    return _districts_by_city().get(city_code, ())


def zone_of(province_code: str) -> Zone:
    """The IANA zone of a province: WIB, WITA or WIT. Raises KeyError for an unknown code."""
    return _provinces_by_code()[province_code].zone


def shipping_zone(province_code: str, city_code: str | None = None) -> ShippingZone:
    """The group by which carriers price; the city tells greater Jakarta from the rest of Java."""
    if city_code in JABODETABEK_CITIES:
        return "jabodetabek"
    return _provinces_by_code()[province_code].shipping_zone


def find_city(text: str, province_code: str | None = None) -> City | None:
    """The city meant by a name as people write it; a bare name shared by both kinds means the Kota."""
    wanted = _spoken(text)
    for found in _cities_by_spoken_name().get(wanted, ()):
        if province_code in (None, found.province_code):
            return found
    return None


def check_region(*, province_code: str, city_code: str, district: str, postal_code: str) -> list[Problem]:
    """Everything that does not fit together in an address; an empty list means it may be used."""
    known = province(province_code)
    if known is None:
        return [Problem("province", "unknown_province")]
    checks = (
        _city_problem(province_code, city_code),
        _district_problem(city_code, district),
        _postal_code_problem(known, postal_code),
    )
    return [problem for problem in checks if problem is not None]


def _city_problem(province_code: str, city_code: str) -> Problem | None:
    found = city(city_code)
    if found is None:
        return Problem("city", "unknown_city")
    return None if found.province_code == province_code else Problem("city", "city_elsewhere")


def _district_problem(city_code: str, district: str) -> Problem | None:
    wanted = _plain(district)
    if not wanted:
        return Problem("district", "district_missing")
    known = districts(city_code)
    if not known or any(_plain(name) == wanted for name in known):
        return None
    return Problem("district", "unknown_district")


def _postal_code_problem(known: Province, postal_code: str) -> Problem | None:
    if POSTAL_CODE.fullmatch(postal_code) is None:
        return Problem("postal_code", "postal_code_malformed")
    return None if postal_code.startswith(known.postal_prefixes) else Problem("postal_code", "postal_code_elsewhere")


def _plain(text: str) -> str:
    """Letters and digits alone, so that "Tanahabang" and "Tanah Abang" are one."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _spoken(text: str) -> str:
    """The name with its kind reduced to one letter: k for Kota, r for Kabupaten, none if not said."""
    folded = text.casefold().strip()
    for spoken, mark in (("kabupaten ", "r:"), ("kab. ", "r:"), ("kab ", "r:"), ("kota ", "k:")):
        if folded.startswith(spoken):
            return mark + _plain(folded.removeprefix(spoken).removeprefix("adm. "))
    return _plain(folded)


@cache
def _provinces_by_code() -> Mapping[str, Province]:
    rows = _read("provinces.json")
    return MappingProxyType(
        {code: Province(code, name, zone, group, tuple(postal)) for code, name, zone, group, postal in rows}
    )


@cache
def _cities_by_code() -> Mapping[str, City]:
    rows = cast("dict[str, str]", _read("cities.json"))
    return MappingProxyType(
        {code: City(code, code[:2], name, "city" if code[2] == "7" else "regency") for code, name in rows.items()}
    )


@cache
def _cities_by_province() -> Mapping[str, tuple[City, ...]]:
    known = _cities_by_code().values()
    return {code: tuple(c for c in known if c.province_code == code) for code in _provinces_by_code()}


@cache
def _cities_by_spoken_name() -> Mapping[str, tuple[City, ...]]:
    index: dict[str, tuple[City, ...]] = {}
    for found in sorted(_cities_by_code().values(), key=lambda c: (c.kind, c.code)):
        said = _spoken(found.name)
        for name in (said, said.partition(":")[2]):
            index[name] = (*index.get(name, ()), found)
    return MappingProxyType(index)


@cache
def _districts_by_city() -> Mapping[str, tuple[str, ...]]:
    rows = cast("dict[str, list[str]]", _read("districts.json"))
    return MappingProxyType({code: tuple(names) for code, names in rows.items()})


def _read(name: str) -> Any:
    return json.loads(files("etalase.commerce.accounts").joinpath("regions_data", name).read_text(encoding="utf-8"))
