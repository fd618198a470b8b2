"""docs/open_api.md: every call of the Open API, from its registry."""

from collections.abc import Callable
from itertools import groupby

from etalase.web.open_api.describing import about, all_calls
from etalase.web.open_api.refusals import MEANING, STATUS_OF
from etalase.web.open_api.registry import ApiCall, Fills

WORDS = {Fills.FILLED: "yes", Fills.EMPTY: "empty", Fills.REFUSED: "no"}
INTRODUCTION = (
    (
        "Programs that speak the Partner Open API of TikTok Shop act for shops here unchanged. The app's maker finds the reference "
        "with examples at `/developer/reference` of every installation, and the OpenAPI document at `/developer/openapi.json`. "
        "Paths are those of the newest clients; every call takes any version from 202309 on. How to add a call stands in "
        "`etalase/web/open_api/registry.py`."
    ),
    (
        "`yes` is filled by the shop's own data, `empty` is answered truthfully with nothing, `no` is refused with a code that "
        "says so. A call without a scope needs a seller's leave alone."
    ),
)


def parts(table: Callable[..., str]) -> list[str]:
    """The parts of the page; `table` writes a head and rows."""
    found = [*INTRODUCTION]
    for domain, calls in groupby(sorted(all_calls(), key=lambda call: call.domain), key=lambda call: call.domain):
        found += [f"## {domain}", table(["call", "what it does", "scope", "filled"], map(_row, calls))]
    codes = [(code, STATUS_OF.get(code, 200), meaning) for code, meaning in sorted(MEANING.items())]
    return [
        *found,
        "## Codes",
        "`code` 0 is success, whatever the HTTP status.",
        table(["code", "HTTP", "means"], codes),
    ]


def _row(call: ApiCall) -> tuple[str, ...]:
    words = " ".join(about(call).split())
    note = f" {call.note}" if call.note and call.note not in words else ""
    return f"`{call.method} {call.path}`", words + note, f"`{call.scope}`" if call.scope else "", WORDS[call.fills]
