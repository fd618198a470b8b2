"""Every router of the web app, one line each."""

from fastapi import APIRouter

from etalase.web import health, media
from etalase.web.back_office import policies, time_machine
from etalase.web.hooks import carriers as carrier_hooks
from etalase.web.hooks import payments as payment_hooks
from etalase.web.seller_center import arranging, parcels, product_form, products, stock, switching
from etalase.web.seller_center import home as seller_home
from etalase.web.storefront import (
    account,
    addresses,
    browse,
    cart,
    checkout,
    home,
    order_page,
    order_verbs,
    orders,
    product,
    profile,
    purchases,
    regions,
    settings,
    shop_page,
    tracking,
)

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    media.router,
    home.router,
    browse.router,
    product.router,
    shop_page.router,
    account.router,
    profile.router,
    settings.router,
    addresses.router,
    regions.router,
    switching.router,
    cart.router,
    checkout.router,
    purchases.router,
    orders.router,
    order_page.router,
    order_verbs.router,
    tracking.router,
    arranging.router,
    parcels.router,
    seller_home.router,
    products.router,
    product_form.router,
    stock.router,
    payment_hooks.router,
    carrier_hooks.router,
    policies.router,
    time_machine.router,
)
