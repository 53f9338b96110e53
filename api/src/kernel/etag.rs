//! Versions as entity tags: `If-Match` and `If-None-Match` on changes, `If-None-Match` on reads.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    /// Of these.
    tags: Option<String>,
    /// Of none of these; `*` is any: what is to be made must not be there (`If-None-Match`).
    not: Option<String>,
}

impl Precondition {
    /// Reads the headers.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self> {
        let tags = list(headers, &IF_MATCH);
        if tags.is_none() && headers.contains_key(IF_MATCH) {
            return Err(Code::StaleVersion.because(MALFORMED).into());
        }
        let not = list(headers, &IF_NONE_MATCH);
        Ok(Self { tags, not })
    }

    /// Whatever version there is.
    pub fn any() -> Self {
        Self {
            tags: Some("*".to_owned()),
            not: None,
        }
    }

    /// Whatever version there is, or none.
    pub fn unsaid() -> Self {
        Self::default()
    }

    /// Whether a version is expected, and so that there is one.
    pub fn is_present(&self) -> bool {
        self.tags.is_some()
    }

    /// Refuses with 428 when it is absent and with 412 when `version` is not among its tags.
    pub fn check(&self, version: i32) -> Result<()> {
        match &self.tags {
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

    /// Of what has no version: refuses with 412 when one is expected and this tag is not among them.
    pub fn check_tag_if_present(&self, current: &str) -> Result<()> {
        self.check_each(|tag| tag == current, current)
    }

    /// Refuses with 412 when one is expected and `version` is not among them.
    pub fn check_if_present(&self, version: i32) -> Result<()> {
        self.check_each(|one| version_of(one) == Some(version), &tag(version, ""))
    }

    fn check_each(&self, is_current: impl Fn(&str) -> bool, current: &str) -> Result<()> {
        let names = |tags: &str| tags.trim() == "*" || split(tags).any(&is_current);
        let refused = |why| {
            let refusal = Code::StaleVersion.because(why);
            Err(Error::from(refusal.with_header("etag", current)))
        };
        match (&self.tags, &self.not) {
            (Some(tags), _) if !names(tags) => refused(stale(tags)),
            (_, Some(not)) if names(&not.replace("W/", "")) => refused(THERE),
            _ => Ok(()),
        }
    }
}

/// Why nothing is made or changed that `If-None-Match` names.
const THERE: &str = "If-None-Match rules out what there is";

/// A header's values as one list, when all of them are text and there are any.
fn list(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: std::result::Result<Vec<_>, _> =
        headers.get_all(name).map(HeaderValue::to_str).collect();
    let values = values.ok().filter(|values| !values.is_empty())?;
    Some(values.join(","))
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
    use super::*;

    fn status(checked: Result<()>) -> Option<u16> {
        let refusal = checked.err()?.into_refusal();
        Some(refusal.code.status().as_u16())
    }

    fn check(header: Option<&str>, version: i32) -> Option<u16> {
        let tags = header.map(str::to_owned);
        status(Precondition { tags, not: None }.check(version))
    }

    #[test]
    fn what_is_there_can_be_ruled_out() {
        for (not, there, refused) in [
            ("*", Some(3), true),
            ("\"2\", W/\"3\"", Some(3), true),
            ("\"2\"", Some(3), false),
            ("nonsense", Some(3), false),
            ("*", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(not));
            let read = Precondition::from_headers(&headers).expect("tags");
            let expected = refused.then_some(412);
            assert_eq!(status(read.check_put(there, "board")), expected, "{not}");
        }
        let both = Precondition {
            tags: Some("\"3\"".to_owned()),
            not: Some("*".to_owned()),
        };
        assert_eq!(status(both.check(3)), Some(412));
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
        let read = Precondition::from_headers(&headers).expect("tags");
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
