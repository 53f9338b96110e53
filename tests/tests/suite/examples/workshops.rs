//! The session in which the review is talked about, from its plan to its minutes.

use chrono::Duration;
use debrief_tests::Client;
use debrief_tests::builders::Review;
use debrief_tests::story::Story;
use serde_json::json;

use super::company::{alert, changed, facilitator, isolation, made, step, under_review};

pub(super) async fn tell(story: &Story) {
    let (lead, review) = (story.facilitator(), under_review(story).await);
    let off_record = story.app.contributor();
    for event in [alert(), isolation()] {
        made(&off_record, review.path("/events"), &event).await;
    }
    let session = json!({
        "kind": "lessons_learned",
        "title": "What we learned from the night of 21 November",
        "scheduled_at": "2026-12-01T13:00:00Z",
        "duration_minutes": 90,
        "time_zone": "Europe/Oslo",
        "location": "Harbour office, room 2",
        "url": "https://meet.example.org/halden-review",
        "facilitator": facilitator(),
    });
    let session = made(&lead, review.path("/workshops"), &session).await;
    let path = format!("/api/v1/workshops/{}", session.id());
    changed(
        &lead,
        &path,
        &json!({ "location": "Harbour office, room 4" }),
    )
    .await;
    let kim = invite(&lead, &review, &path).await;
    prepare(&lead, &path).await;
    story.app.wait(Duration::days(9));
    hold(&lead, &path, &kim).await;
    put_off(story, &lead, &review).await;
    lead.get(review.path("/workshops")).await.expect(200);
    lead.get("/api/v1/workshops?status=held").await.expect(200);
}

/// Invites two, of whom one stays; the path of the invitation.
async fn invite(lead: &Client, review: &Review, path: &str) -> String {
    let mut invited = Vec::new();
    for (name, function) in [("Kim Sato", "responder"), ("Jonas Lindqvist", "legal")] {
        let person = json!({ "name": name, "function": function });
        let participant = made(lead, review.path("/participants"), &person).await;
        let body = json!({ "participant_id": participant.id(), "required": true });
        let made = made(lead, format!("{path}/invitations"), &body).await;
        invited.push(format!("{path}/invitations/{}", made.id()));
    }
    lead.get(&invited[0]).await.expect(200);
    changed(lead, &invited[0], &json!({ "chair": true })).await;
    let comes = json!({ "rsvp": "accepted", "note": "Ten minutes late" });
    step(lead, &invited[0], "rsvp", &comes).await;
    let tag = lead.get(&invited[1]).await.expect(200).etag();
    lead.delete(&invited[1]).if_match(&tag).await.expect(204);
    lead.get(format!("{path}/invitations")).await.expect(200);
    lead.get(format!("{path}/invite.ics")).await.expect(200);
    invited.remove(0)
}

async fn prepare(lead: &Client, path: &str) {
    step(lead, path, "agenda/generate", &json!({ "dry_run": true })).await;
    let agenda = json!({ "topics": [
        { "kind": "ground_rules", "title": "How we speak to each other", "minutes": 5 },
        { "kind": "chronology", "title": "What happened, minute by minute", "minutes": 30 },
        { "kind": "causes", "title": "Why it could happen", "minutes": 40, "notes": "Three questions for each cause" },
        { "kind": "next_steps", "title": "Who does what", "minutes": 15 },
    ] });
    let tag = lead.get(path).await.expect(200).etag();
    let set = lead.put(format!("{path}/agenda"), &agenda).if_match(&tag);
    set.await.expect(200);
    lead.get(format!("{path}/agenda")).await.expect(200);
    lead.get(format!("{path}/briefing-pack")).await.expect(200);
}

async fn hold(lead: &Client, path: &str, invitation: &str) {
    let rules = format!("{path}/acknowledgements");
    let id = invitation.rsplit('/').next().unwrap_or_default();
    let heard = json!({ "invitation_id": id });
    made(lead, rules.clone(), &heard).await;
    lead.post(&rules, &heard).await.expect(200);
    lead.get(&rules).await.expect(200);
    let held = json!({
        "held_at": "2026-12-01T13:05:00Z",
        "actual_duration_minutes": 100,
        "minutes": "The exception for contractors has no owner; Robin takes it.",
        "next_session_at": "2027-01-12T13:00:00Z",
    });
    step(lead, path, "hold", &held).await;
    step(
        lead,
        invitation,
        "attendance",
        &json!({ "attendance": "attended" }),
    )
    .await;
}

/// A follow-up carries what is open over; another is put off, then not held.
async fn put_off(story: &Story, lead: &Client, review: &Review) {
    let work = json!({ "title": "Require a second factor on the VPN", "type": "prevent" });
    made(&story.app.facilitator(), review.path("/actions"), &work).await;
    let session = json!({ "kind": "follow_up", "scheduled_at": "2027-01-12T13:00:00Z" });
    let session = made(
        &story.app.facilitator(),
        review.path("/workshops"),
        &session,
    )
    .await;
    let path = format!("/api/v1/workshops/{}", session.id());
    lead.get(format!("{path}/carry-over")).await.expect(200);
    let later =
        json!({ "scheduled_at": "2027-01-19T13:00:00Z", "reason": "The tokens are not there yet" });
    step(lead, &path, "reschedule", &later).await;
    step(
        lead,
        &path,
        "cancel",
        &json!({ "reason": "Everything was told in writing" }),
    )
    .await;
}
