//! How large JSON is, told from its text before anything is made of it.

/// How deep a body may nest.
const MAX_DEPTH: usize = 32;
/// How many values an ordinary body may hold, and an event of a batch.
pub const MAX_VALUES: usize = 50_000;

/// The extent of a text of JSON. Of what is no JSON it says something or other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// How deep it nests.
    pub depth: usize,
    /// How many values it holds, itself and empty containers counted twice.
    pub values: usize,
    /// How many items or fields its outermost container has.
    pub items: usize,
}

impl Extent {
    /// Of a text.
    pub fn of(text: &[u8]) -> Self {
        let mut extent = Self {
            depth: 0,
            values: 1,
            items: 1,
        };
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        for byte in text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'[' | b'{' if !in_string => {
                    depth += 1;
                    extent.depth = extent.depth.max(depth);
                    extent.values += 1;
                }
                b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
                b',' if !in_string => {
                    extent.values += 1;
                    extent.items += usize::from(depth == 1);
                }
                _ => {}
            }
        }
        extent
    }

    /// Why it is too large to be read, if it is.
    pub fn excess(self, most_values: usize) -> Option<String> {
        if self.depth > MAX_DEPTH {
            return Some(format!("bodies may nest {MAX_DEPTH} levels at most"));
        }
        let too_many = self.values > most_values;
        too_many.then(|| format!("bodies may hold {most_values} values at most"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_text_is_counted_and_what_is_in_its_strings_is_not() {
        for (text, depth, values, items) in [
            ("7", 0, 1, 1),
            ("[]", 1, 2, 1),
            ("[1,2,3]", 1, 4, 3),
            (r#"{"a":[1,{"b":2}],"c":"[{,\\\"[,"}"#, 3, 6, 2),
            ("]]],", 0, 2, 1),
        ] {
            let expected = Extent {
                depth,
                values,
                items,
            };
            assert_eq!(Extent::of(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn what_exceeds_is_told() {
        let nested = "[".repeat(MAX_DEPTH + 1);
        let told = Extent::of(nested.as_bytes()).excess(MAX_VALUES);
        assert_eq!(told.as_deref(), Some("bodies may nest 32 levels at most"));
        let told = |text: &str| Extent::of(text.as_bytes()).excess(4);
        assert_eq!(told("[1,2,3]"), None);
        let many = "bodies may hold 4 values at most";
        assert_eq!(told("[1,2,3,4]").as_deref(), Some(many));
    }
}
