"""The demo's letter box: every mail the product would have sent, newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from etalase.foundation.ids import ID_MAX, parse_id
from etalase.integrations.mail import queries
from etalase.integrations.mail.queries import Mail
from etalase.web.request import NotFound, VisitDep, is_htmx, render

router = APIRouter()

SHOWN: Final = 20
_LINK: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with its paragraphs, and the links in it as something to press."""

    mail: Mail
    paragraphs: Sequence[str]
    links: Sequence[str]


@router.get("/demo/mail")
async def show_mails(visit: VisitDep) -> Response:
    """The outbox; there is none outside of the demo."""
    if not visit.settings.is_demo:
        raise NotFound
    before = parse_id(visit.request.query_params.get("before", "")) or ID_MAX
    async with visit.db.any().reading() as tx:
        mails = await queries.latest_mails(tx, before=before, limit=SHOWN + 1)
    letters = [_letter(mail) for mail in mails[:SHOWN]]
    more = f"/demo/mail?before={letters[-1].mail.id}" if len(mails) > SHOWN else ""
    template = "back_office/_mails.html" if is_htmx(visit.request) and before != ID_MAX else "back_office/mail.html"
    return render(visit, template, letters=letters, more=more)


def _letter(mail: Mail) -> Letter:
    paragraphs = [part.strip() for part in mail.body.split("\n\n") if part.strip()]
    return Letter(
        mail,
        [paragraph for paragraph in paragraphs if not _LINK.fullmatch(paragraph)],
        _LINK.findall(mail.body),
    )
