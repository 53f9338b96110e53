//! Bodies that break their schema, and are judged by the rules of their operation all the same: all
//! faults are to be told at once. What is wrong is mended for that by something that fits; nothing of it
//! is ever kept.

use actix_web::{HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::deserialized;
use crate::kernel::error::{Code, Error, Fault, Result};
use crate::kernel::schema;

/// That the body of a request breaks its schema, and how. Whoever answers the request is to refuse it
/// with these faults; the gate does where nobody did.
#[derive(Clone, Debug)]
pub struct Unfit(Vec<Fault>);

impl Unfit {
    /// Takes it from a request, if its body is unfit.
    pub fn taken_from(request: &HttpRequest) -> Option<Self> {
        request.extensions_mut().remove()
    }

    /// The refusal, with what the operation says of the mended body where that is about other places.
    pub fn refusal(self, judged: Option<Error>) -> Error {
        let Self(mut faults) = self;
        if let Some(Error::Refused(refusal)) = judged
            && refusal.code == Code::ValidationFailed
        {
            let mended: Vec<String> = faults
                .iter()
                .filter_map(|one| one.pointer.clone())
                .collect();
            let others = refusal.faults.into_iter();
            faults.extend(others.filter(|fault| is_elsewhere(fault, &mended)));
        }
        Error::invalid(faults)
    }
}

/// Whether a fault is neither within one of these places nor about what is around it.
fn is_elsewhere(fault: &Fault, places: &[String]) -> bool {
    let Some(pointer) = &fault.pointer else {
        return false;
    };
    let is_within = |inner: &str, outer: &str| {
        let below = inner.strip_prefix(outer);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    !places
        .iter()
        .any(|place| is_within(pointer, place) || is_within(place, pointer))
}

/// The typed body; one that breaks its schema mended, with a note at the request that it is unfit.
pub(super) fn read<T: ToSchema + DeserializeOwned + 'static>(
    request: &HttpRequest,
    value: Value,
) -> Result<T> {
    let faults = schema::faults(schema::validator::<T>(), &value);
    if faults.is_empty() {
        return deserialized(value);
    }
    let Some(body) = mended(value, &faults) else {
        return Err(Error::invalid(faults));
    };
    request.extensions_mut().insert(Unfit(faults));
    Ok(body)
}

/// What a body would be without its faults, where no rule turns on what is mended: without fields that
/// nobody knows, and with another text where any text would do.
fn mended<T: ToSchema + DeserializeOwned + 'static>(
    mut value: Value,
    faults: &[Fault],
) -> Option<T> {
    for fault in faults {
        mend(&mut value, fault)?;
    }
    let fits = schema::faults(schema::validator::<T>(), &value).is_empty();
    fits.then(|| deserialized(value).ok()).flatten()
}

fn mend(value: &mut Value, fault: &Fault) -> Option<()> {
    let pointer = fault.pointer.as_deref()?;
    if let Some(wrong) = value.pointer_mut(pointer) {
        return match (fault.code.as_str(), wrong) {
            ("unknown_field", _) => remove(value, pointer),
            (_, Value::String(text)) => {
                "x".clone_into(text);
                Some(())
            }
            _ => None,
        };
    }
    let (parent, name) = pointer.rsplit_once('/')?;
    let fields = value.pointer_mut(parent)?.as_object_mut()?;
    fields.insert(unescaped(name), json!("x"));
    Some(())
}

fn remove(value: &mut Value, pointer: &str) -> Option<()> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let fields = value.pointer_mut(parent)?.as_object_mut()?;
    fields.remove(&unescaped(name)).map(drop)
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Part {
        #[schema(minimum = 1, maximum = 5)]
        amount: i64,
    }

    #[derive(Debug, PartialEq, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        #[schema(min_length = 1, max_length = 9)]
        title: String,
        #[serde(default)]
        #[schema(format = "date")]
        due_on: Option<String>,
        #[serde(default)]
        parts: Vec<Part>,
    }

    fn of(value: Value) -> Option<Whole> {
        let faults = schema::faults(schema::validator::<Whole>(), &value);
        assert!(!faults.is_empty(), "{value}");
        mended(value, &faults)
    }

    #[test]
    fn what_is_wrong_is_mended_where_that_can_be_guessed() {
        let whole = |title: &str, parts: &[i64]| Whole {
            title: title.to_owned(),
            due_on: None,
            parts: parts
                .iter()
                .map(|amount| Part { amount: *amount })
                .collect(),
        };
        for (value, expected) in [
            (json!({}), Some(whole("x", &[]))),
            (json!({ "title": "" }), Some(whole("x", &[]))),
            (json!({ "title": "0123456789" }), Some(whole("x", &[]))),
            (json!({ "title": "t", "a~/b": 1 }), Some(whole("t", &[]))),
            (
                json!({ "title": "t", "parts": [{ "amount": 3, "x": 1 }] }),
                Some(whole("t", &[3])),
            ),
            // Rules may turn on these.
            (json!({ "title": "t", "due_on": "soon" }), None),
            (json!({ "title": "t", "due_on": [] }), None),
            (json!({ "title": "t", "parts": [{ "amount": 7 }] }), None),
            (json!({ "title": "t", "parts": [{}] }), None),
            (json!({ "title": "t", "parts": [7] }), None),
            (json!({ "title": 7 }), None),
            (json!([]), None),
        ] {
            assert_eq!(of(value.clone()), expected, "{value}");
        }
    }

    #[test]
    fn what_the_operation_says_of_mended_places_is_not_told() {
        let unfit = Unfit(vec![Fault::at("/owner/name", "blank", "is blank")]);
        let judged = [
            "",
            "/owner",
            "/owner/name",
            "/owner/name/0",
            "/owner/names",
            "/due_on",
        ];
        let judged = judged.map(|place| Fault::at(place, "wrong", "is wrong"));
        let judged = Error::invalid(judged.to_vec());
        let Error::Refused(refusal) = unfit.clone().refusal(Some(judged)) else {
            panic!("it is refused");
        };
        let told: Vec<_> = refusal
            .faults
            .iter()
            .map(|one| one.pointer.as_deref())
            .collect();
        let expected = ["/owner/name", "/owner/names", "/due_on"];
        assert_eq!(told, expected.map(Some));
        let Error::Refused(refusal) = unfit.refusal(Some(Error::not_found("review"))) else {
            panic!("it is refused");
        };
        assert_eq!(
            (refusal.code, refusal.faults.len()),
            (Code::ValidationFailed, 1)
        );
    }
}
