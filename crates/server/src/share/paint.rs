//! Turns a drawing into a PNG, with the fonts in this program and no others, so that every machine paints the same.

use std::sync::{Arc, LazyLock};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

use crate::http::problem::{Answer, Problem};

/// Inter with Latin, Azerbaijani and Cyrillic letters; see `data/README.md`.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../../../data/fonts/Inter-Regular.ttf"),
    include_bytes!("../../../../data/fonts/Inter-Bold.ttf"),
];

static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in FONTS {
        fonts.load_font_data(font.to_vec());
    }
    Arc::new(fonts)
});

/// Paints an SVG document of this size. It takes a processor for some 30 ms.
///
/// # Errors
/// 500 when the document is not valid: it is always one of our own.
pub fn png(svg: &str, (width, height): (u32, u32)) -> Answer<Vec<u8>> {
    let options =
        Options { fontdb: Arc::clone(&DATABASE), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|e| Problem::internal(&e))?;
    let mut pixels =
        Pixmap::new(width, height).ok_or_else(|| Problem::internal(&"a picture without a size"))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| Problem::internal(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(text: &str) -> Pixmap {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><text x="8" y="30" font-size="30" font-family="Inter">{text}</text></svg>"#
        );
        Pixmap::decode_png(&png(&svg, (60, 40)).unwrap()).unwrap()
    }

    #[test]
    fn every_letter_of_the_languages_has_a_shape_of_its_own() {
        let missing = painted("\u{4e00}");
        for letter in "AZaz09əƏğĞıİöÖşŞüÜçÇАЯаяёЁъы–…·".chars() {
            let drawn = painted(&letter.to_string());
            assert!(drawn.pixels().iter().any(|pixel| pixel.alpha() > 0), "{letter} is empty");
            assert!(drawn != missing, "{letter} is missing");
        }
    }
}
