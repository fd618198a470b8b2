"""Accounts: sign in and out, devices, addresses."""

from fastapi import APIRouter
from starlette.requests import Request

from etalase.commerce.accounts import actions, queries, regions
from etalase.commerce.accounts.errors import (
    AddressBookFull,
    AddressNotFound,
    LoginRefused,
    NotValid,
    TooManyAttempts,
)
from etalase.commerce.accounts.rules import AddressForm, tidy_address
from etalase.foundation import clock
from etalase.web.api import models
from etalase.web.api.access import AnybodyDep, BuyerDep, caller_of, id_of
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["account"])


@router.post("/sessions", status_code=201)
async def sign_in(asking: AnybodyDep, request: Request, sent: models.LogIn) -> models.SignedIn:
    """Sign this device in: throttled as the log-in page, and listed among the account's devices."""
    try:
        device = await actions.log_in(
            asking.db, login=sent.login, password=sent.password[:1000], caller=caller_of(request)
        )
    except LoginRefused:
        raise Problem(401, "login_refused", "These do not fit: check the login and the password.") from None
    except TooManyAttempts as error:
        raise Problem(429, "too_many_attempts", retry_after=error.wait) from None
    return models.SignedIn(token=device.token, device_id=str(device.session_id), account_id=str(device.account_id))


@router.post("/accounts", status_code=201)
async def register(asking: AnybodyDep, request: Request, sent: models.Registration) -> models.SignedIn:
    """Make an account and sign this device in."""
    try:
        device = await actions.register(
            asking.db, name=sent.name, login=sent.login, password=sent.password, locale="id", caller=caller_of(request)
        )
    except NotValid as error:
        raise _not_valid(error) from None
    except TooManyAttempts as error:
        raise Problem(429, "too_many_attempts", retry_after=error.wait) from None
    return models.SignedIn(token=device.token, device_id=str(device.session_id), account_id=str(device.account_id))


def _not_valid(error: NotValid) -> Problem:
    found = tuple((problem.field, problem.code) for problem in error.problems)
    return Problem(422, "not_valid", "See errors.", errors=found)


@router.get("/me")
async def me(buyer: BuyerDep) -> models.Account:
    """The account that asks."""
    return models.Account(id=str(buyer.id), name=buyer.name, email=buyer.email, phone=buyer.phone, locale=buyer.locale)


@router.get("/devices")
async def devices(buyer: BuyerDep) -> models.Devices:
    """Every device that is signed in, browsers included."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await queries.sessions_of_account(tx, account_id=buyer.id, now=clock.now())
    return models.Devices(
        devices=[
            models.Device(
                id=str(one.id),
                device=one.device,
                address=one.address,
                since=one.created_at,
                seen_at=one.seen_at,
                is_this=one.id == buyer.session_id,
            )
            for one in found
        ]
    )


@router.delete("/devices/{device_id}")
async def end_device(buyer: BuyerDep, device_id: str) -> models.Done:
    """Sign a device of one's own out: this one, too. Nothing happens if it is signed out already."""
    await actions.log_out(buyer.db, account_id=buyer.id, session_id=id_of(device_id))
    return models.Done()


@router.get("/addresses")
async def addresses(buyer: BuyerDep) -> models.Addresses:
    """The address book, the default first."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await queries.addresses_of_buyer(tx, buyer_id=buyer.id)
    return models.Addresses(addresses=[_address(one) for one in found])


def _address(one: queries.Address) -> models.Address:
    return models.Address(
        id=str(one.id), recipient=one.recipient, phone=one.phone, province=one.province,
        province_name=one.province_name, city=one.city, city_name=one.city_name, district=one.district,
        postal_code=one.postal_code, street=one.street, landmark=one.landmark, label=one.label, is_default=one.is_default,
    )  # fmt: skip


@router.post("/addresses", status_code=201)
async def add_address(buyer: BuyerDep, sent: models.AddressToSave) -> models.Address:
    """Add an address; the first one becomes the default."""
    return await _save(buyer, sent, address_id=None)


@router.put("/addresses/{address_id}")
async def change_address(buyer: BuyerDep, address_id: str, sent: models.AddressToSave) -> models.Address:
    """Save other words for an address; orders keep theirs."""
    return await _save(buyer, sent, address_id=id_of(address_id))


async def _save(buyer: BuyerDep, sent: models.AddressToSave, *, address_id: int | None) -> models.Address:
    texts = {name: value.replace("\0", "") for name, value in sent.model_dump(exclude={"is_default"}).items()}
    texts["province"] = _province(texts["province"])
    texts["city"] = _city(texts["city"], texts["province"])
    try:
        saved_id = await actions.save_address(
            buyer.db,
            buyer_id=buyer.id,
            form=tidy_address(AddressForm(**texts)),
            address_id=address_id,
            make_default=sent.is_default,
        )
    except NotValid as error:
        raise _not_valid(error) from None
    except AddressNotFound:
        raise not_found() from None
    except AddressBookFull:
        raise Problem(409, "address_book_full", "Delete an address first.") from None
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await queries.address_of_buyer(tx, buyer_id=buyer.id, address_id=saved_id)
    if found is None:
        raise not_found()
    return _address(found)


def _province(text: str) -> str:
    wanted = text.strip().casefold()
    return next((one.code for one in regions.provinces() if wanted in (one.code, one.name.casefold())), text.strip())


def _city(text: str, province: str) -> str:
    if regions.city(text.strip()):
        return text.strip()
    found = regions.find_city(text, province if regions.province(province) else None)
    return found.code if found else text.strip()


@router.delete("/addresses/{address_id}")
async def delete_address(buyer: BuyerDep, address_id: str) -> models.Done:
    """Take an address out of the book."""
    try:
        await actions.delete_address(buyer.db, buyer_id=buyer.id, address_id=id_of(address_id))
    except AddressNotFound:
        raise not_found() from None
    return models.Done()
