//! The OpenAPI document at work: which operation a request is, the scopes it asks for, and what
//! its parameters may be. What the document says is what is enforced; nothing is said twice.

use std::sync::Arc;

use actix_web::dev::Url;
use actix_web::http::{Method, Uri};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::access::{Scope, ScopeSet};
use super::error::{Code, Error, Result};
use super::mount::Asked;
use super::path;

mod form;
mod parameters;
mod tree;
mod windows;

use form::pairs;
use parameters::Parameters;
use tree::Tree;

/// Every operation, by method and route.
#[derive(Debug)]
pub struct Contract {
    /// What can be done at each route.
    routes: Tree<Vec<Operation>>,
}

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    method: Method,
    /// The scopes it asks for, or `None` when it is open to everybody.
    pub scopes: Option<ScopeSet>,
    /// Whether it changes one version of a resource, which the request has to name.
    pub needs_if_match: bool,
    /// Its path, with placeholders.
    pub route: Arc<str>,
    /// What the router knows it by.
    pub asked: Asked,
    /// What the router is shown as the path: its own, with a letter for each placeholder.
    pub shown: Url,
    /// What its successful answers are; JSON where they have no body.
    pub media_types: Vec<String>,
    path: Option<Parameters>,
    /// Whether every placeholder of the path takes an id, whichever it is.
    takes_ids: bool,
    query: Parameters,
}

impl Contract {
    /// Reads the finished document.
    pub fn new(document: &Value) -> Self {
        let mut routes = Tree::default();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let operations = item.as_object().into_iter().flatten();
            let operations = operations.filter_map(|(method, operation)| {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?;
                Some(Operation::new(method, path, operation, document))
            });
            routes.insert(path, operations.collect());
        }
        Self { routes }
    }

    /// The operation that a request asks for.
    pub fn operation(&self, method: &Method, path: &str) -> Option<&Operation> {
        let operations: &Vec<Operation> = self.routes.find(path)?;
        operations.iter().find(|one| one.method == *method)
    }

    /// The methods that a concrete path has, for 405; empty when there is no such route.
    pub fn methods_of(&self, path: &str) -> Vec<&Method> {
        let operations = self.routes.find(path).into_iter().flatten();
        operations.map(|one| &one.method).collect()
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
        let path = (!path.is_empty()).then(|| Parameters::new(&path, document));
        Self {
            method,
            scopes: scopes(operation),
            needs_if_match,
            route: route.into(),
            asked: Asked {
                section: operation["tags"][0].as_str().unwrap_or_default().into(),
                operation: operation["operationId"].as_str().unwrap_or_default().into(),
            },
            shown: shown(route),
            takes_ids: path.as_ref().is_some_and(Parameters::take_ids),
            path,
            media_types: media_types(operation),
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
        let given = path::given(&self.route, path);
        if self.takes_ids && given.clone().all(|(_, found)| is_id(found)) {
            return Ok(());
        }
        let pairs = given.map(|(name, found)| (name.to_owned(), path::decoded(found).into_owned()));
        parameters.read(pairs.collect()).map(drop)
    }

    /// Judges the query and gives its values their types.
    pub fn read_query(&self, query: &str) -> Result<Value> {
        if query.is_empty() && self.query.is_none() {
            return Ok(Value::Object(Map::new()));
        }
        self.query.read(pairs(query)?)
    }
}

/// A path that fits a route, as short as there is one: patterns are compared with every letter.
fn shown(route: &str) -> Url {
    let steps = route.split('/');
    let steps = steps.map(|step| if step.starts_with('{') { "x" } else { step });
    let path = steps.collect::<Vec<_>>().join("/");
    // A route of the document is a path.
    Url::new(path.parse::<Uri>().unwrap_or_default())
}

/// Whether a step of a path is an id as it is written usually.
fn is_id(step: &str) -> bool {
    step.len() == 36 && step.parse::<Uuid>().is_ok()
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

/// The media types of an operation's successful answers.
fn media_types(operation: &Value) -> Vec<String> {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let successful = answers.filter(|(status, _)| status.starts_with('2'));
    let contents = successful.filter_map(|(_, answer)| answer["content"].as_object());
    let mut found: Vec<String> = contents.flat_map(Map::keys).cloned().collect();
    if found.is_empty() {
        found.push("application/json".to_owned());
    }
    found.sort_unstable();
    found.dedup();
    found
}
