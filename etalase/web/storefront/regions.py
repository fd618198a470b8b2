"""Provinces, cities and districts for the lists of address forms."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from etalase.commerce.accounts import regions
from etalase.web.storefront.addresses import city_code, province_code

router = APIRouter()
DAY = {"Cache-Control": "public, max-age=86400"}


@router.get("/regions/provinces")
async def provinces() -> Response:
    """All provinces."""
    return _choices(sorted(province.name for province in regions.provinces()))


@router.get("/regions/cities")
async def cities(parent: str = "") -> Response:
    """The cities and regencies of a province, given by name or code."""
    return _choices(sorted(city.name for city in regions.cities(province_code(parent))))


@router.get("/regions/districts")
async def districts(parent: str = "") -> Response:
    """The districts of a city; 404 where there is no list and any text will do."""
    known = regions.districts(city_code(parent))
    return _choices(list(known)) if known else JSONResponse([], status_code=404, headers=DAY)


def _choices(names: list[str]) -> Response:
    """Values are names, so that the form reads the same where scripts are off."""
    return JSONResponse([{"value": name, "label": name} for name in names], headers=DAY)
