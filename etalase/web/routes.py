"""Every router of the web app, one line each."""

from fastapi import APIRouter

from etalase.web import components, health, media, shared_tracking
from etalase.web.back_office import (
    adjustments,
    audit,
    demo_mail,
    disputes,
    fees,
    messages,
    money_desk,
    payment_methods,
    payouts,
    policies,
    refunds,
    time_machine,
    transfers,
)
from etalase.web.back_office import answers as operator_answers
from etalase.web.back_office import order_money as operator_order_money
from etalase.web.back_office import return_statistics as operator_return_statistics
from etalase.web.back_office import returns as operator_returns
from etalase.web.developer import apps as developer_apps
from etalase.web.developer import connect, consent, reference
from etalase.web.developer import messages as developer_messages
from etalase.web.open_api import documents
from etalase.web.realtime import events
from etalase.web.seller_center import answers as seller_answers
from etalase.web.seller_center import (
    app_messages as seller_app_messages,
)
from etalase.web.seller_center import apps as seller_apps
from etalase.web.seller_center import (
    arranging,
    arranging_many,
    finance,
    packing,
    papers,
    parcels,
    product_form,
    products,
    stock,
    switching,
)
from etalase.web.seller_center import claims as seller_claims
from etalase.web.seller_center import home as seller_home
from etalase.web.seller_center import inbox as seller_inbox
from etalase.web.seller_center import order_cancelling as seller_order_cancelling
from etalase.web.seller_center import order_money as seller_order_money
from etalase.web.seller_center import order_page as seller_order_page
from etalase.web.seller_center import orders as seller_orders
from etalase.web.seller_center import return_page as seller_return_page
from etalase.web.seller_center import return_statistics as seller_return_statistics
from etalase.web.seller_center import returns as seller_returns
from etalase.web.seller_center import settings as seller_settings
from etalase.web.storefront import (
    account,
    addresses,
    browse,
    cart,
    checkout,
    claims,
    home,
    inbox,
    order_cancelling,
    order_money,
    order_page,
    order_verbs,
    orders,
    product,
    profile,
    purchases,
    refund_account,
    regions,
    return_page,
    returns,
    settings,
    shop_page,
    tracking,
    wallet,
    wallet_top_up,
    wallet_withdrawal,
)
from etalase.web.storefront import transfers as buyer_transfers

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    components.router,
    media.router,
    documents.router,
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
    buyer_transfers.router,
    refund_account.router,
    wallet.router,
    wallet_top_up.router,
    wallet_withdrawal.router,
    orders.router,
    order_page.router,
    order_money.router,
    seller_order_money.router,
    operator_order_money.router,
    finance.router,
    payouts.router,
    order_verbs.router,
    order_cancelling.router,
    returns.router,  # before the page of one return: "new" is no number
    return_page.router,
    tracking.router,
    shared_tracking.router,
    seller_orders.router,  # before the page of one order: "confirmed" is no number
    seller_order_page.router,
    seller_order_cancelling.router,
    seller_returns.router,
    seller_return_statistics.router,  # before the page of one return: "statistics" is no number
    seller_return_page.router,
    seller_answers.router,
    operator_answers.router,
    operator_return_statistics.router,
    seller_settings.router,
    seller_apps.router,
    seller_app_messages.router,
    arranging.router,
    arranging_many.router,
    packing.router,
    papers.router,
    parcels.router,
    seller_home.router,
    products.router,
    product_form.router,
    stock.router,
    claims.router,
    seller_claims.router,
    disputes.router,
    fees.router,
    adjustments.router,
    operator_returns.router,
    money_desk.router,
    policies.router,
    messages.router,
    audit.router,
    payment_methods.router,
    refunds.router,
    transfers.router,
    time_machine.router,
    demo_mail.router,
    inbox.router,
    seller_inbox.router,
    events.router,
    developer_apps.router,
    developer_messages.router,
    reference.router,
    connect.router,
    consent.router,
)
