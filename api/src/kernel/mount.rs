//! Mounting routes: with their documentation where the document is made, without it in every
//! thread that serves, which would each make the whole of it for nothing.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig as Documented;

/// Where a feature's routes go.
#[derive(Debug)]
pub struct ServiceConfig<'a, 'b>(Target<'a, 'b>);

enum Target<'a, 'b> {
    Served(&'a mut web::ServiceConfig),
    Documented(&'a mut Documented<'b>),
}

impl std::fmt::Debug for Target<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Served(_) => "Served",
            Self::Documented(_) => "Documented",
        })
    }
}

impl<'a, 'b> ServiceConfig<'a, 'b> {
    /// Mounts what is served.
    pub fn served(config: &'a mut web::ServiceConfig) -> Self {
        Self(Target::Served(config))
    }

    /// Collects what is documented.
    pub fn documented(config: &'a mut Documented<'b>) -> Self {
        Self(Target::Documented(config))
    }

    /// Mounts an operation.
    pub fn service<F>(&mut self, operation: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match &mut self.0 {
            Target::Served(config) => {
                config.service(operation);
            }
            Target::Documented(config) => {
                config.service(operation);
            }
        }
        self
    }

    /// Mounts what a feature has.
    pub fn configure(&mut self, routes: impl FnOnce(&mut ServiceConfig<'_, '_>)) -> &mut Self {
        match &mut self.0 {
            Target::Served(config) => routes(&mut ServiceConfig::served(config)),
            Target::Documented(config) => routes(&mut ServiceConfig::documented(config)),
        }
        self
    }

    /// Mounts what stands below a path.
    pub fn scope(
        &mut self,
        path: &str,
        routes: impl FnOnce(&mut ServiceConfig<'_, '_>),
    ) -> &mut Self {
        match &mut self.0 {
            Target::Served(config) => {
                let below = |config: &mut _| routes(&mut ServiceConfig::served(config));
                config.service(web::scope(path).configure(below));
            }
            Target::Documented(config) => {
                let below = |config: &mut Documented<'_>| {
                    routes(&mut ServiceConfig::documented(config));
                };
                config.service(utoipa_actix_web::scope(path).configure(below));
            }
        }
        self
    }
}
