//! Arrays as PNG pictures: 2-D by a colour map from the smallest to the largest value, 3-D (rows, columns, 3 or 4) as RGB(A).

use crate::colormap::Colormap;
use crate::numbers::real_numbers;
use numir_runtime::Array;
use numir_runtime::array::shape_text;
use numir_runtime::dtype::{DType, Kind};
use std::io::{self, Write};

/// Why an array is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not (rows, columns), not (rows, columns, 3) nor (rows, columns, 4).
    #[error(
        "an array of shape {0} is no picture: a PNG takes (rows, columns), (rows, columns, 3) or (rows, columns, 4)"
    )]
    Shape(String),
    /// Nothing to see.
    #[error("an array of shape {0} has no pixels")]
    Empty(String),
    /// Complex numbers, or a type whose range of colours is not clear.
    #[error("{0} values are no colours: {1}")]
    Type(&'static str, &'static str),
}

/// A picture, ready to be written.
pub struct Picture {
    width: u32,
    height: u32,
    color: png::ColorType,
    pixels: Vec<u8>,
}

impl Picture {
    /// Makes a picture of an array.
    pub fn of(array: &Array, colormap: Colormap) -> Result<Self, PictureError> {
        let shape = array.shape();
        let shown = || shape_text(shape);
        let (rows, columns) = match shape {
            [rows, columns] | [rows, columns, 3 | 4] => (*rows, *columns),
            _ => return Err(PictureError::Shape(shown())),
        };
        if rows == 0 || columns == 0 {
            return Err(PictureError::Empty(shown()));
        }
        let extent = |extent: usize| u32::try_from(extent).map_err(|_| PictureError::Shape(shown()));
        let (height, width) = (extent(rows)?, extent(columns)?);
        if array.dtype().kind() == Kind::Complex {
            return Err(PictureError::Type(array.dtype().name(), "return abs(z) or the real part"));
        }
        let (color, pixels) = match shape {
            [_, _, 3] => (png::ColorType::Rgb, colors(array)?),
            [_, _, 4] => (png::ColorType::Rgba, colors(array)?),
            _ => mapped(array, colormap),
        };
        Ok(Self { width, height, color, pixels })
    }

    /// Writes it as PNG.
    pub fn write(&self, file: impl Write) -> io::Result<()> {
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_color(self.color);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        Ok(writer.finish()?)
    }
}

/// The smallest and the largest finite value; (0, 0) where there is none.
fn range(values: &[f64]) -> (f64, f64) {
    let finite = values.iter().filter(|value| value.is_finite());
    let (low, high) =
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

/// One pixel per item. NaN is transparent; infinities are the ends of the map.
fn mapped(array: &Array, colormap: Colormap) -> (png::ColorType, Vec<u8>) {
    let values = real_numbers(array);
    let (low, high) = range(&values);
    let table = colormap.table();
    let grey = colormap == Colormap::Grey;
    let transparent = values.iter().any(|value| value.is_nan());
    let color = match (grey, transparent) {
        (true, false) => png::ColorType::Grayscale,
        (true, true) => png::ColorType::GrayscaleAlpha,
        (false, false) => png::ColorType::Rgb,
        (false, true) => png::ColorType::Rgba,
    };
    let channels = if grey { 1 } else { 3 };
    let mut pixels = Vec::with_capacity(values.len() * color.samples());
    for value in values {
        // A constant array is shown in the middle of the map. Halves keep the span of extreme values finite.
        let part = if low == high { 0.5 } else { (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) };
        // The conversion sends NaN to 0.
        let index = (part.clamp(0.0, 1.0) * 255.0).round() as usize;
        pixels.extend_from_slice(&table[index][..channels]);
        if transparent {
            pixels.push(if value.is_nan() { 0 } else { 255 });
        }
    }
    (color, pixels)
}

/// The items as channels: uint8 as they are, floats from 0 to 1, truth values as all or nothing.
fn colors(array: &Array) -> Result<Vec<u8>, PictureError> {
    match array.dtype() {
        DType::UInt8 => Ok(array.to_bytes()),
        dtype if matches!(dtype.kind(), Kind::Float | Kind::Bool) => {
            // The conversion sends NaN to 0.
            let channel = |value: &f64| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
            Ok(real_numbers(array).iter().map(channel).collect())
        }
        dtype => Err(PictureError::Type(dtype.name(), "channels are uint8, or floats from 0.0 to 1.0")),
    }
}
