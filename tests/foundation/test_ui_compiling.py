import re
from datetime import UTC, datetime
from pathlib import Path

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from etalase.foundation.i18n import LOCALES, translator
from etalase.foundation.ui.compiling import quick_escape, quick_join
from etalase.foundation.ui.gallery import component_states
from etalase.foundation.ui.rendering import PageAccount, PageContext, environment, render_with

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MARK = re.compile(r'etalase-mark" content="\d+"')
AWKWARD = (
    """{% for i in range(2) %}{% call ui.card(title=a) %}{{ loop.index }}{{ ui.badge(a ~ i, tone="good" if i else b) }}{% endcall %}{% endfor %}""",
    """{% call ui.card(title=a, href="/x") %}{% set a = "inner" %}{{ a }}{% endcall %}{{ a }}""",
    """{% set title = "mine" %}{{ ui.section_head(a, href=b) }}{{ title }}{{ ui.icon("clock", label=a) }}""",
    """{{ ui.text_field("q", a, value=b, hint=_("Save")) }}{{ ui.icon(a) ~ ui.icon("clock") }}""",
    """{{ ui.button(_("Order %(id)s", id=a), kind=b, small=n > 3, name=a if n else "", value=n) }}""",
    """{% for item in [{"label": a, "href": b, "count": n, "is_active": true}] %}{{ ui.tabs_with_counters([item], a) }}{% endfor %}""",
    """{{ ngettext("%(n)s piece", "%(n)s pieces", n) }}{{ n|money }}{{ n|money("USD") }}{{ n|number }}{{ a ~ n ~ b }}""",
    """{% call ui.menu_sheet() %}{{ ui.list_row(a, href=b, count=n) }}{{ ui.list_row(_("Cart"), href="/cart", icon="shopping-cart") }}{% endcall %}""",
)
TEXTS = st.text(st.sampled_from("ab<>&\"' %Ω"), max_size=8)


def a_page(locale: str) -> PageContext:
    return PageContext(
        locale=locale, translator=translator(locale), csrf_token="token-1", path="/", now=NOW, zone="Asia/Jakarta",
        account=PageAccount(1, "Sari", "S"), unread=3,
    )  # fmt: skip


def written(templates: jinja2.Environment, name: str, page: PageContext, **values: object) -> str:
    return MARK.sub("", render_with(templates, name, page, **values))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_component_comes_out_as_in_plain_jinja(locale: str) -> None:
    page = a_page(locale)
    states = component_states(NOW, page.translator)
    plain = written(environment({}), "ui/components_page.html", page, **states)
    assert written(environment({}, locale=locale), "ui/components_page.html", page, **states) == plain


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("awkward")
    for number, source in enumerate(AWKWARD):
        (folder / f"{number}.html").write_text(source, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pairs(awkward: Path) -> dict[str, tuple[jinja2.Environment, jinja2.Environment]]:
    return {locale: (environment({"t": awkward}), environment({"t": awkward}, locale=locale)) for locale in LOCALES}


@settings(deadline=None)  # the first example compiles the templates
@given(a=TEXTS, b=TEXTS, n=st.integers(0, 200_000), locale=st.sampled_from(LOCALES))
def test_any_values_come_out_as_in_plain_jinja(
    pairs: dict[str, tuple[jinja2.Environment, jinja2.Environment]], a: str, b: str, n: int, locale: str
) -> None:
    plain, compiled = pairs[locale]
    for number in range(len(AWKWARD)):
        values = {"a": a, "b": b, "n": n}
        name = f"t/{number}.html"
        assert written(compiled, name, a_page(locale), **values) == written(plain, name, a_page(locale), **values)


def test_a_missing_value_is_still_an_error(awkward: Path) -> None:
    with pytest.raises(jinja2.UndefinedError):
        written(environment({"t": awkward}, locale="id"), "t/0.html", a_page("id"), b="x")


@given(st.one_of(TEXTS, st.integers(), st.booleans(), st.none(), TEXTS.map(Markup)))
def test_escaping_is_markupsafes(value: object) -> None:
    assert str(quick_escape(value)) == str(escape(value))


@given(st.lists(st.one_of(TEXTS, st.integers(), TEXTS.map(Markup)), max_size=4))
def test_joining_keeps_markup_and_escapes_what_stands_beside_it(parts: list[object]) -> None:
    has_markup = any(isinstance(part, Markup) for part in parts)
    expected = "".join(str(escape(part)) if has_markup else str(part) for part in parts)
    assert str(quick_join(tuple(parts))) == expected
