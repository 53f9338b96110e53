//! Traces: what a collector is told of a request, and that nobody waits for one that is away.

use std::net::TcpListener;

use debrief_tests::collector::Collector;
use debrief_tests::process::Installation;
use debrief_tests::{Engine, engine};

/// A trace of somebody who calls, and the span in it that calls.
const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
const SPAN: u64 = 0x00f0_67aa_0ba9_02b7;

fn traceparent() -> String {
    format!("00-{TRACE:032x}-{SPAN:016x}-01")
}

#[test]
fn a_request_is_exported_as_a_part_of_its_callers_trace() {
    engine::runtime().block_on(async {
        let collector = Collector::listen().await;
        let (mut service, key) = Installation::keyed(Engine::Sqlite);
        service.set("DEBRIEF_OTLP_ENDPOINT", &collector.endpoint());
        service.start().await;
        let me = service.client(Some(&key)).get("/api/v1/me");
        me.header("traceparent", traceparent()).await.expect(200);
        let secret = service.client(Some("dbf_a-secret-that-nobody-knows-anything-about"));
        secret.get("/api/v1/me?word=geheim").await.expect(401);
        // What is left is sent before the end.
        service.terminate().await.expect(0);

        let exports = collector.heard();
        assert!(!exports.is_empty(), "nothing was exported");
        for export in &exports {
            assert_eq!(export.call, "POST /v1/traces");
            assert_eq!(export.kind, "application/x-protobuf");
            assert!(export.holds(b"service.name") && export.holds(b"debrief"));
            for secret in [key.as_bytes(), b"a-secret", b"geheim"] {
                assert!(!export.holds(secret), "a secret is exported");
            }
        }
        let (trace, span) = (TRACE.to_be_bytes(), SPAN.to_be_bytes());
        let continued = exports.iter().any(|export| {
            export.holds(&trace) && export.holds(&span) && export.holds(b"GET /api/v1/me")
        });
        assert!(continued, "the trace of the caller is continued");
    });
}

#[test]
fn nobody_waits_for_a_collector_that_is_away() {
    engine::runtime().block_on(async {
        // A port that was free a moment ago, and on which nobody listens.
        let nobody = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = nobody.local_addr().expect("an address");
        drop(nobody);
        let (mut service, key) = Installation::keyed(Engine::Sqlite);
        let endpoint = format!("http://{address}/v1/traces");
        service.set("DEBRIEF_OTLP_ENDPOINT", &endpoint);
        service.start().await;
        service
            .client(Some(&key))
            .get("/api/v1/me")
            .await
            .expect(200);
        service.terminate().await.expect(0);
    });
}
