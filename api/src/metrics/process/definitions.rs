//! What each process number means, in the words that are sent with it.

use crate::metrics::definition::definitions;

definitions! {
    /// A process number.
    Number;
    Reviews "reviews" "all reviews" "all reviews" "count(all)" "reviews";
    TimeToOpen "time_to_open" "closure of the last of its incidents" "created_at" "created_at − closed, 0 when it was opened before; n_missing are of no incident or of one that is not closed" "seconds";
    TimeToWorkshop "time_to_workshop" "closure of the last of its incidents" "first workshop held" "held_at of the first lessons_learned or exercise_debrief − closed, 0 when it was held before; n_missing had none, are of no incident or of one that is not closed" "seconds";
    TimeToPublish "time_to_publish" "closure of the last of its incidents" "first publication" "first published − closed; n_missing are not published, of no incident or of one that is not closed" "seconds";
    OpenedToWorkshop "opened_to_workshop" "created_at" "first workshop held" "held_at of the first lessons_learned or exercise_debrief − created_at; n_missing had none" "seconds";
    WorkshopToPublished "workshop_to_published" "first workshop held" "first publication" "first published − held_at of the first lessons_learned or exercise_debrief; n_missing had none or were never published" "seconds";
    OpenedToPublished "opened_to_published" "created_at" "first publication" "first published − created_at; n_missing were never published" "seconds";
    PublishedToBriefed "published_to_briefed" "first publication" "first briefing of leadership" "first briefing for leadership issued − first published, 0 when it was issued before; n_missing were not published or not briefed" "seconds";
    PublishedToClosed "published_to_closed" "first publication" "last closure" "last closed − first published, of what is closed; n_missing are not closed" "seconds";
    WorkshopOnTimeRate "workshop_on_time_rate" "reviews that had their workshop with a due date, or are overdue for it" "those that had it by then" "count(first held ≤ due) ÷ count(held with a due date, or overdue); due is policy_snapshot.workshop_due_at, and workshop_due_at only where the policy sets none" "ratio";
    WorkshopOverdue "workshop_overdue" "reviews in draft, in progress or in review" "those past their due date" "count(no workshop held and due < as_of); due is policy_snapshot.workshop_due_at, and workshop_due_at only where the policy sets none" "reviews";
    WorkshopPutOff "workshop_put_off" "reviews whose policy sets a date for the workshop" "those with a later one or none" "count(workshop_due_at > policy_snapshot.workshop_due_at, or is absent)" "reviews";
    PublishedOnTimeRate "published_on_time_rate" "reviews published with a due date, or overdue" "those published by then" "count(first published ≤ due) ÷ count(published with a due date, or overdue); due is policy_snapshot.publish_due_at, and publish_due_at only where the policy sets none" "ratio";
    PublicationOverdue "publication_overdue" "reviews in draft, in progress or in review" "those past their due date" "count(never published and due < as_of); due is policy_snapshot.publish_due_at, and publish_due_at only where the policy sets none" "reviews";
    PublicationPutOff "publication_put_off" "reviews whose policy sets a date for the publication" "those with a later one or none" "count(publish_due_at > policy_snapshot.publish_due_at, or is absent)" "reviews";
    SentBackRate "sent_back_rate" "reviews that were submitted" "those sent back to work before publication" "count(in_review → in_progress at least once) ÷ count(submitted at least once)" "ratio";
    ReopenedRate "reopened_rate" "reviews that were published, waived or cancelled" "those reopened" "count(reopened at least once after that) ÷ count(published, waived or cancelled at least once)" "ratio";
    ReopeningsPerReview "reopenings_per_review" "all reviews" "their steps back to work" "count of steps back to in_progress, per review" "steps";
    Waived "waived" "all reviews" "those waived" "count(status = waived)" "reviews";
    Cancelled "cancelled" "all reviews" "those cancelled" "count(status = cancelled)" "reviews";
    FacilitatorOverrideRate "facilitator_override_rate" "reviews with a workshop that was held, of any kind" "those with one led by somebody who is not neutral, for a recorded reason" "count(a held workshop with facilitator_conflicted and neutrality_override) ÷ count(a held workshop)" "ratio";
    FunctionAbsentRate "function_absent_rate" "reviews that had their workshop" "those where a required function was neither there nor excused" "count(a required function absent from a held lessons_learned or exercise_debrief) ÷ count(one was held)" "ratio";
    Attendance "attendance" "people invited to workshops that were held, of any kind" "those who came" "count(attendance = attended) ÷ count(invitations), by the function of the invitation" "ratio";
    Presence "presence" "workshops that need a function: lessons_learned and exercise_debrief, by the policy of the review" "those that it was in, did without for a reason, or missed" "present when one of the invited for it attended; else excused when the workshop or one of them is; else absent" "workshops";
    EventsPerReview "events_per_review" "all reviews" "their events" "count of events that were not retracted, per review" "events";
    EvidenceRate "evidence_rate" "events of these reviews" "those with evidence" "count(events with evidence) ÷ count(events), without the retracted" "ratio";
    WithoutEvents "without_events" "all reviews" "those without an event" "count(no event that was not retracted)" "reviews";
    FindingsPerReview "findings_per_review" "all reviews" "their findings" "count of findings that were not retracted, per review" "findings";
    WithCauseRate "with_cause_rate" "all reviews" "those with a cause" "count(a root cause or contributing factor) ÷ count(all)" "ratio";
    WithStrengthRate "with_strength_rate" "all reviews" "those with a strength" "count(a strength) ÷ count(all)" "ratio";
    CompletenessScore "completeness_score" "all reviews" "their completeness" "score of /reviews/{review}/completeness, from 0 to 100, per review" "points";
    CompleteRate "complete_rate" "all reviews" "those that lack nothing" "count(completeness score = 100) ÷ count(all)" "ratio";
    EmbeddedRate "embedded_rate" "lessons that are not retired" "those that have reached a document" "count(status = embedded) ÷ count(status in proposed, validated, embedded)" "ratio";
    LessonsWaiting "lessons_waiting" "all lessons" "those not yet embedded" "count(status in proposed, validated)" "lessons";
    AgeOfWaiting "age_of_waiting" "created_at" "as_of" "as_of − created_at, of lessons that are proposed or validated" "seconds";
    MetRate "met_rate" "obligations that were met or whose moment has passed" "those met in time" "met ÷ (met + met_late + overdue + missed), by status" "ratio";
    MarginWhenMet "margin_when_met" "submitted_at" "due_at" "due_at − submitted_at, of obligations that were met in time" "seconds";
    DelayWhenLate "delay_when_late" "due_at" "submitted_at" "submitted_at − due_at, of obligations that were met late" "seconds";
    DelayOfUnmet "delay_of_unmet" "due_at" "as_of" "as_of − due_at, of obligations that are overdue or missed" "seconds";
    WithFeedback "with_feedback" "all reviews" "those with feedback that is shown" "count(a round of feedback whose summary shows something)" "reviews";
    FeedbackAgreement "feedback_agreement" "answers to a question, of the rounds whose summary shows it" "those who judged it" "the median and mean of 1 (strongly disagree) to 5 (strongly agree); not_applicable is counted apart" "score";
    ClosedIncidents "closed_incidents" "all incidents" "closed incidents" "count(status = closed, or the milestone closed is known)" "incidents";
    CoverageRate "coverage_rate" "closed incidents" "those with a review" "count(in a review that is neither waived nor cancelled) ÷ count(closed)" "ratio";
    MandatoryIncidents "mandatory_incidents" "closed incidents" "those whose policy made a review mandatory" "count(the policy that applied when it was closed, or that a review of it keeps, has requirement = mandatory)" "incidents";
    MandatoryCoverageRate "mandatory_coverage_rate" "closed incidents whose policy made a review mandatory" "those with a review" "count(in a review that is neither waived nor cancelled) ÷ count(mandatory)" "ratio";
}
