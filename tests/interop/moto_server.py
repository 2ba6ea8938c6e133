"""moto, as its own server runs it, behind the corrections, on a free loopback port."""

import os
import threading
import time

os.environ["TZ"] = "UTC"  # moto writes the times of a trail's status in local time
time.tzset()

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from faithful import Faithful
from faithful.wire import World


class Quiet(MotoRequestHandler):
    def log_request(self, *arguments):
        pass


class Server:
    def __init__(self):
        self.world = World()
        application = Faithful(DomainDispatcherApplication(create_backend_app), self.world)
        self.http = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *raised):
        self.http.shutdown()
        self.http.server_close()
