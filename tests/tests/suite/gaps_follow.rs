//! That the register never drifts: whatever is done to findings, recommendations and actions, the
//! state that it keeps is the one that a naive look at all of them gives.

use std::collections::BTreeMap;

use debrief_tests::builders::{Review, a_review};
use debrief_tests::{App, both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};

both_databases!(
    whatever_is_done_the_register_keeps_what_a_naive_look_gives,
    what_is_done_at_once_leaves_the_state_that_all_of_it_means,
);

/// How many steps are tried, and after how many the register is looked at.
const STEPS: u64 = 400;
const LOOK_EVERY: u64 = 8;
/// How many of a kind there are at most: few, so that much is done to each.
const ENOUGH: usize = 8;

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }

    /// A few of the ids, perhaps none: what names everything would hide what little names.
    fn some(&mut self, ids: &[String]) -> Vec<String> {
        let mut few = Vec::new();
        for _ in 0..self.below(3) {
            few.extend(self.one_of(ids).filter(|id| !few.contains(*id)).cloned());
        }
        few
    }
}

#[derive(Default)]
struct Made {
    findings: Vec<String>,
    recommendations: Vec<String>,
    actions: Vec<String>,
}

async fn list(app: &App, review: &Review, what: &str) -> Vec<Value> {
    app.admin().all(&review.path(what), 200).await
}

fn names(body: &Value, field: &str, id: &Value) -> bool {
    let ids = body[field].as_array();
    ids.is_some_and(|ids| ids.contains(id))
}

/// The state of each gap, as everybody would say who looks at the whole review.
async fn looked_at(app: &App, review: &Review) -> BTreeMap<String, String> {
    let findings = list(app, review, "/findings").await;
    let recommendations = list(app, review, "/recommendations").await;
    let actions = list(app, review, "/actions").await;
    let mut states = BTreeMap::new();
    for gap in findings {
        if gap["kind"] != "gap" || !gap["retraction"].is_null() {
            continue;
        }
        let mut decided = Vec::new();
        let mut at_work: Vec<&Value> = actions
            .iter()
            .filter(|one| names(one, "finding_ids", &gap["id"]))
            .collect();
        for one in recommendations
            .iter()
            .filter(|one| names(one, "finding_ids", &gap["id"]))
        {
            let original = recommendations
                .iter()
                .find(|other| other["id"] == one["duplicate_of_id"]);
            let counts = original.unwrap_or(one);
            decided.push(counts["disposition"].as_str().unwrap_or_default());
            at_work.extend(
                actions
                    .iter()
                    .filter(|one| names(one, "recommendation_ids", &counts["id"])),
            );
        }
        let statuses: Vec<_> = at_work
            .iter()
            .filter_map(|one| one["status"].as_str())
            .collect();
        let any = |wanted: &[&str]| statuses.iter().any(|one| wanted.contains(one));
        let said = |wanted: &[&str]| decided.iter().any(|one| wanted.contains(one));
        let state = if any(&["open", "in_progress", "blocked", "implemented"]) {
            "in_progress"
        } else if any(&["proposed"]) || said(&["proposed", "deferred"]) {
            "recommended"
        } else if any(&["verified"]) {
            "closed"
        } else if !gap["no_recommendation_reason"].is_null()
            || any(&["risk_accepted"])
            || said(&["risk_accepted"])
        {
            "accepted"
        } else if said(&["accepted"]) {
            "recommended"
        } else {
            "unanswered"
        };
        states.insert(
            gap["id"].as_str().unwrap_or_default().to_owned(),
            state.to_owned(),
        );
    }
    states
}

/// The state of each gap, as the register keeps it.
async fn kept(app: &App) -> BTreeMap<String, String> {
    let gaps = app.admin().all("/api/v1/gaps", 200).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    gaps.iter()
        .map(|gap| (text(&gap["finding_id"]), text(&gap["state"])))
        .collect()
}

/// Something that somebody might do: where, what, and how.
struct Step {
    path: String,
    body: Value,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// Appends to a list.
    Create,
    /// Changes a version.
    Patch,
    /// Moves a version on.
    Verb,
}

#[expect(clippy::unnecessary_wraps, reason = "it is what all of them answer")]
fn step(how: How, path: String, body: Value) -> Option<Step> {
    Some(Step { path, body, how })
}

fn why() -> Value {
    json!({ "reason": "decided in the meeting" })
}

fn borne() -> Value {
    json!({ "reason": "rare", "expires_on": "2027-01-31", "approver": { "name": "The CISO" } })
}

/// Something new, while there is not enough of it.
fn creation(review: &Review, made: &Made, dice: &mut Dice) -> Option<Step> {
    let named = dice.some(&made.findings);
    match dice.below(3) {
        0 if made.findings.len() < 2 * ENOUGH => {
            let body = json!({ "kind": "gap", "statement": "x", "gap_category": "policy" });
            step(How::Create, review.path("/findings"), body)
        }
        1 if made.recommendations.len() < ENOUGH => {
            let body = json!({ "title": "x", "finding_ids": named });
            step(How::Create, review.path("/recommendations"), body)
        }
        2 if made.actions.len() < ENOUGH => {
            let status = ["open", "proposed"][dice.below(2)];
            let body =
                json!({ "title": "x", "type": "detect", "finding_ids": named, "status": status });
            step(How::Create, review.path("/actions"), body)
        }
        _ => None,
    }
}

fn change_of_a_finding(review: &Review, made: &Made, dice: &mut Dice) -> Option<Step> {
    let id = dice.one_of(&made.findings)?;
    let path = review.path(&format!("/findings/{id}"));
    if dice.below(40) == 0 {
        return step(How::Verb, format!("{path}/retract"), why());
    }
    let nothing =
        json!({ "kind": "observation", "gap_category": null, "no_recommendation_reason": null });
    let body = match dice.below(6) {
        0 => json!({ "no_recommendation_reason": "retired next month" }),
        1 | 2 => json!({ "no_recommendation_reason": null }),
        3 => nothing,
        _ => json!({ "kind": "gap", "gap_category": "other" }),
    };
    step(How::Patch, path, body)
}

fn decision(review: &Review, made: &Made, dice: &mut Dice) -> Option<Step> {
    let id = dice.one_of(&made.recommendations)?;
    let path = review.path(&format!("/recommendations/{id}"));
    let named = dice.some(&made.findings);
    let (verb, body) = match dice.below(8) {
        0 => return step(How::Patch, path, json!({ "finding_ids": named })),
        1 if made.actions.len() < 2 * ENOUGH => {
            let new = json!({ "title": "x", "type": "detect", "finding_ids": named });
            ("accept", json!({ "actions": [new] }))
        }
        1 | 2 => ("accept", json!({ "action_ids": dice.some(&made.actions) })),
        3 => (
            "defer",
            json!({ "reason": "x", "deferred_until": "2027-01-31" }),
        ),
        4 => ("reject", why()),
        5 => ("accept-risk", borne()),
        6 => {
            let other = dice.one_of(&made.recommendations)?;
            ("duplicate", json!({ "duplicate_of_id": other }))
        }
        _ => ("repropose", why()),
    };
    step(How::Verb, format!("{path}/{verb}"), body)
}

fn progress(review: &Review, made: &Made, dice: &mut Dice) -> Option<Step> {
    let id = dice.one_of(&made.actions)?;
    let path = review.path(&format!("/actions/{id}"));
    let (verb, body) = match dice.below(12) {
        0 => {
            let named = dice.some(&made.findings);
            return step(How::Patch, path, json!({ "finding_ids": named }));
        }
        1..=5 => {
            let status = ["open", "blocked", "implemented", "implemented"][dice.below(4)];
            ("progress", json!({ "status": status }))
        }
        6..=8 => {
            let result = ["effective", "effective", "effective", "ineffective"][dice.below(4)];
            (
                "verifications",
                json!({ "method": "retest", "result": result }),
            )
        }
        9 => ("decline", why()),
        10 => ("accept-risk", borne()),
        _ => ("reopen", why()),
    };
    step(How::Verb, format!("{path}/{verb}"), body)
}

/// Takes a step, which may be refused, and remembers what it made.
async fn take(app: &App, made: &mut Made, step: Step) {
    let (admin, path) = (app.admin(), step.path.as_str());
    let call = if step.how == How::Patch {
        admin.patch(path, &step.body)
    } else {
        admin.post(path, &step.body)
    };
    let takes_version = step.how != How::Create && !path.ends_with("/progress");
    let call = if takes_version {
        call.if_match("*")
    } else {
        call
    };
    let reply = call.await;
    let expected = [200, 201, 409, 422].contains(&reply.status);
    assert!(expected, "{}: {}", reply.call, reply.text());
    if step.how == How::Create {
        match path.rsplit('/').next() {
            Some("findings") => made.findings.push(reply.id()),
            Some("recommendations") => made.recommendations.push(reply.id()),
            _ => made.actions.push(reply.id()),
        }
    }
    if path.ends_with("/accept") && reply.status == 200 {
        let body = reply.json();
        for id in body["action_ids"].as_array().into_iter().flatten() {
            let id = id.as_str().unwrap_or_default().to_owned();
            if !made.actions.contains(&id) {
                made.actions.push(id);
            }
        }
    }
}

async fn whatever_is_done_the_register_keeps_what_a_naive_look_gives(app: App) {
    let review = a_review(&app).await;
    let (mut made, mut dice) = (Made::default(), Dice(20_261_123));
    let gap = json!({ "kind": "gap", "statement": "x", "gap_category": "policy" });
    for _ in 0..ENOUGH {
        made.findings.push(review.record(&gap).await.id());
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for number in 1..=STEPS {
        let next = match dice.below(7) {
            0 => creation(&review, &made, &mut dice),
            1 => change_of_a_finding(&review, &made, &mut dice),
            2 | 3 => decision(&review, &made, &mut dice),
            _ => progress(&review, &made, &mut dice),
        };
        if let Some(next) = next {
            take(&app, &mut made, next).await;
        }
        if number % LOOK_EVERY != 0 {
            continue;
        }
        let kept = kept(&app).await;
        assert_eq!(kept, looked_at(&app, &review).await, "after step {number}");
        for state in kept.into_values() {
            *seen.entry(state).or_default() += 1;
        }
    }
    let states: Vec<&str> = seen.keys().map(String::as_str).collect();
    let all = [
        "accepted",
        "closed",
        "in_progress",
        "recommended",
        "unanswered",
    ];
    assert_eq!(states, all, "the walk has come by every state: {seen:?}");
}

async fn what_is_done_at_once_leaves_the_state_that_all_of_it_means(app: App) {
    let review = a_review(&app).await;
    let gap = json!({ "kind": "gap", "statement": "x", "gap_category": "policy" });
    let finding = review.record(&gap).await.id();
    let mut calls = Vec::new();
    for number in 0..6 {
        let work = json!({ "title": "x", "type": "detect", "finding_ids": [finding] });
        let action = review.path(&format!("/actions/{}", review.act(&work).await.id()));
        let named = json!({ "title": "x", "finding_ids": [finding] });
        let named = review.path(&format!(
            "/recommendations/{}",
            review.propose(&named).await.id()
        ));
        let why = json!({ "reason": "too dear" });
        let (admin, verb) = (app.admin(), ["decline", "cancel"][number % 2]);
        calls.push(admin.post(format!("{action}/{verb}"), &why).if_match("*"));
        calls.push(admin.post(format!("{named}/reject"), &why).if_match("*"));
    }
    let reason = json!({ "no_recommendation_reason": "retired next month" });
    let path = review.path(&format!("/findings/{finding}"));
    calls.push(app.admin().patch(path, &reason).if_match("*"));
    for reply in join_all(calls.into_iter().map(IntoFuture::into_future)).await {
        reply.expect(200);
    }
    let kept = kept(&app).await;
    assert_eq!(kept.values().collect::<Vec<_>>(), ["accepted"]);
    assert_eq!(kept, looked_at(&app, &review).await);
}
