"""Regions: the lists are whole and an address is judged fairly."""

from collections import Counter

import pytest

from etalase.commerce.accounts import regions
from etalase.commerce.accounts.regions import Problem, check_region


def test_the_country_is_whole() -> None:
    assert len(regions.provinces()) == 38
    all_cities = [city for province in regions.provinces() for city in regions.cities(province.code)]
    assert len(all_cities) == 514
    assert Counter(city.kind for city in all_cities) == {"city": 98, "regency": 416}
    assert len({city.code for city in all_cities}) == 514
    assert len({(city.province_code, city.name) for city in all_cities}) == 514


@pytest.mark.parametrize(
    ("province", "count"),
    [("12", 33), ("32", 27), ("33", 35), ("35", 38), ("53", 22), ("73", 24), ("91", 9), ("95", 8), ("96", 6)],
)
def test_provinces_have_as_many_cities_as_the_ministry_lists(province: str, count: int) -> None:
    assert len(regions.cities(province)) == count


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("3171", "Kota Jakarta Pusat"), ("3273", "Kota Bandung"), ("3204", "Kabupaten Bandung"), ("3578", "Kota Surabaya"),
        ("3674", "Kota Tangerang Selatan"), ("3404", "Kabupaten Sleman"), ("1271", "Kota Medan"), ("7371", "Kota Makassar"),
        ("5103", "Kabupaten Badung"), ("9171", "Kota Jayapura"), ("8171", "Kota Ambon"), ("6474", "Kota Bontang"),
    ],
)  # fmt: skip
def test_well_known_codes(code: str, name: str) -> None:
    found = regions.city(code)
    assert found is not None
    assert found.name == name


def test_districts_belong_to_known_cities_and_are_sorted() -> None:
    known = [city.code for province in regions.provinces() for city in regions.cities(province.code)]
    listed = [code for code in known if regions.districts(code)]
    assert len(listed) >= 60
    for code in listed:
        names = regions.districts(code)
        assert list(names) == sorted(set(names))
    jakarta = [district for city in regions.cities("31") for district in regions.districts(city.code)]
    assert len(jakarta) == 44


def test_zones_and_shipping_groups() -> None:
    assert regions.zone_of("31") == "Asia/Jakarta"
    assert regions.zone_of("51") == "Asia/Makassar"
    assert regions.zone_of("91") == "Asia/Jayapura"
    assert regions.shipping_zone("32") == "jawa"
    assert regions.shipping_zone("32", "3275") == "jabodetabek"
    assert regions.shipping_zone("36", "3674") == "jabodetabek"
    assert regions.shipping_zone("32", "3273") == "jawa"
    assert {regions.shipping_zone(p.code) for p in regions.provinces()} == {
        "jabodetabek", "jawa", "bali_nusra", "sumatera", "kalimantan", "sulawesi", "maluku_papua",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [("bandung", "3273"), ("Kota Bandung", "3273"), ("kab. bandung", "3204"), ("Kabupaten Sleman", "3404"), ("SLEMAN", "3404"),
     ("kota adm. jakarta selatan", "3174"), ("palangkaraya", "6271")],
)  # fmt: skip
def test_a_city_is_found_as_people_write_it(said: str, code: str) -> None:
    found = regions.find_city(said)
    assert found is not None
    assert found.code == code


def test_a_city_is_not_found_in_another_province() -> None:
    assert regions.find_city("bandung", "35") is None
    assert regions.find_city("atlantis") is None


def _check(**changed: str) -> list[Problem]:
    address = {"province_code": "32", "city_code": "3273", "district": "Coblong", "postal_code": "40132"} | changed
    return check_region(
        province_code=address["province_code"],
        city_code=address["city_code"],
        district=address["district"],
        postal_code=address["postal_code"],
    )


def test_a_good_address_has_no_problem() -> None:
    assert _check() == []
    assert _check(district="COBLONG ") == []
    assert _check(district="Batu Nunggal") == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"province_code": "99"}, Problem("province", "unknown_province")),
        ({"city_code": "3299"}, Problem("city", "unknown_city")),
        ({"city_code": "3578", "district": "Gubeng"}, Problem("city", "city_elsewhere")),
        ({"district": "  "}, Problem("district", "district_missing")),
        ({"district": "Gubeng"}, Problem("district", "unknown_district")),
        ({"postal_code": "4013"}, Problem("postal_code", "postal_code_malformed")),
        ({"postal_code": "٤٠١٣٢"}, Problem("postal_code", "postal_code_malformed")),
        ({"postal_code": "60281"}, Problem("postal_code", "postal_code_elsewhere")),
    ],
)
def test_a_bad_address_names_its_one_problem(changed: dict[str, str], problem: Problem) -> None:
    assert _check(**changed) == [problem]


def test_a_district_is_free_text_where_no_list_is_held() -> None:
    assert regions.districts("5314") == ()
    assert check_region(province_code="53", city_code="5314", district="Lobalain", postal_code="85971") == []
