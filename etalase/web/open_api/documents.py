"""Addresses of labels and packing slips that work for a day without a token: whoever has one may print."""

import asyncio
import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

import orjson
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from etalase.foundation.clock import now
from etalase.foundation.i18n.translations import translator
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.printing.papers import load_papers
from etalase.web.printing.sheet import Papers, Size, pdf_of

router = APIRouter()

LIFETIME: Final = timedelta(hours=24)
"""As long as TikTok Shop's: programs fetch the address now and print during the day."""
SEAL_BYTES: Final = 16
TOKEN_CHARS_MAX: Final = 300
LOCALE: Final = "id"


def address_of_document(settings: Settings, *, shop_id: int, parcel_id: int, which: Papers, at: datetime) -> str:
    """Where the papers of a parcel are for a day."""
    text = orjson.dumps([shop_id, parcel_id, which.value, int((at + LIFETIME).timestamp())])
    token = base64.urlsafe_b64encode(_seal(settings, text) + text).decode().rstrip("=")
    return f"{settings.base_url}/documents/{token}.pdf"


@router.get("/documents/{token}.pdf")
async def document(request: Request, token: str) -> Response:
    """The papers that a token names, as a PDF; 404 for one that we did not write, and when its day is over."""
    settings: Settings = request.app.state.settings
    db: Db = request.app.state.db
    shop_id, parcel_id, which = _read(settings, token)
    async with db.for_shop(shop_id).reading() as tx:
        found = await load_papers(tx, shop_id=shop_id, parcel_ids=[parcel_id])
    if not found:
        raise HTTPException(404)
    # drawing takes tens of milliseconds a label: other requests go on meanwhile
    pdf = await asyncio.to_thread(pdf_of, found, which=which, size=Size.A6, translator=translator(LOCALE))
    headers = {"Content-Disposition": f'inline; filename="{found[0].number}.pdf"', "Cache-Control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _read(settings: Settings, token: str) -> tuple[int, int, Papers]:
    if len(token) > TOKEN_CHARS_MAX or not token.isascii():
        raise HTTPException(404)
    try:
        told = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise HTTPException(404) from None
    seal, text = told[:SEAL_BYTES], told[SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(settings, text)):
        raise HTTPException(404)
    shop_id, parcel_id, which, until = orjson.loads(text)
    if now().timestamp() >= until:
        raise HTTPException(404)
    return shop_id, parcel_id, Papers(which)


def _seal(settings: Settings, text: bytes) -> bytes:
    return hmac.new(settings.key().encode(), b"document\0" + text, hashlib.sha256).digest()[:SEAL_BYTES]
