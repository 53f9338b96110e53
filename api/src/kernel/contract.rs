//! The OpenAPI document at work: which operation a request is, the scopes it asks for, and what
//! its parameters may be. What the document says is what is enforced; nothing is said twice.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::http::Method;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::access::{Scope, ScopeSet};
use super::error::{Code, Error, Fault, Result};
use super::{path, schema};

/// Every operation, by method and route.
#[derive(Debug)]
pub struct Contract {
    /// By number of steps, the most literal first.
    routes: HashMap<usize, Vec<Route>>,
    document: Value,
}

/// A path with placeholders and what can be done there.
#[derive(Debug)]
struct Route {
    pattern: String,
    operations: Vec<Operation>,
}

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    method: Method,
    /// Its `operationId`.
    pub id: String,
    /// The scopes it asks for, or `None` when it is open to everybody.
    pub scopes: Option<ScopeSet>,
    /// Whether it changes one version of a resource, which the request has to name.
    pub needs_if_match: bool,
    /// Its path, with placeholders.
    pub route: Arc<str>,
    path: Option<Parameters>,
    query: Parameters,
}

#[derive(Debug)]
struct Parameters {
    validator: Validator,
    /// Name → how to read its text.
    known: Vec<(String, Reading)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Text,
    Integer,
    Number,
    Boolean,
    List,
}

impl Contract {
    /// Reads the finished document.
    pub fn new(document: Value) -> Self {
        let mut routes: HashMap<usize, Vec<Route>> = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let operations = item.as_object().into_iter().flatten();
            let operations = operations.filter_map(|(method, operation)| {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?;
                Some(Operation::new(method, path, operation, &document))
            });
            let route = Route {
                pattern: path.clone(),
                operations: operations.collect(),
            };
            routes
                .entry(path.split('/').count())
                .or_default()
                .push(route);
        }
        for alike in routes.values_mut() {
            // `{` sorts behind letters, digits and dashes, so literal steps come first.
            alike.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        }
        Self { routes, document }
    }

    /// The operation that a request asks for.
    pub fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        let route = self.route_of(path)?;
        route.operations.iter().find(|one| one.method == *method)
    }

    /// The methods that a concrete path has, for 405; empty when there is no such route.
    pub fn methods_of(&self, path: &str) -> Vec<&Method> {
        let operations = self.route_of(path).map(|route| &route.operations);
        operations
            .into_iter()
            .flatten()
            .map(|one| &one.method)
            .collect()
    }

    /// Why a path without an operation is refused: 405 where it has other methods, 404 otherwise.
    pub fn nothing_here(&self, path: &str) -> Error {
        let mut methods: Vec<&str> = self
            .methods_of(path)
            .into_iter()
            .map(Method::as_str)
            .collect();
        if methods.is_empty() {
            return Error::not_found("route");
        }
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        let allow = methods.join(", ");
        let refusal = Code::MethodNotAllowed.because(format!("this route has {allow}"));
        refusal.with_header("allow", allow).into()
    }

    /// The route of a path. Where several fit, the one with a literal step where the others have
    /// a placeholder wins: `/events/batch` over `/events/{event}`.
    fn route_of(&self, path: &str) -> Option<&Route> {
        let alike = self.routes.get(&path.split('/').count())?;
        alike.iter().find(|route| path::fits(&route.pattern, path))
    }

    /// The document as JSON.
    pub fn document(&self) -> &Value {
        &self.document
    }
}

impl Operation {
    fn new(method: Method, route: &str, operation: &Value, document: &Value) -> Self {
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let needs_if_match = parameters
            .iter()
            .any(|one| one["$ref"] == "#/components/parameters/IfMatch");
        let of = |place: &str| -> Vec<Value> {
            parameters
                .iter()
                .filter(|parameter| parameter["in"] == place)
                .cloned()
                .collect()
        };
        let path = of("path");
        Self {
            id: operation["operationId"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            method,
            scopes: scopes(operation),
            needs_if_match,
            route: route.into(),
            path: (!path.is_empty()).then(|| Parameters::new(&path, document)),
            query: Parameters::new(&of("query"), document),
        }
    }

    /// Judges the parameters in the path of a request, which fits this operation's route.
    ///
    /// The router has not taken the path apart yet when the gate asks.
    pub fn check_path(&self, path: &str) -> Result<()> {
        let Some(parameters) = &self.path else {
            return Ok(());
        };
        let steps = self.route.split('/').zip(path.split('/'));
        let pairs = steps.filter_map(|(expected, found)| {
            let name = expected.strip_prefix('{')?.strip_suffix('}')?;
            Some((name.to_owned(), path::decoded(found)))
        });
        parameters.read(pairs.collect()).map(drop)
    }

    /// Judges the query and gives its values their types.
    pub fn read_query(&self, query: &str) -> Result<Value> {
        if query.is_empty() && self.query.known.is_empty() {
            return Ok(Value::Object(Map::new()));
        }
        let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| Code::InvalidParameter.because("the query is not form-encoded"))?;
        self.query.read(pairs.into_inner())
    }
}

/// `security` decides: absent or empty means open, otherwise the scopes under any scheme.
fn scopes(operation: &Value) -> Option<ScopeSet> {
    let requirements = operation["security"].as_array()?;
    let names = requirements
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|requirement| requirement.values())
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str);
    let set = names.filter_map(Scope::from_name).collect();
    let anonymous = requirements
        .iter()
        .any(|one| one.as_object().is_some_and(Map::is_empty));
    (!anonymous && !requirements.is_empty()).then_some(set)
}

impl Parameters {
    fn new(parameters: &[Value], document: &Value) -> Self {
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
        Self {
            validator: schema::compile(&schema::with_components(schema, document)),
            known,
        }
    }

    fn read(&self, pairs: Vec<(String, String)>) -> Result<Value> {
        let mut values = Map::new();
        let mut faults = Vec::new();
        for (name, text) in pairs {
            let reading = self
                .known
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, how)| *how);
            match (reading, values.get_mut(&name)) {
                (None, _) => faults.push(Fault::parameter(&name, "unknown_parameter", self.list())),
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
        let values = Value::Object(values);
        faults.extend(
            schema::faults(&self.validator, &values)
                .into_iter()
                .map(of_parameter),
        );
        if faults.is_empty() {
            return Ok(values);
        }
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
