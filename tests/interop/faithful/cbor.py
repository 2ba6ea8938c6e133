"""RPC v2 CBOR, the protocol in which SDKs that are generated from Smithy ask some services.

moto speaks only the older protocols of a service. AWS: Smithy, "Smithy RPC v2 CBOR protocol" (path, headers, errors);
CloudWatch takes it besides JSON. A request is told to moto in JSON, and its answer back in CBOR: only the wire differs.
"""

import io
import json
import re

from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer
from moto.core.utils import get_service_model

from .wire import Answer, Call

PROTOCOL = "rpc-v2-cbor"
PATH = re.compile(r"/service/(?P<service>[^/]+)/operation/(?P<operation>[^/]+)")


def is_spoken(environ: dict) -> bool:
    return environ.get("HTTP_SMITHY_PROTOCOL") == PROTOCOL


def asked_in_json(environ: dict) -> dict:
    """The request as AWS JSON 1.0 has it."""
    named = PATH.fullmatch(environ["PATH_INFO"])
    parser = RpcV2CBORParser()
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    asked = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    text = json.dumps(asked).encode()
    return environ | {
        "PATH_INFO": "/",
        "RAW_URI": "/",
        "REQUEST_URI": "/",
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "CONTENT_LENGTH": str(len(text)),
        "HTTP_X_AMZ_TARGET": f"{named['service']}.{named['operation']}",
        "wsgi.input": io.BytesIO(text),
    }


def answered(call: Call, answer: Answer) -> Answer:
    """An answer in JSON, in CBOR."""
    body = bytearray()
    if answer.status < 300:
        shape = get_service_model(call.service).operation_model(call.operation).output_shape
        RpcV2CBORSerializer()._serialize_data_item(body, answer.json(), shape)
    else:
        error = {name: text for name, text in answer.json().items() if name in ("__type", "message")}
        body += bytes([0xA0 + len(error)])
        for text in (text for pair in error.items() for text in pair):
            RpcV2CBORSerializer()._serialize_type_string(body, text, None, None)
    kept = [(name, value) for name, value in answer.headers if name.lower() != "content-type"]
    headers = [("Content-Type", "application/cbor"), ("smithy-protocol", PROTOCOL), *kept]
    return Answer(answer.status, headers, bytes(body))
