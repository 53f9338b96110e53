//! Parameters of an operation: read as their schemas say, and judged by them.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::windows::Windows;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::schema;

const UNKNOWN: &str = "unknown_parameter";
/// How many faults of parameters are told at most.
const MOST_TOLD: usize = 100;

/// The parameters of one place, path or query.
#[derive(Debug)]
pub(super) struct Parameters {
    validator: Validator,
    /// Name → how to read its text.
    known: Vec<(String, Reading)>,
    windows: Windows,
}

/// How a text becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Text,
    Integer,
    Number,
    Boolean,
    List,
}

impl Parameters {
    /// Of the document's parameters.
    pub(super) fn new(parameters: &[Value], document: &Value) -> Self {
        let mut properties = Map::new();
        let mut required = Vec::new();
        let mut known = Vec::new();
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let schema = parameter["schema"].clone();
            known.push((name.clone(), reading(&schema, document)));
            if parameter["required"] == true {
                required.push(Value::String(name.clone()));
            }
            properties.insert(name, schema);
        }
        let schema = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
        Self {
            validator: schema::compile(&schema::with_components(schema, document)),
            windows: Windows::among(&names),
            known,
        }
    }

    /// Whether there is none.
    pub(super) fn is_none(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether all of them take an id.
    pub(super) fn take_ids(&self) -> bool {
        let id = Uuid::max().to_string();
        let all = self
            .known
            .iter()
            .map(|(name, _)| (name.clone(), id.clone()));
        self.read(all.collect()).is_ok()
    }

    /// Gives texts their types, and judges them.
    pub(super) fn read(&self, pairs: Vec<(String, String)>) -> Result<Value> {
        let mut values = Map::new();
        let mut faults = Vec::new();
        for (name, text) in pairs {
            let reading = self
                .known
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, how)| *how);
            match (reading, values.get_mut(&name)) {
                (None, _) => {
                    // Which are known is told once.
                    let is_first = faults.iter().all(|one: &Fault| one.code != UNKNOWN);
                    let detail = if is_first {
                        self.list()
                    } else {
                        "is unknown".to_owned()
                    };
                    faults.push(Fault::parameter(&name, UNKNOWN, detail));
                }
                (Some(Reading::List), Some(Value::Array(items))) => items.push(Value::String(text)),
                (Some(_), Some(_)) => {
                    faults.push(Fault::parameter(
                        &name,
                        "repeated",
                        "may be given only once",
                    ));
                }
                (Some(how), None) => {
                    values.insert(name, how.read(text));
                }
            }
        }
        faults.extend(self.windows.faults(&values));
        let values = Value::Object(values);
        faults.extend(
            schema::faults(&self.validator, &values)
                .into_iter()
                .map(of_parameter),
        );
        if faults.is_empty() {
            return Ok(values);
        }
        faults.truncate(MOST_TOLD);
        Err(Error::from(
            Code::InvalidParameter
                .because("a parameter is not valid")
                .with_faults(faults),
        ))
    }

    fn list(&self) -> String {
        let names: Vec<&str> = self.known.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            return "is unknown; this operation takes none".to_owned();
        }
        format!("is unknown; known are {}", names.join(", "))
    }
}

/// A fault's pointer, said as the parameter it stands for.
fn of_parameter(fault: Fault) -> Fault {
    let pointer = fault.pointer.unwrap_or_default();
    let name = pointer.split('/').nth(1).unwrap_or_default().to_owned();
    Fault {
        pointer: None,
        parameter: Some(name),
        ..fault
    }
}

/// How a parameter's schema wants its text read.
fn reading(schema: &Value, document: &Value) -> Reading {
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => {
            let inner = ["oneOf", "anyOf", "allOf"]
                .iter()
                .find_map(|word| schema[word].as_array());
            let alternatives = inner.into_iter().flatten();
            if let Some(found) = alternatives
                .filter(|alternative| alternative["type"] != "null")
                .map(|alternative| reading(alternative, document))
                .next()
            {
                return found;
            }
            let referred = schema["$ref"]
                .as_str()
                .and_then(|to| document.pointer(&to[1..]));
            return referred.map_or(Reading::Text, |schema| reading(schema, document));
        }
    };
    match types.iter().find(|kind| **kind != "null") {
        Some(&"integer") => Reading::Integer,
        Some(&"number") => Reading::Number,
        Some(&"boolean") => Reading::Boolean,
        Some(&"array") => Reading::List,
        _ => Reading::Text,
    }
}

impl Reading {
    /// What cannot be read stays text, which the schema then refuses.
    fn read(self, text: String) -> Value {
        match self {
            Self::Text => Value::String(text),
            Self::Integer => text.parse::<i64>().map_or(Value::String(text), Value::from),
            Self::Number => text.parse::<f64>().map_or(Value::String(text), Value::from),
            Self::Boolean => text
                .parse::<bool>()
                .map_or(Value::String(text), Value::from),
            Self::List => Value::Array(vec![Value::String(text)]),
        }
    }
}
