//! Typed query parameters, read from what the contract middleware has judged.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{Error, Result};

/// The judged query of a request.
#[derive(Clone, Debug)]
pub struct JudgedQuery(pub Value);

/// Query parameters of type `T`. Several structs may share one query, each taking what it knows.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let judged = request
            .extensions()
            .get::<JudgedQuery>()
            .map(|query| query.0.clone());
        let value = judged.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        ready(
            serde_json::from_value(value)
                .map(Self)
                .map_err(|error| Error::Internal(format!("a judged query has no type: {error}"))),
        )
    }
}
