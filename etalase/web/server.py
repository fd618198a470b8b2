"""The web process: the app behind one listening socket."""

from types import FrameType

import uvicorn

from etalase.foundation.processes import inherited_listener
from etalase.settings import Settings
from etalase.web.app import create_app

GRACE_S = 3


class Server(uvicorn.Server):
    """Ends open streams when it is told to stop; they would otherwise hold it until the grace is over."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        hub = getattr(self.app.state, "realtime", None)
        if hub is not None:
            hub.close()
        super().handle_exit(sig, frame)

    @property
    def app(self) -> object:
        """The app it serves."""
        return self.config.app


def serve(settings: Settings) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    listener = inherited_listener()
    Server(config).run(sockets=[listener] if listener else None)
