//! Reading what a session goes through: as many queries, however much it is.

use entity::Timestamp;
use entity::review::Model as Review;
use entity::vocabulary::WorkshopKind;
use entity::workshop::Model as Workshop;
use sea_orm::ConnectionTrait;

use super::body::BriefingPack;
use super::substance::{BoardSubstance, Substance};
use super::{chains, contributed, pack};
use crate::assessments::body::AssessmentBody;
use crate::communications::body::CommunicationBody;
use crate::decisions::body::DecisionBody;
use crate::impacts::body::ImpactBody;
use crate::incidents::seen::SeenEvents;
use crate::kernel::access::Caller;
use crate::kernel::error::Result;
use crate::lessons::body::LessonBody;
use crate::participants::http::ParticipantBody;
use crate::recommendations::body::RecommendationBody;
use crate::reviews::body::ReviewBody;
use crate::workshops::carry_over;
use crate::workshops::invitations::body::InvitationBody;
use crate::workshops::{invitations, view};
use crate::{
    actions, assessments, chronology, communications, contributions, decisions, findings, impacts,
    incidents, lessons, lifecycle, participants, recommendations,
};

/// How much a review holds of what a session can go through: as many queries, however much it is.
pub async fn substance(
    connection: &impl ConnectionTrait,
    (caller, now): (&Caller, Timestamp),
    (review, workshop): (&Review, &Workshop),
) -> Result<Substance> {
    let organization = review.organization_id;
    let events = chronology::store::for_review(connection, review.id).await?;
    let findings = findings::store::for_review(connection, review.id).await?;
    let actions = actions::store::for_review(connection, organization, review.id).await?;
    let decisions = decisions::store::for_review(connection, review.id).await?;
    let communications = communications::store::for_review(connection, review.id).await?;
    let assessments = assessments::store::for_review(connection, review.id).await?;
    let impacts = impacts::store::for_review(connection, review.id).await?;
    let groups = contributions::groups::store::for_workshop(connection, workshop.id).await?;
    let contributed = contributions::store::for_workshop(connection, workshop.id).await?;
    let facts = lifecycle::store::facts(connection, review, caller, now.0.date_naive()).await?;
    let judged_by = (&facts, now.0.date_naive());
    let standing = |retracted: Option<Timestamp>| retracted.is_none();
    Ok(Substance {
        decisions: decisions
            .iter()
            .filter(|one| standing(one.retracted_at))
            .count(),
        communications: communications
            .iter()
            .filter(|one| standing(one.retracted_at))
            .count(),
        assessments: assessments.len(),
        impacts: impacts.len(),
        board: BoardSubstance::of(&groups, &contributed),
        ..Substance::of(&events, &findings, &actions, judged_by)
    })
}

/// Everything that a session goes through.
pub async fn pack(
    connection: &impl ConnectionTrait,
    (caller, now): (&Caller, Timestamp),
    (review, workshop): (Review, Workshop),
) -> Result<BriefingPack> {
    let organization = review.organization_id;
    let participants = participants::store::for_review(connection, review.id).await?;
    let invited = invitations::store::for_workshop(connection, workshop.id).await?;
    let ids = &review.incident_ids.0;
    let incidents = incidents::store::with_ids(connection, organization, ids).await?;
    let seen = SeenEvents::of(connection, caller, &incidents).await?;
    let events = chronology::store::for_review(connection, review.id).await?;
    let decided = decisions::store::for_review(connection, review.id).await?;
    let communicated = communications::store::for_review(connection, review.id).await?;
    let assessed = assessments::store::for_review(connection, review.id).await?;
    let impacts = impacts::store::for_review(connection, review.id).await?;
    let findings = findings::store::for_review(connection, review.id).await?;
    let recommended = recommendations::store::for_review(connection, review.id).await?;
    let lessons = lessons::store::for_review(connection, review.id).await?;
    let actions = actions::store::for_review(connection, organization, review.id).await?;
    let mut computed = actions::computed::of(connection, caller, &actions).await?;
    let facts = lifecycle::store::facts(connection, &review, caller, now.0.date_naive()).await?;
    let contributions = contributed::read(connection, workshop.id).await?;
    let carry_over = match workshop.kind {
        WorkshopKind::FollowUp => Some(carry_over::service::read(connection, &workshop).await?),
        _ => None,
    };
    Ok(BriefingPack {
        workshop: view::one(connection, workshop).await?,
        invitations: InvitationBody::all(invited, &participants),
        review: ReviewBody::from(review),
        participants: participants
            .into_iter()
            .map(ParticipantBody::from)
            .collect(),
        incidents: incidents
            .into_iter()
            .map(|row| pack::incident(row, &seen))
            .collect(),
        chronology: pack::chronology(events),
        decisions: decided
            .into_iter()
            .filter(|one| one.retracted_at.is_none())
            .map(DecisionBody::from)
            .collect(),
        communications: communicated
            .into_iter()
            .filter(|one| one.retracted_at.is_none())
            .map(CommunicationBody::from)
            .collect(),
        assessments: assessed.into_iter().map(AssessmentBody::from).collect(),
        impacts: impacts.into_iter().map(ImpactBody::from).collect(),
        why_chains: chains::of(&findings),
        findings: pack::findings(&findings),
        recommendations: recommended
            .into_iter()
            .map(RecommendationBody::from)
            .collect(),
        lessons: lessons
            .into_iter()
            .map(|row| LessonBody::of(row, now))
            .collect(),
        actions: pack::actions(actions, &mut computed, now.0.date_naive()),
        contributions,
        carry_over,
        open_points: pack::open_points(&facts),
    })
}
