//! Merge patches (RFC 7396): absent leaves, `null` clears, at every depth.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::body::{MAX_BODY, MAX_VALUES, parse, read, typed};
use super::error::{Error, Result};
use super::schema;

/// An RFC 7396 merge patch of `T`: absent leaves, `null` clears, arrays are replaced whole.
#[derive(Debug)]
pub struct Patch<T>(Value, PhantomData<T>);

impl<T: ToSchema + Serialize + DeserializeOwned + 'static> Patch<T> {
    /// The value with the patch applied, judged by the rules of `T` as a whole.
    pub fn apply(&self, current: &T) -> Result<T> {
        let mut merged = serde_json::to_value(current).map_err(|error| {
            Error::Internal(format!("a stored value cannot be written: {error}"))
        })?;
        merge(&mut merged, &self.0);
        typed(merged)
    }

    /// What the patch says at a JSON Pointer, `null` included.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        self.0.pointer(pointer)
    }

    /// Whether the patch names the field.
    pub fn names(&self, field: &str) -> bool {
        self.0.get(field).is_some()
    }
}

/// As a field of a larger body, whose schema has judged it already.
impl<'de, T> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|patch| Self(patch, PhantomData))
    }
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Some(target) = target.as_object_mut() {
        for (name, field) in fields {
            if field.is_null() {
                target.shift_remove(name);
            } else {
                merge(target.entry(name).or_insert(Value::Null), field);
            }
        }
    }
}

impl<T: ToSchema + DeserializeOwned + 'static> FromRequest for Patch<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let types = ["application/merge-patch+json", "application/json"];
            let bytes = read(&request, payload, MAX_BODY, &types).await?;
            let value = parse(&bytes, MAX_VALUES)?;
            let faults = schema::faults(schema::validator::<Self>(), &value);
            if faults.is_empty() {
                Ok(Self(value, PhantomData))
            } else {
                Err(Error::invalid(faults))
            }
        })
    }
}

impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let mut components = Vec::new();
        T::schemas(&mut components);
        let mut schema = T::schema();
        loosen(&mut schema, &components);
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description =
                Some("Merge patch (RFC 7396): absent leaves a field, null clears it.".to_owned());
        }
        schema
    }
}

type Components = [(String, RefOr<Schema>)];

/// Makes of an object's schema the schema of a patch of it, at every depth: nothing is required,
/// nothing has a default, and `null` clears what may be absent.
fn loosen(schema: &mut RefOr<Schema>, components: &Components) {
    if let RefOr::Ref(reference) = schema {
        reference.default = None;
        let Some(RefOr::T(Schema::Object(object))) = named(components, &reference.ref_location)
        else {
            return;
        };
        if object.properties.is_empty() {
            return;
        }
        let mut object = object.clone();
        if !reference.description.is_empty() {
            object.description = Some(reference.description.clone());
        }
        *schema = RefOr::T(Schema::Object(object));
    }
    let RefOr::T(inner) = schema else { return };
    match inner {
        Schema::Object(object) => loosen_object(object, components),
        Schema::OneOf(alternatives) => {
            alternatives.default = None;
            for alternative in &mut alternatives.items {
                loosen(alternative, components);
            }
        }
        Schema::Array(list) => list.default = None,
        _ => {}
    }
}

fn named<'a>(components: &'a Components, location: &str) -> Option<&'a RefOr<Schema>> {
    let name = location.rsplit('/').next()?;
    let found = components.iter().find(|(known, _)| known == name);
    found.map(|(_, schema)| schema)
}

fn loosen_object(object: &mut Object, components: &Components) {
    object.default = None;
    let required = std::mem::take(&mut object.required);
    for (name, property) in &mut object.properties {
        loosen(property, components);
        if !required.contains(name) {
            allow_null(property);
        }
    }
    if let Some(values) = &mut object.additional_properties
        && let AdditionalProperties::RefOr(value) = values.as_mut()
    {
        loosen(value, components);
        allow_null(value);
    }
}

/// Adds `null` to what a schema takes, unless it takes it already.
fn allow_null(schema: &mut RefOr<Schema>) {
    let taken = match schema {
        RefOr::T(Schema::Object(Object { schema_type, .. })) => takes_null(schema_type),
        RefOr::T(Schema::Array(list)) => takes_null(&list.schema_type),
        RefOr::T(Schema::OneOf(alternatives)) => alternatives.items.iter().any(is_null),
        _ => false,
    };
    if taken {
        return;
    }
    let description = match schema {
        RefOr::Ref(reference) => Some(std::mem::take(&mut reference.description)),
        RefOr::T(Schema::Object(object)) => object.description.take(),
        RefOr::T(Schema::Array(list)) => list.description.take(),
        RefOr::T(_) => None,
    };
    let something = std::mem::replace(schema, RefOr::T(Schema::default()));
    let either = OneOfBuilder::new()
        .item(something)
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .description(description.filter(|text| !text.is_empty()));
    *schema = RefOr::T(either.into());
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if takes_null(&object.schema_type))
}

fn takes_null(kind: &SchemaType) -> bool {
    match kind {
        SchemaType::Type(one) => *one == Type::Null,
        SchemaType::Array(several) => several.contains(&Type::Null),
        SchemaType::AnyValue => false,
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("{}Patch", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}
