//! The types that settings have, and how each is read from text.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

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
        let origins: Vec<String> = text
            .split(',')
            .map(|origin| origin.trim().trim_end_matches('/').to_owned())
            .filter(|origin| !origin.is_empty())
            .collect();
        match origins.iter().find(|origin| !origin.contains("://")) {
            Some(wrong) => Err(format!(
                "must list origins such as https://app.example, not '{wrong}'"
            )),
            None => Ok(Self::Listed(origins)),
        }
    }
}
