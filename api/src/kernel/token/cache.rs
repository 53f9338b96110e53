//! The public keys of an issuer, from where it publishes them: loaded when needed, kept while
//! fresh, and kept on for a day when loading fails.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jsonwebtoken::Algorithm;
use reqwest::{Client, Url, header};
use tokio::sync::{Mutex, OwnedMutexGuard, RwLock};
use tokio::time::Instant;

use super::keys::KeySet;

/// The largest JWK set that is read.
const MAX_DOCUMENT_BYTES: usize = 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where the keys are published.
#[derive(Debug)]
pub(super) enum Origin {
    /// An address of the issuer.
    Url(Client, Url),
    /// A file that someone else keeps current.
    File(PathBuf),
}

impl Origin {
    /// An address, asked without following redirects: they could lead anywhere.
    pub(super) fn url(url: Url) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("debrief/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self::Url(client, url))
    }
}

/// How old keys may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Up to this age they are used without another look.
    pub(super) fresh: Duration,
    /// From one attempt to load them to the next.
    pub(super) retry: Duration,
    /// Up to this age they are used when loading fails.
    pub(super) keep: Duration,
}

impl Pace {
    /// The pace that suits an origin: looking at a file costs nothing.
    pub(super) fn of(origin: &Origin) -> Self {
        let retry = Duration::from_secs(10);
        let fresh = match origin {
            Origin::Url(..) => Duration::from_mins(10),
            Origin::File(_) => retry,
        };
        Self {
            fresh,
            retry,
            keep: Duration::from_hours(24),
        }
    }
}

/// The keys of one issuer, shared by all requests.
#[derive(Clone, Debug)]
pub(super) struct KeyCache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin: Origin,
    allowed: Vec<Algorithm>,
    pace: Pace,
    state: RwLock<State>,
    turn: Arc<Mutex<()>>,
}

#[derive(Debug, Default)]
struct State {
    good: Option<(Arc<KeySet>, Instant)>,
    tried: Option<Instant>,
    /// What tells one content of the file from the next.
    stamp: Option<Stamp>,
}

type Stamp = (SystemTime, u64);

enum Loaded {
    Changed(KeySet, Option<Stamp>),
    Unchanged,
}

/// Why loading failed, for the log.
type Failure = Box<dyn std::error::Error + Send + Sync>;

impl KeyCache {
    pub(super) fn new(origin: Origin, allowed: Vec<Algorithm>, pace: Pace) -> Self {
        let (state, turn) = (RwLock::default(), Arc::default());
        Self(Arc::new(Inner {
            origin,
            allowed,
            pace,
            state,
            turn,
        }))
    }

    /// The keys to use now; `None` when there are none that could be trusted.
    pub(super) async fn current(&self) -> Option<Arc<KeySet>> {
        let Some((keys, age)) = self.0.kept().await else {
            return self.load(Arc::clone(&self.0.turn).lock_owned().await).await;
        };
        if age < self.0.pace.fresh {
            return Some(keys);
        }
        match Arc::clone(&self.0.turn).try_lock_owned() {
            Ok(turn) => self.load(turn).await,
            Err(_) => Some(keys),
        }
    }

    /// The keys after another look at the origin, if the last one is long enough ago.
    pub(super) async fn renewed(&self) -> Option<Arc<KeySet>> {
        self.load(Arc::clone(&self.0.turn).lock_owned().await).await
    }

    /// Loads in a task of its own, so that a client that hangs up does not undo it.
    async fn load(&self, turn: OwnedMutexGuard<()>) -> Option<Arc<KeySet>> {
        let inner = Arc::clone(&self.0);
        let task = tokio::spawn(async move {
            inner.refresh().await;
            drop(turn);
            inner.kept().await.map(|(keys, _)| keys)
        });
        task.await.ok().flatten()
    }
}

impl Inner {
    async fn kept(&self) -> Option<(Arc<KeySet>, Duration)> {
        let state = self.state.read().await;
        let (keys, since) = state.good.as_ref()?;
        let age = since.elapsed();
        (age <= self.pace.keep).then(|| (Arc::clone(keys), age))
    }

    async fn refresh(&self) {
        let (tried, stamp) = {
            let state = self.state.read().await;
            (state.tried, state.stamp)
        };
        if tried.is_some_and(|tried| tried.elapsed() < self.pace.retry) {
            return;
        }
        let loaded = match &self.origin {
            Origin::Url(client, url) => self.fetch(client, url).await,
            Origin::File(path) => self.read(path.clone(), stamp).await,
        };
        let now = Instant::now();
        let mut state = self.state.write().await;
        state.tried = Some(now);
        match loaded {
            Ok(Loaded::Changed(keys, stamp)) => {
                state.good = Some((Arc::new(keys), now));
                state.stamp = stamp;
            }
            Ok(Loaded::Unchanged) => {
                if let Some((_, since)) = &mut state.good {
                    *since = now;
                }
            }
            Err(failure) => {
                let failure = failure.as_ref();
                tracing::warn!(failure, "the keys of the token issuer could not be loaded");
            }
        }
    }

    async fn fetch(&self, client: &Client, url: &Url) -> Result<Loaded, Failure> {
        let request = client
            .get(url.clone())
            .header(header::ACCEPT, "application/json, */*;q=0.5");
        let mut response = request.send().await?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(format!("answered {}", response.status()).into());
        }
        let mut document = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if document.len() + chunk.len() > MAX_DOCUMENT_BYTES {
                return Err("larger than 1 MiB".into());
            }
            document.extend_from_slice(&chunk);
        }
        self.parsed(&document, None)
    }

    async fn read(&self, path: PathBuf, known: Option<Stamp>) -> Result<Loaded, Failure> {
        let content = tokio::task::spawn_blocking(move || {
            let about = std::fs::metadata(&path)?;
            let stamp = (about.modified()?, about.len());
            if known == Some(stamp) {
                return Ok(None);
            }
            if about.len() > MAX_DOCUMENT_BYTES as u64 {
                return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
            }
            Ok(Some((std::fs::read(&path)?, stamp)))
        });
        match content.await?? {
            None => Ok(Loaded::Unchanged),
            Some((document, stamp)) => self.parsed(&document, Some(stamp)),
        }
    }

    fn parsed(&self, document: &[u8], stamp: Option<Stamp>) -> Result<Loaded, Failure> {
        let keys = KeySet::from_jwks(document, &self.allowed).ok_or("not a JWK set")?;
        Ok(Loaded::Changed(keys, stamp))
    }
}
