//! Bodies judged by their own OpenAPI schema: what is documented is what is checked.
//!
//! Every fault is reported at once, with a JSON Pointer.

use std::any::TypeId;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, RwLock};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::error::Fault;

/// Items of an array whose faults are looked for one by one. No body takes more, but for the document of a
/// whole review.
const MOST_JUDGED: usize = 2_001;

static VALIDATORS: LazyLock<RwLock<HashMap<TypeId, &'static Validator>>> =
    LazyLock::new(RwLock::default);

/// The validator of a type's schema, compiled once.
///
/// # Panics
/// When a type's schema is not a valid JSON Schema, which a test of the document would show first.
pub fn validator<T: ToSchema + 'static>() -> &'static Validator {
    let id = TypeId::of::<T>();
    if let Ok(known) = VALIDATORS.read()
        && let Some(validator) = known.get(&id)
    {
        return validator;
    }
    let validator: &'static Validator = Box::leak(Box::new(compile(&standalone::<T>())));
    if let Ok(mut known) = VALIDATORS.write() {
        known.insert(id, validator);
    }
    validator
}

/// Compiles a schema with the formats that are in use.
///
/// # Panics
/// When it is not a valid JSON Schema.
#[expect(
    clippy::expect_used,
    reason = "schemas are part of the program, not of its input"
)]
pub fn compile(schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .with_format("date-time", |text: &str| {
            entity::Timestamp::parse(text).is_some()
        })
        .with_format("date", |text: &str| {
            entity::time::parse_date(text).is_some()
        })
        .build(schema)
        .expect("a schema of this program compiles")
}

/// A type's schema with everything that it refers to.
fn standalone<T: ToSchema>() -> Value {
    let mut referenced = Vec::new();
    T::schemas(&mut referenced);
    let schemas: Map<String, Value> = referenced
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    let mut root = serde_json::to_value(T::schema()).unwrap_or_default();
    if let Some(root) = root.as_object_mut() {
        root.insert("components".to_owned(), json!({ "schemas": schemas }));
    }
    refuse_blank(&mut root);
    root
}

/// What a text that says something matches.
const NOT_BLANK: &str = "\\S";

/// What a subject matches: nothing that nobody sees, or a space at an end, makes two of one.
const SUBJECT: &str =
    "^[^\\s\\u0000-\\u001f\\u007f-\\u009f]+( [^\\s\\u0000-\\u001f\\u007f-\\u009f]+)*$";

/// Lets no text that must not be empty be blank, wherever the schema says nothing closer about it,
/// and no subject be what no credential carries.
pub fn refuse_blank(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let subject = fields
                .get_mut("properties")
                .and_then(|properties| properties.get_mut("subject")?.as_object_mut());
            if let Some(subject) = subject.filter(|one| one.contains_key("minLength")) {
                subject.entry("pattern").or_insert_with(|| json!(SUBJECT));
            }
            let is_free = ["pattern", "format", "enum", "const"]
                .iter()
                .all(|word| !fields.contains_key(*word));
            let is_asked_for = fields
                .get("minLength")
                .and_then(Value::as_u64)
                .is_some_and(|length| length > 0);
            if is_free && is_asked_for {
                fields.insert("pattern".to_owned(), json!(NOT_BLANK));
            }
            fields.values_mut().for_each(refuse_blank);
        }
        Value::Array(items) => items.iter_mut().for_each(refuse_blank),
        _ => {}
    }
}

/// A schema with those of the document's components that it refers to, directly or through others.
pub fn with_components(mut schema: Value, document: &Value) -> Value {
    let known = &document["components"]["schemas"];
    let (mut needed, mut new) = (Map::new(), Vec::new());
    referenced(&schema, &mut new);
    while let Some(name) = new.pop() {
        if !needed.contains_key(&name) {
            referenced(&known[&name], &mut new);
            needed.insert(name.clone(), known[&name].clone());
        }
    }
    schema["components"] = json!({ "schemas": needed });
    schema
}

/// The names of the components that a schema refers to.
fn referenced(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            names.extend(reference.and_then(|to| Some(to.rsplit_once('/')?.1.to_owned())));
            fields.values().for_each(|field| referenced(field, names));
        }
        Value::Array(items) => items.iter().for_each(|item| referenced(item, names)),
        _ => {}
    }
}

/// Every fault of a value, by the schema and by what no text may hold.
pub fn faults(validator: &Validator, value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    find_nul(value, &mut String::new(), &mut faults);
    if !validator.is_valid(value) {
        explain_all(validator, &shortened(value), &mut faults);
        if faults.is_empty() {
            explain_all(validator, value, &mut faults);
        }
    }
    // What is not even of its type breaks whatever else is asked of it, too.
    let is = |fault: &Fault, codes: [&str; 2]| codes.contains(&fault.code.as_str());
    let misshapen = faults
        .iter()
        .filter(|fault| is(fault, ["wrong_type", "forbidden_character"]));
    let misshapen: HashSet<_> = misshapen.map(|fault| fault.pointer.clone()).collect();
    faults.retain(|fault| {
        !(is(fault, ["unknown_value", "invalid_format"]) && misshapen.contains(&fault.pointer))
    });
    // What breaks two rules of one kind, as a URL its format and its pattern, is told once.
    let mut told = HashSet::new();
    faults.retain(|fault| told.insert((fault.pointer.clone(), fault.code.clone())));
    faults
}

fn explain_all(validator: &Validator, value: &Value, faults: &mut Vec<Fault>) {
    for error in validator.iter_errors(value) {
        explain(&error, faults);
    }
}

/// The value with the beginnings of arrays that are longer than any may be: to tell of every item would
/// take more memory than all else.
fn shortened(value: &Value) -> Cow<'_, Value> {
    if !has_long_array(value) {
        return Cow::Borrowed(value);
    }
    let mut value = value.clone();
    shorten(&mut value);
    Cow::Owned(value)
}

fn has_long_array(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.len() > MOST_JUDGED || items.iter().any(has_long_array),
        Value::Object(fields) => fields.values().any(has_long_array),
        _ => false,
    }
}

fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(MOST_JUDGED);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// U+0000 cannot be stored as text on every database, so no text may hold it.
fn find_nul(value: &Value, pointer: &mut String, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            faults.push(Fault::at(
                pointer.as_str(),
                "forbidden_character",
                "contains U+0000",
            ));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                within(pointer, &index.to_string(), |pointer| {
                    find_nul(item, pointer, faults);
                });
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                within(pointer, name, |pointer| find_nul(field, pointer, faults));
            }
        }
        _ => {}
    }
}

/// Runs `work` with the pointer one step deeper.
fn within(pointer: &mut String, step: &str, work: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&escape(step));
    work(pointer);
    pointer.truncate(length);
}

/// A step of a JSON Pointer, escaped.
pub fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

/// Says one schema error in our words; never shows the value itself.
fn explain(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    let pointer = error.instance_path().as_str().to_owned();
    let (code, detail) = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let at = format!("{pointer}/{}", escape(name));
                faults.push(Fault::at(
                    at,
                    "unknown_field",
                    "is not a field of this body",
                ));
            }
            return;
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let at = format!("{pointer}/{}", escape(name));
            faults.push(Fault::at(at, "required", "is required"));
            return;
        }
        ValidationErrorKind::PropertyNames { error } => {
            faults.push(unknown_name(&pointer, error));
            return;
        }
        // What is empty is too short already.
        ValidationErrorKind::Pattern { pattern }
            if pattern == NOT_BLANK && error.instance().as_str() == Some("") =>
        {
            return;
        }
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            explain_alternatives(&pointer, context, faults);
            return;
        }
        kind => words(kind),
    };
    faults.push(Fault::at(pointer, code, detail));
}

/// The fault of a name that no field of a map has, with those that there are.
fn unknown_name(pointer: &str, error: &ValidationError<'_>) -> Fault {
    let name = error.instance().as_str().unwrap_or_default().to_owned();
    let at = format!("{pointer}/{}", escape(&name));
    let why = match error.kind() {
        ValidationErrorKind::Enum { options } => {
            let known = options.as_array().into_iter().flatten();
            let known: Vec<&str> = known.filter_map(Value::as_str).collect();
            format!("is not a field here; known are {}", known.join(", "))
        }
        _ => "is not a field here".to_owned(),
    };
    Fault::at(at, "unknown_field", why)
}

/// An optional value is `null` or something: what matters is why it is not that something.
fn explain_alternatives(
    pointer: &str,
    context: &[Vec<ValidationError<'static>>],
    faults: &mut Vec<Fault>,
) {
    let is_null_branch = |branch: &&Vec<ValidationError<'static>>| {
        branch.iter().any(|error| {
            error.instance_path().as_str() == pointer
                && matches!(error.kind(), ValidationErrorKind::Type { kind: jsonschema::error::TypeKind::Single(kind) } if kind.to_string() == "null")
        })
    };
    let others: Vec<_> = context
        .iter()
        .filter(|branch| !is_null_branch(branch))
        .collect();
    // Of several the one for values of this type.
    let is_of_its_type = |branch: &&&Vec<ValidationError<'static>>| {
        !branch.iter().any(|error| {
            error.instance_path().as_str() == pointer
                && matches!(error.kind(), ValidationErrorKind::Type { .. })
        })
    };
    let meant: Vec<_> = others.iter().filter(is_of_its_type).copied().collect();
    match (others.as_slice(), meant.as_slice()) {
        ([branch], _) | (_, [branch]) => branch.iter().for_each(|error| explain(error, faults)),
        _ => faults.push(Fault::at(
            pointer,
            "no_alternative_fits",
            "fits none of the alternatives",
        )),
    }
}

fn words(kind: &ValidationErrorKind) -> (&'static str, String) {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { kind } => {
            let expected = match kind {
                jsonschema::error::TypeKind::Single(one) => one.to_string(),
                jsonschema::error::TypeKind::Multiple(set) => set
                    .iter()
                    .map(|one| one.to_string())
                    .collect::<Vec<_>>()
                    .join(" or "),
            };
            ("wrong_type", format!("must be of type {expected}"))
        }
        Kind::Enum { options } => ("unknown_value", format!("must be one of {options}")),
        Kind::Constant { expected_value } => ("unknown_value", format!("must be {expected_value}")),
        Kind::Format { format } => ("invalid_format", format!("is not a valid {format}")),
        Kind::Pattern { pattern } if pattern == NOT_BLANK => {
            ("blank", "must not be blank".to_owned())
        }
        Kind::Pattern { pattern } if pattern == entity::shared::WEB_URL => (
            "invalid_format",
            "must be an http:// or https:// URL".to_owned(),
        ),
        Kind::Pattern { pattern } => ("invalid_format", format!("must match {pattern}")),
        Kind::MaxLength { limit } => ("too_long", format!("may have at most {limit} characters")),
        Kind::MinLength { limit: 1 } => ("too_short", "must not be empty".to_owned()),
        Kind::MinLength { limit } => (
            "too_short",
            format!("must have at least {limit} characters"),
        ),
        Kind::MaxItems { limit } => ("too_many_items", format!("may have at most {limit} items")),
        Kind::MinItems { limit } => ("too_few_items", format!("must have at least {limit} items")),
        Kind::UniqueItems => ("repeated_item", "must not repeat an item".to_owned()),
        Kind::MaxProperties { limit } => ("too_many_fields", format!("at most {limit} fields")),
        Kind::MinProperties { limit } => ("too_few_fields", format!("at least {limit} fields")),
        Kind::Maximum { limit } => ("out_of_range", format!("must be at most {limit}")),
        Kind::Minimum { limit } => ("out_of_range", format!("must be at least {limit}")),
        Kind::ExclusiveMaximum { limit } => ("out_of_range", format!("must be below {limit}")),
        Kind::ExclusiveMinimum { limit } => ("out_of_range", format!("must be above {limit}")),
        other => ("invalid", format!("breaks the rule '{}'", other.keyword())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_array_longer_than_any_the_beginning_is_judged_one_by_one() {
        let texts = compile(&json!({ "items": { "type": "string" }, "maxItems": 3 }));
        let told = |items: Vec<Value>| faults(&texts, &Value::Array(items)).len();
        assert_eq!(told(vec![json!(1); 5]), 6);
        assert_eq!(told(vec![json!(1); 40_000]), MOST_JUDGED + 1);
        // What is wrong behind it is looked for where nothing else is.
        let mut items = vec![json!("a"); MOST_JUDGED];
        items.push(json!(1));
        let unbounded = compile(&json!({ "items": { "type": "string" } }));
        let found = faults(&unbounded, &Value::Array(items));
        assert_eq!(found[0].pointer.as_deref(), Some("/2001"));
    }
}
