//! What each learning number means, in the words that are sent with it.

use crate::metrics::definition::definitions;

definitions! {
    /// A learning number.
    Number;
    Cases "cases" "all cases" "all cases" "count(incidents in a review, reviews of no incident)" "cases";
    RecurrenceRate "recurrence_rate" "cases with a known trait" "those that share one with an earlier review" "count(shares a trait with a review whose subject began earlier) ÷ count(has a trait)" "ratio";
    AfterPublicationRate "after_publication_rate" "cases with a known trait" "those that recurred after publication" "count(the latest earlier review that shares a trait was published by then) ÷ count(has a trait)" "ratio";
    TraitRecurrenceRate "trait_recurrence_rate" "cases with a trait of the kind" "those that share one with an earlier review" "count(shares a trait of the kind with a review whose subject began earlier) ÷ count(has a trait of the kind)" "ratio";
    TimeToRecurrence "time_to_recurrence" "when the latest earlier review's subject began" "the case's instant" "instant − began_at of the latest earlier review that shares a trait" "seconds";
    Effects "improvement_effects" "evaluated improvement measures" "their last verdicts" "count(improvement measures by last_verdict)" "measures";
}
