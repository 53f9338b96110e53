//! A case that somebody tells in their own form, taken over by a script as an integrator would write
//! it: none of its words, numbers and moments is lost on the way into the document of the review.
//!
//! The case below is made up. Where a folder of cases lies beside the workspace, they are taken too.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat};
use debrief_tests::environment::cases;
use debrief_tests::{App, Client, both_databases};
use serde_json::{Value, json};

both_databases!(every_word_of_a_case_is_in_the_document_of_its_review);

/// What stands for the whole of a case: where it is from, and what is worked out from the rest.
const ABOUT: [&str; 1] = ["expected_metrics"];

fn made_up() -> Value {
    json!({
        "id": "harbour-2024",
        "title": "Timetables of a ferry line deleted",
        "organisation": "Ferry line of the northern isles",
        "sector": "transport",
        "severity": "high",
        "tlp": "green",
        "source_urls": ["https://ferries.example/report.pdf"],
        "wording": "made up for this test",
        "summary": "A former contractor's account deleted every timetable on the eve of a holiday.",
        "times": {
            "started_at": "2024-03-27T22:50:00+01:00",
            "detected_at": "2024-03-28T05:10:00+01:00",
            "contained_at": "2024-03-28T06:00:00+01:00",
            "recovered_at": "2024-04-02",
            "disclosed_at": "2024-04-05",
        },
        "techniques": ["T1078.004", "T1485"],
        "chronology": [
            {
                "occurred_at": "2024-03-27T22:50:00+01:00", "precision": "minute",
                "title": "Timetables deleted", "description": "By an account nobody had closed.",
                "source": "audit log", "phase": "detection", "kind": "attacker",
                "actor": "former contractor", "verified": true,
            },
            {
                "occurred_at": "2024-03-28", "precision": "day",
                "title": "Passengers told by radio", "description": "",
                "source": "press", "phase": "communication", "kind": "communication",
                "actor": null, "verified": false,
            },
        ],
        "root_causes": [{
            "title": "Accounts of contractors outlive their contracts",
            "category": "process", "description": "Nobody is told when a contract ends.",
        }],
        "contributing_factors": [{ "title": "One person knew the console", "category": "people" }],
        "phase_assessments": [
            {
                "phase": "preparation", "rating_1_to_5": 2, "rating_basis": "as the crew saw it",
                "went_well": [], "went_badly": ["No copy outside the console"],
            },
            {
                "phase": "recovery", "rating_1_to_5": 4, "rating_basis": "as the crew saw it",
                "went_well": ["Printed timetables were at hand"], "went_badly": ["Five days by hand"],
            },
        ],
        "impact": {
            "summary": "Sailings were announced by hand for five days.",
            "sailings_affected": 212, "refunds_eur": 48000, "data_stolen": false,
        },
        "gaps": [{
            "id": "g1", "title": "No end date on contractors' accounts", "type": "process",
            "severity": "high", "evidence": "the account was 14 months old",
        }],
        "lessons": [{ "title": "Print what people need", "text": "Paper carried the first day." }],
        "actions": [{
            "title": "Close accounts with their contracts", "owner_role": "Head of personnel",
            "due": "2024-09-30", "due_basis": "agreed", "priority": "high", "status": "done",
            "type": "preventive", "addresses": ["g1"],
        }],
        "note": "Nothing of this happened.",
    })
}

async fn every_word_of_a_case_is_in_the_document_of_its_review(app: App) {
    let mut told = vec![made_up()];
    let files = cases().map(|folder| std::fs::read_dir(folder).expect("a folder"));
    for file in files.into_iter().flatten() {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|end| end == "json") {
            let text = std::fs::read_to_string(&path).expect("a case");
            told.push(serde_json::from_str(&text).expect("JSON"));
        }
    }
    for case in &told {
        let review = take_over(&app.admin(), case).await;
        let path = format!("/api/v1/reviews/{review}/export");
        let document = app.admin().get(path).await.expect(200).json();
        let lost = lost(case, &document);
        assert!(lost.is_empty(), "{}: {lost:#?}", case["id"]);
    }
}

async fn made(client: &Client, path: &str, body: &Value) -> String {
    client.post(path, body).await.expect(201).id()
}

/// The word of the service for one of the case's, which stays in the text beside it.
fn word<'a>(of: &[(&str, &'a str)], said: &Value, otherwise: &'a str) -> &'a str {
    let said = said.as_str().unwrap_or_default();
    let known = of.iter().find(|(theirs, _)| *theirs == said);
    known.map_or(otherwise, |(_, ours)| ours)
}

/// What has no field of its own, as a text.
fn beside(what: &Value, fields: &[&str]) -> String {
    let told = fields.iter().map(|field| (field, &what[*field]));
    let told = told.filter(|(_, value)| !value.is_null());
    let lines = told.map(|(field, value)| match value.as_str() {
        Some(text) => format!("{field}: {text}"),
        None => format!("{field}: {value}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A moment as the service takes it, to the day where no more is known.
fn moment(text: &Value) -> Value {
    let text = text.as_str().expect("a moment");
    match text.parse::<NaiveDate>() {
        Ok(day) => json!({ "at": format!("{day}T00:00:00Z"), "precision": "day" }),
        Err(_) => json!({ "at": text, "precision": "minute" }),
    }
}

fn items<'a>(case: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    case[list].as_array().expect(list).iter()
}

/// Takes a case over; the key of its review.
async fn take_over(client: &Client, case: &Value) -> String {
    let incident = incident(client, case).await;
    let about = ["organisation", "sector", "wording", "note"];
    let summary = format!(
        "{}\n{}",
        case["summary"].as_str().expect("a summary"),
        beside(case, &about)
    );
    let review = json!({
        "title": case["title"], "summary": summary, "severity": case["severity"], "tlp": case["tlp"],
        "incident_ids": [incident], "depth": "in_depth",
        "external_refs": [{ "system": "cases", "id": case["id"] }],
    });
    let review = made(client, "/api/v1/reviews", &review).await;
    let path = format!("/api/v1/reviews/{review}");
    chronology(client, &path, case).await;
    let gaps = findings(client, &path, case).await;
    judgements(client, &path, case).await;
    impact(client, &path, case).await;
    for lesson in items(case, "lessons") {
        let lesson = json!({
            "statement": lesson["title"], "description": lesson["text"], "audience": ["responders"],
            "finding_ids": gaps.values().take(1).collect::<Vec<_>>(),
        });
        made(client, &format!("{path}/lessons"), &lesson).await;
    }
    actions(client, &path, case, &gaps).await;
    review
}

async fn incident(client: &Client, case: &Value) -> String {
    let marks = [
        ("started_at", "occurred"),
        ("detected_at", "detected"),
        ("acknowledged_at", "acknowledged"),
        ("declared_at", "declared"),
        ("contained_at", "contained"),
        ("eradicated_at", "eradicated"),
        ("recovered_at", "recovered"),
        ("closed_at", "closed"),
    ];
    let marks = marks
        .iter()
        .filter(|(theirs, _)| case["times"][*theirs].is_string());
    let timestamps: BTreeMap<&str, Value> = marks
        .map(|(theirs, ours)| (*ours, moment(&case["times"][*theirs])))
        .collect();
    let sources = items(case, "source_urls").enumerate();
    let sources = sources.map(
        |(at, url)| json!({ "system": "source", "id": format!("{}-{at}", case["id"]), "url": url }),
    );
    let incident = json!({
        "title": case["title"], "severity": case["severity"], "backfilled": true,
        "attack_techniques": case["techniques"], "timestamps": timestamps,
        "external_refs": sources.collect::<Vec<_>>(),
    });
    made(client, "/api/v1/incidents", &incident).await
}

async fn chronology(client: &Client, path: &str, case: &Value) {
    let kinds = [
        ("attacker", "adversary_other"),
        ("missed_warning", "missed_alert"),
        ("alert", "alert"),
        ("communication", "internal_communication"),
        ("recovery", "recovery_action"),
        ("third_party", "third_party_action"),
        ("decision", "decision"),
        ("containment", "containment_action"),
        ("eradication", "eradication_action"),
        ("impact", "impact_action"),
        ("legal", "regulatory_notification"),
    ];
    let phases = [
        "preparation",
        "detection",
        "analysis",
        "containment",
        "eradication",
        "recovery",
        "post_incident",
    ];
    let mut events: Vec<Value> = items(case, "chronology")
        .map(|one| {
            let occurred = moment(&one["occurred_at"]);
            let phase = one["phase"].as_str().filter(|phase| phases.contains(phase));
            let more = beside(one, &["phase", "kind", "verified", "precision"]);
            json!({
                "occurred_at": occurred["at"],
                "ended_at": one["ended_at"].is_string().then(|| moment(&one["ended_at"])["at"].clone()),
                "precision": word(&[("day", "day"), ("hour", "hour"), ("minute", "minute")], &one["precision"], "exact"),
                "kind": word(&kinds, &one["kind"], "other"), "phase": phase,
                "actor_role": one["actor"], "summary": one["title"], "source": one["source"],
                "description": format!("{}\n{more}", one["description"].as_str().unwrap_or_default()),
            })
        })
        .collect();
    // What the service measures nothing from is an event as well.
    for (moment_of, what) in [
        ("disclosed_at", "Disclosed"),
        ("review_published_at", "Review published"),
    ] {
        if case["times"][moment_of].is_string() {
            let at = moment(&case["times"][moment_of]);
            let event = json!({
                "occurred_at": at["at"], "precision": at["precision"], "summary": what,
                "kind": "external_communication", "phase": "post_incident",
            });
            events.push(event);
        }
    }
    let told = client
        .post(format!("{path}/events/batch"), &json!(events))
        .await;
    let told = told.expect(200).json();
    let added = told["results"].as_array().expect("results");
    assert_eq!(added.len(), events.len());
}

/// The gaps by the names that the case gives them.
async fn findings(client: &Client, path: &str, case: &Value) -> BTreeMap<String, String> {
    let below = format!("{path}/findings");
    let areas = [
        ("people", "people"),
        ("process", "process"),
        ("technology", "technology"),
        ("governance", "organisation"),
        ("third_party", "third_party"),
    ];
    for cause in items(case, "root_causes") {
        let body = json!({
            "kind": "root_cause", "statement": cause["title"], "cause_category": "process_failure",
            "description": beside(cause, &["description", "category"]),
        });
        made(client, &below, &body).await;
    }
    for factor in items(case, "contributing_factors") {
        let body = json!({
            "kind": "contributing_factor", "statement": factor["title"], "factor_kind": "contributing",
            "factor_area": word(&areas, &factor["category"], "organisation"),
            "cause_category": word(&[("technology", "system_failure")], &factor["category"], "process_failure"),
            "description": beside(factor, &["description", "category"]),
        });
        made(client, &below, &body).await;
    }
    let categories = [
        ("process", "procedure"),
        ("technology", "technology"),
        ("governance", "roles_authority"),
    ];
    let scores = [("critical", 5), ("high", 4), ("medium", 3), ("low", 2)];
    let mut gaps = BTreeMap::new();
    for gap in items(case, "gaps") {
        let score = scores.iter().find(|(word, _)| gap["severity"] == *word);
        let body = json!({
            "kind": "gap", "statement": gap["title"], "severity_score": score.map(|(_, score)| score),
            "gap_category": word(&categories, &gap["type"], "other"),
            "description": beside(gap, &["id", "type", "severity"]),
            "evidence": [{ "title": gap["evidence"] }],
        });
        let id = made(client, &below, &body).await;
        gaps.insert(gap["id"].as_str().expect("a name").to_owned(), id);
    }
    gaps
}

async fn judgements(client: &Client, path: &str, case: &Value) {
    let ratings = [
        "very_ineffective",
        "ineffective",
        "partially_effective",
        "effective",
        "very_effective",
    ];
    let points = |list: &Value| -> Vec<Value> {
        let texts = list.as_array().into_iter().flatten();
        texts.map(|text| json!({ "text": text })).collect()
    };
    for phase in items(case, "phase_assessments") {
        let more = beside(phase, &["phase", "rating_1_to_5", "rating_basis"]);
        let name = phase["phase"].as_str().expect("a phase");
        if name == "preparation" {
            // How ready one was is no part of how the response went.
            let said = beside(phase, &["went_well", "went_badly"]);
            let body = json!({
                "kind": "observation", "statement": "How ready we were", "description": format!("{said}\n{more}"),
            });
            made(client, &format!("{path}/findings"), &body).await;
            continue;
        }
        let rating = phase["rating_1_to_5"]
            .as_u64()
            .and_then(|rating| usize::try_from(rating).ok());
        let body = json!({
            "rating": ratings[rating.expect("a rating") - 1], "summary": more,
            "strengths": points(&phase["went_well"]), "weaknesses": points(&phase["went_badly"]),
        });
        let put = client
            .put(format!("{path}/assessments/{name}"), &body)
            .await;
        put.expect(201);
    }
}

/// Every number below a value, with its name.
fn quantities(value: &Value, name: &str, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                quantities(value, field, found);
            }
        }
        Value::Number(_) | Value::Bool(_) => {
            let number = value.as_i64().unwrap_or_else(|| i64::from(value == true));
            found.push(json!({ "kind": "other", "label": name, "value": number }));
        }
        _ => {}
    }
}

async fn impact(client: &Client, path: &str, case: &Value) {
    let mut found = Vec::new();
    quantities(&case["impact"], "impact", &mut found);
    let body = json!({
        "rating": "major", "narrative": case["impact"]["summary"], "quantities": found,
    });
    let path = format!("{path}/impacts/final/business_operations");
    client.put(path, &body).await.expect(201);
}

async fn actions(client: &Client, path: &str, case: &Value, gaps: &BTreeMap<String, String>) {
    let types = [
        ("preventive", "prevent"),
        ("detective", "detect"),
        ("corrective", "recover"),
        ("governance", "process"),
    ];
    for action in items(case, "actions") {
        let named = action["addresses"].as_array().into_iter().flatten();
        let named = named.filter_map(|name| gaps.get(name.as_str()?));
        let body = json!({
            "title": action["title"], "type": word(&types, &action["type"], "process"),
            "description": beside(action, &["type", "status", "due_basis", "addresses"]),
            "owner": { "name": action["owner_role"] }, "due_on": action["due"],
            "finding_ids": named.collect::<Vec<_>>(),
            "priority_override": { "level": action["priority"], "reason": "As the report ranks it" },
        });
        let id = made(client, &format!("{path}/actions"), &body).await;
        let steps: &[&str] = match action["status"].as_str() {
            Some("in_progress") => &["in_progress"],
            Some("done") => &["in_progress", "implemented"],
            _ => &[],
        };
        for status in steps {
            let report = json!({ "status": status, "note": "As the report says" });
            made(client, &format!("{path}/actions/{id}/progress"), &report).await;
        }
    }
}

/// What a value says, in the leaves of its tree.
fn leaves<'a>(at: &str, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(&format!("{at}/{name}"), value, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(&format!("{at}/{index}"), item, found);
            }
        }
        Value::Null => {}
        leaf => found.push((at.to_owned(), leaf)),
    }
}

/// What of a case is nowhere in a document.
fn lost(case: &Value, document: &Value) -> Vec<String> {
    let (mut said, mut kept) = (Vec::new(), Vec::new());
    leaves("", case, &mut said);
    leaves("", document, &mut kept);
    let texts: Vec<&str> = kept.iter().filter_map(|(_, leaf)| leaf.as_str()).collect();
    let is_kept = |leaf: &Value| match leaf {
        Value::String(text) => {
            let as_kept = instant(text).unwrap_or_else(|| text.clone());
            texts.iter().any(|kept| kept.contains(&as_kept))
        }
        other => {
            let written = other.to_string();
            let number = i64::from(*other == true);
            kept.iter().any(|(_, leaf)| {
                *leaf == other || other.is_boolean() && leaf.as_i64() == Some(number)
            }) || texts.iter().any(|kept| kept.contains(&written))
        }
    };
    let about = |at: &str| ABOUT.iter().any(|part| at.starts_with(&format!("/{part}")));
    let lost = said
        .iter()
        .filter(|(at, leaf)| !about(at) && !is_kept(leaf));
    lost.map(|(at, leaf)| format!("{at}: {leaf}")).collect()
}

/// A moment as the service writes it, which is in universal time.
fn instant(text: &str) -> Option<String> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}
