//! Improvement measures: what is compared, which way it should go, what the comparison shows.

use super::define::vocabulary;

vocabulary! {
    /// What kind of number an improvement measure compares.
    pub enum MeasureMetric: "measure_metric" from "Debrief" {
        IncidentCount = "incident_count", "Incident count",
            "How many incidents there are in 30 days.";
        ResponseDuration = "response_duration", "Response duration",
            "The median of a duration of the response to incidents.";
    }

    /// Which way a number should go.
    pub enum DesiredChange: "desired_change" from "Debrief" {
        Decrease = "decrease", "Decrease",
            "The improvement is meant to make it smaller.";
        Increase = "increase", "Increase",
            "The improvement is meant to make it larger.";
    }

    /// What the comparison of a time before with a time after shows.
    pub enum MeasureVerdict: "measure_verdict" from "Debrief" {
        Improved = "improved", "Improved",
            "It went the way that was desired, by more than chance explains.";
        NoChange = "no_change", "No change",
            "It stayed within what counts as no change, as surely as the numbers can tell.";
        Worse = "worse", "Worse",
            "It went the other way, by more than chance explains.";
        Inconclusive = "inconclusive", "Inconclusive",
            "There are too few incidents to tell a change from chance.";
    }
}
