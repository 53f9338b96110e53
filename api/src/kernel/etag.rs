//! Versions as entity tags: `If-Match` on changes, `If-None-Match` on reads.

use actix_web::http::header::{HeaderMap, IF_MATCH, IF_NONE_MATCH};

use uuid::Uuid;

use super::audit::hex;
use super::error::{Code, Error, Result};

/// The strong entity tag of a version.
///
/// `variant` tells representations of one version apart that differ by the day they are read on.
pub fn tag(version: i32, variant: &str) -> String {
    if variant.is_empty() {
        format!("\"{version}\"")
    } else {
        format!("\"{version}-{variant}-{}\"", seal(variant))
    }
}

/// What shows that a variant was told by this service, and not made up.
fn seal(variant: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, variant.as_bytes());
    hex(&digest.as_ref()[..2])
}

/// What tells one set of related resources from another in a tag's variant.
pub fn digest<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> String {
    let bytes: Vec<u8> = ids.into_iter().flat_map(|id| *id.as_bytes()).collect();
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    hex(&digest.as_ref()[..6])
}

/// What a change says of the version it expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Option<String>);

impl IfMatch {
    /// Reads the header.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self> {
        let values = headers.get_all(IF_MATCH).map(|value| value.to_str());
        let Ok(values) = values.collect::<std::result::Result<Vec<_>, _>>() else {
            return Err(Code::StaleVersion.because(MALFORMED).into());
        };
        if values.is_empty() {
            return Ok(Self(None));
        }
        Ok(Self(Some(values.join(","))))
    }

    /// Whatever version there is.
    pub fn any() -> Self {
        Self(Some("*".to_owned()))
    }

    /// Whatever version there is, or none.
    pub fn unsaid() -> Self {
        Self(None)
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

    /// Of a PUT of what there is one of per key: refuses with 404 when a version is expected and
    /// there is none, and with 412 when there is another. That one is expected at all, is for
    /// [`Self::check`] to see to, once it is known that the PUT changes something.
    pub fn check_put(&self, version: Option<i32>, what: &str) -> Result<()> {
        match version {
            Some(version) => self.check_if_present(version),
            None if self.is_present() => {
                let detail = format!("{what}: there is none yet; it is made without If-Match");
                Err(Error::not_found(&detail))
            }
            None => Ok(()),
        }
    }

    /// Of what has no version: refuses with 412 when it is present and does not name this tag.
    pub fn check_tag_if_present(&self, current: &str) -> Result<()> {
        let Some(tags) = &self.0 else { return Ok(()) };
        if tags.trim() == "*" || split(tags).any(|tag| tag == current) {
            return Ok(());
        }
        Err(Error::from(
            Code::StaleVersion
                .because(stale(tags))
                .with_header("etag", current),
        ))
    }

    /// Refuses with 412 when it is present and `version` is not among its tags.
    pub fn check_if_present(&self, version: i32) -> Result<()> {
        let Some(tags) = &self.0 else { return Ok(()) };
        if tags.trim() == "*" || split(tags).any(|tag| version_of(tag) == Some(version)) {
            return Ok(());
        }
        Err(Error::from(
            Code::StaleVersion
                .because(stale(tags))
                .with_header("etag", tag(version, "")),
        ))
    }
}

/// Why what is no tag is no version's.
const MALFORMED: &str = "If-Match takes `*` or entity tags in quotes, separated by commas: \"3\"";

/// Why none of these tags is the current one.
fn stale(tags: &str) -> &'static str {
    if split(tags).all(is_tag) {
        "the resource changed since that version"
    } else {
        MALFORMED
    }
}

/// Whether a text has the form of an entity tag (RFC 9110, section 8.8.3). Commas separate tags.
fn is_tag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| {
        inner
            .bytes()
            .all(|b| b == b'!' || (b'#'..=b'~').contains(&b))
    })
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
    let (number, variant) = match inner.split_once('-') {
        Some((number, rest)) => (number, Some(rest.rsplit_once('-')?)),
        None => (inner, None),
    };
    let version: i32 = number.parse().ok()?;
    let is_ours = variant.is_none_or(|(variant, sealed)| seal(variant) == sealed);
    (is_ours && version.to_string() == number).then_some(version)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn check(header: Option<&str>, version: i32) -> Option<u16> {
        IfMatch(header.map(str::to_owned))
            .check(version)
            .err()
            .map(|error| error.into_refusal().code.status().as_u16())
    }

    #[test]
    fn what_is_no_tag_is_told_apart_from_one_that_is_stale() {
        for tags in [
            "\"3\"",
            "W/\"3\"",
            "\"\"",
            "\"1\" , \"3-x\"",
            "\"1\",W/\"2\"",
        ] {
            assert_ne!(stale(tags), MALFORMED, "{tags}");
        }
        for none in [
            "",
            "3",
            "\"3",
            "3\"",
            "\"3\" \"4\"",
            "\"3\",",
            "w/\"3\"",
            "*, \"3\"",
            "\"a b\"",
            "\"",
        ] {
            assert_eq!(stale(none), MALFORMED, "{none}");
            assert_eq!(check(Some(none), 99), Some(412), "{none}");
        }
    }

    #[test]
    fn several_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        for tag in ["\"1\"", "\"2\""] {
            headers.append(IF_MATCH, HeaderValue::from_static(tag));
        }
        let read = IfMatch::from_headers(&headers).expect("tags");
        assert!(read.check(2).is_ok() && read.check(3).is_err());
    }

    #[test]
    fn a_change_needs_the_current_version() {
        let overdue = format!("\"2\", {}", tag(3, "overdue-b1f"));
        assert_eq!(check(Some(&overdue), 3), None);
        for made_up in [
            "\"3-overdue\"",
            "\"3-zzz\"",
            "\"3-\"",
            "\"+3\"",
            "\"03\"",
            "\"3-a-b\"",
        ] {
            assert_eq!(check(Some(made_up), 3), Some(412), "{made_up}");
        }
        assert_eq!(check(Some("\"3\""), 3), None);
        assert_eq!(check(Some("*"), 3), None);
        assert_eq!(check(Some("\"2\""), 3), Some(412));
        assert_eq!(check(Some("W/\"3\""), 3), Some(412));
        assert_eq!(check(Some("3"), 3), Some(412));
        assert_eq!(check(None, 3), Some(428));
    }
}
