//! Examples: requests and answers that the tests really sent and got, and one of each parameter.

use serde_json::{Value, json};

/// Puts the requests and answers of an operation where the document shows them.
///
/// `told` has, by `operationId`, `requests` by media type and `responses` by status and media type.
pub(super) fn give(operation: &mut Value, told: &Value) {
    let told = &told[operation["operationId"].as_str().unwrap_or_default()];
    let taken = operation.pointer_mut("/requestBody/content");
    for (kind, content) in taken.and_then(Value::as_object_mut).into_iter().flatten() {
        let requests = &told["requests"];
        // A patch is the same in both of its media types.
        let alike = || {
            let mut others = requests.as_object().into_iter().flatten();
            let found = others.find(|(other, _)| is_json(other) && is_json(kind));
            found.map(|(_, request)| request)
        };
        if let Some(request) = requests.get(kind).or_else(alike) {
            content["example"] = request.clone();
        }
    }
    for (status, answer) in operation["responses"].as_object_mut().into_iter().flatten() {
        let contents = answer.get_mut("content").and_then(Value::as_object_mut);
        for (kind, content) in contents.into_iter().flatten() {
            if let Some(example) = told["responses"][status].get(kind) {
                content["example"] = example.clone();
            }
        }
    }
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind.ends_with("+json")
}

/// Gives a parameter an example: its own, or one of its schema's kind.
///
/// Pages that try operations out begin with `example` as the value. What may be left out is better
/// left out then, so its example stands in the schema, where it is only shown.
pub(super) fn give_parameter(parameter: &mut Value, schemas: &Value) {
    let own = parameter
        .as_object_mut()
        .and_then(|parameter| parameter.shift_remove("example"));
    let Some(example) = own.or_else(|| sample(&parameter["schema"], schemas)) else {
        return;
    };
    if parameter["required"] == true {
        parameter["example"] = example;
    } else if parameter["schema"].get("$ref").is_none() {
        parameter["schema"]["examples"] = json!([example]);
    }
}

/// A value that fits a schema and says something; nothing for a free text.
fn sample(schema: &Value, schemas: &Value) -> Option<Value> {
    if let Some(to) = schema["$ref"].as_str() {
        let (_, name) = to.rsplit_once('/')?;
        return sample(&schemas[name], schemas);
    }
    let first = |word: &str| schema[word].as_array()?.first().cloned();
    let said = first("examples")
        .or_else(|| schema.get("example").cloned())
        .or_else(|| schema.get("default").cloned())
        .or_else(|| first("enum"));
    if let Some(said) = said.filter(|said| !said.is_null()) {
        return Some(said);
    }
    match (schema["type"].as_str()?, schema["format"].as_str()) {
        ("array", _) => Some(json!([sample(&schema["items"], schemas)?])),
        ("boolean", _) => Some(json!(true)),
        ("integer", _) => Some(schema.get("minimum").cloned().unwrap_or_else(|| json!(1))),
        ("string", Some("uuid")) => Some(json!("0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11")),
        ("string", Some("date")) => Some(json!("2026-05-14")),
        _ => None,
    }
}

/// Writes the example of every schema as a list: `example` is deprecated there, and pages that try
/// operations out would begin with it as the value of a parameter.
pub(super) fn list_all(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut();
    schemas
        .into_iter()
        .for_each(|all| all.values_mut().for_each(list));
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let parameters = operation.get_mut("parameters");
            let parameters = parameters.and_then(Value::as_array_mut);
            for parameter in parameters.into_iter().flatten() {
                parameter.get_mut("schema").into_iter().for_each(list);
            }
            let taken = operation.get_mut("requestBody");
            taken.into_iter().for_each(list_in_contents);
            let answers = operation["responses"].as_object_mut().into_iter().flatten();
            answers.for_each(|(_, answer)| list_in_contents(answer));
        }
    }
}

fn list_in_contents(message: &mut Value) {
    let contents = message.get_mut("content").and_then(Value::as_object_mut);
    for (_, content) in contents.into_iter().flatten() {
        content.get_mut("schema").into_iter().for_each(list);
    }
}

fn list(schema: &mut Value) {
    let Some(words) = schema.as_object_mut() else {
        return;
    };
    if let Some(example) = words.shift_remove("example") {
        words.entry("examples").or_insert_with(|| json!([example]));
    }
    for (word, inner) in words {
        match (word.as_str(), inner) {
            ("properties" | "patternProperties", Value::Object(fields)) => {
                fields.values_mut().for_each(list);
            }
            ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(parts)) => {
                parts.iter_mut().for_each(list);
            }
            ("items" | "additionalProperties", inner) => list(inner),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(mut parameter: Value) -> Value {
        let schemas = json!({
            "Severity": { "type": "string", "enum": ["critical", "low"], "example": "low" },
        });
        give_parameter(&mut parameter, &schemas);
        parameter
    }

    #[test]
    fn what_has_to_be_given_has_an_example_to_begin_with_and_other_things_only_show_theirs() {
        let id = json!({ "type": "string", "format": "uuid" });
        let path = given(json!({ "required": true, "schema": id }));
        assert_eq!(path["example"], "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11");
        let text = json!({ "type": "string" });
        let query = given(json!({ "required": false, "schema": text, "example": "vpn" }));
        let expected = json!({ "type": "string", "examples": ["vpn"] });
        assert_eq!(query, json!({ "required": false, "schema": expected }));
    }

    #[test]
    fn an_example_comes_from_the_schema_where_none_is_given() {
        let severity = json!({ "$ref": "#/components/schemas/Severity" });
        let several = json!({ "type": "array", "items": severity });
        assert_eq!(
            given(json!({ "schema": several }))["schema"]["examples"],
            json!([["low"]])
        );
        let bare = given(json!({ "schema": severity }));
        assert_eq!(bare["schema"], severity, "what it refers to has one");
        let free = json!({ "schema": { "type": "string" } });
        assert_eq!(given(free.clone()), free, "a text has to be thought of");
    }

    #[test]
    fn a_field_that_is_called_example_is_none() {
        let text = json!({ "type": "string", "example": "x" });
        let mut schema = json!({ "type": "object", "properties": { "example": text } });
        list(&mut schema);
        let text = json!({ "type": "string", "examples": ["x"] });
        assert_eq!(schema["properties"], json!({ "example": text }));
    }

    #[test]
    fn a_request_serves_every_json_type_and_no_other() {
        let mut operation = json!({
            "operationId": "update_it",
            "requestBody": { "content": {
                "application/merge-patch+json": {}, "application/json": {}, "text/csv": {},
            } },
            "responses": { "200": { "content": { "application/json": {} } }, "304": {} },
        });
        let patch = json!({ "title": "Better" });
        let told = json!({ "update_it": {
            "requests": { "application/merge-patch+json": patch },
            "responses": { "200": { "application/json": { "id": 1 } } },
        } });
        give(&mut operation, &told);
        let taken = &operation["requestBody"]["content"];
        assert_eq!(taken["application/merge-patch+json"]["example"], patch);
        assert_eq!(taken["application/json"]["example"], patch);
        assert_eq!(taken["text/csv"], json!({}));
        let answers = &operation["responses"];
        assert_eq!(
            answers["200"]["content"]["application/json"]["example"],
            json!({ "id": 1 })
        );
        assert_eq!(answers["304"], json!({}));
    }
}
