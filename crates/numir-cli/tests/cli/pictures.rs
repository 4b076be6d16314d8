//! Arrays as PNG files, decoded again.

use crate::support::Folder;
use png::ColorType;
use std::io::Cursor;

const SAME: &str = "def same(x):\n    return x\n";

fn decoded(folder: &Folder) -> (ColorType, u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(folder.read("x.png"))).read_info().expect("a PNG file");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a small picture")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    (info.color_type, info.width, info.height, pixels)
}

#[test]
fn grey_goes_from_the_smallest_to_the_largest() {
    let folder = Folder::with_program(SAME);
    folder.run(&["same", "[[-1, 0, 1], [0.5, inf, -inf]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder), (ColorType::Grayscale, 3, 2, vec![0, 128, 255, 191, 255, 0]));
    folder.run(&["same", "[[True, False]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder).3, [255, 0]);
    folder.run(&["same", "[[7, 7]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder).3, [128, 128]);
    folder.run(&["same", "[[-1e308, 1e308]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder).3, [0, 255]);
}

#[test]
fn nan_is_transparent() {
    let folder = Folder::with_program(SAME);
    folder.run(&["same", "[[0, nan, 1]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder), (ColorType::GrayscaleAlpha, 3, 1, vec![0, 255, 0, 0, 255, 255]));
    folder.run(&["same", "[[0, 1, nan]]", "-o", "x.png", "--colormap", "magma"]);
    assert_eq!(decoded(&folder), (ColorType::Rgba, 3, 1, vec![0, 0, 4, 255, 0xfc, 0xfd, 0xbf, 255, 0, 0, 4, 0]));
    folder.run(&["same", "[[nan, nan]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder).3, [128, 0, 128, 0]);
}

#[test]
fn colour_maps_start_and_end_where_they_should() {
    let folder = Folder::with_program(SAME);
    for (name, ends) in [
        ("grey", [[0, 0, 0], [255, 255, 255]]),
        ("viridis", [[0x44, 0x01, 0x54], [0xfd, 0xe7, 0x25]]),
        ("magma", [[0, 0, 4], [0xfc, 0xfd, 0xbf]]),
        ("terrain", [[0x2a, 0x4d, 0x9c], [255, 255, 255]]),
    ] {
        folder.run(&["same", "[[0, 1]]", "-o", "x.png", "--colormap", name]);
        let (color, _, _, pixels) = decoded(&folder);
        let expected = if color == ColorType::Grayscale { vec![0, 255] } else { ends.concat() };
        assert_eq!(pixels, expected, "{name}");
    }
    assert_eq!(folder.numir(&["run", "p.py", "same", "[[0]]", "--colormap", "jet"]).code, Some(2));
}

#[test]
fn three_channels_are_colours() {
    let folder = Folder::with_program(
        "from numir import uint8\ndef same(x):\n    return x\ndef u(x: uint8[:, :, :]):\n    return x\n",
    );
    folder.run(&["same", "[[[0, 0.5, 1], [2, -1, nan]]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder), (ColorType::Rgb, 2, 1, vec![0, 128, 255, 255, 0, 0]));
    folder.run(&["u", "[[[1, 2, 3, 4]]]", "-o", "x.png"]);
    assert_eq!(decoded(&folder), (ColorType::Rgba, 1, 1, vec![1, 2, 3, 4]));
    assert!(folder.refused(&["same", "[[[1, 2, 3]]]", "-o", "x.png"]).contains("int64 values are no colours"));
}

#[test]
fn what_is_no_picture_is_refused() {
    let folder = Folder::with_program(SAME);
    for (array, words) in [
        ("[1, 2]", "an array of shape (2,) is no picture"),
        ("[[[1.0, 2.0]]]", "an array of shape (1, 1, 2) is no picture"),
        ("[[1j]]", "complex128 values are no colours"),
        ("[[]]", "an array of shape (1, 0) has no pixels"),
    ] {
        let refused = folder.refused(&["same", array, "-o", "x.png"]);
        assert!(refused.contains(words), "{refused}");
    }
    assert_eq!(folder.names(), ["p.py"]);
}
