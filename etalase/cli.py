"""The command line: `etalase up` runs everything, the other commands one part each."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from etalase.settings import Settings
    from etalase.web.open_api.asking import Asking

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="etalase", prog_name="etalase")
def main() -> None:
    """Etalase, social commerce one can own.

    `etalase up` runs the whole product with a database of its own. In production run `etalase migrate`
    once, then any number of `etalase web` and `etalase worker`, all with the same DATABASE_URL.

    \b
    Read from the environment:
      DATABASE_URL      PostgreSQL 15 or newer; without it the embedded one is used
      PORT              where the shop answers (8000)
      ETALASE_HOST      the network address it answers on (127.0.0.1)
      ETALASE_VAR       the folder for data (./var)
      ETALASE_MODE      demo or production
    """


@main.command(short_help="Run everything in one command.")
@click.option(
    "--mode", type=click.Choice(["demo", "production"]), envvar="ETALASE_MODE", default="demo", show_default=True
)
@click.option("--demo", "mode", flag_value="demo", help="The same as --mode demo.")
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of PORT.")
@click.option("--var", type=click.Path(file_okay=False, path_type=Path), help="Instead of ETALASE_VAR.")
@click.option("--logs", is_flag=True, help="Show what the parts log, here instead of in <var>/log.")
def up(mode: str, port: int | None, var: Path | None, logs: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """Run everything: database, web, worker and, in demo mode, the sandbox peers.

    The first start makes the database and loads the demo world; later starts keep the data.
    Ctrl-C stops all of it.
    """
    given = {"ETALASE_MODE": mode, "PORT": port, "ETALASE_VAR": var}
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})
    from etalase.up import run

    sys.exit(run(_settings(), show_logs=logs))


@main.command(short_help="Answer browsers, vendors and open pages.")
def web() -> None:
    """Answer browsers, vendors' notifications and open pages (any number of processes)."""
    _own_process()
    from etalase.web.server import serve

    serve(_with_database())


@main.command(short_help="Carry out what follows from facts and clocks.")
def worker() -> None:
    """Carry out what follows from facts, clocks and notifications (any number of processes)."""
    _own_process()
    from etalase.worker import run

    run(_with_database())


@main.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    _end_with_parent()
    from etalase.foundation.database import migrate as apply

    names = apply(str(_with_database().database_url))
    click.echo("\n".join(f"applied {name}" for name in names) or "nothing to do")


@main.command(short_help="Load the demo world into an empty database.")
@click.option("--orders", type=click.IntRange(0), default=0, help="Then load so many further orders.")
@click.option(
    "--hot-share", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="What one shop gets of them."
)
def demo(orders: int, hot_share: float) -> None:
    """Load the demo world (shops, products, people, orders) into an empty database.

    --orders adds to what is there. They are committed in batches: Ctrl-C leaves whole ones.
    """
    _end_with_parent()
    from etalase.foundation.database import is_empty

    url = str(_with_database().database_url)
    if not is_empty(url) and not orders:
        click.echo("nothing to do: the database is not empty")
        return
    try:
        from demo.load import load_orders, load_world
    except ModuleNotFoundError as missing:
        if missing.name not in ("demo", "demo.load"):
            raise
        click.echo("skipped: this installation comes without the demo world")
        return
    load_world(url, var=_settings().var, progress=_say)
    if orders:
        load_orders(url, orders, hot_share=hot_share, progress=_say)


@main.command(short_help="Prove that no rupiah was lost, made or moved twice.")
@click.option("--shop", type=click.IntRange(1), metavar="ID", help="One shop's books instead of everybody's.")
@click.option("--json", "as_json", is_flag=True, help="Say it for machines.")
def audit(shop: int | None, as_json: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """Prove that no rupiah was lost, made or moved twice.

    Reads all orders and the whole ledger batch by batch, while the shop is open; writes nothing.
    Ends with 1 when anything is found. docs/operations.md says what is proved and how long it takes.
    """
    _end_with_parent()
    from etalase.journeys.auditing.telling import run

    sys.exit(run(str(_with_database().database_url), shop_id=shop, as_json=as_json, say=click.echo))


@main.command(short_help="Measure the product against PostgreSQL itself.")
@click.option("--quick", is_flag=True, help="A smaller world and shorter loads: a few minutes.")
@click.option("--only", multiple=True, metavar="ROW", help="Only these rows, e.g. place or pages (may be repeated).")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Make the world here, or use the one here."
)
@click.option(
    "--orders", type=click.IntRange(1000), help="How many orders the world has (1,000,000; with --quick 40,000)."
)
@click.option("--strict", is_flag=True, help="End with 1 when a threshold is missed.")
@click.option("--write-docs", is_flag=True, help="Write the tables and the plot of docs/performance.md anew.")
def bench(**options: Any) -> None:
    """Measure the product against PostgreSQL itself.

    Starts a database and processes of its own; neither DATABASE_URL nor ETALASE_VAR is touched.
    docs/performance.md explains the rows.
    """
    try:
        from bench.main import main as measure
    except ModuleNotFoundError as missing:
        if missing.name not in ("bench", "bench.main"):
            raise
        raise click.ClickException("the bench is not installed: run it from the source tree (make bench)") from None
    sys.exit(measure(**options))


@main.group(short_help="Try a connector against a running demo.")
def sandbox() -> None:
    """Try a connector against a running demo: real orders in any state, scenarios, a clock that can be moved.

    These commands ask the shop that `etalase up` runs (PORT and ETALASE_VAR as it has them), as the demo's own app.
    """


SHOP = click.option("--shop", default="", help="Its address (the last part of /s/...); the first one without.")
STATES = (
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED",
)  # fmt: skip
SCENES = ("late_cancel", "lost_parcel", "failed_delivery", "returned_to_sender", "return_request", "return_dispute")
AT_ONCE = 10


@sandbox.command("app")
def sandbox_app() -> None:
    """Print key, secret, token and shops of the demo's app."""
    asking = _asking()
    click.echo(f"address       {asking.origin}\napp_key       {asking.key}\napp_secret    {asking.secret}")
    click.echo(f"access_token  {asking.token}")
    for shop in _asked(lambda: asking.call("GET", "/authorization/202309/shops"))["shops"]:
        click.echo(f"shop_cipher   {shop['cipher']}  {shop['name']} (--shop {shop['code']})")


@sandbox.command("orders")
@click.option(
    "--state", type=click.Choice(STATES, case_sensitive=False), default="AWAITING_SHIPMENT", show_default=True
)
@click.option("-n", "--number", type=click.IntRange(1, 1000), default=1, show_default=True, help="How many.")
@SHOP
def sandbox_orders(state: str, number: int, shop: str) -> None:
    """Make orders and bring them into a state, by what buyers, seller and carrier do. Prints their numbers."""
    asking = _asking()
    cipher = _asked(lambda: asking.cipher_of(shop))
    for done in range(0, number, AT_ONCE):
        body = {"state": state.upper(), "count": min(AT_ONCE, number - done)}
        made = _asked(partial(asking.call, "POST", "/sandbox/202309/orders", body, cipher=cipher))
        click.echo("\n".join(order["id"] for order in made["orders"]))


@sandbox.command("scenario")
@click.argument("name", type=click.Choice(SCENES))
@SHOP
def sandbox_scenario(name: str, shop: str) -> None:
    """Play something that goes wrong, with an order of its own."""
    asking = _asking()
    cipher = _asked(lambda: asking.cipher_of(shop))
    played = _asked(lambda: asking.call("POST", "/sandbox/202309/scenarios", {"name": name}, cipher=cipher))
    click.echo(f"{played['order_id']}\n{played['about']}")


@sandbox.command("time")
@click.option("--hours", type=click.IntRange(0, 744), default=0, help="Move the clock so many hours ahead.")
@click.option("--next", "to_next", is_flag=True, help="Move it to the next deadline.")
def sandbox_time(hours: int, to_next: bool) -> None:  # noqa: FBT001 - click hands flags over so
    """Show the sandbox's time, or move it."""
    asking = _asking()
    if hours or to_next:
        body = {"seconds": hours * 3600, "to_next_deadline": to_next}
        told = _asked(lambda: asking.call("POST", "/sandbox/202309/time/advance", body))
        click.echo(f"deadlines that fired: {told['fired']}")
    else:
        told = _asked(lambda: asking.call("GET", "/sandbox/202309/time"))
    from datetime import UTC, datetime

    click.echo(f"{datetime.fromtimestamp(told['now'], UTC):%Y-%m-%d %H:%M:%S} UTC, {told['ahead_seconds']} s ahead")


def _asking() -> "Asking":
    """The demo's app, asking the shop of these settings."""
    from etalase.commerce.apps.credentials import demo_app
    from etalase.web.open_api.asking import Asking

    app = demo_app(_settings().key())
    return Asking(_settings().base_url, app.key, app.secret, app.access_token)


def _asked(ask: "Callable[[], Any]") -> Any:
    from etalase.web.open_api.asking import NotAnswered

    try:
        return ask()
    except NotAnswered as problem:
        raise click.ClickException(str(problem)) from None


def _say(step: str, share: float) -> None:
    click.echo(f"{share:4.0%} {step}")


def _settings() -> "Settings":
    from etalase.settings import settings

    return settings()


def _with_database() -> "Settings":
    """The settings with a database URL: the one given, or that of the embedded PostgreSQL, which is left running."""
    from etalase.foundation.processes import await_database

    await_database()
    if not _settings().database_url:
        from etalase.foundation.database import start_embedded
        from etalase.settings import settings

        os.environ["DATABASE_URL"] = start_embedded(_settings().var)[1]
        settings.cache_clear()
    return _settings()


def _end_with_parent() -> None:
    from etalase.foundation.processes import end_with_parent

    end_with_parent()


def _own_process() -> None:
    """Log to standard output, and end when the `etalase up` that started this process has ended."""
    from etalase.foundation.processes import import_no_terminals

    _end_with_parent()
    import_no_terminals()
    from etalase.foundation.logs import log_to_stdout

    log_to_stdout()


if __name__ == "__main__":
    main()
