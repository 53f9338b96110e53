//! Queries as pairs of texts, which have to be encoded as forms are.

use crate::kernel::error::{Code, Error, Fault, Result};

/// The names and values of a query, or every one that is encoded wrongly.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let (mut pairs, mut faults) = (Vec::new(), Vec::new());
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (decoded(name), decoded(value)) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            (known, _) => faults.push(Fault::parameter(
                known.unwrap_or_else(|| name.to_owned()),
                "malformed",
                "is not percent-encoded UTF-8",
            )),
        }
    }
    if faults.is_empty() {
        return Ok(pairs);
    }
    Err(Error::from(
        Code::InvalidParameter
            .because("a parameter is encoded wrongly")
            .with_faults(faults),
    ))
}

/// A text without its encoding: `+` is a space, `%` and two hexadecimal digits are a byte.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn digit(character: u8) -> Option<u8> {
    let value = char::from(character).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_apart_and_decoded_once() {
        let read = pairs("q=a+b%2Bc%2520&&empty=&bare&na%6De=%E2%82%AC&q==").expect("a query");
        let read: Vec<_> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let expected = [
            ("q", "a b+c%20"),
            ("empty", ""),
            ("bare", ""),
            ("name", "€"),
            ("q", "="),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_encoded_wrongly_is_named() {
        for wrong in ["%ff", "%zz", "%4", "%", "a%+1", "%c3", "%+f"] {
            for query in [
                format!("limit=1&q={wrong}"),
                format!("limit=1&q%20={wrong}"),
            ] {
                let Err(Error::Refused(refusal)) = pairs(&query) else {
                    panic!("{query} was read");
                };
                assert_eq!(refusal.code, Code::InvalidParameter);
                let name = refusal.faults[0].parameter.as_deref();
                assert_eq!(name.map(str::trim), Some("q"), "{query}");
                assert_eq!(refusal.faults.len(), 1);
            }
        }
    }
}
