//! The two incidents of the demo, from the incident to the closed review: every section of a review has
//! something in it, nothing of it is lost on the way, and in the end neither lacks anything.

use std::collections::BTreeSet;

use debrief::{demo, identity};
use debrief_tests::environment::cases;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(
    both_incidents_are_carried_from_the_incident_to_the_closed_review,
    the_demo_tells_all_that_the_reports_tell,
);

/// What is read of a review below its path, and how many there are at least.
const SECTIONS: [(&str, usize); 16] = [
    ("/participants", 5),
    ("/events", 24),
    ("/decisions", 5),
    ("/communications", 5),
    ("/assessments", 8),
    ("/impacts?snapshot=initial", 2),
    ("/impacts?snapshot=final", 7),
    ("/findings", 15),
    ("/recommendations", 6),
    ("/actions", 6),
    ("/lessons", 3),
    ("/workshops?status=held", 2),
    ("/obligations", 1),
    ("/improvement-measures", 1),
    ("/feedback-rounds?status=closed", 3),
    ("/briefings?status=issued", 2),
];

/// Fills the organisation of the cast with the demo; the keys of its reviews.
async fn filled(app: &App) -> [String; 2] {
    let own = identity::bootstrap::named(&app.state(), "default").await;
    let own = own.expect("the organisation of the cast");
    let reviews = demo::fill(&app.state(), own.id).await;
    let reviews = reviews.expect("the services take both cases");
    let keys: Vec<String> = reviews.into_iter().map(|(key, _)| key).collect();
    keys.try_into().expect("two reviews")
}

async fn read(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

async fn all(client: &Client, review: &str, below: &str) -> Vec<Value> {
    let path = format!("/api/v1/reviews/{review}{below}");
    client.all(&path, 200).await
}

fn texts(items: &[Value], field: &str) -> BTreeSet<String> {
    let texts = items.iter().filter_map(|one| one[field].as_str());
    texts.map(str::to_owned).collect()
}

async fn both_incidents_are_carried_from_the_incident_to_the_closed_review(app: App) {
    let admin = app.admin();
    let [health, provider] = filled(&app).await;
    let status = async |review: &str| {
        read(&admin, &format!("/api/v1/reviews/{review}")).await["status"].clone()
    };
    assert_eq!(status(&health).await, "published");
    assert_eq!(status(&provider).await, "closed");
    // Only its open work keeps the first from being closed.
    let open = waiting_for_closure(&admin, &health).await;
    let expected = BTreeSet::from([
        "unfinished_action".to_owned(),
        "lesson_not_embedded".to_owned(),
    ]);
    assert_eq!(open, expected);
    for review in [&health, &provider] {
        has_every_section(&admin, review).await;
        is_complete(&admin, review).await;
    }
    has_what_the_organisation_shares(&admin).await;

    finish(&admin, &health).await;
    assert_eq!(waiting_for_closure(&admin, &health).await, BTreeSet::new());
    let path = format!("/api/v1/reviews/{health}");
    let tag = admin.get(&path).await.expect(200).etag();
    let close = json!({ "reason": "The last improvement was proven to work" });
    let closed = admin
        .post(format!("{path}/close"), &close)
        .if_match(&tag)
        .await;
    assert_eq!(closed.expect(200).json()["status"], "closed");

    for review in [&health, &provider] {
        has_every_section(&admin, review).await;
        is_complete(&admin, review).await;
        is_kept_in_its_snapshot(&admin, review).await;
    }
    let metrics = read(&admin, "/api/v1/metrics/process").await;
    let rate = &metrics["completeness"]["complete_rate"];
    assert_eq!(
        (&rate["numerator"], &rate["denominator"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(metrics["completeness"]["score_per_review"]["min"], 100);
    let verified = read(&app.auditor(), "/api/v1/audit/verify").await;
    assert_eq!(verified["valid"], true, "{verified}");
}

/// The codes of what keeps a review from being closed.
async fn waiting_for_closure(client: &Client, review: &str) -> BTreeSet<String> {
    let readiness = read(client, &format!("/api/v1/reviews/{review}/readiness")).await;
    let steps = readiness["steps"].as_array().expect("steps");
    let close = steps.iter().find(|one| one["step"] == "close");
    let unmet = close.expect("a step")["unmet"]
        .as_array()
        .expect("a list")
        .clone();
    texts(&unmet, "code")
}

async fn has_every_section(client: &Client, review: &str) {
    for (below, least) in SECTIONS {
        let found = all(client, review, below).await.len();
        assert!(found >= least, "{review}{below}: {found}");
    }
    let findings = all(client, review, "/findings").await;
    let kinds = texts(&findings, "kind");
    for kind in [
        "root_cause",
        "contributing_factor",
        "gap",
        "strength",
        "observation",
    ] {
        assert!(kinds.contains(kind), "{review}: no {kind}");
    }
    let dispositions = all(client, review, "/recommendations").await;
    assert!(texts(&dispositions, "disposition").len() >= 2, "{review}");
    let compared = read(
        client,
        &format!("/api/v1/reviews/{review}/impacts/comparison"),
    )
    .await;
    assert!(
        !compared["dimensions"]
            .as_array()
            .expect("a list")
            .is_empty(),
        "{review}"
    );
    for workshop in all(client, review, "/workshops").await {
        assert!(workshop["minutes"].is_string(), "{workshop}");
        assert!(
            !workshop["agenda"].as_array().expect("a list").is_empty(),
            "{workshop}"
        );
        assert_eq!(workshop["neutrality"]["is_neutral"], true, "{workshop}");
        assert_eq!(
            workshop["absent_required_functions"],
            json!([]),
            "{workshop}"
        );
        let id = workshop["id"].as_str().expect("an id");
        let invited = client
            .all(&format!("/api/v1/workshops/{id}/invitations"), 200)
            .await;
        assert!(texts(&invited, "attendance").contains("attended"), "{id}");
        assert!(texts(&invited, "rsvp").contains("accepted"), "{id}");
        assert!(
            invited.iter().any(|one| one["acknowledged_at"].is_string()),
            "{id}"
        );
        if workshop["kind"] == "follow_up" {
            let carried = read(client, &format!("/api/v1/workshops/{id}/carry-over")).await;
            assert!(
                !carried["actions"].as_array().expect("a list").is_empty(),
                "{id}"
            );
        }
    }
    let open = all(client, review, "/wording-notes?acknowledged=false").await;
    assert!(open.is_empty(), "{open:?}");
}

async fn has_what_the_organisation_shares(client: &Client) {
    for (path, least) in [
        ("/api/v1/calendars", 1),
        ("/api/v1/policies", 2),
        ("/api/v1/documents", 4),
        ("/api/v1/gaps", 10),
        ("/api/v1/deadlines", 1),
        ("/api/v1/lessons?embedded=false", 1),
        ("/api/v1/obligations?status=not_applicable", 1),
    ] {
        let found = client.all(path, 200).await.len();
        assert!(found >= least, "{path}: {found}");
    }
    let documents = client.all("/api/v1/documents", 200).await;
    let mut readers = 0;
    for document in &documents {
        let id = document["id"].as_str().expect("an id");
        let revisions = client
            .all(&format!("/api/v1/documents/{id}/revisions"), 200)
            .await;
        assert!(!revisions.is_empty(), "{document}");
        for revision in revisions {
            let revision = revision["id"].as_str().expect("an id");
            let path = format!("/api/v1/documents/{id}/revisions/{revision}/acknowledgements");
            readers += client.all(&path, 200).await.len();
        }
    }
    assert!(readers >= 4, "{readers}");
    let found = read(client, "/api/v1/search?q=credentials").await;
    assert!(found["items"].as_array().expect("a list").len() >= 5);
}

async fn is_complete(client: &Client, review: &str) {
    let path = format!("/api/v1/reviews/{review}/completeness");
    let found = read(client, &path).await;
    let parts = ["objectives", "questions"].into_iter();
    let parts = parts.flat_map(|one| found[one].as_array().expect("a list"));
    let criteria = parts.flat_map(|part| part["criteria"].as_array().expect("a list"));
    let missing: Vec<_> = criteria
        .flat_map(|one| one["missing"].as_array().expect("a list"))
        .collect();
    assert!(missing.is_empty(), "{review}: {missing:?}");
    assert_eq!(
        (&found["score"], &found["complete"]),
        (&json!(100), &json!(true))
    );
}

/// Does what the first review still has to do.
async fn finish(client: &Client, review: &str) {
    let path = format!("/api/v1/reviews/{review}/actions");
    for action in client.all(&path, 200).await {
        let below = format!("{path}/{}", action["id"].as_str().expect("an id"));
        let status = action["status"].as_str().expect("a status");
        let ended = ["verified", "declined", "cancelled", "risk_accepted"];
        if ended.contains(&status) {
            continue;
        }
        let steps: &[&str] = match status {
            "implemented" => &[],
            "in_progress" => &["implemented"],
            _ => &["in_progress", "implemented"],
        };
        for step in steps {
            let report = json!({ "status": step, "note": "Taken up again" });
            client
                .post(format!("{below}/progress"), &report)
                .await
                .expect(201);
        }
        let tag = client.get(&below).await.expect(200).etag();
        let proof = json!({
            "method": "exercise", "result": "effective", "note": "Tried at every site",
            "verified_by": { "name": "Internal audit", "subject": "audit@health.example" },
        });
        let proof = client.post(format!("{below}/verifications"), &proof);
        proof.if_match(&tag).await.expect(201);
    }
    let lessons = all(client, review, "/lessons?embedded=false").await;
    let lessons: Vec<_> = lessons.iter().map(|one| one["id"].clone()).collect();
    let documents = client
        .all("/api/v1/documents?kind=continuity_plan", 200)
        .await;
    let id = documents[0]["id"].as_str().expect("an id");
    let revision =
        json!({ "label": "1.0", "summary": "Exercised in every hospital", "lesson_ids": lessons });
    let published = client.post(format!("/api/v1/documents/{id}/revisions"), &revision);
    published.await.expect(201);
    let review = read(client, &format!("/api/v1/reviews/{review}")).await;
    let incident = review["incident_ids"][0].as_str().expect("an id");
    let incident = format!("/api/v1/incidents/{incident}");
    let tag = client.get(&incident).await.expect(200).etag();
    let closed = json!({ "status": "closed", "timestamps": { "closed": { "at": "2021-12-10T00:00:00Z", "precision": "day" } } });
    client
        .patch(&incident, &closed)
        .if_match(&tag)
        .await
        .expect(200);
}

/// That what was published is what is there: nothing was lost on the way.
async fn is_kept_in_its_snapshot(client: &Client, review: &str) {
    let snapshot = read(client, &format!("/api/v1/reviews/{review}/snapshot")).await;
    for (field, below) in [
        ("participants", "/participants"),
        ("events", "/events"),
        ("decisions", "/decisions"),
        ("communications", "/communications"),
        ("assessments", "/assessments"),
        ("impacts", "/impacts"),
        ("findings", "/findings"),
        ("recommendations", "/recommendations"),
        ("actions", "/actions"),
        ("lessons", "/lessons"),
    ] {
        let kept = snapshot[field].as_array().expect("a list");
        let there = all(client, review, below).await;
        assert_eq!(texts(kept, "id"), texts(&there, "id"), "{review}: {field}");
    }
}

/// Every number in a value.
fn numbers(value: &Value, found: &mut Vec<i64>) {
    match value {
        Value::Number(number) => found.extend(number.as_i64()),
        Value::Array(items) => items.iter().for_each(|one| numbers(one, found)),
        Value::Object(fields) => fields.values().for_each(|one| numbers(one, found)),
        _ => {}
    }
}

/// Whether a number is told in a text, as it is or in the unit that the service counts in.
fn tells(text: &str, number: i64) -> bool {
    let units = [1, 100, 1440, 1_000_000_000];
    units.iter().any(|unit| {
        let sought = (number * unit).to_string();
        let digits = |c: char| c.is_ascii_digit();
        text.split(|c: char| !digits(c)).any(|one| one == sought)
    })
}

/// An instant as the service writes it, to the day where no more is known.
fn instant(text: &str) -> String {
    let whole = if text.len() == 10 {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    };
    let at = chrono::DateTime::parse_from_rfc3339(&whole).expect("an instant");
    at.to_utc().format("%Y-%m-%dT%H:%M:%S").to_string()
}

async fn the_demo_tells_all_that_the_reports_tell(app: App) {
    let Some(folder) = cases() else {
        return;
    };
    let keys = filled(&app).await;
    for (key, name) in keys
        .iter()
        .zip(["hse-conti-2021", "cloudflare-thanksgiving-2023"])
    {
        let text = std::fs::read_to_string(folder.join(name).with_extension("json"));
        let case: Value = serde_json::from_str(&text.expect("a case")).expect("JSON");
        tells_the_case(&app.admin(), key, &case).await;
    }
}

async fn tells_the_case(client: &Client, review: &str, case: &Value) {
    let whole = read(client, &format!("/api/v1/reviews/{review}")).await;
    assert_eq!(
        (&whole["severity"], &whole["tlp"]),
        (&case["severity"], &case["tlp"])
    );
    let incident = whole["incident_ids"][0].as_str().expect("an id");
    let incident = read(client, &format!("/api/v1/incidents/{incident}")).await;
    assert_eq!(incident["attack_techniques"], case["techniques"]);
    let address = case["source_urls"][0].as_str().expect("an address");
    assert_eq!(incident["external_refs"][0]["url"], address);

    let events = all(client, review, "/events").await;
    let chronology = case["chronology"].as_array().expect("a chronology");
    assert_eq!(events.len(), chronology.len());
    for moment in chronology {
        let at = instant(moment["occurred_at"].as_str().expect("an instant"));
        let to_the_day = moment["precision"] == "day";
        let known = events.iter().filter_map(|one| one["occurred_at"].as_str());
        // A day that is known no closer may have an hour that keeps the order.
        let length = if to_the_day { 10 } else { at.len() };
        let mut known = known.map(|one| one.get(..length));
        assert!(
            known.any(|one| one == at.get(..length)),
            "{review}: {moment}"
        );
    }
    let findings = all(client, review, "/findings").await;
    for (kind, section) in [
        ("root_cause", "root_causes"),
        ("contributing_factor", "contributing_factors"),
        ("gap", "gaps"),
    ] {
        let own = findings.iter().filter(|one| one["kind"] == kind).count();
        let told = case[section].as_array().expect("a list").len();
        assert!(own >= told, "{review}: {own} of {told} {section}");
    }
    tells_the_judgements(client, (review, &findings), case).await;
    tells_what_followed(client, review, case).await;
}

async fn tells_the_judgements(client: &Client, (review, findings): (&str, &[Value]), case: &Value) {
    let assessments = all(client, review, "/assessments").await;
    for phase in case["phase_assessments"].as_array().expect("a list") {
        let name = phase["phase"].as_str().expect("a phase");
        let rating = phase["rating_1_to_5"].as_i64().expect("a rating");
        let own = assessments.iter().find(|one| one["dimension"] == name);
        let Some(own) = own else {
            // The readiness beforehand is no dimension of the response: it is a finding.
            let told = format!("{rating} of 5");
            let mut statements = findings.iter().filter_map(|one| one["statement"].as_str());
            assert!(
                statements.any(|one| one.to_lowercase().contains(name) && one.contains(&told)),
                "{review}: {name}"
            );
            continue;
        };
        assert_eq!(own["score"], rating, "{review}: {name}");
        for (side, told) in [("strengths", "went_well"), ("weaknesses", "went_badly")] {
            let (own, told) = (own[side].as_array(), phase[told].as_array());
            let (own, told) = (own.map_or(0, Vec::len), told.map_or(0, Vec::len));
            assert!(own >= told, "{review}: {name} {side}");
        }
    }
    let impacts = all(client, review, "/impacts?snapshot=final").await;
    // Thousands are parted in what people read.
    let told = serde_json::to_string(&impacts)
        .expect("JSON")
        .replace("000,000", "000000");
    let mut sought = Vec::new();
    numbers(&case["impact"], &mut sought);
    for number in sought {
        assert!(tells(&told, number), "{review}: {number} is not told");
    }
}

async fn tells_what_followed(client: &Client, review: &str, case: &Value) {
    let lessons = all(client, review, "/lessons").await;
    assert!(lessons.len() >= case["lessons"].as_array().expect("a list").len());
    // As it was agreed on: some dates were put off later.
    let snapshot = read(client, &format!("/api/v1/reviews/{review}/snapshot")).await;
    let mut due: Vec<_> = snapshot["actions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["due_on"].clone())
        .collect();
    for action in case["actions"].as_array().expect("a list") {
        let found = due.iter().position(|one| *one == action["due"]);
        let found = found.unwrap_or_else(|| panic!("{review}: {action}"));
        due.remove(found);
    }
}
