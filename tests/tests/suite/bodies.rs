//! Bodies that are not what they should be: each gets its problem, all faults at once, and nothing
//! of it is kept.

use debrief_tests::builders::a_review;
use debrief_tests::client::raw;
use debrief_tests::world::incident;
use debrief_tests::{App, Character, Reply, both_databases};
use serde_json::{Map, Value, json};

both_databases!(
    a_whole_number_is_an_integer_however_it_is_written,
    a_body_that_cannot_be_parsed_is_400,
    a_body_that_nests_too_deeply_is_400,
    a_body_of_another_media_type_is_415,
    a_compressed_body_is_415,
    a_body_that_is_too_large_is_413_with_and_without_a_length,
    every_fault_is_listed_at_once_with_its_pointer,
    of_very_many_faults_the_first_are_told,
    faults_of_shape_and_of_rules_are_told_together_and_nothing_is_kept,
    unknown_fields_are_named_at_every_depth,
    a_nul_character_is_refused_wherever_it_stands,
    texts_are_bounded_by_characters_not_bytes,
    times_are_rfc_3339_from_year_1_to_9999,
    an_offset_comes_in_and_utc_goes_out_with_microseconds,
    a_field_that_is_named_twice_is_400_at_every_depth,
    numbers_at_the_edge_are_kept_or_refused,
    a_client_that_disconnects_in_the_middle_leaves_nothing,
    a_refused_body_leaves_nothing,
    a_merge_patch_clears_with_null_and_leaves_what_is_absent,
    a_patch_is_judged_as_a_whole,
    text_of_any_script_comes_back_as_it_was_sent,
);

const PATH: &str = "/api/v1/incidents";

async fn send(app: &App, body: impl Into<Vec<u8>>) -> Reply {
    let call = app.contributor().call(reqwest::Method::POST, PATH);
    call.bytes(body)
        .header("content-type", "application/json")
        .await
}

async fn count(app: &App) -> usize {
    app.reader().all(PATH, 200).await.len()
}

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

/// An incident with one field of its own.
fn with(name: &str, value: Value) -> Value {
    let mut body = incident();
    body[name] = value;
    body
}

async fn a_body_that_cannot_be_parsed_is_400(app: App) {
    let whole = incident().to_string();
    let truncated = &whole.as_bytes()[..whole.len() - 3];
    let utf16: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let twice = whole.replacen('{', "{\"title\": \"Another\", ", 1);
    let bodies: [&[u8]; 15] = [
        twice.as_bytes(),
        b"",
        b" ",
        truncated,
        b"{\"title\": \"\xff\xfe\"}",
        b"{\"title\": \"\xed\xa0\x80\"}",
        &utf16,
        b"\xef\xbb\xbf{}",
        b"title=x&severity=high",
        b"{'title': 'x'}",
        b"{\"title\": \"x\",}",
        b"{} {}",
        b"{\"title\": NaN}",
        b"{\"title\": \"\\ud800\"}",
        b"<incident/>",
    ];
    for body in bodies {
        let reply = send(&app, body).await.problem(400, "malformed_body");
        assert!(
            !reply.text().contains("expected"),
            "a library speaks: {}",
            reply.text()
        );
    }
}

async fn a_body_that_nests_too_deeply_is_400(app: App) {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [33, 200, 100_000] {
            let value = if open == "[" { "" } else { "1" };
            let body = format!("{}{value}{}", open.repeat(depth), close.repeat(depth));
            send(&app, body).await.problem(400, "malformed_body");
        }
    }
    // JSON in a text stays a text, under whatever name.
    let hidden = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let hidden = with("title", json!({ "$serde_json::private::RawValue": hidden }));
    let refused = send(&app, hidden.to_string()).await;
    let refused = refused.problem(422, "validation_failed").faults();
    assert_eq!(refused, [fault("/title", "wrong_type")]);
    let brackets_in_a_text = with("title", json!("[{".repeat(100)));
    send(&app, brackets_in_a_text.to_string()).await.expect(201);
}

async fn a_body_of_another_media_type_is_415(app: App) {
    let client = app.contributor();
    for kind in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "json",
        "application/jsonx",
        "application/json; charset=utf-16",
        "application/json;version=1;Charset=\"ISO-8859-1\"",
    ] {
        let call = client.post(PATH, &incident()).header("content-type", kind);
        call.await.problem(415, "unsupported_media_type");
    }
    let untyped = client
        .call(reqwest::Method::POST, PATH)
        .bytes(incident().to_string());
    untyped.await.problem(415, "unsupported_media_type");
    for kind in [
        "application/json; charset=utf-8",
        "application/json;CHARSET=\"UTF-8\"",
        "Application/JSON",
    ] {
        client
            .post(PATH, &incident())
            .header("content-type", kind)
            .await
            .expect(201);
    }
}

async fn a_compressed_body_is_415(app: App) {
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0xff, 0xff];
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, identity"] {
        let call = app.contributor().post(PATH, &incident()).bytes(gzip);
        call.header("content-encoding", encoding)
            .await
            .problem(415, "unsupported_media_type");
    }
    let plain = app
        .contributor()
        .post(PATH, &incident())
        .header("content-encoding", "identity");
    plain.await.expect(201);
}

async fn a_body_that_is_too_large_is_413_with_and_without_a_length(app: App) {
    let fits = 1024 * 1024 - with("summary", json!("")).to_string().len();
    let large = with("summary", json!("x".repeat(fits + 1))).to_string();
    send(&app, large.clone())
        .await
        .problem(413, "body_too_large");
    let fitting = with("summary", json!("x".repeat(fits))).to_string();
    let reply = send(&app, fitting).await.problem(422, "validation_failed");
    assert_eq!(reply.faults(), [fault("/summary", "too_long")]);
    let key = Character::Contributor.key().unwrap_or_default();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let chunked = format!("{head}{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    let answer = raw(&app, chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("body_too_large"), "{answer}");
}

async fn every_fault_is_listed_at_once_with_its_pointer(app: App) {
    let body = json!({
        "title": "",
        "severity": "catastrophic",
        "category": 7,
        "affected_assets": ["fs-01", "", 3],
        "tags": ["vpn", "a\u{7}b"],
        "external_refs": [{ "system": "JIRA!", "id": "" }, { "url": "not a url", "id": "1" }],
        "timestamps": { "detected": { "at": "yesterday" }, "found": { "at": "2026-05-14T03:36:00Z" } },
        "backfilled": "yes",
        "a/b~c": 1,
    });
    let reply = send(&app, body.to_string())
        .await
        .problem(422, "validation_failed");
    let expected = [
        fault("/a~1b~0c", "unknown_field"),
        fault("/affected_assets/1", "too_short"),
        fault("/affected_assets/2", "wrong_type"),
        fault("/backfilled", "wrong_type"),
        fault("/category", "wrong_type"),
        fault("/external_refs/0/id", "too_short"),
        fault("/external_refs/0/system", "invalid_format"),
        fault("/external_refs/1/system", "required"),
        fault("/external_refs/1/url", "invalid_format"),
        fault("/severity", "unknown_value"),
        fault("/tags/1", "invalid_format"),
        fault("/timestamps/detected/at", "invalid_format"),
        fault("/title", "too_short"),
    ];
    let found = reply.faults();
    for one in &expected {
        assert!(found.contains(one), "{one:?} is missing in {found:#?}");
    }
    // What is not even a text is no unknown text besides.
    assert!(!found.contains(&fault("/category", "unknown_value")));
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert!(
        places.iter().any(
            |place| place.starts_with("/timestamps") && place.contains("found")
                || *place == "/timestamps"
        ),
        "{places:?}"
    );
    let reply = send(&app, "{}").await.problem(422, "validation_failed");
    assert_eq!(
        reply.faults(),
        [fault("/severity", "required"), fault("/title", "required")]
    );
    for wrong in ["[]", "null", "7", "\"title\"", "true"] {
        let reply = send(&app, wrong).await.problem(422, "validation_failed");
        assert_eq!(reply.faults(), [fault("", "wrong_type")], "{wrong}");
    }
}

async fn of_very_many_faults_the_first_are_told(app: App) {
    let fields: Map<String, Value> = (0..40_000).map(|at| (format!("f{at}"), json!(1))).collect();
    for (body, expected) in [
        (
            with("affected_assets", json!(vec![json!({}); 24_000])),
            "wrong_type",
        ),
        (Value::Object(fields), "unknown_field"),
    ] {
        let reply = send(&app, body.to_string()).await;
        let reply = reply.problem(422, "validation_failed");
        let found = reply.faults();
        assert_eq!(found.len(), 1_000);
        assert!(found.iter().any(|(_, code)| code == expected), "{expected}");
        let detail = "more than 1000 rules are broken; `errors` lists the first 1000 faults";
        assert_eq!(reply.json()["detail"], detail);
    }
    // However many right items come before what is wrong, there are too many.
    let mut assets = vec![json!("fs-01"); 30_000];
    assets.push(json!(7));
    let reply = send(&app, with("affected_assets", json!(assets)).to_string()).await;
    let found = reply.problem(422, "validation_failed").faults();
    assert!(
        found.contains(&fault("/affected_assets", "too_many_items")),
        "{found:?}"
    );
    for body in [
        with("affected_assets", json!(vec![json!({}); 25_000])),
        with("tags", json!(vec![1; 50_000])),
    ] {
        let reply = send(&app, body.to_string()).await;
        let detail = reply.problem(400, "malformed_body").json()["detail"].clone();
        assert_eq!(detail, "bodies may hold 50000 values at most");
    }
    assert_eq!(count(&app).await, 0);
}

async fn faults_of_shape_and_of_rules_are_told_together_and_nothing_is_kept(app: App) {
    let (admin, review) = (app.admin(), a_review(&app).await);
    let records = "/api/v1/audit-records";
    let before = admin.all(records, 200).await.len();
    let nobody = "0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11";
    for (path, body, expected) in [
        (
            PATH.to_owned(),
            json!({
                "title": "", "severity": "high", "tags": ["a", "a"], "colour": "red",
                "timestamps": { "detected": { "at": "2099-01-01T00:00:00Z" } },
            }),
            &["/colour", "/tags/1", "/timestamps/detected/at", "/title"][..],
        ),
        (
            review.path("/events"),
            json!({
                "kind": "note", "summary": " ", "occurred_at": "2026-11-20T10:00:00Z",
                "ended_at": "2026-11-20T09:00:00Z",
            }),
            &["/ended_at", "/summary"],
        ),
        (
            review.path("/actions"),
            json!({ "title": " ", "type": "detect", "depends_on": [nobody] }),
            &["/depends_on/0", "/title"],
        ),
        (
            "/api/v1/reviews".to_owned(),
            json!({ "title": " ", "severity": "high", "incident_ids": [nobody] }),
            &["/incident_ids/0", "/title"],
        ),
        // What is not known to be right in all other places says so of the shape alone.
        (
            PATH.to_owned(),
            json!({ "title": "x", "severity": "dire", "tags": ["a", "a"] }),
            &["/severity"],
        ),
        // Nothing else is wrong with these: of one that writes, and of one that only answers.
        (
            PATH.to_owned(),
            json!({ "title": "x", "severity": "high", "colour": "red" }),
            &["/colour"],
        ),
        (
            "/api/v1/capacity-plan".to_owned(),
            json!({
                "from": "2026-11-30", "weeks": 2, "colour": "red",
                "capacity": [{ "name": "ada", "days_per_week": 1.0 }],
            }),
            &["/colour"],
        ),
    ] {
        let refused = admin
            .post(&path, &body)
            .await
            .problem(422, "validation_failed");
        let found: Vec<String> = refused.faults().into_iter().map(|one| one.0).collect();
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        for place in expected {
            assert!(found.contains(place), "{path}: {place} is not of {found:?}");
        }
        // A key remembers nothing of it.
        let keyed = admin.post(&path, &body).header("idempotency-key", "unfit");
        assert_eq!(keyed.await.expect(422).faults(), refused.faults());
    }
    let impact = json!({
        "rating": "major", "bogus": 1,
        "costs": [{ "loss_variety": "other", "min": 5, "likely": 4, "max": 3, "currency": "EUR" }],
    });
    let path = review.path("/impacts/initial/financial");
    let refused = admin.put(&path, &impact).await.expect(422).faults();
    assert!(refused.len() > 1, "{refused:?}");
    assert_eq!(count(&app).await, 0);
    assert_eq!(admin.all(records, 200).await.len(), before);
}

async fn unknown_fields_are_named_at_every_depth(app: App) {
    let mut body = with(
        "external_refs",
        json!([{ "system": "jira", "id": "1", "link": "x" }]),
    );
    body["timestamps"] = json!({ "detected": { "at": "2026-05-14T03:36:00Z", "zone": "UTC" } });
    body["id"] = json!("0192f0c4-7b1e-7c3a-9d52-4f6f1f0b8a11");
    let reply = send(&app, body.to_string())
        .await
        .problem(422, "validation_failed");
    let unknown = |place| fault(place, "unknown_field");
    assert_eq!(
        reply.faults(),
        [
            unknown("/external_refs/0/link"),
            unknown("/id"),
            unknown("/timestamps/detected/zone")
        ]
    );
}

async fn a_nul_character_is_refused_wherever_it_stands(app: App) {
    let nul = "a\0b";
    let mut body = with("title", json!(nul));
    body["summary"] = json!(nul);
    body["tags"] = json!(["x", nul]);
    let reply = send(&app, body.to_string())
        .await
        .problem(422, "validation_failed");
    for place in ["/summary", "/tags/1", "/title"] {
        let expected = fault(place, "forbidden_character");
        assert!(
            reply.faults().contains(&expected),
            "{place}: {}",
            reply.text()
        );
    }
    let reader = app.reader();
    for query in ["q=%00", "tag=%00", "q=a%00b", "tag=x&tag=%00"] {
        let reply = reader.get(format!("{PATH}?{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text());
    }
    for path in ["/by-ref/jira/%00", "/by-ref/ji%00ra/x"] {
        reader.get(format!("{PATH}{path}")).await.expect(400);
    }
    let bell = send(&app, with("title", json!("tab\tand\u{7}bell")).to_string()).await;
    assert!([201, 422].contains(&bell.status), "{}", bell.text());
}

async fn texts_are_bounded_by_characters_not_bytes(app: App) {
    let longest = "🜂".repeat(300);
    let reply = send(&app, with("title", json!(longest)).to_string())
        .await
        .expect(201);
    assert_eq!(reply.json()["title"], json!(longest));
    let longer = "é".repeat(301);
    let reply = send(&app, with("title", json!(longer)).to_string())
        .await
        .expect(422);
    assert_eq!(reply.faults(), [fault("/title", "too_long")]);
}

fn detected(at: &str) -> Value {
    with("timestamps", json!({ "detected": { "at": at } }))
}

async fn times_are_rfc_3339_from_year_1_to_9999(app: App) {
    let wrong = [
        "",
        "now",
        "2026-05-14",
        "2026-05-14T03:36:00",
        "2026-05-14 03:36",
        "14.05.2026 03:36",
        "2026-02-30T00:00:00Z",
        "2026-05-14T24:00:01Z",
        "2026-05-14T03:36:60Z",
        "2026-05-14T03:36:00+25:00",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "1778728560",
        "2026-05-14T03:36:00Zjunk",
        "２０２６-05-14T03:36:00Z",
    ];
    for at in wrong {
        let reply = send(&app, detected(at).to_string()).await.expect(422);
        let expected = fault("/timestamps/detected/at", "invalid_format");
        assert!(reply.faults().contains(&expected), "{at}: {}", reply.text());
    }
    let future = send(&app, detected("9999-12-31T23:59:59Z").to_string())
        .await
        .expect(422);
    assert_eq!(
        future.faults(),
        [fault("/timestamps/detected/at", "in_the_future")]
    );
    for (name, wrong) in [
        ("created_at_from", "yesterday"),
        ("created_at_to", "2026-13-01T00:00:00Z"),
        ("updated_at_from", "1969-12-31"),
    ] {
        let reply = app
            .reader()
            .get(format!("{PATH}?{name}={wrong}"))
            .await
            .expect(400);
        assert_eq!(reply.faults(), [fault(name, "invalid_format")]);
    }
}

async fn an_offset_comes_in_and_utc_goes_out_with_microseconds(app: App) {
    for (sent, expected) in [
        (
            "2026-05-14T04:36:00.123456789+01:00",
            "2026-05-14T03:36:00.123456Z",
        ),
        ("2026-05-14T03:36:00.100Z", "2026-05-14T03:36:00.100Z"),
        ("2026-05-14T03:36:00-00:00", "2026-05-14T03:36:00Z"),
        ("2026-05-14t03:36:00z", "2026-05-14T03:36:00Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
    ] {
        let made = send(&app, detected(sent).to_string()).await.expect(201);
        let read = app
            .reader()
            .get(format!("{PATH}/{}", made.id()))
            .await
            .expect(200);
        for reply in [made, read] {
            assert_eq!(
                reply.json()["timestamps"]["detected"]["at"],
                expected,
                "{sent}"
            );
        }
    }
}

async fn a_field_that_is_named_twice_is_400_at_every_depth(app: App) {
    for twice in [
        r#"{"title": "first", "title": "second", "severity": "low"}"#,
        r#"{"title": "same", "title": "same", "severity": "low"}"#,
        r#"{"title": "x", "severity": "low", "external_refs": [{"system": "a", "id": "1", "id": "2"}]}"#,
        r#"{"title": "x", "severity": "low", "\u0074itle": "y"}"#,
    ] {
        let reply = send(&app, twice).await;
        let detail = reply.problem(400, "malformed_body").json()["detail"].clone();
        let detail = detail.as_str().expect("a text");
        let told = "the body names a member of an object twice at line 1, column ";
        assert!(detail.starts_with(told), "{detail}");
    }
    assert_eq!(count(&app).await, 0);
}

async fn numbers_at_the_edge_are_kept_or_refused(app: App) {
    let put = |external_id: &str, sequence: &str| {
        let body = format!("{{\"incident\": {}, \"sequence\": {sequence}}}", incident());
        let call = app
            .contributor()
            .put(format!("{PATH}/by-ref/siem/{external_id}"), &json!({}));
        call.bytes(body)
    };
    let kept = put("largest", "9007199254740991").await.expect(201);
    assert_eq!(
        kept.json()["incident"]["sequence"],
        9_007_199_254_740_991_u64
    );
    put("zero", "0").await.expect(201);
    let whole = put("whole", "7.0").await.expect(201).json();
    assert_eq!(whole["incident"]["sequence"], 7);
    for wrong in [
        "-1",
        "9007199254740992",
        "1e400",
        "1.5",
        "99999999999999999999999999",
        "\"7\"",
        "true",
        "01",
    ] {
        let reply = put("wrong", wrong).await;
        assert!(
            [400, 422].contains(&reply.status),
            "{wrong}: {}",
            reply.text()
        );
    }
    app.reader()
        .get(format!("{PATH}/by-ref/siem/wrong"))
        .await
        .problem(404, "not_found");
}

async fn a_client_that_disconnects_in_the_middle_leaves_nothing(app: App) {
    let key = Character::Contributor.key().unwrap_or_default();
    let body = incident().to_string();
    for (head, sent) in [
        (
            format!("content-length: {}", body.len()),
            body[..body.len() - 1].to_owned(),
        ),
        (format!("content-length: {}", body.len() + 10), body.clone()),
        (
            "transfer-encoding: chunked".to_owned(),
            format!("{:x}\r\n{body}", body.len()),
        ),
        (
            "transfer-encoding: chunked".to_owned(),
            format!("zz\r\n{body}"),
        ),
        ("content-length: x".to_owned(), body.clone()),
    ] {
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\n{head}\r\n\r\n{sent}"
        );
        let answer = raw(&app, request.as_bytes()).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    assert_eq!(count(&app).await, 0);
}

async fn a_refused_body_leaves_nothing(app: App) {
    let reference = json!([{ "system": "jira", "id": "SEC-1" }]);
    let first = send(&app, with("external_refs", reference.clone()).to_string())
        .await
        .expect(201);
    let mut taken = with("external_refs", reference);
    taken["tags"] = json!(["late"]);
    let reply = send(&app, taken.to_string()).await.problem(409, "conflict");
    assert_eq!(reply.faults(), [fault("/external_refs", "reference_taken")]);
    assert_eq!(count(&app).await, 1);
    assert!(
        app.reader()
            .all(&format!("{PATH}?tag=late"), 10)
            .await
            .is_empty()
    );
    let records = app
        .auditor()
        .all("/api/v1/audit-records?resource_type=incident", 50)
        .await;
    assert_eq!(records.len(), 1, "{records:#?}");
    assert_eq!(records[0]["resource_id"], json!(first.id()));
}

async fn a_merge_patch_clears_with_null_and_leaves_what_is_absent(app: App) {
    let client = app.contributor();
    let mut body = incident();
    body["summary"] = json!("Overnight");
    body["severity_raw"] = json!("P1");
    body["category"] = json!("intrusion");
    body["tags"] = json!(["a", "b"]);
    body["timestamps"] = json!({ "detected": { "at": "2026-05-14T03:36:00Z" }, "contained": { "at": "2026-05-15T03:36:00Z" } });
    let made = client.post(PATH, &body).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    let patch = json!({ "summary": null, "category": null, "tags": ["c"], "timestamps": { "contained": null, "detected": { "precision": "minute" } } });
    for kind in ["application/merge-patch+json", "application/json"] {
        let current = client.get(path.as_str()).await.etag();
        let call = client
            .patch(path.as_str(), &patch)
            .header("content-type", kind);
        let now = call.if_match(&current).await.expect(200).json();
        assert_eq!(now["summary"], Value::Null);
        assert_eq!(now["severity_raw"], "P1");
        assert_eq!(
            now["category"], "other",
            "what has a default is reset to it"
        );
        assert_eq!(now["tags"], json!(["c"]));
        assert_eq!(now["timestamps"]["contained"], Value::Null);
        assert_eq!(now["timestamps"]["detected"]["at"], "2026-05-14T03:36:00Z");
        assert_eq!(now["timestamps"]["detected"]["precision"], "minute");
    }
    let found = app.reader().all(&format!("{PATH}?tag=a&tag=b"), 10).await;
    assert!(found.is_empty(), "tags that were replaced still find it");
}

async fn a_patch_is_judged_as_a_whole(app: App) {
    let client = app.contributor();
    let made = client.post(PATH, &incident()).await.expect(201);
    let path = format!("{PATH}/{}", made.id());
    let cases = [
        (json!({ "title": null }), "/title", "wrong_type"),
        (json!({ "severity": "worst" }), "/severity", "unknown_value"),
        (json!({ "version": 7 }), "/version", "unknown_field"),
        (json!({ "title": "x".repeat(301) }), "/title", "too_long"),
        (
            json!({ "timestamps": { "detected": { "precision": "day" } } }),
            "/timestamps/detected/at",
            "required",
        ),
        (json!([]), "", "wrong_type"),
    ];
    for (patch, place, code) in cases {
        let reply = client
            .patch(path.as_str(), &patch)
            .if_match(&made.etag())
            .await
            .expect(422);
        assert!(
            reply.faults().contains(&fault(place, code)),
            "{patch}: {}",
            reply.text()
        );
    }
    let unchanged = client.get(path).await.expect(200);
    assert_eq!(unchanged.json(), made.json());
}

async fn text_of_any_script_comes_back_as_it_was_sent(app: App) {
    let texts = [
        "Ransomware — «Überfall» 勒索軟體 🧨",
        "\u{202e}evil\u{202c}",
        "e\u{301} é",
        "'; DROP TABLE incidents; --",
        "<script>alert(1)</script>",
        "\\u0041\\n",
        "   spaces   ",
        "line\nbreak\ttab",
        "%_\\%",
    ];
    for text in texts {
        let made = send(&app, with("title", json!(text)).to_string())
            .await
            .expect(201);
        assert_eq!(made.json()["title"], text);
        let read = app
            .reader()
            .get(format!("{PATH}/{}", made.id()))
            .await
            .expect(200);
        assert_eq!(read.json()["title"], text);
    }
    let found = app.reader().all(&format!("{PATH}?q=%25_%5C%25"), 10).await;
    assert_eq!(found.len(), 1, "% and _ are letters: {found:#?}");
    let found = app
        .reader()
        .all(&format!("{PATH}?q=%C3%BCBERFALL"), 10)
        .await;
    assert_eq!(found.len(), 1, "search knows no case: {found:#?}");
}

async fn a_whole_number_is_an_integer_however_it_is_written(app: App) {
    let review = a_review(&app).await;
    let body = json!({ "title": "Own every alert", "type": "detect" });
    let action = review.act(&body).await.id();
    let path = review.path(&format!("/actions/{action}/progress"));
    let report = |text: &str| app.admin().post(&path, &Value::Null).bytes(text);
    for text in [
        "{\"percent\":50.0}",
        "{\"percent\":5e1}",
        "{\"percent\":50}",
    ] {
        let told = report(text).await.expect(201).json();
        assert_eq!(told["percent"].to_string(), "50", "{text}");
    }
    let refused = report("{\"percent\":50.5}").await;
    let refused = refused.problem(422, "validation_failed").faults();
    assert_eq!(refused, [fault("/percent", "wrong_type")]);
}
