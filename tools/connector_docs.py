"""docs/connectors.md: where to point a connector, with the programs that the developers' page shows."""

from collections.abc import Callable

from etalase.integrations.rehearsing.actions import SCENES, TARGETS
from etalase.web.developer.samples import SAMPLES, Sample

INTRODUCTION = (
    (
        "A connector written for TikTok Shop's Partner Open API works here unchanged: give it the address of the shop in place of "
        "`open-api.tiktokglobalshop.com` and `auth.tiktok-shops.com`. [Every call](open_api.md) and what is filled, "
        "[what is told by webhooks](webhooks.md)."
    ),
    "## A sandbox in three lines",
    (
        "```\nmake up                              # prints app_key, app_secret and access_token that work at once\n"
        "etalase sandbox app                  # prints them again, with the cipher of each shop\n"
        "etalase sandbox orders --state AWAITING_SHIPMENT -n 50\n```"
    ),
    (
        "The orders are real: placed, paid at the sandbox provider, confirmed, booked and carried by the sandbox carrier, so "
        "that webhooks, labels, tracking and refunds follow as from any other. `--shop` chooses the shop. States: "
        + ", ".join(f"`{state}`" for state in TARGETS)
        + "."
    ),
    "## Things that go wrong, and time",
)
AFTER = (
    (
        "`etalase sandbox scenario NAME` plays one. `etalase sandbox time --hours 24` moves the clock of the whole sandbox, "
        "`--next` to the next deadline; it answers when everything due has happened. The `timestamp` of requests stays the real "
        "one. The same by calls, signed like all others and in sandbox mode alone: `POST /sandbox/202309/orders`, "
        "`POST /sandbox/202309/scenarios`, `GET /sandbox/202309/time`, `POST /sandbox/202309/time/advance`."
    ),
    (
        "A signature that does not fit is answered with the string that was expected to be signed (never the secret), and an "
        "app's messages stand on `/developer/apps/<id>/messages` with every attempt."
    ),
    "## Signing in several languages",
    (
        "Each is complete. Set `ORIGIN`, `APP_KEY`, `APP_SECRET` and `ACCESS_TOKEN`, or copy the line that `/developer/connect` "
        "shows. Run by our tests against the real server, where the language is installed: "
        + ", ".join(sample.language for sample in SAMPLES if sample.is_run)
        + ". Not run by them: "
        + ", ".join(sample.language for sample in SAMPLES if not sample.is_run)
        + "."
    ),
)


def parts(table: Callable[..., str]) -> list[str]:
    """The parts of the page; `table` writes a head and rows."""
    scenes = table(["scenario", "what happens"], [(f"`{name}`", about) for name, about in SCENES.items()])
    return [*INTRODUCTION, scenes, *AFTER, *(part for sample in SAMPLES for part in _program(sample))]


def _program(sample: Sample) -> tuple[str, str]:
    return f"### {sample.language}", f"`{sample.command}`\n\n```{sample.fence}\n{sample.text}\n```"
