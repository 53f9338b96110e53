//! What the service promises, asked over a real socket, on every database that is here.

mod access;
mod actions;
mod bodies;
mod document;
mod engines;
mod findings;
mod generated;
mod participants;
mod routes;
