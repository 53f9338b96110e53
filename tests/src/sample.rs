//! Values that fit a schema of the document, from its examples, defaults and bounds.

use serde_json::{Map, Value, json};

use crate::contract::Contract;

/// The least that fits: what is required, nothing else.
pub fn least(contract: &Contract, schema: &Value) -> Value {
    Sampler {
        contract,
        whole: false,
    }
    .value(schema, 0)
}

/// As much as fits: every field.
pub fn whole(contract: &Contract, schema: &Value) -> Value {
    Sampler {
        contract,
        whole: true,
    }
    .value(schema, 0)
}

struct Sampler<'a> {
    contract: &'a Contract,
    whole: bool,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, depth: usize) -> Value {
        let schema = self.contract.resolve(schema);
        if let Some(said) = said(schema) {
            return said;
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema[word].as_array() {
                let something = alternatives.iter().find(|one| one["type"] != "null");
                return something.map_or(Value::Null, |one| self.value(one, depth + 1));
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut all = Map::new();
            for part in parts {
                match self.value(part, depth + 1) {
                    Value::Object(fields) => all.extend(fields),
                    other => return other,
                }
            }
            return Value::Object(all);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds
                .iter()
                .find(|kind| **kind != "null")
                .cloned()
                .unwrap_or_default(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("integer" | "number") => {
                schema.get("minimum").cloned().unwrap_or_else(|| json!(1))
            }
            Some("boolean") => json!(true),
            Some("string") => json!(text(schema)),
            Some("array") => self.list(schema, depth),
            Some("object") => self.object(schema, depth),
            Some("null") => Value::Null,
            _ => json!({}),
        }
    }

    fn list(&self, schema: &Value, depth: usize) -> Value {
        let least = schema["minItems"]
            .as_u64()
            .unwrap_or(u64::from(self.whole && depth < 6));
        let items = (0..least).map(|_| self.value(&schema["items"], depth + 1));
        Value::Array(items.collect())
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let required = schema["required"].as_array();
        let is_required =
            |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
        let fields = schema["properties"].as_object().into_iter().flatten();
        let fields = fields.filter(|(name, _)| is_required(name) || (self.whole && depth < 6));
        Value::Object(
            fields
                .map(|(name, field)| (name.clone(), self.value(field, depth + 1)))
                .collect(),
        )
    }
}

/// What the schema itself offers.
fn said(schema: &Value) -> Option<Value> {
    let first = |word: &str| schema[word].as_array().and_then(|all| all.first()).cloned();
    schema
        .get("const")
        .or_else(|| schema.get("example"))
        .cloned()
        .or_else(|| first("examples"))
        .or_else(|| {
            schema
                .get("default")
                .filter(|value| !value.is_null())
                .cloned()
        })
        .or_else(|| first("enum").filter(|value| !value.is_null()))
}

fn text(schema: &Value) -> String {
    match schema["format"].as_str() {
        Some("uuid") => "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11".to_owned(),
        Some("date-time") => "2026-05-14T03:36:00Z".to_owned(),
        Some("date") => "2026-05-14".to_owned(),
        Some("uri") => "https://example.com/".to_owned(),
        Some("email") => "ada@example.com".to_owned(),
        _ => {
            let least = schema["minLength"].as_u64().unwrap_or(1).max(1);
            "x".repeat(usize::try_from(least).unwrap_or(1))
        }
    }
}
