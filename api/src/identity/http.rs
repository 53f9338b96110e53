//! Routes of identity; each resource has its bodies and handlers in a file of its own.

pub mod keys;
pub mod me;
pub mod organizations;
pub mod token;

use crate::kernel::mount::ServiceConfig;

/// Mounts the routes of the API.
pub fn routes(config: &mut ServiceConfig<'_, '_>) {
    config
        .configure(me::routes)
        .configure(keys::routes)
        .configure(organizations::routes);
}

/// Mounts the routes that stand outside the API and need no credential.
pub fn public_routes(config: &mut ServiceConfig<'_, '_>) {
    config.configure(token::routes);
}
