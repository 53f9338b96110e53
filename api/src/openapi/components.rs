//! Components that every operation refers to: headers, parameters and problems.

use serde_json::{Map, Value, json};

use crate::kernel::error::Code;

/// What `If-Match` is: any version, or entity tags (RFC 9110).
const TAGS: &str = "^(\\*|(W/)?\"[!#-~]*\"( *, *(W/)?\"[!#-~]*\")*)$";

/// Adds them to the document.
pub(super) fn add(document: &mut Value) {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string", "examples": [example] } });
    document["components"]["headers"] = json!({
        "ETag": text("Entity tag of this version; send it as `If-Match` to change it.", "\"3\""),
        "Location": text("Where the new resource is.", "/api/v1/reviews/0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11"),
        "Link": text("Link to the next page with `rel=\"next\"`, while there is one.", "</api/v1/reviews?cursor=eyJ2Ij>; rel=\"next\""),
        "X-Request-Id": text("Id of the request, as sent or made; the log has it too.", "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11"),
        "RateLimit": text("What is left: `r` requests, `t` seconds to the reset.", "\"default\";r=19999;t=1"),
        "RateLimit-Policy": text("The quota `q` in a window of `w` seconds.", "\"default\";q=20000;w=1"),
        "Idempotency-Replayed": text("`true` when this is the first answer again.", "true"),
        "Retry-After": json!({ "description": "Seconds to wait before the next try.", "schema": { "type": "integer", "minimum": 0, "examples": [1] } }),
        "WWW-Authenticate": text("How to authenticate, and what was missing.", "Bearer realm=\"debrief\""),
    });
    document["components"]["parameters"] = json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "1 to 255 printable ASCII characters, unique per request. The same request with the same key gets the first answer again, for 24 hours. What is refused does not use the key up.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$", "examples": ["8e03978e-40d5-43dd-bc93-6894a57f9324"] }
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag that was read, so that nobody's change is lost.",
            "schema": { "type": "string", "minLength": 1, "pattern": TAGS }, "example": "\"3\""
        },
        "IfMatchToReplace": {
            "name": "If-Match", "in": "header", "required": false,
            "description": "The ETag that was read, so that nobody's change is lost: needed to put something else in place of what is there. What makes the first, or changes nothing, goes without.",
            "schema": { "type": "string", "minLength": 1, "pattern": TAGS, "examples": ["\"3\""] }
        },
        "OptionalIfMatch": {
            "name": "If-Match", "in": "header", "required": false,
            "description": "An ETag that was read: without it, any version is replaced.",
            "schema": { "type": "string", "minLength": 1, "pattern": TAGS, "examples": ["\"3\""] }
        },
        "IfNoneMatchToCreate": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "`*` to make what is not there, and to replace nothing: 412 when there is one.",
            "schema": { "type": "string", "examples": ["*"] }
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "An ETag that was read: 304 when it is still current.",
            "schema": { "type": "string", "examples": ["\"3\""] }
        },
    });
    document["components"]["responses"] = Value::Object(problem_responses());
}

fn problem_responses() -> Map<String, Value> {
    let mut responses = Map::new();
    responses.insert(
        "NotModified".to_owned(),
        json!({ "description": "The representation is the one that `If-None-Match` names" }),
    );
    for code in Code::ALL {
        let status = code.status().as_u16();
        let response = responses
            .entry(format!("Problem{status}"))
            .or_insert_with(|| {
                let mut headers =
                    json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
                let special: &[&str] = match status {
                    401 => &["WWW-Authenticate", "RateLimit", "RateLimit-Policy"],
                    403 => &["WWW-Authenticate"],
                    409 | 503 => &["Retry-After"],
                    429 => &["Retry-After", "RateLimit", "RateLimit-Policy"],
                    412 => &["ETag"],
                    _ => &[],
                };
                for &name in special {
                    headers[name] = json!({ "$ref": format!("#/components/headers/{name}") });
                }
                json!({
                    "description": "",
                    "headers": headers,
                    "content": { "application/problem+json": {
                        "schema": { "$ref": "#/components/schemas/Problem" },
                        "example": {
                            "type": format!("/problems/{}", code.as_str()),
                            "title": code.title(), "status": status, "detail": code.title(),
                            "instance": "/api/v1/reviews", "code": code.as_str(),
                            "request_id": "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11",
                        },
                    } },
                })
            });
        let said = response["description"].as_str().unwrap_or_default();
        let more = format!("`{}`: {}", code.as_str(), code.title());
        response["description"] = json!(if said.is_empty() {
            more
        } else {
            format!("{said}; {more}")
        });
    }
    responses
}
