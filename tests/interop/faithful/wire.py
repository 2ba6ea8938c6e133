"""Requests and answers as AWS would name them, and what the suite knows that moto has no place for."""

import io
import json
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from moto.core.request import Request
from moto.core.routing import get_service_router

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
SEEDER = re.compile(r"SEED(\d{12})")
"""The seeder's access key for an account: it speaks to moto past every correction."""

SIGNING_NAMES = {"monitoring": "cloudwatch"}
"""Services that sign under a name of their own, and how IAM names them."""

READS = ("Get", "List", "Describe", "Head")


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes

    def json(self) -> dict:
        return json.loads(self.body or b"{}")

    def with_json(self, document: dict) -> "Answer":
        return Answer(self.status, self.headers, json.dumps(document).encode())


@dataclass
class Call:
    environ: dict
    body: bytes
    service: str
    operation: str
    region: str
    access_key: str
    account: str
    """Whose credentials sign: the seeder's key says it, otherwise a correction finds out."""
    asked: str
    """Whose state moto answers from."""
    seeds: bool = False
    parameters: dict = field(default_factory=dict)

    @classmethod
    def read(cls, environ: dict) -> "Call":
        length = int(environ.get("CONTENT_LENGTH") or 0)
        signed = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        access_key, region, service = signed.groups() if signed else ("", "", "")
        service = SIGNING_NAMES.get(service, service)
        if service == "s3" and environ["PATH_INFO"].startswith("/v20180820/"):
            service = "s3control"
        seeder = SEEDER.fullmatch(access_key)
        account = seeder.group(1) if seeder else ""
        body = environ["wsgi.input"].read(length) if length else b""
        call = cls(environ, body, service, "", region, access_key, account, account, bool(seeder))
        if signed and not seeder:
            call.name_operation()
        return call

    def name_operation(self):
        """JSON services name it in a header, whose prefix differs from SDK to SDK; the others in path and query."""
        target, in_path = self.header("x-amz-target"), {}
        if target:
            self.operation = target.rpartition(".")[2]
        else:
            operation, in_path = get_service_router(self.service).match(Request(self.environ_for_moto()))
            self.operation = operation.name
        self.parameters = {**in_path, **self.in_body()}

    @property
    def reads(self) -> bool:
        entering = (self.service, self.operation) == ("sts", "AssumeRole")
        return entering or self.operation.startswith(READS)

    @property
    def name(self) -> str:
        return f"{self.service}:{self.operation}"

    def in_body(self) -> dict:
        kind = self.environ.get("CONTENT_TYPE") or ""
        if "json" in kind:
            return json.loads(self.body or b"{}")
        if "x-www-form-urlencoded" in kind:
            return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
        return {}

    def query(self, name: str) -> str | None:
        return parse_qs(self.environ.get("QUERY_STRING", "")).get(name, [None])[0]

    def header(self, name: str) -> str | None:
        return self.environ.get("HTTP_" + name.upper().replace("-", "_"))

    def change_json(self, **changed):
        self.body = json.dumps({**json.loads(self.body or b"{}"), **changed}).encode()

    def environ_for_moto(self) -> dict:
        environ = dict(self.environ)
        environ["wsgi.input"] = io.BytesIO(self.body)
        environ["CONTENT_LENGTH"] = str(len(self.body))
        if self.asked:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = self.asked
        return environ

    def ask(self, moto) -> Answer:
        given = {}

        def start_response(status, headers, exc_info=None):
            given.update(status=int(status.split()[0]), headers=headers)

        body = b"".join(moto(self.environ_for_moto(), start_response))
        return Answer(given["status"], given["headers"], body)

    def ok(self, document: dict) -> Answer:
        return Answer(200, [("Content-Type", "application/x-amz-json-1.1")], json.dumps(document).encode())

    def ok_xml(self, document: str) -> Answer:
        return Answer(200, [("Content-Type", "application/xml")], document.encode())

    def refuse(self, code: str, message: str, status: int = 400, headers=()) -> Answer:
        """A refusal in the wire format of the service."""
        error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        if self.service == "s3":
            kind, body = "application/xml", error
        elif self.service in ("s3control", "sts", "sns", "iam"):
            kind, body = "text/xml", f"<ErrorResponse>{error}<RequestId>interop</RequestId></ErrorResponse>"
        else:
            kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
        return Answer(status, [("Content-Type", kind), ("x-amzn-ErrorType", code), *headers], body.encode())


@dataclass
class Remembered:
    name: str
    region: str
    account: str
    access_key: str
    status: int
    reads: bool


class World:
    """What is planted beside moto's own state, and what the binary asked."""

    def __init__(self):
        self.lock = threading.Lock()
        self.calls: list[Remembered] = []
        self.statuses: dict[str, dict] = {}
        """Trail ARN to fields laid over its GetTrailStatus; None takes a field away."""
        self.mfa_delete: set[str] = set()
        """Buckets whose versions only somebody with an MFA device deletes."""
        self.requester_pays: set[str] = set()
        self.config_errors: dict[tuple[str, str], str] = {}
        """Account and Region to the error of AWS Config's deliveries."""
        self.unconfirmed: set[str] = set()
        """Topics whose subscribers have not answered."""
        self.opted_in: dict[str, set[str]] = {}
        """Account to Regions that it has switched on."""

    def remember(self, call: Call, answer: Answer):
        with self.lock:
            self.calls.append(
                Remembered(call.name, call.region, call.account, call.access_key, answer.status, call.reads)
            )
