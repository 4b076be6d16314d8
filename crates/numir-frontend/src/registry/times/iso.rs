//! Dates written as text, as NumPy reads ISO 8601: `2000`, `2000-01-31`, `2000-01-31T05:06:07.123`.

use numir_runtime::dates::Unit;

/// A moment, to the precision that was written.
pub(super) struct Moment {
    /// The finest unit that was written.
    pub unit: Unit,
    year: i64,
    month: i64,
    /// Days since the beginning of 1970.
    day: i128,
    /// 10⁻¹⁸ s since the day began.
    attos: i128,
}

/// Why a text is no date.
pub(super) enum Error {
    /// It cannot be read from here.
    At(usize),
    /// A part is not in its range.
    Range(&'static str),
    /// It is read by NumPy, but not here.
    Unsupported(&'static str),
}

const ATTOS: i128 = 1_000_000_000_000_000_000;

impl Moment {
    /// What it is in a unit, rounded down; wraps at 64 bits.
    pub fn count(&self, unit: Unit) -> i64 {
        let day = 86_400 * ATTOS;
        let seconds = match unit {
            Unit::Year => return self.year - 1970,
            Unit::Month => return (self.year - 1970).wrapping_mul(12).wrapping_add(self.month - 1),
            Unit::Week => 7 * 86_400,
            Unit::Day => 86_400,
            Unit::Hour => 3600,
            Unit::Minute => 60,
            _ => 1,
        };
        let of_unit = match unit {
            Unit::Milli => ATTOS / 1000,
            Unit::Micro => ATTOS / 1_000_000,
            Unit::Nano => ATTOS / 1_000_000_000,
            Unit::Pico => 1_000_000,
            Unit::Femto => 1000,
            Unit::Atto => 1,
            _ => seconds * ATTOS,
        };
        // Only the count wraps, in 64 bits; what is divided does not exceed 128.
        if of_unit >= day {
            return self.day.div_euclid(of_unit / day) as i64;
        }
        (self.day.wrapping_mul(day / of_unit)).wrapping_add(self.attos / of_unit) as i64
    }
}

/// Reads digits one after the other.
struct Reader<'t> {
    text: &'t [u8],
    place: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.place).copied()
    }

    fn eat(&mut self, letters: &[u8]) -> bool {
        let found = self.peek().is_some_and(|letter| letters.contains(&letter));
        self.place += usize::from(found);
        found
    }

    /// As many digits as there are, up to a number of them.
    fn digits(&mut self, most: usize) -> &[u8] {
        let from = self.place;
        while self.place - from < most && self.peek().is_some_and(|letter| letter.is_ascii_digit()) {
            self.place += 1;
        }
        &self.text[from..self.place]
    }

    /// A number of two digits in a range.
    fn two(&mut self, part: &'static str, range: std::ops::RangeInclusive<i64>) -> Result<i64, Error> {
        let from = self.place;
        let digits = self.digits(2);
        let number = digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
        if digits.len() < 2 {
            return Err(Error::At(from));
        }
        if range.contains(&number) { Ok(number) } else { Err(Error::Range(part)) }
    }

    fn is_done(&self) -> bool {
        self.place == self.text.len()
    }
}

/// The moment that a text names.
pub(super) fn parse(text: &str) -> Result<Moment, Error> {
    let start = text.len() - text.trim_ascii_start().len();
    if matches!(text.trim().to_ascii_lowercase().as_str(), "now" | "today") {
        return Err(Error::Unsupported("np.datetime64 of the time of now: pass it as an argument"));
    }
    let mut reader = Reader { text: text.as_bytes(), place: start };
    let negative = reader.peek() == Some(b'-');
    reader.eat(b"+-");
    let digits = reader.digits(16);
    if digits.is_empty() {
        return Err(Error::At(reader.place));
    }
    let year = digits.iter().fold(0, |year, digit| year * 10 + i64::from(digit - b'0'));
    let year = if negative { -year } else { year };
    let mut moment = Moment { unit: Unit::Year, year, month: 1, day: days(year, 1, 1), attos: 0 };
    if reader.is_done() {
        return Ok(moment);
    }
    if !reader.eat(b"-") {
        return Err(Error::At(reader.place));
    }
    moment.month = reader.two("Month", 1..=12)?;
    moment.day = days(year, moment.month, 1);
    moment.unit = Unit::Month;
    if reader.is_done() {
        return Ok(moment);
    }
    if !reader.eat(b"-") {
        return Err(Error::At(reader.place));
    }
    let length = days(year + moment.month / 12, moment.month % 12 + 1, 1) - moment.day;
    moment.day += i128::from(reader.two("Day", 1..=length as i64)? - 1);
    moment.unit = Unit::Day;
    if reader.is_done() {
        return Ok(moment);
    }
    if !reader.eat(b"T ") {
        return Err(Error::At(reader.place));
    }
    clock(&mut reader, &mut moment)?;
    match reader.peek() {
        None => Ok(moment),
        Some(b'Z' | b'+' | b'-') => Err(Error::Unsupported("a time zone in a date: NumPy's dates have none")),
        Some(_) => Err(Error::At(reader.place)),
    }
}

/// Hours, minutes, seconds and a fraction, of which the later ones may be left out.
fn clock(reader: &mut Reader<'_>, moment: &mut Moment) -> Result<(), Error> {
    moment.attos = i128::from(reader.two("Hours", 0..=23)?) * 3600 * ATTOS;
    moment.unit = Unit::Hour;
    if !reader.eat(b":") {
        return Ok(());
    }
    moment.attos += i128::from(reader.two("Minutes", 0..=59)?) * 60 * ATTOS;
    moment.unit = Unit::Minute;
    if !reader.eat(b":") {
        return Ok(());
    }
    moment.attos += i128::from(reader.two("Seconds", 0..=59)?) * ATTOS;
    moment.unit = Unit::Second;
    if !reader.eat(b".") {
        return Ok(());
    }
    let digits = reader.digits(18);
    let fraction = digits.iter().fold(0, |fraction, digit| fraction * 10 + i128::from(digit - b'0'));
    moment.attos += fraction * 10_i128.pow(18 - digits.len() as u32);
    moment.unit = match digits.len() {
        0..=3 => Unit::Milli,
        4..=6 => Unit::Micro,
        7..=9 => Unit::Nano,
        10..=12 => Unit::Pico,
        13..=15 => Unit::Femto,
        _ => Unit::Atto,
    };
    Ok(())
}

/// Days from the beginning of 1970 to a date.
fn days(year: i64, month: i64, day: i64) -> i128 {
    // Years begin with March here: a leap day is a year's last.
    let month = i128::from(month) + 9;
    let year = i128::from(year) - 1 + month / 12;
    let of_year = (153 * (month % 12) + 2) / 5;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + of_year + i128::from(day) - 1 - 719_468
}
