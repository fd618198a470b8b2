"""Labels and packing slips: what stands on them, in which fonts, on how many pages."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A6
from reportlab.pdfgen.canvas import Canvas

from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.i18n import translator
from etalase.foundation.sql import Db
from etalase.integrations.carriers import registry
from etalase.web.printing.ink import BOLD, FALLBACK, REGULAR, UNKNOWN, runs, width_of, wrapped
from etalase.web.printing.label import draw_label
from etalase.web.printing.papers import Paper, PaperLine, PaperOrder, load_papers, masked_phone
from etalase.web.printing.sheet import Papers, Size, pdf_of
from etalase.web.printing.slip import LINES_A_PANEL, panels_of
from tests.builders.shipping import a_shop, arranged, ready_order

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
PAGES = re.compile(rb"/Type /Page\b")


class Reader(Canvas):
    """A canvas that remembers what was written on it."""

    def __init__(self) -> None:
        super().__init__(BytesIO(), pagesize=A6)
        self.said: list[str] = []

    def drawString(self, x: float, y: float, text: str, *args: Any, **kwargs: Any) -> None:  # noqa: N802  # reportlab's name
        """Write, and remember."""
        self.said.append(text)
        super().drawString(x, y, text, *args, **kwargs)


def a_paper(*, lines: int = 2, cod_minor: int = 0, recipient: str = "Rina Wijaya", orders: int = 1) -> Paper:
    parcel = Parcel(
        shop_id=1, id=5, order_id=70, state=ParcelState.AWAITING_COLLECTION, method="pickup", carrier="jne",
        service="reg", tracking_number="011540032186220", booking="booked", booking_note="", insured=True, delay_note="",
        delayed_at=None, asked_at=None, last_event_at=None, last_status="", arranged_at=AT, collected_at=None,
        delivered_at=None, received_by="", eta_from=None, eta_until=None, units={1: 2}, pickup_from=AT,
        pickup_until=AT + timedelta(hours=3), order_ids=tuple(range(70, 70 + orders)),
    )  # fmt: skip
    bought = tuple(PaperLine(f"Kemeja {n}", "Merah, L", f"KB-{n}", 2) for n in range(lines))
    return Paper(
        parcel=parcel, carrier=registry.carrier("jne"), service="Reguler", recipient=recipient, phone="+62*****789",
        address=("Jl. Merdeka 1", "Gambir"), city="Kota Jakarta Pusat", province="DKI Jakarta 10110",
        sender="Batik Lestari", sender_place="Kota Bandung, Jawa Barat", zone="Asia/Jakarta", weight_grams=1300,
        cod_minor=cod_minor, currency="IDR",
        orders=tuple(PaperOrder(str(number), AT, "Bungkus kado", bought) for number in parcel.order_ids),
    )  # fmt: skip


def read_label(paper: Paper) -> str:
    canvas = Reader()
    draw_label(canvas, (0, 0, *A6), paper=paper, translator=translator("en"))
    return " | ".join(canvas.said)


def test_a_label_says_what_courier_and_packer_need() -> None:
    said = read_label(a_paper(cod_minor=125_000))
    for words in (
        "JNE", "Reguler", "011540032186220", "Rina Wijaya", "+62*****789", "Jl. Merdeka 1, Gambir", "Batik Lestari",
        "Kota Jakarta Pusat, DKI Jakarta 10110", "1,300 g", "COD Rp125,000", "Order 70", "2 × Kemeja 0", "KB-1",
        "Pick-up 24 Nov 2026, 09:00–12:00 WIB", "insured",
    ):  # fmt: skip
        assert words in said
    assert "NOTHING TO COLLECT" in read_label(a_paper())
    assert "and 4 more lines" in read_label(a_paper(lines=10))


@pytest.mark.parametrize(
    ("name", "fonts"),
    [
        ("Rina Ångström", {BOLD}),
        ("Дмитрий Ωmega", {BOLD}),
        ("王小明", {FALLBACK}),
        ("山田 太郎", {FALLBACK, BOLD}),
        ("a王b", {BOLD, FALLBACK}),
    ],
)
def test_names_of_many_scripts_have_a_font(name: str, fonts: set[str]) -> None:
    written = list(runs(name, bold=True))
    assert {font for font, _ in written} == fonts
    assert "".join(part for _, part in written) == name


def test_signs_that_no_font_has_are_marked_and_signs_that_are_none_left_out() -> None:
    assert list(runs("a\U0001f9ff\x00\u202e")) == [(REGULAR, "a"), (REGULAR, UNKNOWN)]


@given(st.text(max_size=60), st.floats(40, 300))
def test_lines_fit_and_lose_no_word(text: str, width: float) -> None:
    lines = wrapped(text, width, 9)
    assert all(width_of(line, 9) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_slips_go_on_over_as_many_panels_as_it_takes() -> None:
    panels = panels_of(a_paper(lines=LINES_A_PANEL + 3))
    assert [len(lines) for panel in panels for _, lines in panel] == [LINES_A_PANEL, 3]
    combined = panels_of(a_paper(lines=3, orders=4))
    assert sum(len(lines) for panel in combined for _, lines in panel) == 12
    assert {order.number for panel in combined for order, _ in panel} == {"70", "71", "72", "73"}


@pytest.mark.parametrize(
    ("which", "size", "pages"),
    [(Papers.LABELS, Size.A6, 5), (Papers.LABELS, Size.A4, 2), (Papers.BOTH, Size.A6, 10), (Papers.BOTH, Size.A4, 3)],
)
def test_pages(which: Papers, size: Size, pages: int) -> None:
    papers = [a_paper(recipient="陈丽")] * 5
    pdf = pdf_of(papers, which=which, size=size, translator=translator("id"))
    assert pdf.startswith(b"%PDF-")
    assert len(PAGES.findall(pdf)) == pages
    assert len(pdf) < 200_000  # fonts are cut to what is printed


def test_phones_are_masked() -> None:
    assert masked_phone("+628123456789") == "+62*******789"
    assert masked_phone("0812") == "081***812"
    assert masked_phone("") == ""


async def test_papers_of_a_split_order_share_what_is_to_be_collected(db: Db) -> None:
    ready = await ready_order(db, quantities=(2,), is_cod=True, shop=await a_shop(db))
    first = await arranged(db, ready, lines={ready.lines[0]: 1})
    second = await arranged(db, ready)
    async with db.for_shop(ready.shop_id).reading() as tx:
        papers = await load_papers(tx, shop_id=ready.shop_id, parcel_ids=[second.id, first.id])
    assert [paper.parcel.id for paper in papers] == [second.id, first.id]
    assert sum(paper.cod_minor for paper in papers) == 112_000
    assert papers[0].recipient == "Rina Wijaya"
    assert papers[0].phone == "+62*******789"
    assert papers[0].weight_grams == 300
