//! The OpenAPI document as a judge: every reply must be one that it promises.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use debrief::kernel::schema;
use jsonschema::Validator;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

use crate::reply::Reply;

/// The document, and validators of what is in it.
#[derive(Debug)]
pub struct Contract {
    document: Value,
    /// The document with objects closed, so that a field that it does not name is found.
    strict: Value,
    operations: Vec<Operation>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::new(debrief::openapi::document()));

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path, with `{placeholders}`.
    pub path: String,
    /// What the document says of it.
    pub said: Value,
}

impl Contract {
    /// The contract of the service under test.
    pub fn get() -> &'static Self {
        &CONTRACT
    }

    fn new(document: Value) -> Self {
        let mut strict = document.clone();
        let open = composed(&document);
        if let Some(schemas) = strict["components"]["schemas"].as_object_mut() {
            for (name, schema) in schemas {
                close(schema, open.contains(name.as_str()));
            }
        }
        Self {
            operations: operations(&document),
            document,
            strict,
            validators: Mutex::default(),
        }
    }

    /// The document itself.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Every operation.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that a call is; the most literal route wins, whatever the method.
    pub fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        let path = path.split('?').next().unwrap_or_default();
        let route = self
            .operations
            .iter()
            .map(|one| &one.path)
            .filter(|route| fits(route, path))
            .min_by_key(|route| route.matches('{').count())?;
        self.operations
            .iter()
            .find(|one| one.method == *method && one.path == *route)
    }

    /// What a reference stands for; anything else stands for itself.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(to) => {
                let found = self.document.pointer(to.trim_start_matches('#'));
                self.resolve(found.unwrap_or_else(|| panic!("{to} refers to nothing")))
            }
            None => value,
        }
    }

    /// Why a value does not fit a schema of the document; nothing when it fits.
    ///
    /// # Panics
    /// When the schema is none.
    pub fn misfits(&self, schema: &Value, value: &Value) -> Vec<String> {
        self.judge_by(&self.document, schema, value)
    }

    fn judge_by(&self, document: &Value, schema: &Value, value: &Value) -> Vec<String> {
        let strict = std::ptr::eq(document, &raw const self.strict);
        let name = format!("{strict}{schema}");
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let validator = validators
            .entry(name)
            .or_insert_with(|| {
                let schema = schema::with_components(schema.clone(), document);
                let validator = jsonschema::options()
                    .with_draft(jsonschema::Draft::Draft202012)
                    .should_validate_formats(true)
                    .build(&schema);
                Arc::new(validator.unwrap_or_else(|error| panic!("{error} in {schema}")))
            })
            .clone();
        drop(validators);
        validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    /// Judges a reply.
    ///
    /// # Panics
    /// When the document does not promise it.
    pub fn judge(&self, method: &Method, path: &str, sent: &HeaderMap, body: &[u8], reply: &Reply) {
        if path.starts_with("/docs") {
            return;
        }
        let preflight =
            *method == Method::OPTIONS && sent.contains_key("access-control-request-method");
        if preflight && reply.status == 200 {
            return;
        }
        let fault = |why: &str| panic!("{}: {} {why}: {}", reply.call, reply.status, reply.text());
        if reply.header("x-request-id").is_none_or(str::is_empty) {
            fault("has no X-Request-Id");
        }
        let is_head = *method == Method::HEAD;
        let asked = if is_head { &Method::GET } else { method };
        let operation = self.operation(asked, path);
        let is_oauth = operation.is_some_and(Operation::is_oauth);
        if reply.status >= 400 && !is_head && !(is_oauth && [400, 401].contains(&reply.status)) {
            self.judge_problem(path, reply);
        }
        judge_headers(reply);
        let Some(operation) = operation else {
            if ![404, 405].contains(&reply.status) {
                fault("is not what a route that is not documented answers");
            }
            return;
        };
        let Some(promised) = operation.said["responses"].get(reply.status.to_string()) else {
            return fault("is not documented");
        };
        if is_head {
            return;
        }
        self.judge_body(self.resolve(promised), reply);
        if reply.status < 300 {
            self.judge_request(operation, sent, body, reply);
        }
    }

    fn judge_body(&self, promised: &Value, reply: &Reply) {
        let Some(content) = promised["content"].as_object() else {
            assert!(
                reply.body.is_empty(),
                "{}: {} has an undocumented body",
                reply.call,
                reply.status
            );
            return;
        };
        let kind = reply.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let Some(media) = content.get(kind) else {
            panic!(
                "{}: {} with the undocumented type {kind}",
                reply.call, reply.status
            );
        };
        if kind.ends_with("json") {
            let misfits = self.judge_by(&self.strict, &media["schema"], &reply.json());
            assert!(
                misfits.is_empty(),
                "{}: {} {misfits:#?}: {}",
                reply.call,
                reply.status,
                reply.text()
            );
        }
    }

    /// What is accepted must be what the document says is accepted.
    fn judge_request(&self, operation: &Operation, sent: &HeaderMap, body: &[u8], reply: &Reply) {
        let kind = sent
            .get("content-type")
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let schema = &operation.said["requestBody"]["content"][kind]["schema"];
        if body.is_empty() || schema.is_null() {
            return;
        }
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            let misfits = self.misfits(schema, &value);
            assert!(
                misfits.is_empty(),
                "{}: accepted what the document forbids: {misfits:#?}",
                reply.call
            );
        }
    }

    fn judge_problem(&self, path: &str, reply: &Reply) {
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json"),
            "{}: {} {}",
            reply.call,
            reply.status,
            reply.text()
        );
        let problem = reply.json();
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let misfits = self.judge_by(&self.strict, &schema, &problem);
        assert!(
            misfits.is_empty(),
            "{}: {misfits:#?}: {problem}",
            reply.call
        );
        let code = problem["code"].as_str().unwrap_or_default();
        let known = debrief::kernel::error::Code::ALL
            .iter()
            .find(|known| known.as_str() == code);
        let known =
            known.unwrap_or_else(|| panic!("{}: the code {code} is not documented", reply.call));
        assert_eq!(
            known.status().as_u16(),
            reply.status,
            "{}: {problem}",
            reply.call
        );
        assert_eq!(problem["status"], reply.status, "{}: {problem}", reply.call);
        assert_eq!(problem["title"], known.title(), "{}: {problem}", reply.call);
        assert_eq!(
            problem["type"],
            format!("/problems/{code}"),
            "{}: {problem}",
            reply.call
        );
        assert_eq!(
            problem["request_id"].as_str(),
            reply.header("x-request-id"),
            "{}",
            reply.call
        );
        let instance = problem["instance"].as_str().unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        assert_eq!(instance, path, "{}: the instance is another", reply.call);
        for leak in [
            "sqlx",
            "SQL",
            "panicked",
            ".rs:",
            "constraint",
            "serde",
            "line 1 column",
        ] {
            assert!(
                !reply.text().contains(leak),
                "{}: leaks {leak}: {problem}",
                reply.call
            );
        }
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let item = item.as_object().into_iter().flatten();
        item.map(move |(method, said)| Operation {
            method: method.to_uppercase().parse().expect("a method"),
            path: path.clone(),
            said: said.clone(),
        })
    });
    all.collect()
}

impl Operation {
    /// Whether RFC 6749 decides what its errors look like.
    pub fn is_oauth(&self) -> bool {
        self.path.starts_with("/oauth/")
    }
}

/// The headers that a status cannot be without.
fn judge_headers(reply: &Reply) {
    let needed: &[&str] = match reply.status {
        201 => &["location", "etag"],
        304 => &["etag"],
        401 => &["www-authenticate"],
        405 => &["allow"],
        412 => &["etag"],
        429 | 503 => &["retry-after"],
        _ => &[],
    };
    for name in needed {
        assert!(
            reply.headers.contains_key(*name),
            "{}: {} without {name}",
            reply.call,
            reply.status
        );
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(
            reply.header(name),
            Some(value),
            "{}: {} without {name}",
            reply.call,
            reply.status
        );
    }
}

/// Whether a concrete path fits one with placeholders.
pub fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(expected, found)| {
            (expected.starts_with('{') && !found.is_empty()) || expected == found
        })
}

/// The schemas that are parts of others through `allOf`: closing them would forbid the rest.
fn composed(document: &Value) -> BTreeSet<&str> {
    fn find<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(fields) => {
                let parts = fields
                    .get("allOf")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                found.extend(parts.filter_map(|part| part["$ref"].as_str()?.rsplit('/').next()));
                fields.values().for_each(|field| find(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| find(item, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    find(document, &mut found);
    found
}

/// Forbids what the schema's objects do not name.
fn close(schema: &mut Value, open: bool) {
    let Value::Object(fields) = schema else {
        return;
    };
    let names_fields = fields.contains_key("properties") || fields.contains_key("allOf");
    if names_fields && !open && !fields.contains_key("additionalProperties") {
        fields.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
    }
    for (word, inner) in fields.iter_mut() {
        match (word.as_str(), inner) {
            ("properties" | "patternProperties", Value::Object(fields)) => {
                fields.iter_mut().for_each(|(_, field)| close(field, false));
            }
            ("allOf", Value::Array(parts)) => parts.iter_mut().for_each(|part| close(part, true)),
            ("oneOf" | "anyOf", Value::Array(parts)) => {
                // Beside properties of its own the alternatives are parts as well.
                let part_of_more = open || names_fields;
                parts.iter_mut().for_each(|part| close(part, part_of_more));
            }
            ("items" | "additionalProperties", inner) => close(inner, false),
            _ => {}
        }
    }
}

/// A document's object at a place, or none.
pub fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
