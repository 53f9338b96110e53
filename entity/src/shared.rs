//! Shapes that several rows hold as JSON and several bodies show as they are.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an address on the web matches: nothing that a browser would run, or read from its own machine.
pub const WEB_URL: &str = r"^[hH][tT][tT][pP][sS]?://[^/?#\s]";

/// An address on the web: an `http` or `https` URL.
#[derive(Debug, ToSchema)]
#[schema(
    value_type = String,
    format = "uri",
    max_length = 2048,
    pattern = "^[hH][tT][tT][pP][sS]?://[^/?#\\s]",
    example = "https://wiki.example/playbooks/ransomware"
)]
pub struct WebUrl(#[expect(dead_code, reason = "stands for a schema")] String);

/// What another system calls this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExternalRef {
    /// The other system: `jira`, `servicenow`, `pagerduty`.
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z0-9][a-z0-9_.-]*$",
        example = "jira"
    )]
    pub system: String,
    /// The id there.
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^/?#\\u0000-\\u001f\\u007f-\\u009f]+$",
        example = "SEC-1042"
    )]
    pub id: String,
    /// Where people find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WebUrl>, example = "https://tickets.example/SEC-1042")]
    pub url: Option<String>,
}

/// Something that supports a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What it is.
    #[schema(min_length = 1, max_length = 300, example = "EDR alert export")]
    pub title: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WebUrl>, example = "https://evidence.example/edr-2026-05-14.json")]
    pub url: Option<String>,
    /// SHA-256 of its bytes, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub sha256: Option<String>,
}

/// A person or program: a name to show, and the subject that their credential carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name to show.
    #[schema(min_length = 1, max_length = 200, example = "Ada Okafor")]
    pub name: String,
    /// Subject of their tokens, or `key:<id>`; without it the service cannot recognise them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 255, example = "ada@example.org")]
    pub subject: Option<String>,
}
