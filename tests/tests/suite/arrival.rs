//! Requests that do not arrive: it is said whose fault that is.

use std::time::{Duration, Instant};

use debrief_tests::{App, Character, both_databases};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

both_databases!(a_body_that_does_not_arrive_is_408);

async fn a_body_that_does_not_arrive_is_408(app: App) {
    app.restart(&[("request_seconds", "3")]).await;
    let key = Character::Contributor.key().expect("a key");
    for begun in ["{\"title\"", ""] {
        let mut stream = TcpStream::connect(app.address()).await.expect("it listens");
        let head = format!(
            "POST /api/v1/incidents HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: 100\r\n\r\n{begun}"
        );
        let asked = Instant::now();
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        while !answer.contains("request_id") {
            let mut part = [0; 4096];
            let length = stream.read(&mut part).await.expect("an answer");
            assert!(length > 0, "it hung up after {answer:?}");
            answer.push_str(&String::from_utf8_lossy(&part[..length]));
        }
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
        assert!(asked.elapsed() >= Duration::from_secs(2));
    }
    assert!(app.reader().all("/api/v1/incidents", 10).await.is_empty());
}
