//! Settings: every one of them, with its default and what it means, in the table below.
//!
//! `DEBRIEF_*` variables win over the file that `DEBRIEF_CONFIG` names. What is unknown or
//! malformed stops the start with a sentence that names it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

mod values;

pub use values::{LogFormat, Origins, Secret, Setting};

/// What is wrong with a setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// One setting, as the reference shows it.
#[derive(Clone, Copy, Debug)]
pub struct Documented {
    /// Its key in the file; `DEBRIEF_` and the key in capitals is the variable.
    pub key: &'static str,
    /// Its default; empty means that it is off.
    pub default: &'static str,
    /// What it means.
    pub text: &'static str,
}

macro_rules! settings {
    ($($(#[doc = $text:literal])+ $key:ident: $type:ty = $default:literal;)+) => {
        /// The service's settings.
        #[derive(Clone, Debug)]
        pub struct Config { $($(#[doc = $text])+ pub $key: $type,)+ }

        impl Config {
            /// Every setting, in the order of the reference.
            pub const REFERENCE: &'static [Documented] = &[$(Documented {
                key: stringify!($key),
                default: $default,
                text: concat!($($text, "\n"),+),
            },)+];

            /// Reads settings from texts; what is not given has its default.
            pub fn from_texts(mut texts: BTreeMap<String, String>) -> Result<Self, ConfigError> {
                $(let $key = texts.remove(stringify!($key)).unwrap_or_else(|| $default.to_owned());
                let $key = <$type as Setting>::read(&$key).map_err(|why| ConfigError(format!(
                    "{} {why}", variable(stringify!($key))
                )))?;)+
                if let Some(unknown) = texts.keys().next() {
                    return Err(ConfigError(format!(
                        "{} is not a setting of this service; `debrief settings` lists them all",
                        variable(unknown)
                    )));
                }
                Self { $($key,)+ }.checked()
            }
        }
    };
}

settings! {
    /// Address and port to listen on.
    listen: SocketAddr = "127.0.0.1:8080";
    /// Where the data lies: `sqlite://path/to/file.db` or `postgres://user:password@host/database`.
    database_url: Secret = "sqlite://data/debrief.db";
    /// Connections that read on SQLite (one more writes), or all connections on PostgreSQL; 1 to 500.
    database_connections: u32 = "8";
    /// Whether a SQLite commit survives a power loss (`synchronous=FULL`). `false` is faster and
    /// may lose the last commits when the power fails, never when only the process does.
    database_durable: bool = "true";
    /// Seconds that a request waits for a database connection before it gets a 503.
    database_timeout_seconds: u32 = "5";
    /// An API key (`dbf_` and at least 32 random letters or digits) to install as the `default`
    /// organisation's admin key, for containers and automation. Never printed or logged.
    admin_key: Option<Secret> = "";
    /// Requests per second and credential (before authentication: per address); 0 turns it off.
    rate_limit: u32 = "20000";
    /// Address that clients reach the service under, for links in answers, tokens and problems;
    /// empty stands for `http://` and the address listened on.
    public_url: Option<String> = "";
    /// Web origins that browsers may call from, separated by commas, or `*`; empty: none.
    cors_origins: Origins = "";
    /// Seconds that running requests get to finish after SIGTERM.
    shutdown_seconds: u32 = "30";
    /// Seconds after which a request is answered with 503 and undone.
    request_seconds: u32 = "30";
    /// Threads that serve requests; 0 stands for one per processor.
    workers: u32 = "0";
    /// Logs as `json` or `pretty`; `auto` is pretty on a terminal.
    log_format: LogFormat = "auto";
    /// What is logged, in the syntax of `tracing`'s filter.
    log: String = "info";
    /// OTLP/HTTP endpoint to send traces to, such as `http://localhost:4318/v1/traces`.
    otlp_endpoint: Option<String> = "";
    /// Issuer whose tokens are accepted (their `iss`).
    jwt_issuer: Option<String> = "";
    /// Audience that tokens must be meant for (their `aud`).
    jwt_audience: Option<String> = "";
    /// URL of the issuer's key set. One of this, the file and the secret goes with an issuer.
    jwt_jwks_url: Option<String> = "";
    /// File with the issuer's key set; read again when it changes.
    jwt_jwks_file: Option<PathBuf> = "";
    /// Shared secret of at least 32 bytes for HS256 tokens, for small set-ups.
    jwt_hs256_secret: Option<Secret> = "";
    /// Claim that names the caller's organisation by id or short name.
    jwt_organization_claim: String = "organization";
    /// Claim that lists the caller's roles; `scope` may name scopes besides.
    jwt_roles_claim: String = "roles";
    /// Seconds that a token from `/oauth/token` lives; 60 to 86400.
    token_seconds: u32 = "900";
}

/// The variable of a key.
fn variable(key: &str) -> String {
    format!("DEBRIEF_{}", key.to_ascii_uppercase())
}

impl Config {
    /// Reads the environment and the file that `DEBRIEF_CONFIG` names.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn load() -> Result<Self, ConfigError> {
        Self::from_variables(std::env::vars_os().filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        }))
    }

    /// Reads settings from variables, of which those that begin with `DEBRIEF_` count.
    pub fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut given: BTreeMap<String, String> = variables
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.strip_prefix("DEBRIEF_")?.to_ascii_lowercase(), value))
            })
            // Variables of the tests and of the build, which are not settings of the service.
            .filter(|(key, _)| !key.starts_with("test_") && !key.starts_with("ci_"))
            .collect();
        let mut texts = match given.remove("config").filter(|path| !path.is_empty()) {
            Some(path) => read_file(&path)?,
            None => BTreeMap::new(),
        };
        texts.append(&mut given);
        Self::from_texts(texts)
    }

    fn checked(self) -> Result<Self, ConfigError> {
        let fail = |text: &str| Err(ConfigError(text.to_owned()));
        if !(1..=500).contains(&self.database_connections) {
            return fail("DEBRIEF_DATABASE_CONNECTIONS must be 1 to 500");
        }
        if !(60..=86_400).contains(&self.token_seconds) {
            return fail("DEBRIEF_TOKEN_SECONDS must be 60 to 86400");
        }
        if self.request_seconds == 0 || self.database_timeout_seconds == 0 {
            return fail(
                "DEBRIEF_REQUEST_SECONDS and DEBRIEF_DATABASE_TIMEOUT_SECONDS must be at least 1",
            );
        }
        let url = self.database_url.expose();
        if !["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            return fail("DEBRIEF_DATABASE_URL must begin with sqlite:// or postgres://");
        }
        if self
            .admin_key
            .as_ref()
            .is_some_and(|key| !is_strong_key(key.expose()))
        {
            return fail(
                "DEBRIEF_ADMIN_KEY must be dbf_ followed by at least 32 random letters, digits, - or _",
            );
        }
        self.check_tokens()?;
        Ok(self)
    }

    fn check_tokens(&self) -> Result<(), ConfigError> {
        let fail = |text: &str| Err(ConfigError(text.to_owned()));
        let sources = [
            self.jwt_jwks_url.is_some(),
            self.jwt_jwks_file.is_some(),
            self.jwt_hs256_secret.is_some(),
        ];
        let sources = sources.iter().filter(|given| **given).count();
        match (
            self.jwt_issuer.is_some(),
            self.jwt_audience.is_some(),
            sources,
        ) {
            (false, false, 0) | (true, true, 1) => {}
            _ => {
                return fail(
                    "DEBRIEF_JWT_ISSUER, DEBRIEF_JWT_AUDIENCE and one of DEBRIEF_JWT_JWKS_URL, \
                     DEBRIEF_JWT_JWKS_FILE and DEBRIEF_JWT_HS256_SECRET go together",
                );
            }
        }
        if self
            .jwt_hs256_secret
            .as_ref()
            .is_some_and(|secret| secret.expose().len() < 32)
        {
            return fail("DEBRIEF_JWT_HS256_SECRET must have at least 32 bytes");
        }
        Ok(())
    }

    /// The address that clients reach the service under, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
}

/// Whether a key has the form and the length of one that nobody can guess.
pub fn is_strong_key(key: &str) -> bool {
    key.strip_prefix("dbf_").is_some_and(|random| {
        (32..=200).contains(&random.len())
            && random
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    })
}

fn read_file(path: &str) -> Result<BTreeMap<String, String>, ConfigError> {
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

/// The reference of all settings as a page, generated from the table above.
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nGenerated from `api/src/config.rs`. Each setting is a variable, or a key of the \
         TOML file that `DEBRIEF_CONFIG` names; variables win. An unknown or malformed setting stops \
         the start.\n\n| variable | key | default | meaning |\n| --- | --- | --- | --- |\n",
    );
    for setting in Config::REFERENCE {
        let default = if setting.default.is_empty() {
            "–".to_owned()
        } else {
            format!("`{}`", setting.default)
        };
        let text = setting
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        page += &format!(
            "| `{}` | `{}` | {default} | {text} |\n",
            variable(setting.key),
            setting.key,
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::from_variables(pairs).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_is_a_working_configuration() {
        let config = load(&[]).expect("the defaults are valid");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url.expose(), "sqlite://data/debrief.db");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (("DEBRIEF_LISTEN", "8080"), "DEBRIEF_LISTEN"),
            (("DEBRIEF_LISTNE", "127.0.0.1:80"), "DEBRIEF_LISTNE"),
            (("DEBRIEF_RATE_LIMIT", "-1"), "DEBRIEF_RATE_LIMIT"),
            (
                ("DEBRIEF_DATABASE_URL", "mysql://x"),
                "DEBRIEF_DATABASE_URL",
            ),
            (("DEBRIEF_ADMIN_KEY", "dbf_short"), "DEBRIEF_ADMIN_KEY"),
            (
                ("DEBRIEF_JWT_ISSUER", "https://id.example"),
                "DEBRIEF_JWT_AUDIENCE",
            ),
            (("DEBRIEF_CONFIG", "/does/not/exist"), "DEBRIEF_CONFIG"),
        ];
        for ((name, value), named) in cases {
            let error = load(&[(name, value)]).expect_err(name);
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let key = format!("dbf_{}", "a1".repeat(20));
        let config = load(&[
            ("DEBRIEF_ADMIN_KEY", &key),
            ("DEBRIEF_DATABASE_URL", "postgres://u:hunter2@h/d"),
        ])
        .expect("valid");
        let shown = format!("{config:?}");
        assert!(
            !shown.contains(&key) && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
