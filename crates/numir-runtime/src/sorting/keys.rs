//! What numbers are ordered by: unsigned integers of their size.

/// Items that are sorted by digits of a key. Of equal keys the order does not matter.
pub(super) trait Keyed: Copy {
    /// The bits of the key that count.
    const BITS: u32;
    /// What is compared.
    type Order: Ord + Copy + 'static;

    fn key(&self) -> Self::Order;
    /// The bits of the key from one on, as far as there is room.
    fn digits(self, from: u32) -> usize;
}

/// A number as its bits, with what it is ordered by.
pub(super) trait Key: Keyed {
    /// That alone.
    type Plain: Keyed<Order = Self::Order> + From<Self::Order>;
    /// That with a place.
    type Placed: Placed<Self::Order>;
    /// Those that several numbers have in common.
    const ALIKE: &'static [Self::Order];

    /// The number; of those that are alike, the usual one.
    fn of(order: Self::Order) -> Self;
    /// Whether it is another one than that.
    fn is_odd(self) -> bool;
}

/// What a number is ordered by, and its place.
pub(super) trait Placed<O>: Keyed {
    fn of(order: O, place: u32) -> Self;
    fn place(self) -> u32;
}

/// An unsigned number.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Unsigned<B>(B);

/// A number with a sign, in two's complement.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Signed<B>(B);

/// An IEEE number.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Float<B>(B);

/// An order of up to 32 bits above a place.
#[derive(Clone, Copy)]
pub(super) struct Short<const BITS: u32>(u64);

/// An order of 64 bits and a place.
#[derive(Clone, Copy)]
pub(super) struct Long(u64, u32);

macro_rules! integers {
    ($($bits:ident $placed:ty;)*) => {$(
        impl Keyed for Unsigned<$bits> {
            const BITS: u32 = $bits::BITS;
            type Order = $bits;

            #[inline(always)]
            fn key(&self) -> $bits {
                self.0
            }

            #[inline(always)]
            fn digits(self, from: u32) -> usize {
                (self.0 >> from) as usize
            }
        }

        impl From<$bits> for Unsigned<$bits> {
            #[inline(always)]
            fn from(order: $bits) -> Self {
                Self(order)
            }
        }

        impl Key for Unsigned<$bits> {
            type Plain = Self;
            type Placed = $placed;
            const ALIKE: &'static [$bits] = &[];

            #[inline(always)]
            fn of(order: $bits) -> Self {
                Self(order)
            }

            #[inline(always)]
            fn is_odd(self) -> bool {
                false
            }
        }

        impl Keyed for Signed<$bits> {
            const BITS: u32 = $bits::BITS;
            type Order = $bits;

            #[inline(always)]
            fn key(&self) -> $bits {
                self.0 ^ (1 << ($bits::BITS - 1))
            }

            #[inline(always)]
            fn digits(self, from: u32) -> usize {
                (self.key() >> from) as usize
            }
        }

        impl Key for Signed<$bits> {
            type Plain = Unsigned<$bits>;
            type Placed = $placed;
            const ALIKE: &'static [$bits] = &[];

            #[inline(always)]
            fn of(order: $bits) -> Self {
                Self(order ^ (1 << ($bits::BITS - 1)))
            }

            #[inline(always)]
            fn is_odd(self) -> bool {
                false
            }
        }
    )*};
}

integers! {
    u8 Short<8>;
    u16 Short<16>;
    u32 Short<32>;
    u64 Long;
}

macro_rules! floats {
    ($($bits:ident $infinity:literal $placed:ty;)*) => {$(
        impl Keyed for Float<$bits> {
            const BITS: u32 = $bits::BITS;
            type Order = $bits;

            /// Negative numbers are turned round, the two zeros are one, and so are all NaN.
            #[inline(always)]
            fn key(&self) -> $bits {
                const SIGN: $bits = 1 << ($bits::BITS - 1);
                let magnitude = self.0 & !SIGN;
                let positive = SIGN + magnitude;
                let order = if self.0 & SIGN == 0 { positive } else { SIGN - magnitude };
                if magnitude > $infinity { $bits::MAX } else { order }
            }

            #[inline(always)]
            fn digits(self, from: u32) -> usize {
                (self.key() >> from) as usize
            }
        }

        impl Key for Float<$bits> {
            type Plain = Unsigned<$bits>;
            type Placed = $placed;
            const ALIKE: &'static [$bits] = &[1 << ($bits::BITS - 1), $bits::MAX];

            #[inline(always)]
            fn of(order: $bits) -> Self {
                const SIGN: $bits = 1 << ($bits::BITS - 1);
                // A quiet NaN.
                const NAN: $bits = $infinity | ($infinity & !($infinity << 1)) >> 1;
                let bits = if order & SIGN == 0 { SIGN | (SIGN - order) } else { order - SIGN };
                Self(if order == $bits::MAX { NAN } else { bits })
            }

            #[inline(always)]
            fn is_odd(self) -> bool {
                Self::of(self.key()).0 != self.0
            }
        }
    )*};
}

floats! {
    u16 0x7C00 Short<16>;
    u32 0x7F80_0000 Short<32>;
    u64 0x7FF0_0000_0000_0000 Long;
}

impl<const BITS: u32> Keyed for Short<BITS> {
    const BITS: u32 = BITS;
    type Order = u64;

    /// Places are in order, too.
    #[inline(always)]
    fn key(&self) -> u64 {
        self.0
    }

    #[inline(always)]
    fn digits(self, from: u32) -> usize {
        (self.0 >> (32 + from)) as usize
    }
}

impl<const BITS: u32, O: Into<u64>> Placed<O> for Short<BITS> {
    #[inline(always)]
    fn of(order: O, place: u32) -> Self {
        Self(order.into() << 32 | u64::from(place))
    }

    #[inline(always)]
    fn place(self) -> u32 {
        self.0 as u32
    }
}

impl Keyed for Long {
    const BITS: u32 = 64;
    type Order = (u64, u32);

    #[inline(always)]
    fn key(&self) -> (u64, u32) {
        (self.0, self.1)
    }

    #[inline(always)]
    fn digits(self, from: u32) -> usize {
        (self.0 >> from) as usize
    }
}

impl Placed<u64> for Long {
    #[inline(always)]
    fn of(order: u64, place: u32) -> Self {
        Self(order, place)
    }

    #[inline(always)]
    fn place(self) -> u32 {
        self.1
    }
}

/// Does something for the type `K` of a class (0 without a sign, 1 with one, 2 for floats) and a size in bytes.
macro_rules! dispatch {
    ($class:expr, $size:expr, $key:ident => $done:expr) => {{
        use $crate::sorting::keys::{Float, Signed, Unsigned};
        macro_rules! by {
            ($number:ty) => {{
                type $key = $number;
                $done
            }};
        }
        match ($class, $size) {
            (0, 1) => by!(Unsigned<u8>),
            (0, 2) => by!(Unsigned<u16>),
            (0, 4) => by!(Unsigned<u32>),
            (0, _) => by!(Unsigned<u64>),
            (1, 1) => by!(Signed<u8>),
            (1, 2) => by!(Signed<u16>),
            (1, 4) => by!(Signed<u32>),
            (1, _) => by!(Signed<u64>),
            (_, 2) => by!(Float<u16>),
            (_, 4) => by!(Float<u32>),
            (_, _) => by!(Float<u64>),
        }
    }};
}

pub(super) use dispatch;
