//! NumPy's dates and spans of time: what they count, and how units meet and convert into each other.
//!
//! Both are integers of 64 bits that count units: a date from the beginning of 1970, a span from nothing. The least integer is
//! NaT, not a time.

/// What a date or a span counts, from the coarsest to the finest; [`Unit::Generic`] is a unit that is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Unit {
    /// Years of the calendar.
    Year = 0,
    /// Months of the calendar.
    Month = 1,
    /// Weeks, from Thursday on.
    Week = 2,
    /// Days.
    Day = 3,
    /// Hours.
    Hour = 4,
    /// Minutes.
    Minute = 5,
    /// Seconds.
    Second = 6,
    /// 10⁻³ s.
    Milli = 7,
    /// 10⁻⁶ s.
    Micro = 8,
    /// 10⁻⁹ s.
    Nano = 9,
    /// 10⁻¹² s.
    Pico = 10,
    /// 10⁻¹⁵ s.
    Femto = 11,
    /// 10⁻¹⁸ s.
    Atto = 12,
    /// None said.
    Generic = 13,
}

/// How one unit becomes another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// The counts are the same.
    Same,
    /// Times the first over the second, rounded down.
    Ratio(i64, i64),
    /// A date in years or months begins with a day; its number times the first over the second, rounded down.
    FromCalendar(Unit, i64, i64),
    /// A date times the first over the second, rounded down, is a day, which lies in a year or month.
    ToCalendar(i64, i64, Unit),
}

impl Unit {
    /// All units, in the order of their codes.
    pub const ALL: [Self; 14] = [
        Self::Year,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Milli,
        Self::Micro,
        Self::Nano,
        Self::Pico,
        Self::Femto,
        Self::Atto,
        Self::Generic,
    ];

    /// NumPy's letters: `D`, `ms`.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        const LETTERS: [&str; 14] = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"];
        LETTERS[self as usize]
    }

    /// The unit that NumPy calls so.
    #[must_use]
    pub fn from_letters(letters: &str) -> Option<Self> {
        let letters = if letters == "μs" { "us" } else { letters };
        Self::ALL.into_iter().find(|unit| unit.letters() == letters)
    }

    /// Whether its length differs from one to the next.
    const fn is_of_calendar(self) -> bool {
        matches!(self, Self::Year | Self::Month)
    }

    /// How many of the next finer unit it has, from weeks on.
    const fn in_next(self) -> i128 {
        match self {
            Self::Week => 7,
            Self::Day => 24,
            Self::Hour | Self::Minute => 60,
            _ => 1000,
        }
    }

    /// How many of a finer unit there are in one, from weeks on; None beyond the 56 bits that NumPy allows.
    fn count_of(self, finer: Self) -> Option<i128> {
        let count = Self::ALL.into_iter().filter(|unit| (self..finer).contains(unit)).map(Self::in_next).product();
        (count < 1 << 56).then_some(count)
    }

    /// How a count of this unit becomes one of another; None where NumPy's factor between them overflows. Of spans, years and
    /// months are as long as they are on average.
    #[must_use]
    pub fn convert(self, to: Self, is_span: bool) -> Option<Conversion> {
        if self == to || self == Self::Generic || to == Self::Generic {
            return Some(Conversion::Same);
        }
        let (coarse, fine) = (self.min(to), self.max(to));
        if coarse.is_of_calendar() && !fine.is_of_calendar() && !is_span {
            return Some(if self < to {
                let (numerator, denominator) = Self::Day.ratio(to)?;
                Conversion::FromCalendar(self, numerator, denominator)
            } else {
                let (numerator, denominator) = self.ratio(Self::Day)?;
                Conversion::ToCalendar(numerator, denominator, to)
            });
        }
        let (numerator, denominator) = self.ratio(to)?;
        Some(Conversion::Ratio(numerator, denominator))
    }

    /// The factor between two units as a fraction in lowest terms; None where it overflows, as NumPy sees it.
    fn ratio(self, to: Self) -> Option<(i64, i64)> {
        if self > to {
            return to.ratio(self).map(|(numerator, denominator)| (denominator, numerator));
        }
        let (numerator, denominator) = match (self, to) {
            (Self::Year, Self::Month) => (12, 1),
            (Self::Year | Self::Month, Self::Week) => (146_097, if self == Self::Year { 2800 } else { 33_600 }),
            (Self::Year | Self::Month, to) if to > Self::Month => {
                (146_097 * Self::Day.count_of(to)?, if self == Self::Year { 400 } else { 4800 })
            }
            _ => (self.count_of(to)?, 1),
        };
        let common = greatest_common_divisor(numerator, denominator);
        Some(((numerator / common) as i64, (denominator / common) as i64))
    }

    /// The unit in which two meet: the finer one. None where NumPy finds none: the factor between them overflows.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Generic, one) | (one, Self::Generic) => Some(one),
            (left, right) => left.convert(right, true).map(|_| left.max(right)),
        }
    }

    /// Whether spans of the two can be compared: those of the calendar have no fixed length in others.
    #[must_use]
    pub fn is_comparable(self, other: Self) -> bool {
        self == Self::Generic || other == Self::Generic || self.is_of_calendar() == other.is_of_calendar()
    }
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// A type of dates (`datetime64`) or spans of time (`timedelta64`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    /// Whether it is a span.
    pub is_span: bool,
    /// What is counted.
    pub unit: Unit,
}

/// Where the codes of dates begin among those of dtypes; spans follow 16 behind.
const FIRST_CODE: u8 = 32;

impl Time {
    /// The least integer: not a time.
    pub const NAT: i64 = i64::MIN;

    /// Dates of a unit.
    #[must_use]
    pub const fn date(unit: Unit) -> Self {
        Self { is_span: false, unit }
    }

    /// Spans of a unit.
    #[must_use]
    pub const fn span(unit: Unit) -> Self {
        Self { is_span: true, unit }
    }

    /// All types.
    pub fn all() -> impl Iterator<Item = Self> {
        [false, true].into_iter().flat_map(|is_span| Unit::ALL.map(|unit| Self { is_span, unit }))
    }

    pub(crate) const fn code(self) -> u8 {
        FIRST_CODE + self.unit as u8 + if self.is_span { 16 } else { 0 }
    }

    pub(crate) fn from_code(code: i64) -> Option<Self> {
        Self::all().find(|time| i64::from(time.code()) == code)
    }

    /// NumPy's name: `datetime64[D]`, and `datetime64` without a unit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        const NAMES: [[&str; 14]; 2] = [
            [
                "datetime64[Y]",
                "datetime64[M]",
                "datetime64[W]",
                "datetime64[D]",
                "datetime64[h]",
                "datetime64[m]",
                "datetime64[s]",
                "datetime64[ms]",
                "datetime64[us]",
                "datetime64[ns]",
                "datetime64[ps]",
                "datetime64[fs]",
                "datetime64[as]",
                "datetime64",
            ],
            [
                "timedelta64[Y]",
                "timedelta64[M]",
                "timedelta64[W]",
                "timedelta64[D]",
                "timedelta64[h]",
                "timedelta64[m]",
                "timedelta64[s]",
                "timedelta64[ms]",
                "timedelta64[us]",
                "timedelta64[ns]",
                "timedelta64[ps]",
                "timedelta64[fs]",
                "timedelta64[as]",
                "timedelta64",
            ],
        ];
        NAMES[self.is_span as usize][self.unit as usize]
    }

    /// The type of a name, as NumPy writes it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::named(name, ["datetime64", "timedelta64"])
    }

    /// The type of a name in short, as `M8[D]`.
    #[must_use]
    pub fn from_short(name: &str) -> Option<Self> {
        Self::named(name, ["M8", "m8"])
    }

    fn named(name: &str, [date, span]: [&str; 2]) -> Option<Self> {
        let (kind, unit) = match name.split_once('[') {
            Some((kind, rest)) => (kind, Unit::from_letters(rest.strip_suffix(']')?)?),
            None => (name, Unit::Generic),
        };
        match kind {
            kind if kind == date => Some(Self::date(unit)),
            kind if kind == span => Some(Self::span(unit)),
            _ => None,
        }
    }

    /// The type in which two of one kind meet; None where there is none.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        let meets = self.is_span == other.is_span && (!self.is_span || self.unit.is_comparable(other.unit));
        meets.then(|| self.unit.common(other.unit).map(|unit| Self { unit, ..self })).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_read_back() {
        for time in Time::all() {
            assert_eq!(Time::from_name(time.name()), Some(time));
            assert_eq!(Time::from_code(i64::from(time.code())), Some(time));
        }
        assert_eq!(Time::from_short("m8[μs]"), Some(Time::span(Unit::Micro)));
        assert_eq!(Time::from_name("M8[25s]"), None);
        assert_eq!(Time::from_name("datetime64[D"), None);
    }

    #[test]
    fn factors_are_numpys() {
        let ratio = |from: Unit, to: Unit| from.convert(to, true);
        assert_eq!(ratio(Unit::Day, Unit::Second), Some(Conversion::Ratio(86_400, 1)));
        assert_eq!(ratio(Unit::Second, Unit::Week), Some(Conversion::Ratio(1, 604_800)));
        assert_eq!(ratio(Unit::Month, Unit::Day), Some(Conversion::Ratio(48_699, 1600)));
        assert_eq!(ratio(Unit::Day, Unit::Pico), None);
        assert_eq!(ratio(Unit::Minute, Unit::Femto), Some(Conversion::Ratio(60_000_000_000_000_000, 1)));
    }
}
