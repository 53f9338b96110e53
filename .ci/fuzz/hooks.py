"""Makes requests reach further than their headers, and keeps the fuzz from revoking its own key."""

import json
import os
import re
from datetime import date, datetime
from urllib.parse import quote

import requests
import schemathesis
from hypothesis import strategies
from schemathesis.core.parameters import ParameterLocation

URL = os.environ["DEBRIEF_CI_URL"]
AUTHORIZATION = {"Authorization": f"Bearer {os.environ['DEBRIEF_CI_KEY']}"}
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOBODY = "01900000-0000-7000-8000-000000000000"

# The key in use is among the ids that the server tells about the caller.
OWN = set(UUID.findall(requests.get(f"{URL}/api/v1/me", headers=AUTHORIZATION, timeout=10).text))


# What a client keeps for people to open is of the web: of all URIs, next to none would be.
schemathesis.openapi.format("uri", strategies.from_regex(r"\A[hH][tT][tT][pP][sS]?://[a-z0-9]{1,20}(/[a-z0-9]{0,20}){0,3}\Z"))


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """One JSON document a line, or the text as it is where the document says no more than that it is one."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode(errors="surrogatepass")
    items = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


@schemathesis.hook
def before_call(context, case, kwargs):
    if "key" in case.operation.path and case.method not in ("GET", "HEAD"):
        for name, value in (case.path_parameters or {}).items():
            if value in OWN:
                case.path_parameters[name] = NOBODY

    for name, value in (case.path_parameters or {}).items():
        # Answers in the document lend their ids; one that has none lends a null.
        if value is None or value == "null":
            case.path_parameters[name] = NOBODY

    if case.operation.path == "/api/v1/changes/stream":
        # A stream is to end.
        query = case.query or {}
        if str(query.get("for_seconds", "0")).isdigit():
            case.query = {**query, "for_seconds": 0}
    if case.meta is None:
        return
    if not case.meta.is_negative_at(ParameterLocation.BODY):
        if case.operation.path == "/oauth/token" and isinstance(case.body, dict) and sometimes(case):
            # The header has the client's credentials, and a second way to authenticate is refused.
            case.body = {name: value for name, value in case.body.items() if not name.startswith("client_")}
        if case.media_type == "application/x-ndjson" and isinstance(case.body, str):
            # A schema can say that this is a text, not that its lines are JSON: the document's example is.
            case.body = example(case) or case.body
    if not case.meta.is_negative_at(ParameterLocation.QUERY):
        order_windows(case.query or {})
        # Only the server can make a cursor; the schema of one says no more than that it is a text.
        (case.query or {}).pop("cursor", None)
        # Who waits for a change finds nothing else out.
        if "wait_seconds" in (case.query or {}):
            case.query["wait_seconds"] = 0
    if not case.meta.is_negative_at(ParameterLocation.HEADER) and case.headers:
        # Only the server can make the id that a stream is taken up by.
        case.headers.pop("Last-Event-ID", None)
        if "Idempotency-Key" in case.headers:
            # Schemathesis repeats itself: that would be answered with the conflict of two requests under one key.
            case.headers["Idempotency-Key"] = f"fuzz-{case.id}"
        if "If-Match" in case.headers and sometimes(case):
            # Three of four requests name the version that is there, and so come to what they are about.
            if etag := current_etag(case):
                case.headers["If-Match"] = etag


def order_windows(query):
    """A window ends after it begins, which is more than a schema of one parameter says."""
    for name in [name for name in query if name.endswith("_to")]:
        start = name.removesuffix("_to") + "_from"
        if start in query and moment(query[start]) > moment(query[name]):
            query[start], query[name] = query[name], query[start]


def moment(text):
    """What a bound is ordered by: a number, or a moment in seconds."""
    text = str(text)
    for read in (float, lambda it: datetime.fromisoformat(it).timestamp(), lambda it: date.fromisoformat(it).toordinal()):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    return 0.0


def sometimes(case):
    """Three times of four, and each time the same for the same case."""
    return sum(case.id.encode()) % 4 != 0


def example(case):
    """The example of the case's media type."""
    media = case.operation.definition.raw["requestBody"]["content"][case.media_type]
    examples = [entry.get("value") for entry in media.get("examples", {}).values()]
    return next((value for value in [media.get("example"), *examples] if value), None)


def current_etag(case):
    """The ETag of what the last placeholder in the path names."""
    resource = case.operation.path[: case.operation.path.rfind("}") + 1]
    if not resource:
        return None
    try:
        values = {name: quote(str(value), safe="") for name, value in (case.path_parameters or {}).items()}
        path = resource.format(**values)
        return requests.get(URL + path, headers=AUTHORIZATION, timeout=10).headers.get("ETag")
    except (KeyError, ValueError, requests.RequestException):
        return None
