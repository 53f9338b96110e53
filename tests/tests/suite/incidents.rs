//! Incidents: recorded, sent again and again by other systems, changed, found, and nobody else's.

use chrono::Duration;
use debrief_tests::world::incident;
use debrief_tests::{App, Client, Reply, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    an_incident_is_recorded_with_everything_its_sender_says,
    an_incident_that_says_little_has_the_defaults,
    every_fault_of_an_incident_is_told_at_once,
    a_reference_belongs_to_one_incident_of_an_organisation,
    an_update_by_reference_creates_changes_or_leaves_alone,
    an_older_sequence_is_dropped_and_says_so,
    concurrent_updates_by_reference_make_one_incident,
    concurrent_sequences_end_with_the_newest,
    a_change_keeps_what_it_does_not_name,
    a_time_with_a_reason_overrides_what_was_reported,
    what_somebody_decided_survives_the_next_update_by_reference,
    incidents_are_found_by_what_they_are,
    an_incident_exists_for_its_organisation_only,
    every_fault_of_an_update_by_reference_is_told_where_it_was_sent,
    a_reference_is_read_from_the_path_whatever_it_is_written_with,
);

const LIST: &str = "/api/v1/incidents";
const BY_REF: &str = "/api/v1/incidents/by-ref/jira/SEC-1042";

fn titled(title: &str) -> Value {
    with(incident(), &json!({ "title": title }))
}

fn with(mut body: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

fn sent(incident: Value, sequence: Option<i64>) -> Value {
    let mut body = json!({ "incident": incident });
    if let Some(sequence) = sequence {
        body["sequence"] = json!(sequence);
    }
    body
}

async fn record(client: &Client, body: &Value) -> Reply {
    client.post(LIST, body).await.expect(201)
}

/// An update, its outcome, and the incident in the answer.
async fn upserted(client: &Client, body: &Value) -> (u16, Value, Value) {
    let reply = client.put(BY_REF, body).await;
    assert!([200, 201].contains(&reply.status), "{}", reply.text());
    let answer = reply.json();
    let tag = format!("\"{}\"", answer["incident"]["version"]);
    assert_eq!(reply.etag(), tag);
    (
        reply.status,
        answer["outcome"].clone(),
        answer["incident"].clone(),
    )
}

fn places(reply: Reply) -> Vec<(String, String)> {
    reply.problem(422, "validation_failed").faults()
}

fn faults(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(place, code): &(&str, &str)| ((*place).to_owned(), (*code).to_owned());
    expected.iter().map(own).collect()
}

async fn an_incident_is_recorded_with_everything_its_sender_says(app: App) {
    let client = app.contributor();
    let whole = json!({
        "title": "Ransomware on the file servers", "summary": "Encrypted overnight.",
        "severity": "critical", "severity_raw": "P1", "certainty": "suspected",
        "category": "intrusion", "status": "contained", "detection_source": "siem_correlation",
        "detection_automated": true, "attack_techniques": ["T1486"],
        "affected_assets": ["fs-01.example"], "affected_services": ["file sharing"],
        "tags": ["vpn", "ransomware"], "backfilled": true,
        "external_refs": [{ "system": "jira", "id": "SEC-7", "url": "https://tickets.example/7" }],
    });
    let times = json!({
        "detected": { "at": "2026-11-20T05:36:00.123456+02:00" },
        "contained": {
            "at": "2026-11-20T09:00:00Z", "precision": "hour",
            "earliest": "2026-11-20T08:30:00Z", "latest": "2026-11-20T09:30:00Z",
        },
    });
    let sent = with(whole.clone(), &json!({ "timestamps": times }));
    let made = record(&client, &sent).await;
    let body = made.json();
    for (field, value) in whole.as_object().expect("an object") {
        assert_eq!(&body[field], value, "{field}");
    }
    let detected = &body["timestamps"]["detected"];
    assert_eq!(detected["at"], "2026-11-20T03:36:00.123456Z");
    assert_eq!(detected["source"], "reported");
    let contained = &body["timestamps"]["contained"];
    assert_eq!(contained["precision"], "hour");
    assert_eq!(contained["latest"], "2026-11-20T09:30:00Z");
    let me = client.get("/api/v1/me").await.expect(200).json();
    assert_eq!(body["created_by"], me["subject"]);
    assert_eq!(body["version"], 1);

    let path = format!("{LIST}/{}", made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    for path in [path.as_str(), "/api/v1/incidents/by-ref/jira/SEC-7"] {
        let read = app.reader().get(path).await.expect(200);
        assert_eq!((read.json(), read.etag()), (body.clone(), made.etag()));
        let same = app.reader().get(path).header("if-none-match", read.etag());
        assert!(same.await.expect(304).body.is_empty());
    }
}

async fn an_incident_that_says_little_has_the_defaults(app: App) {
    let body = record(&app.contributor(), &incident()).await.json();
    for (field, expected) in [
        ("certainty", json!("confirmed")),
        ("category", json!("other")),
        ("status", json!("open")),
        ("detection_source", json!("unknown")),
        ("backfilled", json!(false)),
        ("sequence", json!(null)),
        ("timestamps", json!({})),
        ("external_refs", json!([])),
    ] {
        assert_eq!(body[field], expected, "{field}");
    }
}

async fn every_fault_of_an_incident_is_told_at_once(app: App) {
    let client = app.contributor();
    let wrong = json!({
        "title": "", "severity": "awful", "attack_techniques": ["1486"], "owner": "me",
        "external_refs": [{ "system": "Not A System", "id": "1" }],
    });
    let found = places(client.post(LIST, &wrong).await);
    let found: Vec<_> = found.iter().map(|(place, _)| place.as_str()).collect();
    let expected = [
        "/attack_techniques/0",
        "/external_refs/0/system",
        "/owner",
        "/severity",
        "/title",
    ];
    assert_eq!(found, expected);
    let found = places(client.post(LIST, &json!({})).await);
    let expected = faults(&[("/severity", "required"), ("/title", "required")]);
    assert_eq!(found, expected);

    let unknown = with(
        incident(),
        &json!({ "timestamps": { "nope": { "at": "2026-11-20T09:00:00Z" } } }),
    );
    let reply = client.post(LIST, &unknown).await;
    let said = reply.json()["errors"][0]["detail"].to_string();
    assert!(
        said.contains("detected") && said.contains("contained"),
        "{said}"
    );
    assert_eq!(
        places(reply),
        faults(&[("/timestamps/nope", "unknown_field")])
    );

    let reference = json!({ "system": "jira", "id": "1" });
    let rules = json!({
        "tags": ["vpn", "vpn"], "external_refs": [reference, reference],
        "timestamps": {
            "detected": { "at": "2026-11-23T12:05:01Z" },
            "contained": { "at": "2026-11-20T09:00:00Z", "earliest": "2026-11-20T10:00:00Z" },
            "recovered": {
                "at": "2026-11-20T09:00:00Z",
                "earliest": "2026-11-20T10:00:00Z", "latest": "2026-11-20T08:00:00Z",
            },
        },
    });
    let expected = faults(&[
        ("/external_refs/1", "repeated_item"),
        ("/tags/1", "repeated_item"),
        ("/timestamps/contained/at", "outside_range"),
        ("/timestamps/detected/at", "in_the_future"),
        ("/timestamps/recovered/latest", "before_earliest"),
    ]);
    let broken = with(incident(), &rules);
    assert_eq!(places(client.post(LIST, &broken).await), expected);
    assert_eq!(
        places(client.put(BY_REF, &sent(broken, None)).await).len(),
        5
    );
    assert!(client.get(LIST).await.expect(200).items().is_empty());
    // A sender's clock may be five minutes ahead.
    let ahead = json!({ "timestamps": { "detected": { "at": "2026-11-23T12:05:00Z" } } });
    record(&client, &with(incident(), &ahead)).await;
}

async fn a_reference_belongs_to_one_incident_of_an_organisation(app: App) {
    let client = app.contributor();
    let reference = json!({ "external_refs": [{ "system": "jira", "id": "SEC-1" }] });
    let named = with(incident(), &reference);
    let first = record(&client, &named).await;
    let expected = faults(&[("/external_refs", "reference_taken")]);
    let again = client.post(LIST, &named).await.problem(409, "conflict");
    assert_eq!(again.faults(), expected);
    let other = record(&client, &incident()).await;
    let patch = client.patch(format!("{LIST}/{}", other.id()), &reference);
    let refused = patch.if_match(&other.etag()).await;
    assert_eq!(refused.problem(409, "conflict").faults(), expected);
    assert_eq!(client.get(LIST).await.expect(200).items().len(), 2);
    record(&app.stranger(), &named).await;
    // Given up, it is free.
    let path = format!("{LIST}/{}", first.id());
    let gone = client.patch(&path, &json!({ "external_refs": [] }));
    gone.if_match(&first.etag()).await.expect(200);
    let by_ref = "/api/v1/incidents/by-ref/jira/SEC-1";
    client.get(by_ref).await.problem(404, "not_found");
    record(&client, &named).await;
}

async fn an_update_by_reference_creates_changes_or_leaves_alone(app: App) {
    let client = app.contributor();
    let first = sent(titled("First"), None);
    for tag in ["*", "\"1\""] {
        let nothing = client.put(BY_REF, &first).if_match(tag).await;
        nothing.problem(404, "not_found");
    }
    let only_new = || client.put(BY_REF, &first).header("if-none-match", "*");
    let reply = only_new().await.expect(201);
    let refused = only_new().await.problem(412, "stale_version");
    assert_eq!(refused.etag(), reply.etag());
    let made = reply.json()["incident"].clone();
    let path = format!("{LIST}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(reply.header("location"), Some(path.as_str()));
    assert_eq!(reply.json()["outcome"], "created");
    let own = json!([{ "system": "jira", "id": "SEC-1042" }]);
    assert_eq!(made["external_refs"], own);

    app.wait(Duration::hours(1));
    let again = upserted(&client, &first).await;
    assert_eq!(again, (200, json!("unchanged"), made.clone()));
    let tagged = with(titled("Second"), &json!({ "tags": ["vpn"] }));
    let (status, outcome, changed) = upserted(&client, &sent(tagged, None)).await;
    assert_eq!((status, outcome), (200, json!("updated")));
    assert_eq!(changed["id"], made["id"]);
    assert_eq!(changed["version"], 2);
    assert_eq!(
        (&changed["title"], &changed["tags"]),
        (&json!("Second"), &json!(["vpn"]))
    );
    assert_ne!(changed["updated_at"], made["updated_at"]);
    assert_eq!(changed["created_at"], made["created_at"]);
    // It is the whole incident: what is left out has its default again.
    let (_, _, changed) = upserted(&client, &first).await;
    assert_eq!(changed["tags"], json!([]));

    let stale = client
        .put(BY_REF, &sent(titled("x"), None))
        .if_match("\"1\"");
    stale.await.problem(412, "stale_version");
    let current = client
        .put(BY_REF, &sent(titled("x"), None))
        .if_match("\"3\"");
    assert_eq!(current.await.expect(200).json()["incident"]["version"], 4);
    let log = "/api/v1/audit-records?resource_type=incident&sort=sequence";
    let log = app.auditor().get(log).await.expect(200).items();
    let actions: Vec<_> = log.iter().map(|one| one["action"].clone()).collect();
    let update = "incident.update";
    assert_eq!(actions, ["incident.create", update, update, update]);
}

async fn an_older_sequence_is_dropped_and_says_so(app: App) {
    let client = app.contributor();
    let (status, _, made) = upserted(&client, &sent(titled("Five"), Some(5))).await;
    assert_eq!((status, &made["sequence"]), (201, &json!(5)));
    let dropped = upserted(&client, &sent(titled("Four"), Some(4))).await;
    assert_eq!(dropped, (200, json!("dropped_as_stale"), made.clone()));
    let same = upserted(&client, &sent(titled("Five"), Some(5))).await;
    assert_eq!(same, (200, json!("unchanged"), made.clone()));
    let (_, outcome, newer) = upserted(&client, &sent(titled("Seven"), Some(7))).await;
    assert_eq!(outcome, "updated");
    assert_eq!(
        (&newer["title"], &newer["sequence"]),
        (&json!("Seven"), &json!(7))
    );
    let dropped = upserted(&client, &sent(titled("Six"), Some(6))).await;
    assert_eq!(dropped, (200, json!("dropped_as_stale"), newer.clone()));
    // A newer number is kept also when nothing else is new, or the next older one would pass.
    let (_, outcome, kept) = upserted(&client, &sent(titled("Seven"), Some(9))).await;
    assert_eq!((outcome, &kept["sequence"]), (json!("updated"), &json!(9)));
    let (_, outcome, _) = upserted(&client, &sent(titled("Eight"), Some(8))).await;
    assert_eq!(outcome, "dropped_as_stale");
    // Without a number it counts, and the stored number stays.
    let (_, outcome, unnumbered) = upserted(&client, &sent(titled("By hand"), None)).await;
    assert_eq!(
        (outcome, &unnumbered["sequence"]),
        (json!("updated"), &json!(9))
    );

    let log = "/api/v1/audit-records?action=incident.update&sort=sequence";
    let log = app.auditor().get(log).await.expect(200).items();
    let sequences = |one: &Value| [&one["before"], &one["after"]].map(|at| at["sequence"].clone());
    let found: Vec<_> = log.iter().map(sequences).collect();
    let expected = [[5, 7], [7, 9], [9, 9]].map(|pair| pair.map(|number| json!(number)));
    assert_eq!(found, expected);
}

async fn concurrent_updates_by_reference_make_one_incident(app: App) {
    let client = app.contributor();
    let calls = (0..8).map(async |_| upserted(&client, &sent(titled("Same"), Some(1))).await);
    let replies = join_all(calls).await;
    let created = replies.iter().filter(|(status, ..)| *status == 201);
    assert_eq!(created.count(), 1);
    let unchanged = replies
        .iter()
        .filter(|(_, outcome, _)| outcome == "unchanged");
    assert_eq!(unchanged.count(), 7);
    let all = client.get(LIST).await.expect(200).items();
    assert_eq!(all.len(), 1);
    for (_, _, incident) in replies {
        assert_eq!(incident, all[0]);
    }
}

async fn concurrent_sequences_end_with_the_newest(app: App) {
    let client = app.contributor();
    let update = async |number: i64| {
        let title = format!("number {number}");
        upserted(&client, &sent(titled(&title), Some(number))).await
    };
    join_all((1..=8).map(update)).await;
    let all = client.get(LIST).await.expect(200).items();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["title"], "number 8");
    assert_eq!(all[0]["sequence"], 8);
}

async fn a_change_keeps_what_it_does_not_name(app: App) {
    let client = app.contributor();
    let body = json!({ "summary": "In short", "severity_raw": "P2", "tags": ["vpn"] });
    let made = record(&client, &with(incident(), &body)).await;
    let path = format!("{LIST}/{}", made.id());
    let change = json!({ "status": "closed", "summary": null, "tags": ["mail", "vpn"] });
    client
        .patch(&path, &change)
        .await
        .problem(428, "precondition_required");
    let changed = client.patch(&path, &change).if_match(&made.etag());
    let changed = changed.await.expect(200);
    let expected = with(
        made.json(),
        &json!({
            "status": "closed", "closed_at": "2026-11-23T12:00:00Z",
            "summary": null, "tags": ["mail", "vpn"], "version": 2,
        }),
    );
    assert_eq!(changed.json(), expected);
    let stale = client.patch(&path, &change).if_match(&made.etag()).await;
    assert_eq!(stale.problem(412, "stale_version").etag(), changed.etag());
    for (change, place, code) in [
        (json!({ "title": null }), "/title", "required"),
        (json!({ "sequence": 3 }), "/sequence", "unknown_field"),
        (json!({ "title": "" }), "/title", "too_short"),
    ] {
        let reply = client.patch(&path, &change).if_match(&changed.etag()).await;
        let found: Vec<_> = places(reply);
        assert_eq!(found.len(), 1, "{change}: {found:?}");
        assert_eq!(found[0].0, place, "{change}");
        assert!(change["title"].is_null() || found[0].1 == code, "{found:?}");
    }
    assert_eq!(client.get(&path).await.expect(200).json(), expected);
    for (query, count) in [("tag=mail", 1), ("status=open", 0)] {
        let found = client.get(format!("{LIST}?{query}")).await.expect(200);
        assert_eq!(found.items().len(), count, "{query}");
    }
    let reader = app.reader().patch(&path, &change).if_match(&changed.etag());
    reader.await.problem(403, "missing_scope");
}

async fn a_time_with_a_reason_overrides_what_was_reported(app: App) {
    let client = app.contributor();
    let reported = json!({ "detected": { "at": "2026-11-20T03:00:00Z" } });
    let made = record(
        &client,
        &with(incident(), &json!({ "timestamps": reported })),
    )
    .await;
    let path = format!("{LIST}/{}", made.id());
    let decided = json!({ "timestamps": { "detected": {
        "at": "2026-11-20T04:00:00Z", "override_reason": "The clock was an hour slow",
    } } });
    let changed = client.patch(&path, &decided).if_match(&made.etag());
    let changed = changed.await.expect(200);
    let detected = changed.json()["timestamps"]["detected"].clone();
    assert_eq!(detected["at"], "2026-11-20T04:00:00Z");
    assert_eq!(detected["source"], "override");
    assert_eq!(detected["override_reason"], "The clock was an hour slow");
    // An override is taken back with its reason or as a whole; what was reported counts again.
    for back in [json!({ "override_reason": null }), Value::Null] {
        let tag = client.get(&path).await.expect(200).etag();
        let decided = client.patch(&path, &decided).if_match(&tag);
        let tag = decided.await.expect(200).etag();
        let back = json!({ "timestamps": { "detected": back } });
        let back = client.patch(&path, &back).if_match(&tag).await.expect(200);
        let detected = back.json()["timestamps"]["detected"].clone();
        assert_eq!(detected["at"], "2026-11-20T03:00:00Z");
        assert_eq!(detected["source"], "reported");
        assert_eq!(detected["override_reason"], Value::Null);
    }
    let tag = client.get(&path).await.expect(200).etag();
    let gone = json!({ "timestamps": { "detected": null } });
    let gone = client.patch(&path, &gone).if_match(&tag);
    assert_eq!(gone.await.expect(200).json()["timestamps"], json!({}));
}

async fn what_somebody_decided_survives_the_next_update_by_reference(app: App) {
    let client = app.contributor();
    let told = |hour: u32| {
        let at = format!("2026-11-20T{hour:02}:00:00Z");
        with(
            incident(),
            &json!({ "timestamps": { "detected": { "at": at } } }),
        )
    };
    let (_, _, made) = upserted(&client, &sent(told(3), Some(1))).await;
    let path = format!("{LIST}/{}", made["id"].as_str().expect("an id"));
    let decided = json!({ "timestamps": { "detected": {
        "at": "2026-11-20T04:00:00Z", "override_reason": "The clock was an hour slow",
    } } });
    let call = client.patch(&path, &decided).if_match("\"1\"");
    let decided = call.await.expect(200).json()["timestamps"].clone();
    for (body, sequence, outcome) in [
        (told(3), 1, "unchanged"),
        (told(3), 2, "updated"),
        (told(5), 3, "updated"),
        (incident(), 4, "updated"),
    ] {
        let (_, found, now) = upserted(&client, &sent(body, Some(sequence))).await;
        assert_eq!((&found, &now["timestamps"]), (&json!(outcome), &decided));
    }
    // Another decision takes its place.
    let mut other = told(6);
    other["timestamps"]["detected"]["override_reason"] = json!("The log says so");
    let (_, _, now) = upserted(&client, &sent(other, Some(5))).await;
    let detected = &now["timestamps"]["detected"];
    assert_eq!(detected["at"], "2026-11-20T06:00:00Z");
    assert_eq!(detected["override_reason"], "The log says so");
}

async fn incidents_are_found_by_what_they_are(app: App) {
    let client = app.contributor();
    for fields in [
        json!({ "title": "Alpha", "severity": "high", "status": "open", "tags": ["vpn"],
                "summary": "Ärger mit 100% der Server" }),
        json!({ "title": "Beta", "severity": "low", "status": "closed", "tags": ["vpn", "mail"],
                "category": "fraud", "backfilled": true }),
        json!({ "title": "Gamma", "severity": "critical", "status": "contained",
                "detection_source": "siem_correlation", "summary": "beta again" }),
    ] {
        record(&client, &with(incident(), &fields)).await;
        app.wait(Duration::hours(1));
    }
    for (query, expected) in [
        ("", "Gamma Beta Alpha"),
        ("sort=created_at", "Alpha Beta Gamma"),
        ("sort=-title", "Gamma Beta Alpha"),
        ("severity=high&severity=low&sort=title", "Alpha Beta"),
        ("status=closed&status=open&sort=title", "Alpha Beta"),
        ("status=closed&severity=high", ""),
        ("category=fraud", "Beta"),
        ("detection_source=siem_correlation", "Gamma"),
        ("tag=vpn&sort=title", "Alpha Beta"),
        ("tag=mail&tag=none", "Beta"),
        ("backfilled=true", "Beta"),
        ("backfilled=false&sort=title", "Alpha Gamma"),
        ("q=BETA&sort=title", "Beta Gamma"),
        ("q=again%20beta", "Gamma"),
        ("q=%C3%A4rger%20100%25", "Alpha"),
        ("q=g_mma", ""),
        (
            "created_at_from=2026-11-23T13:00:00Z&sort=title",
            "Beta Gamma",
        ),
        ("created_at_to=2026-11-23T13:00:00Z", "Alpha"),
        (
            "updated_at_from=2026-11-23T13:00:00Z&updated_at_to=2026-11-23T14:00:00Z",
            "Beta",
        ),
    ] {
        for limit in [1, 50] {
            let found = client.all(&format!("{LIST}?{query}"), limit).await;
            let titles: Vec<_> = found
                .iter()
                .filter_map(|one| one["title"].as_str())
                .collect();
            assert_eq!(titles.join(" "), expected, "{query}");
        }
    }
    for (query, place) in [
        ("severity=awful", "severity"),
        ("titel=x", "titel"),
        ("created_at_from=yesterday", "created_at_from"),
        ("limit=201", "limit"),
        ("sort=summary", "sort"),
    ] {
        let wrong = client.get(format!("{LIST}?{query}")).await;
        let wrong = wrong.problem(400, "invalid_parameter").faults();
        assert_eq!(wrong[0].0, place, "{wrong:?}");
    }
    let page = client
        .get(format!("{LIST}?limit=1"))
        .await
        .expect(200)
        .json();
    let cursor = page["next_cursor"].as_str().expect("there is more");
    for query in [
        format!("{LIST}?limit=1&cursor={cursor}x"),
        format!("{LIST}?limit=1&status=open&cursor={cursor}"),
    ] {
        client.get(query).await.problem(400, "invalid_cursor");
    }
    let elsewhere = app
        .stranger()
        .get(format!("{LIST}?limit=1&cursor={cursor}"));
    elsewhere.await.problem(400, "invalid_cursor");
}

async fn an_incident_exists_for_its_organisation_only(app: App) {
    let (client, stranger) = (app.contributor(), app.stranger());
    let (_, _, own) = upserted(&client, &sent(titled("Ours"), Some(3))).await;
    let path = format!("{LIST}/{}", own["id"].as_str().expect("an id"));
    for path in [path.as_str(), BY_REF] {
        stranger.get(path).await.problem(404, "not_found");
    }
    let patch = stranger.patch(&path, &json!({ "title": "Theirs" }));
    patch.if_match("*").await.problem(404, "not_found");
    assert!(stranger.get(LIST).await.expect(200).items().is_empty());
    let (status, outcome, theirs) = upserted(&stranger, &sent(titled("Theirs"), Some(1))).await;
    assert_eq!(
        (status, outcome),
        (201, json!("created")),
        "a name of their own"
    );
    assert_ne!(theirs["id"], own["id"]);
    assert_eq!(client.get(BY_REF).await.expect(200).json(), own);
    let id = &own["id"];
    let review = json!({ "title": "x", "severity": "low", "incident_ids": [id] });
    let refused = places(stranger.post("/api/v1/reviews", &review).await);
    assert_eq!(refused, faults(&[("/incident_ids/0", "not_found")]));
}

async fn a_reference_is_read_from_the_path_whatever_it_is_written_with(app: App) {
    let admin = app.admin();
    for (written, meant) in [
        ("a%20b", "a b"),
        ("%53EC+1", "SEC+1"),
        ("SEC%2B2", "SEC+2"),
        ("100%25", "100%"),
        ("%2541", "%41"),
        ("%C3%84rger-%E2%82%AC", "Ärger-€"),
        ("x:y;z=(1),'2'&~", "x:y;z=(1),'2'&~"),
        ("..-.", "..-."),
    ] {
        let path = format!("/api/v1/incidents/by-ref/jira/{written}");
        let made = admin.put(&path, &sent(incident(), None)).await.expect(201);
        let id = made.json()["incident"]["id"].clone();
        let found = app.reader().get(&path).await.expect(200).json();
        assert_eq!(found["id"], id, "{written}");
        let reference = json!({ "system": "jira", "id": meant });
        let named = found["external_refs"].as_array().into_iter().flatten();
        let named: Vec<_> = named
            .map(|one| json!({ "system": one["system"], "id": one["id"] }))
            .collect();
        assert!(named.contains(&reference), "{written}: {named:?}");
    }
    for written in ["a%2Fb", "a%0Ab", "%FF", ""] {
        let path = format!("/api/v1/incidents/by-ref/jira/{written}");
        let refused = admin.put(&path, &sent(incident(), None)).await;
        assert!([400, 404].contains(&refused.status), "{written}");
    }
}

async fn every_fault_of_an_update_by_reference_is_told_where_it_was_sent(app: App) {
    let admin = app.admin();
    let faulty = json!({
        "tags": ["a", "a"],
        "timestamps": { "contained": { "at": "2099-10-01T10:00:00Z" } },
        "external_refs": [{ "system": "q", "id": "1" }, { "system": "q", "id": "1" }],
    });
    let faulty = sent(with(incident(), &faulty), None);
    let expected = [
        "/incident/external_refs/1",
        "/incident/tags/1",
        "/incident/timestamps/contained/at",
    ];
    // The first time, and when there is one already.
    for _ in 0..2 {
        let refused = admin.put(BY_REF, &faulty).await.expect(422);
        let mut found: Vec<String> = refused.faults().into_iter().map(|one| one.0).collect();
        found.sort();
        assert_eq!(found, expected);
        upserted(&admin, &sent(incident(), None)).await;
    }
    let taken = json!({ "external_refs": [{ "system": "jira", "id": "SEC-1042" }] });
    let taken = sent(with(incident(), &taken), None);
    let refused = admin
        .put("/api/v1/incidents/by-ref/jira/SEC-2", &taken)
        .await;
    let found = refused.expect(409).faults();
    assert!(
        found
            .iter()
            .all(|one| one.0.starts_with("/incident/external_refs")),
        "{found:?}"
    );
}
