//! The subscripts of `np.einsum`: which label stands at which axis, by NumPy's rules and in its words where they are wrong.

/// What an axis is called: a letter, or the number of one that `...` stands for.
pub(super) type Label = char;

/// The labels of each operand's axes, and those of the result.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Subscripts {
    pub operands: Vec<Vec<Label>>,
    pub output: Vec<Label>,
}

/// The labels of one operand or of the output, and before which of them `...` stands.
struct Term {
    labels: Vec<Label>,
    ellipsis: Option<usize>,
}

/// What subscripts mean for operands of these numbers of axes. The error is the message of a ValueError.
pub(super) fn parse(text: &str, ranks: &[usize]) -> Result<Subscripts, String> {
    let mut rest: Vec<char> = text.chars().collect();
    let mut terms = Vec::with_capacity(ranks.len());
    for (number, rank) in ranks.iter().enumerate() {
        let length = rest.iter().position(|sign| matches!(sign, ',' | '-')).unwrap_or(rest.len());
        let goes_on = rest.get(length) == Some(&',');
        let is_last = number + 1 == ranks.len();
        if goes_on == is_last {
            let which = if is_last { "more" } else { "fewer" };
            return Err(format!(
                "{which} operands provided to einstein sum function than specified in the subscripts string"
            ));
        }
        terms.push(operand(&rest[..length], number, *rank)?);
        rest.drain(..length + usize::from(goes_on));
    }
    let broadcast = terms.iter().zip(ranks).map(|(term, rank)| rank - term.labels.len()).max().unwrap_or(0);
    let output = match rest.as_slice() {
        [] => implicit(&terms, broadcast),
        ['-', '>', output @ ..] => explicit(output, &terms, broadcast)?,
        _ => return Err("einstein sum subscript string does not contain proper '->' output specified".into()),
    };
    let whole = |(term, rank): (&Term, &usize)| {
        let missing = rank - term.labels.len();
        with_broadcast(term, broadcast - missing..broadcast)
    };
    Ok(Subscripts { operands: terms.iter().zip(ranks).map(whole).collect(), output })
}

/// The labels of a term, with those of the axes that `...` stands for.
fn with_broadcast(term: &Term, broadcast: std::ops::Range<usize>) -> Vec<Label> {
    let Some(place) = term.ellipsis else { return term.labels.clone() };
    let (before, behind) = term.labels.split_at(place);
    before.iter().copied().chain(broadcast.filter_map(numbered)).chain(behind.iter().copied()).collect()
}

/// The label of an axis that `...` stands for.
fn numbered(number: usize) -> Option<Label> {
    u32::try_from(number).ok().and_then(char::from_u32)
}

fn operand(signs: &[char], number: usize, rank: usize) -> Result<Term, String> {
    let too_many = || format!("einstein sum subscripts string contains too many subscripts for operand {number}");
    let mut term = Term { labels: Vec::new(), ellipsis: None };
    let mut signs = signs.iter();
    while let Some(sign) = signs.next() {
        match sign {
            ' ' => {}
            letter if letter.is_ascii_alphabetic() => {
                if term.labels.len() == rank {
                    return Err(too_many());
                }
                term.labels.push(*letter);
            }
            '.' => {
                if term.ellipsis.is_some() || !matches!(signs.as_slice(), ['.', '.', ..]) {
                    return Err(format!(
                        "einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...') in \
                         operand {number}"
                    ));
                }
                signs.nth(1);
                term.ellipsis = Some(term.labels.len());
            }
            other => return Err(invalid(*other)),
        }
    }
    if term.ellipsis.is_none() && term.labels.len() < rank {
        return Err(
            "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided \
                    to broadcast the extra dimensions."
                .into(),
        );
    }
    Ok(term)
}

fn invalid(sign: char) -> String {
    format!("invalid subscript '{sign}' in einstein sum subscripts string, subscripts must be letters")
}

/// Without `->`: the axes of `...`, and the letters that stand once, by the alphabet.
fn implicit(terms: &[Term], broadcast: usize) -> Vec<Label> {
    let all: Vec<Label> = terms.iter().flat_map(|term| term.labels.iter().copied()).collect();
    let mut once: Vec<Label> =
        all.iter().copied().filter(|label| all.iter().filter(|other| *other == label).count() == 1).collect();
    once.sort_unstable();
    (0..broadcast).filter_map(numbered).chain(once).collect()
}

fn explicit(signs: &[char], terms: &[Term], broadcast: usize) -> Result<Vec<Label>, String> {
    let mut term = Term { labels: Vec::new(), ellipsis: None };
    let mut signs = signs.iter();
    while let Some(sign) = signs.next() {
        match sign {
            ' ' => {}
            letter if letter.is_ascii_alphabetic() => {
                if term.labels.contains(letter) {
                    return Err(format!(
                        "einstein sum subscripts string includes output subscript '{letter}' multiple times"
                    ));
                }
                if !terms.iter().any(|term| term.labels.contains(letter)) {
                    return Err(format!(
                        "einstein sum subscripts string included output subscript '{letter}' which never appeared in an input"
                    ));
                }
                term.labels.push(*letter);
            }
            '.' => {
                if term.ellipsis.is_some() || !matches!(signs.as_slice(), ['.', '.', ..]) {
                    return Err(
                        "einstein sum subscripts string contains a '.' that is not part of an ellipsis ('...') in \
                                the output"
                            .into(),
                    );
                }
                signs.nth(1);
                term.ellipsis = Some(term.labels.len());
            }
            other => return Err(invalid(*other)),
        }
    }
    if term.ellipsis.is_none() && broadcast > 0 {
        return Err(
            "output has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to \
                    broadcast the extra dimensions."
                .into(),
        );
    }
    Ok(with_broadcast(&term, 0..broadcast))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, ranks: &[usize]) -> String {
        match parse(text, ranks) {
            Err(message) => message,
            Ok(found) => {
                let spelt = |labels: &Vec<Label>| -> String {
                    labels.iter().map(|label| if label.is_ascii_alphabetic() { *label } else { '*' }).collect()
                };
                let operands: Vec<String> = found.operands.iter().map(spelt).collect();
                format!("{}->{}", operands.join(","), spelt(&found.output))
            }
        }
    }

    #[test]
    fn what_is_right() {
        assert_eq!(parsed("ij,jk", &[2, 2]), "ij,jk->ik");
        assert_eq!(parsed("b a", &[2]), "ba->ab");
        assert_eq!(parsed("ii", &[2]), "ii->");
        assert_eq!(parsed("i...,...j -> ...ij", &[3, 2]), "i**,*j->**ij");
        assert_eq!(parsed("...", &[0]), "->");
        assert_eq!(parsed("Bb", &[2]), "Bb->Bb");
    }

    #[test]
    fn what_is_wrong() {
        for (text, ranks, message) in [
            ("ij,jk", &[2][..], "more operands provided"),
            ("ij", &[2, 2], "fewer operands provided"),
            ("i", &[2], "operand has more dimensions"),
            ("ijk", &[2], "too many subscripts for operand 0"),
            ("i$", &[2], "invalid subscript '$'"),
            ("i,j.", &[1, 1], "in operand 1"),
            ("i-", &[1], "proper '->' output"),
            ("i->ii", &[1], "'i' multiple times"),
            ("i->j", &[1], "'j' which never appeared"),
            ("...->", &[1], "output has more dimensions"),
            ("i->i..", &[1], "in the output"),
        ] {
            assert!(parsed(text, ranks).contains(message), "{text}: {}", parsed(text, ranks));
        }
    }
}
