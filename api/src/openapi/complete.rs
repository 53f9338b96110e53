//! What every operation has because the kernel gives it: headers, problems, 304, a bearer scheme,
//! examples. Features do not repeat it, so they cannot forget it.

use serde_json::{Map, Value, json};

use crate::kernel::schema;

/// Requests and answers that the tests really sent and got, by `operationId`.
const EXAMPLES: &str = include_str!("examples.json");

/// Two events, one a line.
const NDJSON_EXAMPLE: &str = "{\"occurred_at\":\"2026-05-14T03:36:00Z\",\"kind\":\"alert\",\"summary\":\"EDR alert on fs-01\"}\n{\"occurred_at\":\"2026-05-14T03:41:00Z\",\"kind\":\"acknowledgement\",\"summary\":\"Alert acknowledged\"}\n";

/// Completes the document in place.
pub(super) fn complete(document: &mut Value) {
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                let secured = secure(operation);
                describe(operation);
                leave_out_bodies(operation);
                parameters(operation, method, secured);
                responses(operation, path, method, secured);
                headers(operation, method, secured);
                give_examples(operation, &examples);
                if let Some(operation) = operation.as_object_mut() {
                    operation.remove("x-if-match");
                }
            }
        }
    }
    hoist_descriptions(document);
    schema::refuse_blank(&mut document["components"]["schemas"]);
    components(document);
    remove_unused_responses(document);
}

/// A response that no operation refers to would only be noise.
fn remove_unused_responses(document: &mut Value) {
    let paths = document["paths"].to_string();
    if let Some(responses) = document["components"]["responses"].as_object_mut() {
        responses.retain(|name, _| paths.contains(&format!("#/components/responses/{name}\"")));
    }
    // YAML is read as what it means, not as a text.
    document["paths"]["/openapi.yaml"]["get"]["responses"]["200"]["content"]["application/yaml"] =
        json!({ "schema": {} });
}

/// Operations with a security requirement take a plain bearer credential as well; others say so.
fn secure(operation: &mut Value) -> bool {
    match operation["security"].as_array_mut() {
        Some(requirements) if !requirements.is_empty() => {
            requirements.push(json!({ "bearer": [] }));
            true
        }
        _ => {
            operation["security"] = json!([]);
            false
        }
    }
}

/// The scopes in words, below the operation's own description.
fn describe(operation: &mut Value) {
    let scopes: Vec<String> = operation["security"][0]["oauth2"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|scope| Some(format!("`{}`", scope.as_str()?)))
        .collect();
    let summary = operation["summary"]
        .as_str()
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned();
    let mut text = operation["description"]
        .as_str()
        .unwrap_or(&summary)
        .to_owned();
    if !scopes.is_empty() {
        text = format!("{text}\n\nScope: {}.", scopes.join(", "));
    }
    operation["summary"] = json!(summary);
    operation["description"] = json!(text.trim());
}

/// A body that is optional may be left out; `null` is none.
fn leave_out_bodies(operation: &mut Value) {
    let body = operation.get_mut("requestBody");
    let contents = body.and_then(|body| body["content"].as_object_mut());
    for (_, content) in contents.into_iter().flatten() {
        let Some(alternatives) = content["schema"]["oneOf"].as_array() else {
            continue;
        };
        let null = |schema: &&Value| schema["type"] == "null";
        if let (true, Some(schema)) = (
            alternatives.iter().any(|schema| null(&schema)),
            alternatives.iter().find(|schema| !null(schema)),
        ) {
            content["schema"] = schema.clone();
        }
    }
}

/// No text may hold U+0000, which a free one in the query says by its pattern.
fn refuse_nul(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    if let Some(items) = fields.get_mut("items") {
        return refuse_nul(items);
    }
    let bounded = ["$ref", "enum", "format", "pattern", "oneOf"];
    let is_text = fields
        .get("type")
        .is_some_and(|kind| kind.to_string().contains("string"));
    if is_text && !bounded.iter().any(|word| fields.contains_key(*word)) {
        fields.insert("pattern".to_owned(), json!("^[^\\u0000]*$"));
    }
}

/// Whether the operation changes one version of a resource.
fn needs_if_match(operation: &Value, method: &str) -> bool {
    operation["x-if-match"] == true || matches!(method, "patch" | "delete")
}

fn parameters(operation: &mut Value, method: &str, secured: bool) {
    let given = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for schema in given
        .into_iter()
        .flatten()
        .filter_map(|one| one.get_mut("schema"))
    {
        refuse_nul(schema);
    }
    let mut added = Vec::new();
    if method == "post" && secured {
        added.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    if needs_if_match(operation, method) {
        added.push(json!({ "$ref": "#/components/parameters/IfMatch" }));
    }
    if method == "put" {
        added.push(json!({ "$ref": "#/components/parameters/OptionalIfMatch" }));
    }
    if method == "get" && secured {
        added.push(json!({ "$ref": "#/components/parameters/IfNoneMatch" }));
    }
    if added.is_empty() {
        return;
    }
    if !operation["parameters"].is_array() {
        operation["parameters"] = json!([]);
    }
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.append(&mut added);
    }
}

/// The problems that the kernel can answer this operation with.
fn problems(operation: &Value, path: &str, method: &str, secured: bool) -> Vec<u16> {
    let mut statuses = vec![400, 500, 503];
    if secured {
        statuses.extend([401, 403, 406, 429]);
    }
    if path.contains('{') {
        statuses.push(404);
    }
    if operation.get("requestBody").is_some() {
        statuses.extend([408, 413, 415]);
        if secured {
            statuses.push(422);
        }
    }
    if method != "get" && secured {
        statuses.extend([404, 409]);
    }
    if method == "post" && secured {
        statuses.push(422);
    }
    if needs_if_match(operation, method) {
        statuses.extend([412, 428]);
    }
    if method == "put" {
        statuses.push(412);
    }
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

fn responses(operation: &mut Value, path: &str, method: &str, secured: bool) {
    let statuses = problems(operation, path, method, secured);
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    for (status, response) in responses.iter_mut() {
        let unsaid = response["description"].as_str().is_none_or(str::is_empty);
        if unsaid && response.get("$ref").is_none() {
            response["description"] = json!(match status.as_str() {
                "200" => "Done; the body is the current state",
                "201" => "Created; the body is the new resource",
                "204" => "Done",
                _ => "As described",
            });
        }
    }
    if method == "get" && secured && responses.contains_key("200") {
        responses.insert(
            "304".to_owned(),
            json!({ "$ref": "#/components/responses/NotModified" }),
        );
    }
    for status in statuses {
        responses.entry(status.to_string()).or_insert_with(
            || json!({ "$ref": format!("#/components/responses/Problem{status}") }),
        );
    }
    responses.sort_keys();
}

/// The headers of successful answers.
fn headers(operation: &mut Value, method: &str, secured: bool) {
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    for (status, response) in responses {
        if !status.starts_with('2') || response.get("$ref").is_some() {
            continue;
        }
        let mut names = vec!["X-Request-Id"];
        if secured {
            names.extend(["RateLimit", "RateLimit-Policy"]);
        }
        if method == "post" && secured {
            names.push("Idempotency-Replayed");
        }
        if secured && status != "204" {
            names.push("ETag");
        }
        if status == "201" {
            names.push("Location");
        }
        let lists = response["content"]["application/json"]["schema"]["$ref"]
            .as_str()
            .is_some_and(|name| name.ends_with("List"));
        if lists {
            names.push("Link");
        }
        let mut headers = Map::new();
        for name in names {
            let to = format!("#/components/headers/{name}");
            headers.insert(name.to_owned(), json!({ "$ref": to }));
        }
        response["headers"] = Value::Object(headers);
    }
}

/// An optional field's description stands in its alternative that is not null, where neither
/// readers nor generators look for it: it belongs to the field.
fn hoist_descriptions(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let alternatives = fields.get_mut("oneOf").and_then(Value::as_array_mut);
            let said = alternatives
                .filter(|all| all.len() == 2 && all.iter().any(|one| one["type"] == "null"))
                .and_then(|all| all.iter_mut().find(|one| one["type"] != "null"))
                .and_then(|one| one.as_object_mut()?.shift_remove("description"));
            if let Some(said) = said {
                fields.entry("description").or_insert(said);
            }
            fields
                .iter_mut()
                .for_each(|(_, field)| hoist_descriptions(field));
        }
        Value::Array(items) => items.iter_mut().for_each(hoist_descriptions),
        _ => {}
    }
}

fn give_examples(operation: &mut Value, examples: &Value) {
    let example = &examples[operation["operationId"].as_str().unwrap_or_default()];
    let taken = operation.pointer_mut("/requestBody/content");
    for (kind, content) in taken.and_then(Value::as_object_mut).into_iter().flatten() {
        if kind == "application/x-ndjson" {
            content["example"] = json!(NDJSON_EXAMPLE);
        } else if let Some(request) = example.get("request") {
            content["example"] = request.clone();
        }
    }
    let Some(response) = example.get("response") else {
        return;
    };
    let status = example["status"].as_u64().unwrap_or_default().to_string();
    if let Some(content) = operation["responses"]
        .get_mut(&status)
        .and_then(|answer| answer.get_mut("content")?.get_mut("application/json"))
    {
        content["example"] = response.clone();
    }
}

fn components(document: &mut Value) {
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
            "description": "1 to 255 printable ASCII characters, unique per request. The same request with the same key gets the first answer again, for 24 hours.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$" },
            "example": "8e03978e-40d5-43dd-bc93-6894a57f9324"
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag that was read, so that nobody's change is lost.",
            "schema": { "type": "string", "minLength": 1 }, "example": "\"3\""
        },
        "OptionalIfMatch": {
            "name": "If-Match", "in": "header", "required": false,
            "description": "An ETag that was read: without it, any version is replaced.",
            "schema": { "type": "string", "minLength": 1 }, "example": "\"3\""
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "An ETag that was read: 304 when it is still current.",
            "schema": { "type": "string" }, "example": "\"3\""
        },
    });
    document["components"]["responses"] = Value::Object(problem_responses());
}

fn problem_responses() -> Map<String, Value> {
    use crate::kernel::error::Code;
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
                let special = match status {
                    401 | 403 => Some("WWW-Authenticate"),
                    409 | 429 | 503 => Some("Retry-After"),
                    412 => Some("ETag"),
                    _ => None,
                };
                if let Some(name) = special {
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
