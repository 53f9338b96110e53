//! Mounting routes: with their documentation where the document is made, without it in every
//! thread that serves, which would each make the whole of it for nothing.

use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::guard::{Guard, fn_guard};
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig as Documented;

/// What a request asks for, as the gate found it.
///
/// The router compares a path with one pattern after the other. So each operation stands behind a
/// guard that knows it by its name, and each section of the document behind one for all of it: of all
/// patterns, one is compared.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The section of the document: the operation's tag.
    pub section: Arc<str>,
    /// The operation's id: the name of its handler.
    pub operation: Arc<str>,
}

impl Asked {
    fn guard(is_meant: impl Fn(&Self) -> bool + 'static) -> impl Guard {
        fn_guard(move |context| context.req_data().get::<Self>().is_some_and(&is_meant))
    }
}

/// The name of a handler, which is that of the type that the macros make of it.
fn name_of<F>() -> &'static str {
    let path = std::any::type_name::<F>();
    path.rsplit("::").next().unwrap_or(path)
}

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
                let name = name_of::<F>();
                let guard = Asked::guard(move |asked| &*asked.operation == name);
                config.service(web::scope("").guard(guard).service(operation));
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

    /// Mounts the operations of a section of the document, which all have its name as their tag.
    pub fn section(
        &mut self,
        name: &'static str,
        routes: impl FnOnce(&mut ServiceConfig<'_, '_>),
    ) -> &mut Self {
        match &mut self.0 {
            Target::Served(config) => {
                let below = |config: &mut _| routes(&mut ServiceConfig::served(config));
                let guard = Asked::guard(move |asked| &*asked.section == name);
                config.service(web::scope("").guard(guard).configure(below));
            }
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
