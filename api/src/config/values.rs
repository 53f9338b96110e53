//! The types that settings have, and how each is read from text.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use reqwest::Url;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// A value that can be read from the text of a setting.
pub trait Setting: Sized {
    /// Reads it, or says what it should be: "must be …".
    fn read(text: &str) -> Result<Self, String>;
}

macro_rules! parsed {
    ($($type:ty: $what:literal;)+) => {$(
        impl Setting for $type {
            fn read(text: &str) -> Result<Self, String> {
                text.trim().parse().map_err(|_| format!(concat!("must be ", $what, ", not '{}'"), text))
            }
        }
    )+};
}

parsed! {
    SocketAddr: "an address and port such as 127.0.0.1:8080";
    u32: "a whole number of at least 0";
    bool: "true or false";
}

impl Setting for String {
    fn read(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

impl Setting for PathBuf {
    fn read(text: &str) -> Result<Self, String> {
        Ok(Self::from(text))
    }
}

impl<T: Setting> Setting for Option<T> {
    /// Empty text means that the setting is off.
    fn read(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Ok(None)
        } else {
            T::read(text).map(Some)
        }
    }
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Setting for Secret {
    fn read(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
    /// Pretty on a terminal, JSON otherwise.
    Auto,
}

impl Setting for LogFormat {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "json" => Ok(Self::Json),
            "pretty" => Ok(Self::Pretty),
            "auto" => Ok(Self::Auto),
            _ => Err(format!("must be json, pretty or auto, not '{text}'")),
        }
    }
}

/// Web origins that may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// These only.
    Listed(Vec<String>),
    /// Every one.
    Any,
}

impl Setting for Origins {
    fn read(text: &str) -> Result<Self, String> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let origins = text
            .split(',')
            .map(str::trim)
            .filter(|origin| !origin.is_empty());
        let origins = origins.map(|origin| as_browsers_write(origin).map(|()| origin.to_owned()));
        Ok(Self::Listed(origins.collect::<Result<_, _>>()?))
    }
}

/// Refuses what no browser would ever send as its origin, so that it would let nobody in.
fn as_browsers_write(origin: &str) -> Result<(), String> {
    let url = Url::parse(origin).ok().filter(|_| origin.contains("://"));
    let Some(url) = url.filter(Url::has_host) else {
        return Err(format!(
            "must list origins such as https://app.example, not '{origin}'"
        ));
    };
    let known = url.origin();
    let written = if known.is_tuple() {
        known.ascii_serialization()
    } else {
        format!("{}://{}", url.scheme(), url.authority())
    };
    if written == origin {
        return Ok(());
    }
    Err(format!(
        "must list origins as browsers write them: '{written}', not '{origin}'"
    ))
}

/// An `http` or `https` URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpUrl(String);

impl HttpUrl {
    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has more than a path: a query, or a fragment.
    pub fn has_query(&self) -> bool {
        self.0.contains(['?', '#'])
    }
}

impl Setting for HttpUrl {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let url = Url::parse(text).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if url.is_some() && text.contains("://") {
            return Ok(Self(text.to_owned()));
        }
        Err("must be an http:// or https:// URL".to_owned())
    }
}

/// What is logged: levels, and levels of targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(String);

impl LogFilter {
    /// The filter as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for LogFilter {
    fn read(text: &str) -> Result<Self, String> {
        EnvFilter::try_new(text).map_err(|_| {
            format!("must be a level, or target=level, separated by commas, not '{text}'")
        })?;
        // A word alone would be taken for a target of which everything is logged. What is said of
        // spans may hold commas of its own.
        let words = text.split(',').map(str::trim);
        let is_level = |word: &&str| word.parse::<LevelFilter>().is_ok();
        let wrong = words
            .filter(|word| !word.is_empty() && !word.contains('='))
            .find(|word| !is_level(word));
        match wrong.filter(|_| !text.contains('[')) {
            Some(wrong) => Err(format!(
                "has the word '{wrong}', which is no level (off, error, warn, info, debug, trace); \
                 a target is written target=level"
            )),
            None => Ok(Self(text.to_owned())),
        }
    }
}
