"""Campaigns, creators and figures: known, and not there yet. Lists of what a shop would have made are truthfully empty."""

from typing import Any, Final

from typing_extensions import TypedDict

from etalase.web.open_api.call import Call
from etalase.web.open_api.registry import Fills, api_call, not_yet

PROMOTION: Final = "seller.promotion.basic"
FIGURES: Final = "data.shop_analytics.public.read"
NO_CAMPAIGNS: Final = "There are no campaigns and vouchers here yet."
NO_CREATORS: Final = "There are no creators and no commission here yet."
NO_FIGURES: Final = "There are no videos, live sessions and figures of shops here yet."

CAMPAIGNS: Final = (
    ("POST", "/promotion/202309/activities", "Create an activity"),
    ("GET", "/promotion/202309/activities/{activity_id}", "Get an activity"),
    ("PUT", "/promotion/202309/activities/{activity_id}", "Update an activity"),
    ("PUT", "/promotion/202309/activities/{activity_id}/products", "Update an activity's products"),
    ("DELETE", "/promotion/202309/activities/{activity_id}/products", "Remove an activity's products"),
    ("POST", "/promotion/202309/activities/{activity_id}/deactivate", "Deactivate an activity"),
    ("POST", "/promotion/202607/activities/{activity_id}/republish", "Republish an activity"),
    ("GET", "/promotion/202406/coupons/{coupon_id}", "Get a coupon"),
)
CREATORS: Final = (
    ("GET", "/affiliate_creator/202405/showcases/products", "Get showcase products"),
    ("POST", "/affiliate_creator/202405/showcases/products/add", "Add showcase products"),
    ("DELETE", "/affiliate_creator/202409/showcases/products", "Remove showcase products"),
    ("POST", "/affiliate_creator/202409/showcases/products/top", "Move showcase products to the top"),
    ("POST", "/affiliate_creator/202505/videos/video_files", "Upload a shoppable video"),
    ("POST", "/affiliate_creator/202603/videos", "Post a shoppable video"),
    ("GET", "/affiliate_creator/202509/videos/{video_id}/status", "Get a shoppable video's status"),
    ("POST", "/affiliate_creator/202410/orders/search", "Search a creator's orders"),
    ("GET", "/affiliate_creator/202508/profiles", "Get a creator's profile"),
    ("POST", "/affiliate_seller/202412/open_collaborations", "Create an open collaboration"),
    ("POST", "/affiliate_seller/202412/open_collaborations/search", "Search open collaborations"),
    ("DELETE", "/affiliate_seller/202409/open_collaborations/products/{product_id}", "Remove an open collaboration"),
    ("POST", "/affiliate_seller/202508/target_collaborations", "Create a target collaboration"),
    ("POST", "/affiliate_seller/202508/target_collaborations/search", "Search target collaborations"),
    ("GET", "/affiliate_seller/202508/target_collaborations/{target_collaboration_id}", "Get a target collaboration"),
    (
        "PUT",
        "/affiliate_seller/202508/target_collaborations/{target_collaboration_id}",
        "Update a target collaboration",
    ),
    ("POST", "/affiliate_seller/202410/orders/search", "Search affiliate orders"),
    ("POST", "/affiliate_seller/202508/sample_applications/search", "Search sample applications"),
    ("POST", "/affiliate_seller/202608/marketplace_creators/search", "Search creators"),
    ("GET", "/affiliate_seller/202412/conversations", "Get conversations with creators"),
    ("POST", "/affiliate_seller/202412/conversatons/read", "Mark conversations with creators as read"),
)
ANALYTICS: Final = (
    ("/analytics/202609/shop_lives/performance", "Get live sessions' performance"),
    ("/analytics/202609/shop_lives/overview_performance", "Get an overview of live sessions"),
    (
        "/analytics/202510/shop_lives/{live_id}/performance_per_minutes",
        "Get a live session's performance by the minute",
    ),
    ("/analytics/202512/shop/{live_id}/products_performance", "Get a live session's products"),
    ("/analytics/202605/shop_videos/performance", "Get videos' performance"),
    ("/analytics/202509/shop_videos/{video_id}/performance", "Get a video's performance"),
    ("/analytics/202509/shop_videos/{video_id}/products/performance", "Get a video's products"),
    ("/analytics/202609/shop/performance", "Get the shop's performance"),
    ("/analytics/202605/shop_products/performance", "Get products' performance"),
    ("/analytics/202509/shop_products/{product_id}/performance", "Get a product's performance"),
    ("/analytics/202509/shop_skus/performance", "Get variants' performance"),
    ("/analytics/202509/shop_skus/{sku_id}/performance", "Get a variant's performance"),
)


class Activities(TypedDict):
    """The shop's campaigns."""

    activities: list[dict[str, Any]]
    next_page_token: str
    total_count: int


class Coupons(TypedDict):
    """The shop's vouchers."""

    coupons: list[dict[str, Any]]
    next_page_token: str
    total_count: int


@api_call(
    "POST", "/promotion/202309/activities/search", "Search activities", scope=PROMOTION, answer=Activities,
    fills=Fills.EMPTY, note=NO_CAMPAIGNS, example={"activities": [], "next_page_token": "", "total_count": 0},
)  # fmt: skip
async def activities(_call: Call) -> Activities:
    """None."""
    return {"activities": [], "next_page_token": "", "total_count": 0}


@api_call(
    "POST", "/promotion/202406/coupons/search", "Search coupons", scope=PROMOTION, answer=Coupons,
    fills=Fills.EMPTY, note=NO_CAMPAIGNS, example={"coupons": [], "next_page_token": "", "total_count": 0},
)  # fmt: skip
async def coupons(_call: Call) -> Coupons:
    """None."""
    return {"coupons": [], "next_page_token": "", "total_count": 0}


for method, path, summary in CAMPAIGNS:
    not_yet(method, path, summary, scope=PROMOTION, because=NO_CAMPAIGNS)
for method, path, summary in CREATORS:
    not_yet(method, path, summary, scope=None, because=NO_CREATORS)
for path, summary in ANALYTICS:
    not_yet("GET", path, summary, scope=FIGURES, because=NO_FIGURES)
