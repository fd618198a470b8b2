import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from etalase.foundation.i18n import translator
from etalase.foundation.ui.gallery import component_states
from etalase.foundation.ui.rendering import (
    TEMPLATES_DIR,
    Components,
    Flash,
    PageAccount,
    PageContext,
    environment,
    render,
    render_with,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEMPLATES = [*TEMPLATES_DIR.rglob("*.html"), *(TEMPLATES_DIR.parents[2] / "web").rglob("*.html")]


def a_page(locale: str = "id", **more: object) -> PageContext:
    values: dict[str, object] = {
        "locale": locale, "translator": translator(locale), "csrf_token": "token-1", "path": "/", "now": NOW, "zone": "Asia/Jakarta",
    }  # fmt: skip
    return PageContext(**(values | more))  # type: ignore[arg-type]


def rendered(source: str, tmp_path: Path, page: PageContext | None = None, **values: object) -> str:
    (tmp_path / "it.html").write_text(source, encoding="utf-8")
    return render_with(environment({"t": tmp_path}), "t/it.html", page or a_page(), **values)


@pytest.mark.parametrize("locale", ["id", "en"])
def test_the_components_page_shows_every_component(locale: str) -> None:
    page = a_page(locale, flashes=(Flash("success", "Tersimpan <b>"),))
    html = render("ui/components_page.html", page, **component_states(NOW, page.translator))
    source = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES_DIR.glob("*.html"))
    elsewhere = {"csrf_field", "input_field", "form_close"}  # used by other components
    shown = set(re.findall(r"ui\.(\w+)\(", source)) | elsewhere
    assert set(Components(environment({})).names()) - shown == set()
    assert f'<html lang="{locale}">' in html
    assert "Tersimpan &lt;b&gt;" in html


def test_the_page_speaks_one_language() -> None:
    page = a_page("id")
    html = render("ui/components_page.html", page, **component_states(NOW, page.translator))
    assert "Belum Dibayar" in html
    assert "Unpaid" not in html


def test_ids_on_the_components_page_are_unique() -> None:
    page = a_page()
    ids = re.findall(
        r'\sid="([^"]+)"', render("ui/components_page.html", page, **component_states(NOW, page.translator))
    )
    assert len(ids) > 20
    assert sorted(ids) == sorted(set(ids))


def test_signed_in_pages_listen_to_live_updates(tmp_path: Path) -> None:
    source = '{% extends "ui/layouts/storefront.html" %}'
    signed_in = rendered(source, tmp_path, a_page(account=PageAccount(1, "Sari", "S"), unread=120))
    assert "data-signed-in" in signed_in
    assert re.search(r"data-unread>99\+<", signed_in)
    signed_out = rendered(source, tmp_path)
    assert "data-signed-in" not in signed_out
    assert re.search(r"data-unread hidden>0<", signed_out)


def test_the_bottom_bar_ends_with_profile_and_marks_where_one_is(tmp_path: Path) -> None:
    html = rendered('{% extends "ui/layouts/storefront.html" %}{% set active = "shop" %}', tmp_path)
    links = re.findall(r'class="bar__link" href="([^"]+)"( aria-current="page")?', html)
    assert links == [("/", ""), ("/shop", ' aria-current="page"'), ("/inbox", ""), ("/profile", "")]


def test_the_action_bar_appears_only_with_actions(tmp_path: Path) -> None:
    bare = rendered('{% extends "ui/layouts/storefront.html" %}', tmp_path)
    acting = rendered(
        '{% extends "ui/layouts/storefront.html" %}{% block actions %}{{ ui.button("OK") }}{% endblock %}', tmp_path
    )
    assert 'class="actions"' not in bare
    assert acting.count('class="actions"') == 1
    assert acting.count(">OK<") == 1


def test_forms_carry_the_token_and_name_their_errors(tmp_path: Path) -> None:
    source = '{{ ui.form_open("/x") }}{{ ui.tel_field("phone", "Telepon", hint="contoh", error="salah") }}{{ ui.form_close() }}'
    html = rendered(source, tmp_path)
    assert '<input type="hidden" name="csrf_token" value="token-1">' in html
    assert 'aria-describedby="field-phone-error field-phone-hint" aria-invalid="true"' in html
    assert 'id="field-phone-error"' in html
    assert 'id="field-phone-hint"' in html
    assert "csrf_token" not in rendered('{{ ui.form_open("/x", method="get") }}', tmp_path)


def test_values_are_escaped_everywhere(tmp_path: Path) -> None:
    evil = "\"><script>alert('x')</script>"
    source = '{{ ui.text_field("n", v, value=v, error=v) }}{{ ui.copy_button(v, v) }}{{ ui.list_row(v, href=v, end=v) }}{{ _("Order %(id)s", id=v) }}'
    html = rendered(source, tmp_path, v=evil)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 8


def test_a_forgotten_value_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nothing }}", tmp_path)
    with pytest.raises(UndefinedError):
        rendered("{{ ui.no_such_component() }}", tmp_path)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES_DIR.parents[2])))
def test_templates_keep_to_the_strict_policy(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert "hx-on" not in source
    assert "<style" not in source
    assert re.findall(r"<script(?![^>]*\ssrc=)", source) == []
    assert not re.search(r"javascript:", source)
    assert not re.search(r'(?:src|href)="https?://(?!example\.com)', source)


LAYOUT_WORDS = {
    "stack", "stack--tight", "stack--wide", "row", "row--apart", "row--end", "columns", "columns--even", "columns--aside",
    "soft", "small", "strong", "numeric", "link", "only-heard",
}  # fmt: skip


def test_looks_are_decided_in_components_only() -> None:
    strays = {
        (template.name, word)
        for template in TEMPLATES
        if not template.is_relative_to(TEMPLATES_DIR)
        for classes in re.findall(r'class="([^"]*)"', template.read_text(encoding="utf-8"))
        for word in classes.split()
        if word not in LAYOUT_WORDS
    }
    assert strays == set()
