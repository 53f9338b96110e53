//! What each remediation number means, in the words that are sent with it.

use crate::metrics::definition::definitions;

definitions! {
    /// A remediation number.
    Number;
    Open "open" "all actions" "unfinished actions" "count(status in proposed, open, in_progress, blocked)" "actions";
    Overdue "overdue" "open actions" "those past their due date" "count(open and due_on < today)" "actions";
    DueIn7Days "due_in_7_days" "open actions" "those due soon" "count(open and today ≤ due_on ≤ today + 7 days)" "actions";
    DueIn30Days "due_in_30_days" "open actions" "those due soon" "count(open and today ≤ due_on ≤ today + 30 days)" "actions";
    Unowned "unowned" "open actions" "those without an owner" "count(open and owner is null)" "actions";
    CompletionRate "completion_rate" "actions to be done" "done actions" "(implemented + verified) ÷ (open + in_progress + blocked + implemented + verified), by status" "ratio";
    VerifiedRate "verified_rate" "actions to be done" "actions proven effective" "verified ÷ (open + in_progress + blocked + implemented + verified), by status" "ratio";
    OnTimeRate "on_time_rate" "done actions with a due date, and overdue ones" "those implemented by their due date" "count(date(implemented_at) ≤ due_on) ÷ (count(done with due_on) + overdue), by the present due date" "ratio";
    ReopenedRate "reopened_rate" "actions that were once done" "those reopened" "count(reopened at least once) ÷ count(implemented, verified, found ineffective or reopened)" "ratio";
    IneffectiveRate "ineffective_rate" "actions with a conclusive verification" "those found ineffective" "count(found ineffective at least once) ÷ count(verified or found ineffective)" "ratio";
    AgeOfOpen "age_of_open" "created_at" "as_of" "as_of − created_at, of open actions" "seconds";
    TimeToImplement "time_to_implement" "created_at" "implemented_at" "implemented_at − created_at; n_missing are not implemented" "seconds";
    TimeToVerify "time_to_verify" "created_at" "verified_at" "verified_at − created_at; n_missing are not verified" "seconds";
    SlipsPerAction "slips_per_action" "first due date" "present due date" "count of changes to a later due date, per action" "changes";
    Proposed "proposed" "all actions" "all actions" "count(all)" "actions";
    Accepted "accepted" "proposed" "those committed to" "count(committed_at is known, or it came further)" "actions";
    Implemented "implemented" "accepted" "those implemented" "count(implemented, verified or found ineffective)" "actions";
    Verified "verified" "implemented" "those with a conclusive verification" "count(verified or found ineffective)" "actions";
    Effective "effective" "verified" "those proven effective" "count(status = verified)" "actions";
}
