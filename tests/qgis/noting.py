"""A proxy between QGIS and Clearline that records the requests of QGIS."""

import http.client
import urllib.parse
from http.server import BaseHTTPRequestHandler


class Noting(BaseHTTPRequestHandler):
    """Forwards every request to the server, and records the queries for items."""

    upstream: str
    queries: list[str]

    def do_GET(self):
        if urllib.parse.urlsplit(self.path).path.endswith("/items"):
            self.queries.append(urllib.parse.urlsplit(self.path).query)
        onward = http.client.HTTPConnection(self.upstream, timeout=60)
        # Keep the requested host, so that links lead back here.
        onward.request("GET", self.path, headers={k: v for k, v in self.headers.items() if k != "Connection"})
        answer = onward.getresponse()
        body = answer.read()
        onward.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
