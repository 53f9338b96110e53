//! The format: its name, its versions, and how a document of an older one becomes one of today's.
//! Pure.

use entity::{Timestamp, review};
use serde::Serialize;
use serde_json::Value;

use crate::kernel::error::{Error, Fault, Result};
use crate::kernel::{body, schema};
use crate::whole::rows::{Document, Rows};

/// What every document is called.
pub const NAME: &str = "debrief-review";

/// How many values a document may hold: more than any that is written within its bytes.
const MOST_VALUES: usize = body::MAX_IMPORT / 8;

/// Makes a document one of the next version.
type Step = fn(&mut Value);

/// The way from each version to the next: the first leads from version 1 to 2. Whoever changes what a
/// list or a row of it is called, or what it means, adds a step; a list or a column more that may be
/// absent needs none.
const STEPS: &[Step] = &[];

/// The version that is written, and the last that is read.
pub const VERSION: usize = STEPS.len() + 1;

/// A review as a document.
#[derive(Debug, Serialize)]
pub struct Written<'a> {
    format: &'static str,
    format_version: usize,
    service_version: &'static str,
    exported_at: Timestamp,
    review: &'a review::Model,
    #[serde(flatten)]
    rows: &'a Rows,
}

impl<'a> Written<'a> {
    /// A review as it is now.
    pub fn now(now: Timestamp, review: &'a review::Model, rows: &'a Rows) -> Self {
        Self {
            format: NAME,
            format_version: VERSION,
            service_version: env!("CARGO_PKG_VERSION"),
            exported_at: now,
            review,
            rows,
        }
    }
}

/// Reads a document, and makes it one of today's version.
pub fn read(bytes: &[u8]) -> Result<Value> {
    let mut document = body::parse_as_told(bytes, MOST_VALUES)?;
    let faults = upgrade(&mut document);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let faults = schema::faults(schema::validator::<Document>(), &document);
    if faults.is_empty() {
        Ok(document)
    } else {
        Err(Error::invalid(faults))
    }
}

/// Takes every step from the document's version to today's. What is no document of a version that is
/// known is not looked at more closely: its parts may mean something else.
fn upgrade(document: &mut Value) -> Vec<Fault> {
    if document["format"] != NAME {
        let detail = format!("must be {NAME}: this is no review that a service has exported");
        return vec![Fault::at("/format", "unknown_value", detail)];
    }
    let version = document["format_version"].as_u64();
    let version = version.and_then(|version| usize::try_from(version).ok());
    let Some(version) = version.filter(|version| *version > 0) else {
        let detail = "must be a version of the format, from 1";
        return vec![Fault::at("/format_version", "out_of_range", detail)];
    };
    let Some(steps) = STEPS.get(version - 1..) else {
        let detail = format!(
            "was written by a newer service: version {version} of the format, of which this one reads \
             those up to {VERSION}; upgrade it first"
        );
        return vec![Fault::at("/format_version", "newer_version", detail)];
    };
    for step in steps {
        step(document);
    }
    if let Some(fields) = document.as_object_mut() {
        fields.insert("format_version".to_owned(), VERSION.into());
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(mut document: Value) -> Option<(String, String)> {
        let fault = upgrade(&mut document).pop()?;
        Some((fault.pointer.unwrap_or_default(), fault.code))
    }

    #[test]
    fn only_documents_of_known_versions_are_looked_at() {
        let of = |pointer: &str, code: &str| Some((pointer.to_owned(), code.to_owned()));
        assert_eq!(
            code(json!({ "format": NAME, "format_version": VERSION })),
            None
        );
        for other in [
            json!({}),
            json!([]),
            json!({ "format": "stix", "format_version": 1 }),
        ] {
            assert_eq!(code(other), of("/format", "unknown_value"));
        }
        for wrong in [json!(0), json!(-1), json!("1"), json!(1.5), json!(null)] {
            let document = json!({ "format": NAME, "format_version": wrong });
            assert_eq!(code(document), of("/format_version", "out_of_range"));
        }
        for newer in [VERSION as u64 + 1, u64::MAX] {
            let document = json!({ "format": NAME, "format_version": newer });
            assert_eq!(code(document), of("/format_version", "newer_version"));
        }
    }
}
