//! Settings: every one of them, with its default and what it means, in the table below.
//!
//! `DEBRIEF_*` variables win over the file that `DEBRIEF_CONFIG` names. What is unknown or
//! malformed stops the start with a sentence that names it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;

mod checks;
mod database_url;
mod file;
mod values;

pub use checks::is_strong_key;
pub use values::{HttpUrl, LogFilter, LogFormat, Origins, Secret, Setting};

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
            pub fn from_texts(texts: BTreeMap<String, String>) -> Result<Self, ConfigError> {
                Self::read(texts, &variable)
            }

            /// Reads settings from texts; `named` says what each is called where it was given.
            fn read(
                mut texts: BTreeMap<String, String>,
                named: &dyn Fn(&str) -> String,
            ) -> Result<Self, ConfigError> {
                $(let $key = texts.remove(stringify!($key)).unwrap_or_else(|| $default.to_owned());
                let $key = <$type as Setting>::read(&$key).map_err(|why| ConfigError(format!(
                    "{} {why}", named(stringify!($key))
                )))?;)+
                if let Some(unknown) = texts.keys().next() {
                    return Err(ConfigError(format!(
                        "{} is not a setting of this service; `debrief settings` lists them all",
                        named(unknown)
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
    /// Where the data lies: `sqlite://path/to/file.db`, without parameters, or
    /// `postgres://user:password@host/database`.
    database_url: Secret = "sqlite://data/debrief.db";
    /// Connections that read on SQLite (one more writes), or all connections on PostgreSQL; 1 to 500.
    database_connections: u32 = "8";
    /// Whether a SQLite commit survives a power loss (`synchronous=FULL`). `false` is faster and
    /// may lose the last commits when the power fails, never when only the process does.
    database_durable: bool = "true";
    /// Seconds that a request waits for a database connection before it gets a 503, 1 to 3600; on
    /// SQLite also for another process that writes to the file.
    database_timeout_seconds: u32 = "5";
    /// An API key (`dbf_` and at least 32 random letters or digits) to install as the `default`
    /// organisation's admin key, for containers and automation. Never printed or logged.
    admin_key: Option<Secret> = "";
    /// Requests per second and credential; 0 turns it off. Requests whose credential is refused count
    /// by their address: one that has too many is refused before its credentials are looked at.
    rate_limit: u32 = "20000";
    /// Address that clients reach the service under, for links in answers, tokens and problems;
    /// an `http://` or `https://` URL; empty stands for `http://` and the address listened on.
    public_url: Option<HttpUrl> = "";
    /// Web origins that browsers may call from, as browsers write them (`https://app.example`, without
    /// a path), separated by commas, or `*`; empty: none.
    cors_origins: Origins = "";
    /// E-mail address that calendar files name as the organiser where nobody who leads a workshop has
    /// one; empty: `no-reply@debrief.invalid`, to which nobody can answer.
    organizer_email: Option<String> = "";
    /// Seconds that running requests get to finish after SIGTERM.
    shutdown_seconds: u32 = "30";
    /// Seconds after which a request is answered with 503 and undone. Its body has a third less to
    /// arrive, at most 5 seconds less, before it is answered with 408.
    request_seconds: u32 = "30";
    /// Streams of changes that an organisation may have open at once, at each instance.
    streams_per_organization: u32 = "100";
    /// Threads that serve requests; 0 stands for one per processor.
    workers: u32 = "0";
    /// Logs as `json` or `pretty`; `auto` is pretty on a terminal.
    log_format: LogFormat = "auto";
    /// What is logged, in the syntax of `tracing`'s filter: a level, or `target=level`, separated by
    /// commas. `info,debrief::access=debug` adds a line for every request.
    log: LogFilter = "info";
    /// OTLP/HTTP endpoint to send traces to, such as `http://localhost:4318/v1/traces`.
    otlp_endpoint: Option<HttpUrl> = "";
    /// Issuer whose tokens are accepted (their `iss`).
    jwt_issuer: Option<String> = "";
    /// Audience that tokens must be meant for (their `aud`).
    jwt_audience: Option<String> = "";
    /// URL of the issuer's key set. One of this, the file and the secret goes with an issuer.
    jwt_jwks_url: Option<HttpUrl> = "";
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
        let Some(path) = given.remove("config").filter(|path| !path.is_empty()) else {
            return Self::from_texts(given);
        };
        let variables: BTreeSet<String> = given.keys().cloned().collect();
        let mut texts = file::read(&path)?;
        texts.append(&mut given);
        Self::read(texts, &|key| {
            if variables.contains(key) {
                variable(key)
            } else {
                format!("{key} in {path}")
            }
        })
    }

    /// The address that clients reach the service under, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }
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
            (("DEBRIEF_PUBLIC_URL", "foo"), "DEBRIEF_PUBLIC_URL"),
            (
                ("DEBRIEF_PUBLIC_URL", "ftp://x.example"),
                "DEBRIEF_PUBLIC_URL",
            ),
            (
                ("DEBRIEF_PUBLIC_URL", "https://x.example/?a=b"),
                "DEBRIEF_PUBLIC_URL",
            ),
            (("DEBRIEF_OTLP_ENDPOINT", "foo"), "DEBRIEF_OTLP_ENDPOINT"),
            (
                ("DEBRIEF_OTLP_ENDPOINT", "localhost:4318"),
                "DEBRIEF_OTLP_ENDPOINT",
            ),
            (("DEBRIEF_JWT_JWKS_URL", "foo"), "DEBRIEF_JWT_JWKS_URL"),
            (("DEBRIEF_JWT_JWKS_FILE", "/nope"), "DEBRIEF_JWT_JWKS_FILE"),
            (("DEBRIEF_JWT_JWKS_FILE", "/"), "DEBRIEF_JWT_JWKS_FILE"),
            (("DEBRIEF_LOG", "inf0"), "inf0"),
            (("DEBRIEF_LOG", "info,debrief=loud"), "DEBRIEF_LOG"),
            (("DEBRIEF_CORS_ORIGINS", "https://x/"), "https://x"),
            (
                (
                    "DEBRIEF_CORS_ORIGINS",
                    "https://a.example,https://x.example/app",
                ),
                "https://x.example",
            ),
            (
                ("DEBRIEF_CORS_ORIGINS", "https://App.example:443"),
                "https://app.example",
            ),
            (
                ("DEBRIEF_CORS_ORIGINS", "https://a.example,*"),
                "DEBRIEF_CORS_ORIGINS",
            ),
        ];
        for ((name, value), named) in cases {
            let error = load(&[(name, value)]).expect_err(name);
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn what_a_database_url_lacks_is_said_without_showing_it() {
        let wrong = [
            ("sqlite://x.db?mode=ro", "parameters"),
            ("sqlite://", "file"),
            ("sqlite::memory:", "file"),
            ("postgres://", "host"),
            ("postgres:///debrief", "host"),
            ("postgres://u:hunter2@h", "database"),
            ("postgres://u:hunter2@h:port/d", "URL"),
            ("postgres://u:hunter2@h/d?sslmode=hunter2", "URL"),
        ];
        for (url, lacks) in wrong {
            let error = load(&[("DEBRIEF_DATABASE_URL", url)]).expect_err(url);
            let named = error.starts_with("DEBRIEF_DATABASE_URL ") && error.contains(lacks);
            assert!(named && !error.contains("hunter2"), "{url}: {error}");
        }
        for right in [
            "sqlite:x.db",
            "sqlite:///data/x.db?mode=rwc",
            "postgresql://u:p%40@h:5433/d?sslmode=require",
            "postgres://u@localhost/d?host=/run/postgresql",
            "postgres:///d?host=/run/postgresql",
        ] {
            load(&[("DEBRIEF_DATABASE_URL", right)]).expect(right);
        }
    }

    #[test]
    fn what_is_written_well_is_taken() {
        for (name, value) in [
            ("DEBRIEF_PUBLIC_URL", "https://x.example/debrief/"),
            ("DEBRIEF_OTLP_ENDPOINT", "http://localhost:4318/v1/traces"),
            ("DEBRIEF_LOG", "WARN,debrief=debug,debrief::access=trace"),
            ("DEBRIEF_LOG", "warn,[request]=debug"),
            (
                "DEBRIEF_CORS_ORIGINS",
                " https://a.example , http://localhost:3000,app://local",
            ),
            ("DEBRIEF_CORS_ORIGINS", "*"),
        ] {
            load(&[(name, value)]).expect(value);
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
