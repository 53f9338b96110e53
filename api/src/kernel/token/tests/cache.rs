//! Where keys come from: a JWKS address that answers, lies, moves or is down, and a file.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::super::cache::{Origin, Pace};
use super::*;

const ZERO: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_hours(1);

/// An HTTP server that gives its answers in turn, the last one over and over.
struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Server {
    fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                let turn = count.fetch_add(1, Ordering::SeqCst);
                let answer = &answers[turn.min(answers.len() - 1)];
                // The client hangs up on an answer that is too long.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn provider(&self, pace: Pace) -> ExternalIssuer {
        let keys = KeySource::JwksUrl(self.url.clone());
        let settings = ExternalSettings::new(ISSUER, AUDIENCE, keys);
        ExternalIssuer::with_pace(settings, |_: &Origin| pace).unwrap()
    }
}

fn answer(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn pace(fresh: Duration, retry: Duration, keep: Duration) -> Pace {
    Pace { fresh, retry, keep }
}

#[tokio::test]
async fn keys_are_fetched_once_while_they_are_fresh() {
    let key = Key::ec(Algorithm::ES256);
    let server = Server::start(vec![answer("200 OK", &set(&[key.jwk("k")]))]);
    let provider = server.provider(pace(LONG, ZERO, LONG));
    let token = key.sign(Some("k"), &claims());
    for _ in 0..3 {
        assert!(provider.verify(&token, NOW).await.is_ok());
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn old_keys_are_fetched_again() {
    let key = Key::ec(Algorithm::ES256);
    let gone = answer("200 OK", &set(&[]));
    let server = Server::start(vec![answer("200 OK", &set(&[key.jwk("k")])), gone]);
    let provider = server.provider(pace(ZERO, ZERO, LONG));
    let token = key.sign(Some("k"), &claims());
    assert!(provider.verify(&token, NOW).await.is_ok());
    let withdrawn = provider.verify(&token, NOW).await;
    assert_eq!(withdrawn, Err(TokenRefused::UnknownKey));
}

#[tokio::test]
async fn an_unknown_name_is_looked_up_at_once_but_not_time_and_again() {
    let (old, new) = (Key::ec(Algorithm::ES256), Key::ec(Algorithm::ES256));
    let answers = vec![
        answer("200 OK", &set(&[old.jwk("old")])),
        answer("200 OK", &set(&[old.jwk("old"), new.jwk("new")])),
    ];
    let token = new.sign(Some("new"), &claims());

    let server = Server::start(answers.clone());
    let provider = server.provider(pace(LONG, ZERO, LONG));
    assert!(
        provider
            .verify(&old.sign(Some("old"), &claims()), NOW)
            .await
            .is_ok()
    );
    assert!(provider.verify(&token, NOW).await.is_ok());
    assert_eq!(server.asked(), 2);

    let server = Server::start(answers);
    let provider = server.provider(pace(LONG, LONG, LONG));
    for _ in 0..3 {
        let found = provider.verify(&token, NOW).await;
        assert_eq!(found, Err(TokenRefused::UnknownKey));
    }
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn keys_outlive_a_provider_that_is_down_but_not_for_ever() {
    let key = Key::ec(Algorithm::ES256);
    let good = answer("200 OK", &set(&[key.jwk("k")]));
    let answers = vec![good, answer("500 Internal Server Error", "")];
    let token = key.sign(Some("k"), &claims());

    let server = Server::start(answers.clone());
    let provider = server.provider(pace(ZERO, ZERO, LONG));
    for _ in 0..3 {
        assert!(provider.verify(&token, NOW).await.is_ok());
    }
    assert_eq!(server.asked(), 3);

    let server = Server::start(answers);
    let provider = server.provider(pace(ZERO, ZERO, ZERO));
    let _ = provider.verify(&token, NOW).await;
    let found = provider.verify(&token, NOW).await;
    assert_eq!(found, Err(TokenRefused::Unavailable));
}

#[tokio::test]
async fn answers_that_are_no_keys_leave_none() {
    let key = Key::ec(Algorithm::ES256);
    let keys = set(&[key.jwk("k")]);
    let good = Server::start(vec![answer("200 OK", &keys)]);
    let moved = format!(
        "HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        good.url
    );
    let padded = format!("{keys}{}", " ".repeat(1024 * 1024));
    for bad in [
        answer("404 Not Found", &keys),
        answer("200 OK", "<html>"),
        answer("200 OK", "{}"),
        answer("200 OK", &padded),
        moved,
    ] {
        let provider = Server::start(vec![bad]).provider(pace(LONG, LONG, LONG));
        let found = provider.verify(&key.sign(Some("k"), &claims()), NOW).await;
        assert_eq!(found, Err(TokenRefused::Unavailable));
    }
    assert_eq!(good.asked(), 0, "redirects are not followed");
}

#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_by_every_request() {
    let server = Server::start(vec![answer("503 Service Unavailable", "")]);
    let provider = server.provider(pace(LONG, LONG, LONG));
    let token = Key::ec(Algorithm::ES256).sign(Some("k"), &claims());
    let ask = || provider.verify(&token, NOW);
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    for found in [first, second, third] {
        assert_eq!(found, Err(TokenRefused::Unavailable));
    }
    assert_eq!(server.asked(), 1);
}

/// A server that answers when it is told to.
fn slow_server(body: String) -> (String, Receiver<()>, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let (arrived, arrival) = channel();
    let (go, told) = channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        arrived.send(()).unwrap();
        told.recv().unwrap();
        stream
            .write_all(answer("200 OK", &body).as_bytes())
            .unwrap();
    });
    (url, arrival, go)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_hangs_up_does_not_undo_the_fetch() {
    let key = Key::ec(Algorithm::ES256);
    let (url, arrival, go) = slow_server(set(&[key.jwk("k")]));
    let settings = ExternalSettings::new(ISSUER, AUDIENCE, KeySource::JwksUrl(url));
    let provider = Arc::new(ExternalIssuer::new(settings).unwrap());
    let token = key.sign(Some("k"), &claims());
    let (asking, asked) = (Arc::clone(&provider), token.clone());
    let client = tokio::spawn(async move { asking.verify(&asked, NOW).await });
    tokio::task::spawn_blocking(move || arrival.recv())
        .await
        .unwrap()
        .unwrap();
    client.abort();
    assert!(client.await.is_err());
    go.send(()).unwrap();
    assert!(
        provider.verify(&token, NOW).await.is_ok(),
        "the one answer was kept"
    );
}

#[tokio::test]
async fn a_file_is_read_again_when_it_changes() {
    let (old, new) = (Key::ec(Algorithm::ES256), Key::rsa(Algorithm::RS256));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("jwks.json");
    let settings = ExternalSettings::new(ISSUER, AUDIENCE, KeySource::JwksFile(path.clone()));
    let provider = ExternalIssuer::with_pace(settings, |_| pace(ZERO, ZERO, LONG)).unwrap();
    let (first, second) = (
        old.sign(Some("old"), &claims()),
        new.sign(Some("new"), &claims()),
    );
    assert_eq!(
        provider.verify(&first, NOW).await,
        Err(TokenRefused::Unavailable)
    );

    std::fs::write(&path, set(&[old.jwk("old")])).unwrap();
    assert!(provider.verify(&first, NOW).await.is_ok());
    assert_eq!(
        provider.verify(&second, NOW).await,
        Err(TokenRefused::UnknownKey)
    );

    std::fs::write(&path, set(&[new.jwk("new")])).unwrap();
    assert!(provider.verify(&second, NOW).await.is_ok());
    assert_eq!(
        provider.verify(&first, NOW).await,
        Err(TokenRefused::UnknownKey)
    );

    std::fs::write(&path, "half a docu").unwrap();
    assert!(
        provider.verify(&second, NOW).await.is_ok(),
        "the last good keys stay"
    );
}
