"""Writing down a product and changing it: works without scripts, loses nothing that was typed."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from etalase.commerce.catalog import actions as catalog_actions
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.errors import (
    EditConflict,
    NotReadyForSale,
    ProductNotFound,
    ProductRefused,
    TooManyPictures,
)
from etalase.commerce.catalog.queries import Product
from etalase.commerce.catalog.rules import PICTURES_MAX, Problem
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.inventory import queries as inventory
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.integrations.storage.errors import UploadRefused
from etalase.integrations.storage.folder import StoredFile
from etalase.integrations.storage.pictures import UPLOAD_BYTES_MAX
from etalase.journeys.offering import actions as offering
from etalase.journeys.offering.actions import Offer
from etalase.web.media import storage
from etalase.web.request import Member, NotFound, Visit, VisitDep, member_of_shop, read_form, render, see_other
from etalase.web.seller_center import product_draft, product_texts
from etalase.web.seller_center.product_draft import ProductForm
from etalase.web.storefront import cards

router = APIRouter()


@router.get("/seller/products/new")
async def new_product(visit: VisitDep) -> Response:
    """An empty form."""
    member_of_shop(visit)
    return await _page(visit, form=ProductForm(), product=None)


@router.post("/seller/products/new")
async def create_product(visit: VisitDep, request: Request) -> Response:
    """Save a new product, or show the form again with what is missing."""
    member = member_of_shop(visit)
    sent = await read_form(request)
    form, problems = await _read(visit, sent, known=ProductForm())
    if problems or sent.get("step"):
        return await _page(visit, form=form, product=None, problems=problems)
    try:
        product_id = await offering.create_product(
            visit.db, shop_id=member.shop_id, offer=_offer(form), by=Actor.seller(member.account_id)
        )
    except (ProductRefused, TooManyPictures) as error:
        return await _page(visit, form=form, product=None, problems=_problems(error))
    return await _after_saving(visit, member, product_id, activate=sent.get("action") == "activate")


@router.get("/seller/products/{product_id}")
async def edit_form(visit: VisitDep, product_id: str) -> Response:
    """The form of a product as it is saved."""
    member = member_of_shop(visit)
    product, form = await _saved(visit, member, product_id)
    return await _page(visit, form=form, product=product)


@router.post("/seller/products/{product_id}")
async def edit_product(visit: VisitDep, request: Request, product_id: str) -> Response:
    """Save the changes unless somebody saved others meanwhile."""
    member = member_of_shop(visit)
    product, known = await _saved(visit, member, product_id)
    sent = await read_form(request)
    form, problems = await _read(visit, sent, known=known)
    if problems or sent.get("step"):
        return await _page(visit, form=form, product=product, problems=problems)
    try:
        await offering.edit_product(
            visit.db,
            shop_id=member.shop_id,
            product_id=product.id,
            version=form.version,
            offer=_offer(form),
            by=Actor.seller(member.account_id),
        )
    except EditConflict as conflict:
        # What was typed stays; saving once more is then meant to replace what the other one saved.
        form = replace(form, version=conflict.version)
        return await _page(visit, form=form, product=product, problems=[Problem("", "edit_conflict")], status=409)
    except (ProductRefused, TooManyPictures) as error:
        return await _page(visit, form=form, product=product, problems=_problems(error))
    return await _after_saving(visit, member, product.id, activate=sent.get("action") == "activate")


@router.post("/seller/products/{product_id}/state")
async def change_state(visit: VisitDep, request: Request, product_id: str) -> Response:
    """Put the product on sale or take it off."""
    member = member_of_shop(visit)
    sent = await read_form(request)
    number = parse_id(product_id) or 0
    if sent.get("state") == "active":
        return await _after_saving(visit, member, number, activate=True)
    try:
        await catalog_actions.deactivate_product(
            visit.db, shop_id=member.shop_id, product_id=number, by=Actor.seller(member.account_id)
        )
    except ProductNotFound as error:
        raise NotFound from error
    return see_other(visit, f"/seller/products/{number}", flash=N_("Taken off sale. Orders go on as before."))


async def _after_saving(visit: Visit, member: Member, product_id: int, *, activate: bool) -> Response:
    here = f"/seller/products/{product_id}"
    if not activate:
        return see_other(visit, here, flash=N_("The product is saved."))
    try:
        await catalog_actions.activate_product(
            visit.db, shop_id=member.shop_id, product_id=product_id, by=Actor.seller(member.account_id)
        )
    except ProductNotFound as error:
        raise NotFound from error
    except NotReadyForSale as refusal:
        text = product_texts.missing_text(refusal.missing, translator=visit.page.translator)
        return see_other(visit, here, flash=text, kind="warning")
    return see_other(visit, here, flash=N_("The product is on sale."))


async def _saved(visit: Visit, member: Member, product_id: str) -> tuple[Product, ProductForm]:
    number = parse_id(product_id) or 0
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        product = await catalog.product(tx, shop_id=member.shop_id, product_id=number)
        if product is None:
            raise NotFound
        form = product_draft.of_product(
            product,
            await catalog.variants_of_product(tx, shop_id=member.shop_id, product_id=number),
            await catalog.pictures_of_product(tx, shop_id=member.shop_id, product_id=number),
            await inventory.stock_of_product(tx, shop_id=member.shop_id, product_id=number),
        )
    return product, form


async def _read(visit: Visit, sent: FormData, *, known: ProductForm) -> tuple[ProductForm, list[Problem]]:
    """The form as sent, uploads kept at once so that they outlive a further round."""
    fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
    lists = {
        name: [value for value in sent.getlist(name) if isinstance(value, str)]
        for name in ("picture", "picture-position", "picture-remove")
    }
    folder = storage(visit.settings)
    kept = {token: file for token in lists["picture"][: PICTURES_MAX * 2] if (file := folder.kept(token))}
    form = product_draft.with_pictures(product_draft.read(fields, known=known), lists, known=known, kept=kept)
    files, problems = await _uploads(visit, [file for file in sent.getlist("pictures") if isinstance(file, UploadFile)])
    form, more = product_draft.with_matrix(product_draft.add_uploads(form, files))
    _, _, further = product_draft.to_draft(form)
    return form, [*problems, *more, *([] if sent.get("step") else further)]


async def _uploads(visit: Visit, uploads: Sequence[UploadFile]) -> tuple[list[StoredFile], list[Problem]]:
    files, problems = [], []
    for upload in uploads[:PICTURES_MAX]:
        data = await upload.read(UPLOAD_BYTES_MAX + 1)
        if not data:
            continue
        try:
            files.append(await storage(visit.settings).keep_picture(data))
        except UploadRefused as refusal:
            problems.append(Problem("pictures", refusal.code))
    return files, problems


def _offer(form: ProductForm) -> Offer:
    draft, opening, _ = product_draft.to_draft(form)
    pictures = product_draft.pictures_in_order(form)
    return Offer(
        product=draft,
        opening=opening,
        kept_picture_ids=[row.id for row in pictures if row.id],
        added_pictures=[row.file for row in pictures if not row.id],
    )


def _problems(error: ProductRefused | TooManyPictures) -> list[Problem]:
    return list(error.problems) if isinstance(error, ProductRefused) else [Problem("pictures", "too_many_pictures")]


async def _page(
    visit: Visit, *, form: ProductForm, product: Product | None, problems: Sequence[Problem] = (), status: int = 422
) -> Response:
    async with visit.db.any().reading() as tx:
        categories = await _category_choices(tx, visit)
    texts = product_texts.problem_texts(problems, translator=visit.page.translator)
    return render(
        visit,
        "seller_center/product_form.html",
        status=status if problems else 200,
        form=form,
        product=product,
        categories=categories,
        errors=texts.by_field,
        summary=texts.summary,
        pictures_max=PICTURES_MAX,
    )


async def _category_choices(tx: Tx, visit: Visit) -> list[tuple[int, str]]:
    tree = cards.branches(await window.categories(tx), visit.page.locale)
    return [(leaf.id, f"{top.name} › {leaf.name}") for top in tree for leaf in top.children] + [
        (top.id, top.name) for top in tree if not top.children
    ]
