//! Colour maps for pictures of 2-D arrays: a few anchors each, linear in between.

use clap::ValueEnum;

/// A colour map by its name on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colormap {
    /// Black to white.
    #[default]
    Grey,
    /// Violet over green to yellow; perceptually even.
    Viridis,
    /// Black over red to pale yellow; perceptually even.
    Magma,
    /// Deep water over green lowland and brown mountains to snow.
    Terrain,
}

type Rgb = [u8; 3];

const fn rgb(hex: u32) -> Rgb {
    [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8]
}

const GREY: [Rgb; 2] = [rgb(0x000000), rgb(0xffffff)];

const VIRIDIS: [Rgb; 9] = [
    rgb(0x440154),
    rgb(0x472d7b),
    rgb(0x3b528b),
    rgb(0x2c728e),
    rgb(0x21918c),
    rgb(0x28ae80),
    rgb(0x5ec962),
    rgb(0xaddc30),
    rgb(0xfde725),
];

const MAGMA: [Rgb; 9] = [
    rgb(0x000004),
    rgb(0x1d1147),
    rgb(0x51127c),
    rgb(0x832681),
    rgb(0xb73779),
    rgb(0xe75263),
    rgb(0xfc8961),
    rgb(0xfec488),
    rgb(0xfcfdbf),
];

const TERRAIN: [Rgb; 7] =
    [rgb(0x2a4d9c), rgb(0x3f8fd0), rgb(0x3fa66b), rgb(0xa9c96b), rgb(0xe3d18c), rgb(0x8a5f3c), rgb(0xffffff)];

impl Colormap {
    fn anchors(self) -> &'static [Rgb] {
        match self {
            Self::Grey => &GREY,
            Self::Viridis => &VIRIDIS,
            Self::Magma => &MAGMA,
            Self::Terrain => &TERRAIN,
        }
    }

    /// Its colours for 256 evenly spaced values.
    pub fn table(self) -> [Rgb; 256] {
        let anchors = self.anchors();
        std::array::from_fn(|index| {
            let place = index as f64 / 255.0 * (anchors.len() - 1) as f64;
            let left = (place as usize).min(anchors.len() - 2);
            let part = place - left as f64;
            std::array::from_fn(|channel| {
                let [from, to] = [left, left + 1].map(|anchor| f64::from(anchors[anchor][channel]));
                (from + part * (to - from)).round() as u8
            })
        })
    }
}
