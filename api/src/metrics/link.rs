//! Addresses of the records behind a number, with the filters that lead to exactly those.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

/// A path of this service with its query, in the making.
#[derive(Clone, Debug)]
pub(super) struct Link(String);

impl Link {
    pub(super) fn to(path: &str) -> Self {
        Self(path.to_owned())
    }

    /// Adds every field of a filter; a list becomes a repeated parameter.
    pub(super) fn with_all(mut self, filter: &impl Serialize) -> Self {
        let Ok(Value::Object(fields)) = serde_json::to_value(filter) else {
            return self;
        };
        for (name, value) in fields {
            match value {
                Value::Array(items) => {
                    for item in items {
                        self = self.with_value(&name, &item);
                    }
                }
                one => self = self.with_value(&name, &one),
            }
        }
        self
    }

    fn with_value(self, name: &str, value: &Value) -> Self {
        match value {
            Value::Null => self,
            Value::String(text) => self.with(name, text),
            other => self.with(name, &other.to_string()),
        }
    }

    /// Adds one parameter.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.encode(name);
        self.0.push('=');
        self.encode(value);
        self
    }

    fn encode(&mut self, text: &str) {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
                self.0.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(self.0, "%{byte:02X}");
            }
        }
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_repeated_and_what_is_special_is_encoded() {
        let filter = json!({ "tag": ["a b", "é&="], "backfilled": true, "to": null });
        let link = Link::to("/records").with_all(&filter).with("metric", "x");
        assert_eq!(
            link.into_string(),
            "/records?tag=a%20b&tag=%C3%A9%26%3D&backfilled=true&metric=x"
        );
    }
}
