//! The document without what is only there to be read: a quarter of its memory.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What judges no request.
const TOLD_ONLY: &[&str] = &[
    "description",
    "summary",
    "example",
    "examples",
    "info",
    "requestBody",
    "headers",
];

/// What has names of the API's own below it, which may be those of [`TOLD_ONLY`].
const NAMING: &[&str] = &["paths", "schemas", "parameters", "properties"];

/// Reads a document.
pub(super) fn read(document: &str) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(document);
    Terms { named: false }.deserialize(&mut reader)
}

/// A part of the document.
#[derive(Clone, Copy)]
struct Terms {
    /// Whether the names in it are the API's own.
    named: bool,
}

impl<'de> DeserializeSeed<'de> for Terms {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Terms {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of a document")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut kept = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if !self.named && TOLD_ONLY.contains(&name.as_str()) {
                fields.next_value::<IgnoredAny>()?;
                continue;
            }
            let named = !self.named && NAMING.contains(&name.as_str());
            let field = fields.next_value_seed(Self { named })?;
            kept.insert(name, field);
        }
        Ok(Value::Object(kept))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut kept = Vec::new();
        while let Some(item) = items.next_element_seed(Self { named: false })? {
            kept.push(item);
        }
        Ok(Value::Array(kept))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_told_is_left_out() {
        let document = json!({
            "info": { "title": "x" },
            "paths": { "/tags": { "get": {
                "operationId": "list_tags", "summary": "x", "tags": ["y"], "security": [{ "oauth2": [] }],
                "parameters": [{ "name": "limit", "description": "z", "schema": { "type": "integer", "minimum": 1 } }],
                "responses": { "200": { "description": "x", "content": { "text/plain": { "example": "x" } } } },
            } } },
            "components": { "schemas": { "summary": {
                "type": ["object", "null"], "additionalProperties": false, "examples": [{}],
                "properties": { "description": { "type": "string", "description": "x", "default": null } },
            } } },
        });
        let terms = json!({
            "paths": { "/tags": { "get": {
                "operationId": "list_tags", "tags": ["y"], "security": [{ "oauth2": [] }],
                "parameters": [{ "name": "limit", "schema": { "type": "integer", "minimum": 1 } }],
                "responses": { "200": { "content": { "text/plain": {} } } },
            } } },
            "components": { "schemas": { "summary": {
                "type": ["object", "null"], "additionalProperties": false,
                "properties": { "description": { "type": "string", "default": null } },
            } } },
        });
        assert_eq!(read(&document.to_string()).expect("a document"), terms);
        assert!(read("<<<<<<<").is_err());
    }
}
