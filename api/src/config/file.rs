//! The file of settings.

use std::collections::BTreeMap;

use super::ConfigError;

/// The settings in a TOML file, as texts.
pub(super) fn read(path: &str) -> Result<BTreeMap<String, String>, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("DEBRIEF_CONFIG: {path} cannot be read: {error}")))?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        ConfigError(format!(
            "DEBRIEF_CONFIG: {path} is not valid TOML: {}",
            error.message()
        ))
    })?;
    table
        .into_iter()
        .map(|(key, value)| match value {
            toml::Value::String(text) => Ok((key, text)),
            toml::Value::Integer(number) => Ok((key, number.to_string())),
            toml::Value::Boolean(flag) => Ok((key, flag.to_string())),
            _ => Err(ConfigError(format!(
                "{key} in {path} must be a text, a number or a boolean"
            ))),
        })
        .collect()
}
