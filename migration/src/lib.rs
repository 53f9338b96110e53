//! Schema history. Each migration stands for itself: none imports an entity, none is ever edited.

pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

use sea_orm_migration::prelude::*;

mod columns;
mod m20261123_000001_create_foundation;
mod m20261123_000002_create_incidents;
mod m20261123_000003_create_reviews;
mod m20261123_000004_create_revisions;
mod m20261123_000005_create_events;
mod m20261123_000006_create_findings;
mod m20261123_000007_create_actions;
mod m20261123_000008_create_review_snapshots;
mod m20261123_000010_rotate_keys_and_search_audit;
mod m20261123_000011_link_findings;
mod m20261125_000001_create_decisions_and_communications;
mod m20261125_000002_create_assessments;
mod m20261125_000003_create_impacts;
mod m20261125_000004_create_recommendations;
mod m20261125_000005_create_lessons;
mod m20261125_000006_create_documents;
mod m20261125_000007_create_gaps;
mod m20261125_000008_create_calendars_and_policies;
mod m20261125_000009_snapshot_policies;
mod m20261125_000010_create_deadlines;
mod m20261125_000011_create_obligations;
mod m20261125_000012_create_workshops;
mod m20261125_000013_create_invitations;
mod m20261125_000014_carry_actions_over;
mod m20261125_000016_create_search;
mod m20261125_000020_link_incident_techniques;
mod m20261125_000021_create_improvement_measures;
mod m20261125_000022_count_evidence_and_keep_spells;
mod m20261125_000030_create_contributions;
mod m20261125_000030_create_feedback;
mod m20261125_000031_create_briefings;
mod m20261125_000040_index_outcomes_of_actions;
mod m20261125_000061_create_wording_acknowledgements;
mod m20261125_000062_index_unsettled_feedback;
mod m20261125_000063_keep_withdrawn_invitations;
mod m20261126_000001_keep_who_implemented;

/// The migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_foundation::Migration),
            Box::new(m20261123_000002_create_incidents::Migration),
            Box::new(m20261123_000003_create_reviews::Migration),
            Box::new(m20261123_000004_create_revisions::Migration),
            Box::new(m20261123_000005_create_events::Migration),
            Box::new(m20261123_000006_create_findings::Migration),
            Box::new(m20261123_000008_create_review_snapshots::Migration),
            Box::new(m20261123_000010_rotate_keys_and_search_audit::Migration),
            Box::new(m20261123_000007_create_actions::Migration),
            Box::new(m20261123_000011_link_findings::Migration),
            Box::new(m20261125_000004_create_recommendations::Migration),
            Box::new(m20261125_000005_create_lessons::Migration),
            Box::new(m20261125_000006_create_documents::Migration),
            Box::new(m20261125_000007_create_gaps::Migration),
            Box::new(m20261125_000012_create_workshops::Migration),
            Box::new(m20261125_000013_create_invitations::Migration),
            Box::new(m20261125_000014_carry_actions_over::Migration),
            Box::new(m20261125_000001_create_decisions_and_communications::Migration),
            Box::new(m20261125_000002_create_assessments::Migration),
            Box::new(m20261125_000003_create_impacts::Migration),
            Box::new(m20261125_000016_create_search::Migration),
            Box::new(m20261125_000008_create_calendars_and_policies::Migration),
            Box::new(m20261125_000009_snapshot_policies::Migration),
            Box::new(m20261125_000010_create_deadlines::Migration),
            Box::new(m20261125_000011_create_obligations::Migration),
            Box::new(m20261125_000020_link_incident_techniques::Migration),
            Box::new(m20261125_000021_create_improvement_measures::Migration),
            Box::new(m20261125_000022_count_evidence_and_keep_spells::Migration),
            Box::new(m20261125_000030_create_contributions::Migration),
            Box::new(m20261125_000040_index_outcomes_of_actions::Migration),
            Box::new(m20261125_000061_create_wording_acknowledgements::Migration),
            Box::new(m20261125_000030_create_feedback::Migration),
            Box::new(m20261125_000031_create_briefings::Migration),
            Box::new(m20261126_000001_keep_who_implemented::Migration),
            Box::new(m20261125_000062_index_unsettled_feedback::Migration),
            Box::new(m20261125_000063_keep_withdrawn_invitations::Migration),
        ]
    }
}
