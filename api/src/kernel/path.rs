//! The steps of paths, and what stands in place of an operation's placeholders.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;
use serde::de::value::{Error as Unfit, MapDeserializer};

use super::error::{Error, Result};
use super::telemetry::Route;

/// What a request has in place of its operation's placeholders, by their names; the gate has judged
/// it.
#[derive(Clone, Debug)]
pub struct Path<T>(T);

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl<T: DeserializeOwned> Path<T> {
    fn of(request: &HttpRequest) -> Result<Self> {
        let extensions = request.extensions();
        let route = extensions.get::<Route>().map_or("", |route| &route.0);
        let found = given(route, request.path()).map(|(name, step)| (name, decoded(step)));
        let found = T::deserialize(MapDeserializer::<_, Unfit>::new(found));
        let unfit = |error| Error::Internal(format!("a path was let pass: {error}"));
        found.map(Self).map_err(unfit)
    }
}

/// The names of a route's placeholders, and what a path that fits it has in their places.
pub fn given<'a>(
    route: &'a str,
    path: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
    let steps = route.split('/').zip(path.split('/'));
    steps.filter_map(|(expected, found)| {
        let name = expected.strip_prefix('{')?.strip_suffix('}')?;
        Some((name, found))
    })
}

/// A step of a path without its percent-encoding; bytes that are not UTF-8 fit no schema.
pub fn decoded(step: &str) -> Cow<'_, str> {
    if !step.contains('%') {
        return Cow::Borrowed(step);
    }
    let mut rest = step.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((&first, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|_| first == b'%');
        let code = code.filter(|code| code.iter().all(u8::is_ascii_hexdigit));
        let code =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = code.map_or(behind, |_| &behind[2..]);
    }
    Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|_| "\0".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_placeholders_has_their_names() {
        let found = given(
            "/reviews/{review}/events/{event}",
            "/reviews/a%20b/events/7",
        );
        let found: Vec<_> = found.collect();
        assert_eq!(found, [("review", "a%20b"), ("event", "7")]);
        assert_eq!(given("/reviews", "/reviews").count(), 0);
    }

    #[test]
    fn a_step_of_a_path_is_decoded_once() {
        for (step, expected) in [
            ("SEC-1042", "SEC-1042"),
            ("a%20b%2Fc", "a b/c"),
            ("%25%32%46", "%2F"),
            ("100%", "100%"),
            ("%zz%4", "%zz%4"),
            ("a%+Ab", "a%+Ab"),
            ("%E2%82%AC", "€"),
            ("%ff", "\0"),
        ] {
            assert_eq!(decoded(step), expected, "{step}");
        }
    }
}
