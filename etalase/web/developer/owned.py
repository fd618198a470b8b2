"""What is whose: an app is found by its maker alone."""

from etalase.commerce.apps import queries
from etalase.commerce.apps.queries import App
from etalase.foundation.ids import parse_id
from etalase.web.request import NotFound, Visit, signed_in


async def own_app(visit: Visit, app_id: str) -> App:
    """The app, if it is the account's own; 404 for everybody else's, and the log-in page for nobody."""
    account = signed_in(visit)
    async with visit.db.any().reading() as tx:
        app = await queries.app_of_owner(tx, app_id=id_or_404(app_id), owner_id=account.id)
    if app is None:
        raise NotFound
    return app


def id_or_404(text: str) -> int:
    """An id of the address; what can't be one is nothing here."""
    found = parse_id(text)
    if found is None:
        raise NotFound
    return found
