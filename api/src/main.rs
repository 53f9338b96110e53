//! The command line: `debrief serve` and what surrounds it.

use std::process::ExitCode;

use clap::Parser as _;
use debrief::cli::{Cli, run};

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
