//! The command line: `debrief serve` and what surrounds it.

use std::process::ExitCode;

use clap::Parser as _;
use debrief::cli::{Cli, run};

#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("debrief: {error:#}");
            ExitCode::FAILURE
        }
    }
}
