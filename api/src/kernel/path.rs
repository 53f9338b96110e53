//! The steps of paths.

/// A step of a path without its percent-encoding; bytes that are not UTF-8 fit no schema.
pub fn decoded(step: &str) -> String {
    let mut rest = step.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((&first, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|_| first == b'%');
        let code =
            code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = code.map_or(behind, |_| &behind[2..]);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| "\0".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_a_path_is_decoded_once() {
        for (step, expected) in [
            ("SEC-1042", "SEC-1042"),
            ("a%20b%2Fc", "a b/c"),
            ("%25%32%46", "%2F"),
            ("100%", "100%"),
            ("%zz%4", "%zz%4"),
            ("%E2%82%AC", "€"),
            ("%ff", "\0"),
        ] {
            assert_eq!(decoded(step), expected, "{step}");
        }
    }
}
