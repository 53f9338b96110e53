//! What the service promises, asked over a real socket, on every database that is here.

mod access;
mod actions;
mod audit;
mod bodies;
mod command;
mod document;
mod engines;
mod events;
mod events_batch;
mod events_lists;
mod findings;
mod generated;
mod idempotency;
mod identity;
mod incidents;
mod instances;
mod kill;
mod lifecycle;
mod metrics;
mod milestones;
mod outage;
mod participants;
mod routes;
mod start;
mod stop;
mod tokens;
