//! Versions as entity tags: `If-Match` on changes, `If-None-Match` on reads.

use actix_web::http::header::{HeaderMap, IF_MATCH, IF_NONE_MATCH};

use super::error::{Code, Error, Result};

/// The strong entity tag of a version.
///
/// `variant` tells representations of one version apart that differ by the day they are read on.
pub fn tag(version: i32, variant: &str) -> String {
    if variant.is_empty() {
        format!("\"{version}\"")
    } else {
        format!("\"{version}-{variant}\"")
    }
}

/// What a change says of the version it expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Reads the header.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self> {
        let Some(value) = headers.get(IF_MATCH) else {
            return Ok(Self(None));
        };
        let Ok(value) = value.to_str() else {
            return Err(Code::InvalidParameter
                .because("If-Match is not ASCII")
                .into());
        };
        Ok(Self(Some(value.to_owned())))
    }

    /// Whether a version is expected, and so that there is one.
    pub fn is_present(&self) -> bool {
        self.0.is_some()
    }

    /// Refuses with 428 when it is absent and with 412 when `version` is not among its tags.
    pub fn check(&self, version: i32) -> Result<()> {
        match &self.0 {
            None => Err(Code::PreconditionRequired
                .because("If-Match with the current ETag is required")
                .into()),
            Some(_) => self.check_if_present(version),
        }
    }

    /// Refuses with 412 when it is present and `version` is not among its tags.
    pub fn check_if_present(&self, version: i32) -> Result<()> {
        let Some(tags) = &self.0 else { return Ok(()) };
        if tags.trim() == "*" || split(tags).any(|tag| version_of(tag) == Some(version)) {
            return Ok(());
        }
        Err(Error::from(
            Code::StaleVersion
                .because("the resource changed since that version")
                .with_header("etag", tag(version, "")),
        ))
    }
}

/// Whether `If-None-Match` names this tag, so that 304 is the answer.
pub fn none_match(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value.trim() == "*" || split(value).any(|one| one.trim_start_matches("W/") == tag)
        })
}

fn split(tags: &str) -> impl Iterator<Item = &str> {
    tags.split(',').map(str::trim)
}

/// The version in a strong tag of ours.
fn version_of(tag: &str) -> Option<i32> {
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    inner.split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: Option<&str>, version: i32) -> Option<u16> {
        IfMatch(header.map(str::to_owned))
            .check(version)
            .err()
            .map(|error| error.into_refusal().code.status().as_u16())
    }

    #[test]
    fn a_change_needs_the_current_version() {
        assert_eq!(check(Some("\"3\""), 3), None);
        assert_eq!(check(Some("\"2\", \"3-overdue\""), 3), None);
        assert_eq!(check(Some("*"), 3), None);
        assert_eq!(check(Some("\"2\""), 3), Some(412));
        assert_eq!(check(Some("W/\"3\""), 3), Some(412));
        assert_eq!(check(Some("3"), 3), Some(412));
        assert_eq!(check(None, 3), Some(428));
    }
}
