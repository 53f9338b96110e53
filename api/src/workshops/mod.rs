//! Workshops: the sessions of a review, from the plan to the minutes; who is invited and came; the
//! neutral facilitator; the calendar file; what a follow-up carries over. What a session goes
//! through is the feature `sessions`.

pub mod body;
pub mod calendar;
pub mod calendar_file;
pub mod carry_over;
pub mod facilitator;
pub mod facts;
pub mod http;
pub mod input;
pub mod invitations;
pub mod life;
pub mod list;
pub mod neutrality;
pub mod policy;
pub mod presence;
pub mod readiness;
pub mod rules;
pub mod searched;
pub mod service;
pub mod steps;
pub mod store;
pub mod view;
