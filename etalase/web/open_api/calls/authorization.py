"""Which shops an app may act for, and what those sellers may do."""

from typing import Any

from typing_extensions import TypedDict

from etalase.commerce.apps import queries
from etalase.web.open_api.call import Call
from etalase.web.open_api.logistics_ids import REGION
from etalase.web.open_api.registry import Fills, api_call


class AuthorizedShop(TypedDict, total=False):
    """A shop the access token is for; `cipher` goes into shop_cipher."""

    id: str
    name: str
    region: str
    seller_type: str
    cipher: str
    code: str


class AuthorizedShops(TypedDict):
    """The shops of an access token."""

    shops: list[AuthorizedShop]


class ActiveShop(TypedDict):
    """A shop that sells."""

    id: str
    region: str


class ActiveShops(TypedDict):
    """The seller's shops."""

    shops: list[ActiveShop]


class CategoryAssets(TypedDict):
    """What partners are given; there are none here."""

    category_assets: list[dict[str, Any]]


class Permissions(TypedDict):
    """What the seller may do beyond one country."""

    permissions: list[str]


@api_call(
    "GET",
    "/authorization/202309/shops",
    "Get authorized shops",
    scope="seller.authorization.info",
    needs_shop=False,
    answer=AuthorizedShops,
    example={
        "shops": [
            {
                "id": "7495540735365777507",
                "name": "Sekar Laras",
                "region": "ID",
                "seller_type": "LOCAL",
                "cipher": "ROW_k3Jx0gAAAAB",
                "code": "sekar-laras",
            }
        ]
    },
)
async def authorized_shops(call: Call) -> AuthorizedShops:
    """The shops the token is for, with the cipher that names each in further calls."""
    async with call.reading() as tx:
        found = await queries.shops_of_authorization(tx, call.caller.authorization_id)
    return {
        "shops": [
            {
                "id": str(shop.shop_id),
                "name": shop.name,
                "region": REGION,
                "seller_type": "LOCAL",
                "cipher": shop.cipher,
                "code": shop.slug,
            }
            for shop in found
        ]
    }


@api_call(
    "GET",
    "/authorization/202405/category_assets",
    "Get authorized category assets",
    scope="seller.authorization.info",
    needs_shop=False,
    answer=CategoryAssets,
    fills=Fills.EMPTY,
    note="There are no partner accounts here, so no category assets.",
    example={"category_assets": []},
)
async def category_assets(_call: Call) -> CategoryAssets:
    """None: tokens are sellers' tokens."""
    return {"category_assets": []}


@api_call(
    "GET",
    "/seller/202309/shops",
    "Get active shops",
    scope="seller.shop.info",
    needs_shop=False,
    answer=ActiveShops,
    example={"shops": [{"id": "7495540735365777507", "region": "ID"}]},
)
async def active_shops(call: Call) -> ActiveShops:
    """The seller's shops that the app may act for."""
    return {"shops": [{"id": str(shop_id), "region": REGION} for shop_id, _ in call.caller.shops]}


@api_call(
    "GET",
    "/seller/202309/permissions",
    "Get seller permissions",
    scope="seller.shop.info",
    needs_shop=False,
    answer=Permissions,
    example={"permissions": []},
)
async def permissions(_call: Call) -> Permissions:
    """None: no shop here sells across borders, which an empty list says."""
    return {"permissions": []}
