"""What carriers tell: kept here, applied by the worker."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.integrations.carriers.gateway import VENDOR
from etalase.integrations.carriers.protocol import SignatureNotValid
from etalase.integrations.carriers.sandbox import signature
from etalase.settings import Settings
from etalase.web.hooks.receiving import Vendor, receive

router = APIRouter()


def check_sandbox(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    """Return quietly, or SignatureNotValid."""
    signature.verify(settings.sandbox_secret.get_secret_value(), headers=headers, body=body)


VENDORS = {"sandbox": Vendor(VENDOR, check_sandbox, SignatureNotValid)}


@router.post("/hooks/carriers/{vendor}")
async def take_tracking(request: Request, vendor: str) -> Response:
    """A carrier's report about a parcel."""
    return await receive(request, VENDORS.get(vendor))
