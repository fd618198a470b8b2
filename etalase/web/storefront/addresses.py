"""The address book."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts import actions, queries, regions, rules
from etalase.commerce.accounts.errors import AddressBookFull, AddressNotFound, NotValid
from etalase.commerce.accounts.queries import Address
from etalase.commerce.accounts.rules import AddressForm
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.problems import explain
from etalase.web.request import NotFound, Visit, VisitDep, local_path, read_form, render, see_other, signed_in

router = APIRouter()
FIELDS = tuple(AddressForm.__dataclass_fields__)


def read_address(form: Mapping[str, object]) -> AddressForm:
    """The address in a form; province and city may be names or codes."""
    texts = {field: str(form.get(field, ""))[:400] for field in FIELDS}
    texts["province"] = province_code(texts["province"])
    texts["city"] = city_code(texts["city"], texts["province"])
    return rules.tidy_address(AddressForm(**texts))


def province_code(text: str) -> str:
    """The code of a province given by name or code; what is unknown stays as it is."""
    wanted = text.strip().casefold()
    return next((x.code for x in regions.provinces() if wanted in (x.code, x.name.casefold())), text.strip())


def city_code(text: str, province: str | None = None) -> str:
    """The code of a city given by name or code; what is unknown stays as it is."""
    if regions.city(text.strip()):
        return text.strip()
    found = regions.find_city(text, province if province and regions.province(province) else None)
    found = found or regions.find_city(text)
    return found.code if found else text.strip()


@router.get("/addresses")
async def show_addresses(request: Request, visit: VisitDep) -> Response:
    """All addresses of the book, the default first."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        addresses = await queries.addresses_of_buyer(tx, buyer_id=account.id)
    return render(
        visit,
        "storefront/addresses/list.html",
        addresses=addresses,
        is_full=len(addresses) >= rules.ADDRESSES_MAX,
        next_path=local_path(request.query_params.get("next"), ""),
    )


@router.get("/addresses/new")
async def show_new_address(request: Request, visit: VisitDep) -> Response:
    """An empty address form; the name is that of the account."""
    account = signed_in(visit)
    fields = {"recipient": account.name, "phone": account.phone or ""}
    return _form_page(visit, fields, action="/addresses", next_path=local_path(request.query_params.get("next"), ""))


@router.post("/addresses")
async def add_address(request: Request, visit: VisitDep) -> Response:
    """Add an address; goes on where the person came from."""
    return await _save(request, visit, address_id=None)


@router.get("/addresses/{address_id}")
async def show_address(request: Request, visit: VisitDep, address_id: str) -> Response:
    """The form of one address."""
    account = signed_in(visit)
    address = await _address(visit, account.id, address_id)
    fields = {field: str(getattr(address, field)) for field in FIELDS}
    fields |= {"province": address.province_name, "city": address.city_name}
    next_path = local_path(request.query_params.get("next"), "")
    return _form_page(visit, fields, action=f"/addresses/{address.id}", address=address, next_path=next_path)


@router.post("/addresses/{address_id}")
async def change_address(request: Request, visit: VisitDep, address_id: str) -> Response:
    """Save other words for an address."""
    return await _save(request, visit, address_id=address_id)


@router.post("/addresses/{address_id}/default")
async def make_default(visit: VisitDep, address_id: str) -> Response:
    """Let checkout begin with this address."""
    account = signed_in(visit, back_to="/addresses")
    try:
        await actions.make_default_address(visit.db, buyer_id=account.id, address_id=parse_id(address_id) or 0)
    except AddressNotFound:
        raise NotFound from None
    return see_other(visit, "/addresses", flash=N_("This is your main address now."))


@router.post("/addresses/{address_id}/deletion")
async def delete_address(visit: VisitDep, address_id: str) -> Response:
    """Take an address out of the book."""
    account = signed_in(visit, back_to="/addresses")
    try:
        await actions.delete_address(visit.db, buyer_id=account.id, address_id=parse_id(address_id) or 0)
    except AddressNotFound:
        raise NotFound from None
    return see_other(visit, "/addresses", flash=N_("The address is deleted. Your orders keep theirs."))


async def _address(visit: Visit, buyer_id: int, address_id: str) -> Address:
    async with visit.db.for_buyer(buyer_id).reading() as tx:
        address = await queries.address_of_buyer(tx, buyer_id=buyer_id, address_id=parse_id(address_id) or 0)
    if address is None:
        raise NotFound
    return address


async def _save(request: Request, visit: Visit, *, address_id: str | None) -> Response:
    account = signed_in(visit)
    address = await _address(visit, account.id, address_id) if address_id is not None else None
    form = await read_form(request)
    entered = read_address(form)
    next_path = local_path(str(form.get("next", "")), "")
    action = f"/addresses/{address.id}" if address else "/addresses"
    try:
        await actions.save_address(
            visit.db,
            buyer_id=account.id,
            form=entered,
            address_id=address.id if address else None,
            make_default=bool(form.get("is_default")),
        )
    except NotValid as error:
        errors = explain(error.problems, visit.page.translator)
        fields = {field: str(form.get(field, ""))[:400] for field in FIELDS}
        return _form_page(visit, fields, action=action, address=address, next_path=next_path, status=422, errors=errors)
    except AddressBookFull:
        return see_other(
            visit, "/addresses", flash=N_("Your address book is full. Delete an address first."), kind="error"
        )
    return _saved(visit, entered, next_path)


def _saved(visit: Visit, entered: AddressForm, next_path: str) -> Response:
    warnings = explain(rules.address_warnings(entered), visit.page.translator)
    if warnings:
        saved = visit.page.translator.gettext(N_("Your address is saved."))
        return see_other(visit, next_path or "/addresses", flash=" ".join([saved, *warnings.values()]), kind="warning")
    return see_other(visit, next_path or "/addresses", flash=N_("Your address is saved."))


def _form_page(
    visit: Visit,
    fields: Mapping[str, str],
    *,
    action: str,
    next_path: str,
    address: Address | None = None,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return render(
        visit,
        "storefront/addresses/form.html",
        status=status,
        fields=fields,
        action=action,
        address=address,
        next_path=next_path,
        errors=errors or {},
        boxed=[(f"field-{field}", text) for field, text in (errors or {}).items()],
    )
