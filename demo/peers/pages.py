"""The peers' own pages: rendered in the browser's language, phone first."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from demo.peers.http import page_headers
from etalase.foundation.i18n import choose_locale, format_datetime, format_money, translator

_HERE = Path(__file__).parent


def static() -> Mount:
    """Our own style sheet and small script."""
    return Mount("/static", StaticFiles(directory=_HERE / "static"), name="static")


def page(
    request: Request, template: str, *, status: int = 200, form_targets: tuple[str, ...] = (), **values: object
) -> HTMLResponse:
    """A page in the language the browser asks for."""
    locale = choose_locale(None, accept_language=request.headers.get("accept-language"))
    translate = translator(locale).gettext

    def money(amount_minor: int, currency: str) -> str:
        return format_money(amount_minor, currency, locale=locale)

    def local_time(when: str, zone: str) -> str:
        return format_datetime(datetime.fromisoformat(when), locale=locale, zone=zone)

    text = _templates().get_template(template).render(
        _=translate, locale=locale, money=money, local_time=local_time, **values
    )  # fmt: skip
    return HTMLResponse(text, status_code=status, headers=page_headers(form_targets=form_targets))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
