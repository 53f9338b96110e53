//! What every operation has because the kernel gives it: headers, problems, 304, a bearer scheme,
//! examples. Features do not repeat it, so they cannot forget it.

use serde_json::{Value, json};

use super::{components, examples, parameters, responses};
use crate::kernel::schema;

/// Completes the document in place, with requests and answers by `operationId`.
pub(super) fn complete(document: &mut Value, told: &Value) {
    let schemas = document["components"]["schemas"].clone();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                let secured = secure(operation);
                describe(operation);
                leave_out_bodies(operation);
                parameters::complete(operation, method, secured, &schemas);
                responses::complete(operation, path, method, secured);
                responses::give_headers(operation, method, secured);
                examples::give(operation, told);
                if let Some(operation) = operation.as_object_mut() {
                    operation.remove("x-if-match");
                }
            }
        }
    }
    hoist_descriptions(document);
    examples::list_all(document);
    schema::refuse_blank(&mut document["components"]["schemas"]);
    components::add(document);
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
