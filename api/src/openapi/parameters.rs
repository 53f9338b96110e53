//! Parameters: those that the kernel takes for every operation, and examples of each.

use serde_json::{Value, json};

use super::examples;

/// Whether the operation changes one version of a resource.
pub(super) fn needs_if_match(operation: &Value, method: &str) -> bool {
    operation["x-if-match"] == true || matches!(method, "patch" | "delete")
}

/// Whether the operation makes what there is one of per key, or replaces one version of it.
pub(super) fn replaces(operation: &Value) -> bool {
    operation["x-if-match"] == "to replace"
}

/// Values that a parameter may be given at most.
const VALUES: usize = 100;
/// Free texts that a parameter may be given at most: with all of them at their longest, the address of
/// the request is still one that can be read.
const TEXTS: usize = 16;
/// Characters of a free text at most, as of the names and subjects that are looked for.
const CHARACTERS: usize = 300;

/// Whether any text fits so far.
fn is_free_text(schema: &Value) -> bool {
    let bounded = ["$ref", "enum", "format", "pattern", "oneOf"];
    let is_text = schema["type"].to_string().contains("string");
    is_text && !bounded.iter().any(|word| schema.get(word).is_some())
}

/// Bounds lists and free texts. No text may hold U+0000, which a free one says by its pattern.
fn bound(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    if let Some(items) = fields.get_mut("items") {
        let most = if is_free_text(items) { TEXTS } else { VALUES };
        bound(items);
        fields.entry("maxItems").or_insert_with(|| json!(most));
        return;
    }
    if is_free_text(schema)
        && let Some(fields) = schema.as_object_mut()
    {
        fields.insert("pattern".to_owned(), json!("^[^\\u0000]*$"));
        fields
            .entry("maxLength")
            .or_insert_with(|| json!(CHARACTERS));
    }
}

/// Adds what the kernel takes, and completes what the operation takes itself.
pub(super) fn complete(operation: &mut Value, method: &str, secured: bool, schemas: &Value) {
    if operation.get("parameters").is_none() {
        operation["parameters"] = json!([]);
    }
    let needs_version = needs_if_match(operation, method);
    let replaces = replaces(operation);
    let creates = operation["responses"].get("201").is_some();
    let Some(parameters) = operation["parameters"].as_array_mut() else {
        return;
    };
    for parameter in parameters.iter_mut() {
        if let Some(schema) = parameter.get_mut("schema") {
            bound(schema);
        }
        examples::give_parameter(parameter, schemas);
    }
    let added = [
        ("IdempotencyKey", method == "post" && secured),
        ("IfMatch", needs_version),
        ("IfMatchToReplace", replaces),
        ("OptionalIfMatch", method == "put" && !replaces),
        ("IfNoneMatchToCreate", method == "put" && creates),
        ("IfNoneMatch", method == "get" && secured),
    ];
    for (name, _) in added.iter().filter(|(_, taken)| *taken) {
        parameters.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
    }
    if parameters.is_empty()
        && let Some(operation) = operation.as_object_mut()
    {
        operation.shift_remove("parameters");
    }
}
