//! What came back, and short ways to say what should have.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// A reply.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What was called, for messages.
    pub call: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Vec<u8>,
}

#[expect(clippy::return_self_not_must_use, reason = "asserting is a use")]
impl Reply {
    /// Itself, when it has this status.
    ///
    /// # Panics
    /// When it has another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text());
        self
    }

    /// Itself, when it is a problem with this code.
    ///
    /// # Panics
    /// When it is something else.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let found = self.expect(status);
        assert_eq!(
            found.json()["code"],
            code,
            "{}: {}",
            found.call,
            found.text()
        );
        found
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.call, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The entity tag.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn etag(&self) -> String {
        let tag = self.header("etag");
        tag.unwrap_or_else(|| panic!("{}: no ETag", self.call))
            .to_owned()
    }

    /// The resource's id.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn id(&self) -> String {
        let body = self.json();
        let id = body["id"].as_str();
        id.unwrap_or_else(|| panic!("{}: no id in {body}", self.call))
            .to_owned()
    }

    /// The items of a list.
    ///
    /// # Panics
    /// When it is no list.
    #[track_caller]
    pub fn items(&self) -> Vec<Value> {
        let body = self.json();
        let items = body["items"].as_array();
        items
            .unwrap_or_else(|| panic!("{}: no items in {body}", self.call))
            .clone()
    }

    /// Every fault of a problem: where it is and its code, sorted.
    #[track_caller]
    pub fn faults(&self) -> Vec<(String, String)> {
        let body = self.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut faults: Vec<_> = body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|fault| {
                let place = fault.get("pointer").or_else(|| fault.get("parameter"));
                (place.map(text).unwrap_or_default(), text(&fault["code"]))
            })
            .collect();
        faults.sort();
        faults
    }
}
