//! Calls over a real socket. Every reply is judged by the OpenAPI document on its way back.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, RwLock};

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::App;
use crate::book::Book;
use crate::contract::Contract;
use crate::reply::Reply;

/// Somebody who calls.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    address: Address,
    credential: Option<String>,
    book: Option<Book>,
}

/// Where a service listens; it moves when the service is started again.
#[derive(Clone, Debug)]
pub struct Address(Arc<RwLock<SocketAddr>>);

impl Address {
    /// At first.
    pub fn new(address: SocketAddr) -> Self {
        Self(Arc::new(RwLock::new(address)))
    }

    /// Now.
    ///
    /// # Panics
    /// Never, as nobody panics while it moves.
    pub fn get(&self) -> SocketAddr {
        *self.0.read().expect("nobody panics here")
    }

    /// From now on, for everybody who calls there.
    ///
    /// # Panics
    /// Never, as nobody panics while it moves.
    pub fn set(&self, address: SocketAddr) {
        *self.0.write().expect("nobody panics here") = address;
    }
}

static PREPARED: LazyLock<()> = LazyLock::new(debrief::kernel::token::install);

/// A client that takes replies as they are sent.
///
/// # Panics
/// When it cannot be built.
pub fn http() -> reqwest::Client {
    LazyLock::force(&PREPARED);
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_mins(1))
        .build()
        .expect("a client can be built")
}

impl Client {
    /// A caller with a bearer credential, or with none.
    pub fn new(http: reqwest::Client, address: Address, credential: Option<String>) -> Self {
        Self {
            http,
            address,
            credential,
            book: None,
        }
    }

    /// The same caller, of whose calls a book is kept.
    #[must_use]
    pub fn kept_in(self, book: &Book) -> Self {
        let book = Some(book.clone());
        Self { book, ..self }
    }

    /// A call to be made; `path` may have a query.
    pub fn call(&self, method: Method, path: impl Into<String>) -> Call {
        let mut headers = HeaderMap::new();
        if let Some(credential) = &self.credential {
            let bearer = HeaderValue::try_from(format!("Bearer {credential}"));
            headers.insert(AUTHORIZATION, bearer.expect("credentials are ASCII"));
        }
        Call {
            client: self.clone(),
            method,
            path: path.into(),
            headers,
            body: Vec::new(),
        }
    }

    /// Reads.
    pub fn get(&self, path: impl Into<String>) -> Call {
        self.call(Method::GET, path)
    }

    /// Creates, or moves on.
    pub fn post(&self, path: impl Into<String>, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    /// Changes.
    pub fn patch(&self, path: impl Into<String>, body: &Value) -> Call {
        self.call(Method::PATCH, path)
            .json(body)
            .header("content-type", "application/merge-patch+json")
    }

    /// Replaces.
    pub fn put(&self, path: impl Into<String>, body: &Value) -> Call {
        self.call(Method::PUT, path).json(body)
    }

    /// Removes.
    pub fn delete(&self, path: impl Into<String>) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Every item of a list, page by page.
    pub async fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let join = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{join}limit={limit}");
        let (mut next, mut items) = (Some(first.clone()), Vec::new());
        while let Some(path) = next {
            let page = self.get(path).await.expect(200);
            items.extend(page.items());
            next = page.json()["next_cursor"]
                .as_str()
                .map(|cursor| format!("{first}&cursor={cursor}"));
        }
        items
    }
}

/// A call in the making; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "a call is made by awaiting it"]
pub struct Call {
    client: Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Call {
    /// Sets a header.
    ///
    /// # Panics
    /// When it is not one.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header's value");
        self.headers.insert(name, value);
        self
    }

    /// Sends a header once more.
    pub fn header_again(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header's value");
        self.headers.append(name, value);
        self
    }

    /// Sends bytes as they are.
    pub fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends JSON.
    pub fn json(mut self, body: &Value) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = body.to_string().into_bytes();
        self
    }

    /// Names the version that is to be changed.
    pub fn if_match(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// Makes the call repeatable.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sends it and leaves the reply to be read bit by bit.
    pub async fn open(&self) -> Result<reqwest::Response, reqwest::Error> {
        let url = format!("http://{}{}", self.client.address.get(), self.path);
        let http = &self.client.http;
        let request = http.request(self.method.clone(), url);
        let request = request.headers(self.headers.clone());
        request.body(self.body.clone()).send().await
    }

    /// Sends it; what goes wrong on the way is returned.
    ///
    /// # Panics
    /// When the reply breaks the contract.
    pub async fn attempt(self) -> Result<Reply, reqwest::Error> {
        let sent = self.headers.clone();
        let response = self.open().await?;
        // As it was sent: a URL has no `..` in it.
        let path = response.url().path().to_owned();
        let reply = Reply {
            call: format!("{} {}", self.method, self.path),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
        };
        Contract::get().judge(&self.method, &path, &sent, &self.body, &reply);
        if let Some(book) = &self.client.book {
            book.keep(&self.method, &path, &sent, &self.body, &reply);
        }
        Ok(reply)
    }
}

impl IntoFuture for Call {
    type Output = Reply;
    type IntoFuture = Pin<Box<dyn Future<Output = Reply> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let call = format!("{} {}", self.method, self.path);
            let reply = self.attempt().await;
            reply.unwrap_or_else(|error| panic!("{call}: {error:?}"))
        })
    }
}

/// Sends bytes that need not be HTTP, and returns what comes back until the end.
///
/// # Panics
/// When there is nobody to talk to.
pub async fn raw(app: &App, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.address())
        .await
        .expect("the service listens");
    // The service may hang up before it has read everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
