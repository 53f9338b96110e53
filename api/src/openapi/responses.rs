//! Answers: the problems that the kernel can give for an operation, 304, and the headers of each.

use serde_json::{Map, Value, json};

use super::parameters::{needs_if_match, replaces};

/// The problems that the kernel can answer this operation with.
fn problems(operation: &Value, path: &str, method: &str, secured: bool) -> Vec<u16> {
    let mut statuses = vec![400, 414, 500, 503];
    if secured {
        statuses.extend([401, 403, 406, 429]);
    }
    if path.contains('{') || names_review(operation) {
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
    if replaces(operation) {
        statuses.push(428);
    }
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

/// Whether a parameter of the query names a review, which has to be there.
fn names_review(operation: &Value) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let mut in_query = parameters.filter(|one| one["in"] == "query");
    in_query.any(|one| one["name"] == "review")
}

/// Adds the answers that the operation does not name itself.
pub(super) fn complete(operation: &mut Value, path: &str, method: &str, secured: bool) {
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
pub(super) fn give_headers(operation: &mut Value, method: &str, secured: bool) {
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
