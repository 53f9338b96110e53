//! What HTTP itself promises: rates, browsers of other origins, kinds of answers, compression, the
//! ids of requests, and a database that is closed.

use debrief_tests::cast::Character;
use debrief_tests::world::incident;
use debrief_tests::{App, both_databases};
use reqwest::{Method, RequestBuilder, Response};

both_databases!(
    a_refused_credential_counts_by_its_address_before_it_is_looked_at,
    the_bare_address_leads_to_the_documentation,
    a_version_is_named_by_an_entity_tag,
    a_credential_that_calls_too_often_is_told_when_to_go_on,
    no_other_origin_is_let_in_unless_it_is_named,
    a_named_origin_may_call_and_read_what_a_client_needs,
    an_answer_of_another_kind_is_refused,
    what_is_long_is_compressed_for_whoever_takes_it,
    the_id_of_a_request_is_the_clients_when_it_is_sane,
    an_address_that_is_too_long_is_refused_as_one,
    a_closed_database_is_a_503_that_says_when_to_come_again,
);

const ME: &str = "/api/v1/me";
const OWN: &str = "https://app.example.org";

/// A call that the contract does not judge, as browsers make it.
fn plain(app: &App, method: Method, path: &str) -> RequestBuilder {
    let url = format!("http://{}{path}", app.address());
    let key = Character::Reader.key().expect("a key");
    app.http().request(method, url).bearer_auth(key)
}

async fn sent(call: RequestBuilder) -> Response {
    call.send().await.expect("an answer")
}

fn header<'a>(reply: &'a Response, name: &str) -> Option<&'a str> {
    reply.headers().get(name)?.to_str().ok()
}

/// The words of a list in a header, in lower case.
fn words(reply: &Response, name: &str) -> Vec<String> {
    let list = header(reply, name).unwrap_or_default().to_lowercase();
    list.split(',').map(|word| word.trim().to_owned()).collect()
}

async fn a_credential_that_calls_too_often_is_told_when_to_go_on(app: App) {
    app.restart(&[("rate_limit", "2")]).await;
    let client = app.reader();
    let mut refused = None;
    for _ in 0..50 {
        let reply = client.get(ME).await;
        assert_eq!(
            reply.header("ratelimit-policy"),
            Some("\"default\";q=2;w=1")
        );
        if reply.status == 429 {
            refused = Some(reply);
            break;
        }
        let left = reply.expect(200);
        let left = left.header("ratelimit").expect("what is left");
        assert!(["\"default\";r=1;t=1", "\"default\";r=0;t=1"].contains(&left));
    }
    let refused = refused.expect("it was called often enough");
    let refused = refused.problem(429, "rate_limited");
    let after = refused.header("retry-after").expect("when to go on");
    let seconds: u64 = after.parse().expect("seconds");
    let left = format!("\"default\";r=0;t={seconds}");
    assert_eq!(refused.header("ratelimit"), Some(left.as_str()));
    // Nobody else pays for it, and probes are not counted.
    app.contributor().get(ME).await.expect(200);
    for _ in 0..5 {
        client.get("/healthz").await.expect(200);
    }
    tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    client.get(ME).await.expect(200);
}

async fn a_refused_credential_counts_by_its_address_before_it_is_looked_at(app: App) {
    app.restart(&[("rate_limit", "1")]).await;
    let mut barred = false;
    for _ in 0..20 {
        for credential in [
            None,
            Some("dbf_nobody".to_owned()),
            Some("a.b.c".to_owned()),
        ] {
            let reply = app.bearing(credential.as_deref()).get(ME).await;
            let policy = reply.header("ratelimit-policy");
            assert_eq!(policy, Some("\"default\";q=1;w=1"), "{}", reply.status);
            assert!(
                reply
                    .header("ratelimit")
                    .is_some_and(|left| left.contains("r=0"))
            );
            assert!(
                reply.status == 401 || reply.status == 429,
                "{}",
                reply.status
            );
        }
        // Nobody has found out yet who this is, and the address has had its share.
        barred = app.admin().get(ME).await.status == 429;
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        if barred {
            break;
        }
    }
    assert!(
        barred,
        "what an address sends is looked at however often it fails"
    );
    app.admin().get(ME).await.expect(200);
}

async fn the_bare_address_leads_to_the_documentation(app: App) {
    let reply = sent(plain(&app, Method::GET, "/")).await;
    assert_eq!(
        (reply.status().as_u16(), header(&reply, "location")),
        (307, Some("/docs/"))
    );
}

async fn a_version_is_named_by_an_entity_tag(app: App) {
    let client = app.contributor();
    let made = client
        .post("/api/v1/incidents", &incident())
        .await
        .expect(201);
    let path = format!("/api/v1/incidents/{}", made.id());
    let change = async |tag: &str| {
        let body = serde_json::json!({ "summary": tag });
        client.patch(&path, &body).if_match(tag).await
    };
    for malformed in ["1", "\"1", "1\"", "\"1\" \"2\"", "w/\"1\"", "version 1"] {
        let refused = change(malformed).await.problem(412, "stale_version");
        let detail = refused.json()["detail"].clone();
        assert!(
            detail.to_string().contains("in quotes"),
            "{malformed}: {detail}"
        );
    }
    for other in ["\"1-zzz\"", "\"+1\"", "\"01\"", "W/\"1\"", "\"\""] {
        change(other).await.problem(412, "stale_version");
    }
    change("\"7\" , \"1\"").await.expect(200);
    change("*").await.expect(200);
}

fn preflight(app: &App, origin: &str) -> RequestBuilder {
    let url = format!("http://{}/api/v1/incidents", app.address());
    let call = app.http().request(Method::OPTIONS, url);
    call.header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "authorization,if-match")
}

async fn no_other_origin_is_let_in_unless_it_is_named(app: App) {
    let let_in = "access-control-allow-origin";
    let refused = sent(preflight(&app, OWN)).await;
    assert_eq!(
        (refused.status().as_u16(), header(&refused, let_in)),
        (403, None)
    );
    let kind = header(&refused, "content-type");
    assert_eq!(kind, Some("application/problem+json"));
    let problem: serde_json::Value = refused.json().await.expect("a problem");
    assert_eq!(problem["code"], "origin_not_allowed", "{problem}");
    let call = plain(&app, Method::GET, ME).header("origin", OWN);
    assert_eq!(header(&sent(call).await, let_in), None);
    app.restart(&[("cors_origins", OWN)]).await;
    for other in ["https://evil.example", "http://app.example.org", "null"] {
        let refused = sent(preflight(&app, other)).await;
        assert_eq!(
            (refused.status().as_u16(), header(&refused, let_in)),
            (403, None)
        );
        let call = plain(&app, Method::GET, ME).header("origin", other);
        assert_eq!(header(&sent(call).await, let_in), None, "{other}");
    }
}

async fn a_named_origin_may_call_and_read_what_a_client_needs(app: App) {
    app.restart(&[("cors_origins", OWN)]).await;
    let asked = sent(preflight(&app, OWN)).await;
    assert!(asked.status().is_success(), "{asked:?}");
    assert_eq!(header(&asked, "access-control-allow-origin"), Some(OWN));
    let methods = words(&asked, "access-control-allow-methods");
    for method in ["get", "post", "put", "patch", "delete"] {
        assert!(methods.iter().any(|one| one == method), "{methods:?}");
    }
    let headers = words(&asked, "access-control-allow-headers");
    for name in ["authorization", "if-match"] {
        assert!(headers.iter().any(|one| one == name), "{headers:?}");
    }
    let call = plain(&app, Method::GET, ME).header("origin", OWN);
    let reply = sent(call).await;
    assert_eq!(reply.status(), 200);
    assert_eq!(header(&reply, "access-control-allow-origin"), Some(OWN));
    let exposed = words(&reply, "access-control-expose-headers");
    for name in [
        "etag",
        "link",
        "location",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "x-request-id",
        "idempotency-replayed",
    ] {
        assert!(exposed.iter().any(|one| one == name), "{name}: {exposed:?}");
    }
    // What nothing here has is no question of origins.
    let url = format!("http://{}{ME}", app.address());
    let call = app
        .http()
        .request(Method::OPTIONS, url)
        .header("origin", OWN);
    let reply = sent(call.header("access-control-request-method", "TRACE")).await;
    let status = reply.status();
    let problem: serde_json::Value = reply.json().await.expect("a problem");
    assert_eq!(
        (status.as_u16(), &problem["code"]),
        (400, &"invalid_request".into())
    );
    // A refusal can be read as well.
    let call = plain(&app, Method::GET, "/api/v1/nowhere").header("origin", OWN);
    let reply = sent(call).await;
    assert_eq!(reply.status(), 404);
    assert_eq!(header(&reply, "access-control-allow-origin"), Some(OWN));
}

async fn an_answer_of_another_kind_is_refused(app: App) {
    let client = app.contributor();
    for kind in ["text/html", "image/png, text/plain", "application/json;q=0"] {
        let read = client.get("/api/v1/incidents").header("accept", kind);
        read.await.problem(406, "not_acceptable");
        let write = client.post("/api/v1/incidents", &incident());
        let write = write.header("accept", kind).await;
        write.problem(406, "not_acceptable");
    }
    assert!(client.get("/api/v1/incidents").await.items().is_empty());
    for kind in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
        let read = client.get("/api/v1/incidents").header("accept", kind);
        read.await.expect(200);
    }
}

async fn what_is_long_is_compressed_for_whoever_takes_it(app: App) {
    let path = "/openapi.json";
    let whole = sent(plain(&app, Method::GET, path)).await;
    assert_eq!(header(&whole, "content-encoding"), None);
    let whole = whole.bytes().await.expect("a body");
    let call = plain(&app, Method::GET, path).header("accept-encoding", "gzip");
    let small = sent(call).await;
    assert_eq!(small.status(), 200);
    assert_eq!(header(&small, "content-encoding"), Some("gzip"));
    let vary = words(&small, "vary");
    assert!(vary.iter().any(|one| one == "accept-encoding"), "{vary:?}");
    let small = small.bytes().await.expect("a body");
    assert_eq!(small[..2], [0x1f, 0x8b], "it is gzip");
    assert!(small.len() * 4 < whole.len(), "{}", small.len());
}

async fn the_id_of_a_request_is_the_clients_when_it_is_sane(app: App) {
    let client = app.reader();
    let longest = "x".repeat(128);
    for sane in ["4711", "a-B_c.d:e/f+g=", longest.as_str()] {
        let reply = client.get(ME).header("x-request-id", sane).await;
        assert_eq!(reply.header("x-request-id"), Some(sane));
        let nothing = client
            .get("/api/v1/incidents/0")
            .header("x-request-id", sane);
        assert_eq!(nothing.await.json()["request_id"], sane);
    }
    let too_long = "x".repeat(129);
    for insane in [
        too_long.as_bytes(),
        b"",
        b"two words",
        b"<script>",
        b"a\"b",
        b"a;b",
        b"caf\xe9",
    ] {
        let call = client.get("/api/v1/incidents/0");
        let reply = call.header("x-request-id", insane).await;
        let own = reply.header("x-request-id").expect("an id").to_owned();
        assert_eq!(own.len(), 36, "{own}");
        assert_ne!(own.as_bytes(), insane);
        assert_eq!(reply.json()["request_id"], own);
    }
}

async fn an_address_that_is_too_long_is_refused_as_one(app: App) {
    let client = app.reader();
    let path = "/api/v1/regimes?";
    let of_length = |length: usize| {
        let filter = "q=x&";
        let repeated = filter.repeat((length - path.len()) / filter.len());
        format!("{path}{repeated:&<0$}", length - path.len())
    };
    // What is wrong with its parameters is told up to the longest that is read.
    let longest = client.get(of_length(32 * 1024)).await;
    longest.problem(400, "invalid_parameter");
    let longer = client.get(of_length(32 * 1024 + 1)).await;
    longer.problem(414, "uri_too_long");
    // Lists of texts, all of them as long as they may be, still fit.
    let tags = format!("tag={}", "%F0%9F%A6%80".repeat(50));
    let tags = vec![tags; 16].join("&");
    client
        .get(format!("/api/v1/incidents?{tags}"))
        .await
        .expect(200);
}

async fn a_closed_database_is_a_503_that_says_when_to_come_again(app: App) {
    let client = app.contributor();
    let made = client.post("/api/v1/incidents", &incident()).await;
    let path = format!("/api/v1/incidents/{}", made.expect(201).id());
    let closed = app.state().database.clone().close().await;
    closed.expect("it closes");
    for call in [
        client.get("/readyz"),
        client.get("/api/v1/incidents"),
        client.get(&path),
        client.post("/api/v1/incidents", &incident()),
        client.post("/api/v1/incidents", &incident()).key("again"),
    ] {
        let reply = call.await.problem(503, "unavailable");
        let after = reply.header("retry-after").expect("when to come again");
        assert!(after.parse::<u32>().is_ok_and(|seconds| seconds > 0));
    }
    client.get("/healthz").await.expect(200);
    // What was stored is there when the database is.
    app.restart(&[]).await;
    let again = app.contributor();
    again.get(&path).await.expect(200);
    assert_eq!(again.get("/api/v1/incidents").await.items().len(), 1);
}
