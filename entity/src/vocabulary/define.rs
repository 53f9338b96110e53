//! The macro that turns one definition of a vocabulary into its enum with every derive it needs.

/// Defines the vocabularies of a file, and `ENTRIES`, which lists them.
///
/// Literals are matched as `tt`: a `literal` fragment reaches utoipa inside an invisible group, in
/// which it does not find the renamed value.
macro_rules! vocabulary {
    ($(
        $(#[doc = $doc:tt])+
        pub enum $name:ident: $vocabulary:tt from $source:tt {
            $( $variant:ident = $value:tt, $label:tt, $description:tt; )+
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(
                Clone,
                Copy,
                Debug,
                PartialEq,
                Eq,
                Hash,
                PartialOrd,
                Ord,
                sea_orm::EnumIter,
                sea_orm::DeriveActiveEnum,
                serde::Serialize,
                serde::Deserialize,
                utoipa::ToSchema,
            )]
            #[sea_orm(rs_type = "String", db_type = "Text")]
            #[schema(
                description = crate::vocabulary::schema_description::<Self>(),
                example = crate::vocabulary::schema_example::<Self>
            )]
            pub enum $name {
                $(
                    #[doc = $description]
                    #[sea_orm(string_value = $value)]
                    #[serde(rename = $value)]
                    $variant,
                )+
            }

            impl $name {
                const fn term(self) -> &'static crate::vocabulary::Term {
                    &<Self as crate::vocabulary::Vocabulary>::TERMS[self as usize]
                }

                /// What is sent and stored.
                pub const fn as_str(self) -> &'static str {
                    self.term().value
                }

                /// What a person reads.
                pub const fn label(self) -> &'static str {
                    self.term().label
                }

                /// What it means, in one sentence.
                pub const fn description(self) -> &'static str {
                    self.term().description
                }
            }

            impl crate::vocabulary::Vocabulary for $name {
                const NAME: &'static str = $vocabulary;
                const DESCRIPTION: &'static str = concat!($($doc),+).trim_ascii();
                const SOURCE: &'static str = $source;
                const TERMS: &'static [crate::vocabulary::Term] = &[
                    $(
                        crate::vocabulary::Term {
                            value: $value,
                            label: $label,
                            description: $description,
                        },
                    )+
                ];
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.pad(self.as_str())
                }
            }

            impl std::str::FromStr for $name {
                type Err = crate::vocabulary::UnknownTerm;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    match text {
                        $( $value => Ok(Self::$variant), )+
                        _ => Err(crate::vocabulary::UnknownTerm {
                            vocabulary: $vocabulary,
                            value: text.to_owned(),
                        }),
                    }
                }
            }
        )+

        /// The vocabularies of this file.
        pub(super) const ENTRIES: &[crate::vocabulary::VocabularyEntry] =
            &[$( crate::vocabulary::VocabularyEntry::of::<$name>() ),+];

        #[cfg(test)]
        mod representations {
            #[test]
            fn every_representation_of_a_term_agrees() {
                $( crate::vocabulary::tests::representations_agree::<super::$name>(); )+
            }
        }
    };
}

pub(super) use vocabulary;
