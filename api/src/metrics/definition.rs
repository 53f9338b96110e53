//! What a number means, sent with the number.

use serde::Serialize;
use utoipa::ToSchema;

/// What a metric measures, from where to where, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MetricDefinition {
    /// Its name.
    #[schema(example = "time_to_contain")]
    pub name: String,
    /// Where it starts: a milestone, an instant or the records it counts among.
    #[schema(example = "detected")]
    pub from: String,
    /// Where it stops: a milestone, an instant or the records it counts.
    #[schema(example = "contained")]
    pub to: String,
    /// How it is computed.
    #[schema(example = "contained − detected")]
    pub formula: String,
    /// Unit of every value: `seconds`, `days`, `ratio`, or what is counted.
    #[schema(example = "seconds")]
    pub unit: &'static str,
}

/// Defines the numbers of a family: name, from, to, formula and unit of each.
macro_rules! definitions {
    ($(#[doc = $doc:literal])+ $family:ident; $($variant:ident $name:literal $from:literal $to:literal $formula:literal $unit:literal;)+) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $family { $($variant,)+ }

        impl $family {
            /// What it means.
            pub(super) fn definition(self) -> $crate::metrics::definition::MetricDefinition {
                let (name, from, to, formula, unit) = match self {
                    $(Self::$variant => ($name, $from, $to, $formula, $unit),)+
                };
                $crate::metrics::definition::MetricDefinition {
                    name: name.to_owned(),
                    from: from.to_owned(),
                    to: to.to_owned(),
                    formula: formula.to_owned(),
                    unit,
                }
            }
        }

        #[cfg(test)]
        mod names {
            #[test]
            fn no_two_numbers_have_one_name() {
                let mut names = vec![$($name,)+];
                let all = names.len();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), all);
            }
        }
    };
}
pub(super) use definitions;
