"""Templates to HTML: one environment for all audiences, components at hand as `ui.<name>(...)` in every template.

Formatting depends on the reader (language, zone, clock). Macros do not see a template's variables, so `render` keeps the
reader's page in a context variable for the time of one rendering, and `_`, `|money` and the like read it there.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import jinja2

from etalase.foundation import i18n
from etalase.foundation.ids import id_ago
from etalase.foundation.ui.compiling import PageEnvironment, Writer
from etalase.foundation.ui.page import Flash, PageAccount, PageContext, ShopChoice
from etalase.foundation.ui.static_files import SCRIPTS, static_app, static_url

__all__ = [
    "Flash",
    "PageAccount",
    "PageContext",
    "ShopChoice",
    "configure",
    "environment",
    "render",
    "static_app",
    "static_url",
]

UNCOMMITTED_MS: Final = 3000
"""An id may be made so long before it can be seen."""
TEMPLATES_DIR: Final = Path(__file__).parent / "templates"
_MACRO: Final = re.compile(r"\{%-?\s*macro\s+([a-z]\w*)\(")
_page: ContextVar[PageContext] = ContextVar("page")
_configured: dict[str, Any] = {"dirs": {}, "helpers": {}}
_environments: dict[str, jinja2.Environment] = {}


class Components:
    """Every macro of `templates/components/*.html` by its name; a file is compiled when first asked for."""

    def __init__(self, templates: jinja2.Environment) -> None:
        self._templates = templates
        self._homes = {
            macro: f"ui/components/{path.name}"
            for path in sorted((TEMPLATES_DIR / "components").glob("*.html"))
            for macro in _MACRO.findall(path.read_text(encoding="utf-8"))
        }

    def __getattr__(self, name: str) -> Any:
        home = self.__dict__.get("_homes", {}).get(name)
        if home is None:
            raise AttributeError(f"no component named {name}")
        macro = getattr(self._templates.get_template(home).module, name)
        setattr(self, name, macro)
        return macro

    def names(self) -> list[str]:
        """The names of all components."""
        return sorted(self._homes)


def configure(template_dirs: Mapping[str, Path], **helpers: object) -> None:
    """Set the folders that `render` finds templates in: called once, where the web app is put together.

    `helpers` are further names that every template knows.
    """
    _configured.update(dirs=template_dirs, helpers=helpers)
    _environments.clear()


def environment(template_dirs: Mapping[str, Path], *, locale: str | None = None) -> jinja2.Environment:
    """Templates of each folder under its prefix ("storefront/orders/list.html"), those of this package under "ui/".

    With a locale they are compiled for its readers, which makes them several times as fast; without one they serve all.
    """
    folders = {"ui": TEMPLATES_DIR, **template_dirs}
    templates = PageEnvironment(
        loader=jinja2.PrefixLoader({prefix: jinja2.FileSystemLoader(path) for prefix, path in folders.items()}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        _=_gettext,
        gettext=_gettext,
        ngettext=_ngettext,
        static=static_url,
        scripts=SCRIPTS,
        ui=Components(templates),
        current_page=_page.get,
        span_units=_span_units,
        page_mark=page_mark,
    )
    templates.filters.update(
        money=_money,
        number=_number,
        percent=_percent,
        datetime=_datetime,
        date=_date,
        time=_time,
        relative=_relative,
        countdown=_countdown,
    )
    if locale is not None:
        _speak(templates, locale)
    return templates


def _speak(templates: PageEnvironment, locale: str) -> None:
    """Compile for one language: what depends on it alone is bound to it."""
    texts = i18n.translator(locale)
    sources = [path.read_text(encoding="utf-8") for path in sorted((TEMPLATES_DIR / "components").glob("*.html"))]
    templates.globals.update(_=texts.gettext, gettext=texts.gettext, ngettext=texts.ngettext)
    templates.filters.update(
        money=partial(i18n.format_money, locale=locale),
        number=partial(i18n.format_number, locale=locale),
        percent=partial(i18n.format_percent, locale=locale),
        gathered=str,
    )
    templates.writer = Writer(templates, translator=texts, static=static_url, sources=sources)


def render(name: str, page: PageContext, /, **values: object) -> str:
    """The template's HTML for this reader. Templates see `page` and the given values."""
    templates = _environments.get(page.locale)
    if templates is None:
        templates = environment(_configured["dirs"], locale=page.locale)
        templates.globals.update(_configured["helpers"])
        _environments[page.locale] = templates
    return render_with(templates, name, page, **values)


def render_with(templates: jinja2.Environment, name: str, page: PageContext, /, **values: object) -> str:
    """Like `render`, in a given environment."""
    token = _page.set(page)
    try:
        return templates.get_template(name).render(page=page, **values)
    finally:
        _page.reset(token)


def page_mark() -> int:
    """An id from just before now: what is made later may be missing on a page that is rendered now."""
    return id_ago(UNCOMMITTED_MS)


def _gettext(message: str, /, **values: object) -> str:
    return _page.get().translator.gettext(message, **values)


def _ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    return _page.get().translator.ngettext(singular, plural, n, **values)


def _money(amount_minor: int, currency: str = "IDR") -> str:
    return i18n.format_money(amount_minor, currency, locale=_page.get().locale)


def _number(number: int) -> str:
    return i18n.format_number(number, locale=_page.get().locale)


def _percent(share: float) -> str:
    return i18n.format_percent(share, locale=_page.get().locale)


def _datetime(when: datetime, zone: str | None = None) -> str:
    page = _page.get()
    return i18n.format_datetime(when, locale=page.locale, zone=zone or page.zone)


def _date(when: datetime | date, zone: str | None = None) -> str:
    page = _page.get()
    return i18n.format_date(when, locale=page.locale, zone=zone or page.zone)


def _time(when: datetime, zone: str | None = None) -> str:
    return i18n.format_time(when, zone=zone or _page.get().zone)


def _relative(when: datetime) -> str:
    page = _page.get()
    return i18n.format_relative(when, now=page.now, locale=page.locale, zone=page.zone)


def _countdown(due_at: datetime) -> str:
    """What is left until then; nothing is left of the past."""
    page = _page.get()
    return i18n.format_duration(due_at - page.now, locale=page.locale)


def _span_units() -> str:
    """The unit words in the order the countdown script expects."""
    _ = _page.get().translator.gettext
    return "|".join(_(unit) for unit in i18n.SPAN_UNITS)
