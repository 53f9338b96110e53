//! What the log has at its usual level, and what it has not.

use debrief_tests::process::Installation;
use debrief_tests::{Engine, both_engines};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

both_engines!(
    a_first_start_tells_its_migrations_in_one_line,
    refused_callers_are_in_the_log_and_others_where_they_are_asked_for,
    what_is_not_http_is_no_fault_of_the_service,
);

fn lines(log: &str) -> Vec<Value> {
    let line = |line: &str| serde_json::from_str(line).expect("a line is JSON");
    log.lines().map(line).collect()
}

async fn a_first_start_tells_its_migrations_in_one_line(engine: Engine) {
    let (mut service, _) = Installation::keyed(engine);
    for expected in [1, 0] {
        service.start().await;
        let log = lines(&service.terminate().await.expect(0).errors);
        let told = |line: &&Value| line.to_string().contains("igration");
        let told: Vec<_> = log.iter().filter(told).collect();
        assert_eq!(told.len(), expected, "{told:?}");
        for line in told {
            assert!(line["count"].as_u64() > Some(1), "{line}");
            let message = format!("{} migrations applied", line["count"]);
            assert_eq!(line["message"], message);
        }
    }
}

/// The statuses that the log tells, each with how long it took.
fn answered(log: &str) -> Vec<u64> {
    let log = lines(log);
    let told = log
        .iter()
        .filter(|line| line["target"] == "debrief::access");
    told.map(|line| {
        assert!(line["elapsed_ms"].as_f64() > Some(0.0), "{line}");
        line["status"].as_u64().expect("a status")
    })
    .collect()
}

async fn refused_callers_are_in_the_log_and_others_where_they_are_asked_for(engine: Engine) {
    let (mut service, key) = Installation::keyed(engine);
    for (filter, expected) in [
        (None, vec![401, 401]),
        (Some("warn"), vec![]),
        (Some("info,debrief::access=debug"), vec![200, 401, 401, 404]),
    ] {
        if let Some(filter) = filter {
            service.set("DEBRIEF_LOG", filter);
        }
        // What listens says so at `info`.
        if filter == Some("warn") {
            service.set("DEBRIEF_LOG", "warn,debrief::server=info");
        }
        service.start().await;
        let client = service.client(Some(&key));
        client.get("/api/v1/me").await.expect(200);
        for wrong in [None, Some("dbf_wrong")] {
            let nobody = service.client(wrong);
            nobody.get("/api/v1/me").await.expect(401);
        }
        client.get("/api/v1/nowhere").await.expect(404);
        let log = service.terminate().await.expect(0).errors;
        assert!(!log.contains("dbf_wrong"), "{log}");
        let mut told = answered(&log);
        if filter == Some("info,debrief::access=debug") {
            // Whoever waited for the start asked until it was ready.
            let ready = told.iter().filter(|status| **status == 200).count();
            assert!(ready >= 2, "{told:?}");
            told.sort_unstable();
            told.dedup();
            assert_eq!(told, [200, 401, 404]);
        } else {
            assert_eq!(told, expected, "{filter:?}");
        }
    }
}

async fn what_is_not_http_is_no_fault_of_the_service(engine: Engine) {
    let (mut service, _) = Installation::keyed(engine);
    service.start().await;
    let too_long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(400_000));
    for (sent, status) in [("what?\r\n\r\n", " 400 "), (too_long.as_str(), " 431 ")] {
        let mut stream = TcpStream::connect(service.address())
            .await
            .expect("it listens");
        // It may hang up before it has read everything.
        let _ = stream.write_all(sent.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.contains(status), "{answer}");
    }
    let log = service.terminate().await.expect(0).errors;
    let faults = lines(&log);
    let faults: Vec<_> = faults
        .iter()
        .filter(|line| line["level"] == "ERROR")
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}
