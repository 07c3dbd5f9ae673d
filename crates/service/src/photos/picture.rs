//! The pictures that readers get: each photo is drawn again, without its metadata.
//!
//! A phone's photo records where it was taken and by which phone, and often contains a second, uncropped
//! picture. Readers therefore never get a copy of its bytes: it is decoded and encoded again, so that only
//! the picture remains.

use std::io::Cursor;

use exif::{Exif, In, Tag, Value};
use geometry::LonLat;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use serde::{Deserialize, Serialize};

/// Maximum pixels of a photo: the largest phone photos worth keeping have 50 million.
const MOST_PIXELS: u64 = 64_000_000;

/// Maximum memory of a decoder.
const MOST_ALLOC: u64 = 512 << 20;

/// The longer side of the displayed picture and of its thumbnail, in pixels.
const VIEW: u32 = 2_560;
const THUMBNAIL: u32 = 320;

/// JPEG quality, 1 to 100.
const QUALITY: u8 = 85;

/// The pictures of a photo for readers, and its metadata.
pub struct Picture {
    /// JPEG.
    pub view: Vec<u8>,
    /// JPEG.
    pub thumbnail: Vec<u8>,
    /// The metadata of its EXIF.
    pub facts: Facts,
}

/// The metadata of a photo, for managers who review the record; other readers never get it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Width in pixels, in display orientation.
    pub width: u32,
    /// Height in pixels, in display orientation.
    pub height: u32,
    /// Where the photo claims to have been taken: longitude, latitude.
    pub taken_at: Option<[f64; 2]>,
    /// The camera's time, as text without a time zone.
    pub taken_on: Option<String>,
}

impl Facts {
    /// Returns where the photo claims to have been taken, if that is a valid position.
    pub fn place(&self) -> Option<LonLat> {
        let [lon, lat] = self.taken_at?;
        LonLat::new(lon, lat).ok()
    }
}

/// Draws a photo again.
///
/// # Errors
/// Why it is not a displayable JPEG, PNG or WebP picture.
pub fn draw(bytes: &[u8]) -> Result<Picture, String> {
    let told = |error: image::ImageError| format!("it cannot be read as a picture: {error}");
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| e.to_string())?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err("it is not a JPEG, PNG or WebP picture".to_owned());
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(told)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(format!("it has {width} x {height} pixels; the limit is {MOST_PIXELS}"));
    }
    let orientation = decoder.orientation().map_err(told)?;
    let exif = decoder.exif_metadata().ok().flatten();
    let exif = exif.and_then(|raw| exif::Reader::new().read_raw(raw).ok());
    let mut picture = DynamicImage::from_decoder(decoder).map_err(told)?;
    picture.apply_orientation(orientation);
    let facts = Facts {
        width: picture.width(),
        height: picture.height(),
        taken_at: exif.as_ref().and_then(position),
        taken_on: exif.as_ref().and_then(instant),
    };
    let view = within(picture, VIEW);
    let thumbnail = within(view.clone(), THUMBNAIL);
    Ok(Picture { view: jpeg(&view)?, thumbnail: jpeg(&thumbnail)?, facts })
}

fn within(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side {
        return picture;
    }
    picture.resize(side, side, FilterType::Triangle)
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let encoded = picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY));
    encoded.map_err(|error| format!("it cannot be drawn: {error}"))?;
    Ok(bytes)
}

/// Returns longitude and latitude in degrees (Exif 2.32, 4.6.6).
fn position(exif: &Exif) -> Option<[f64; 2]> {
    let degrees = |tag: Tag, of: Tag, negative: u8| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
        let size = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3_600.0;
        let Value::Ascii(letters) = &exif.get_field(of, In::PRIMARY)?.value else { return None };
        let is_negative = letters.first()?.first()?.eq_ignore_ascii_case(&negative);
        let degrees = if is_negative { -size } else { size };
        degrees.is_finite().then_some(degrees)
    };
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    Some([longitude, degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?])
}

fn instant(exif: &Exif) -> Option<String> {
    let field = exif.get_field(Tag::DateTimeOriginal, In::PRIMARY)?;
    Some(field.display_value().to_string().chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use exif::{Field, Rational, experimental::Writer};
    use image::RgbImage;

    use super::*;

    /// A JPEG with a red left and a blue right half, with EXIF orientation and position.
    fn photo(orientation: u16) -> Vec<u8> {
        let picture = RgbImage::from_fn(64, 32, |x, _| if x < 32 { [250, 0, 0] } else { [0, 0, 250] }.into());
        let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
        let parts = |d: u32, m: u32, s: u32| {
            Value::Rational(vec![(d, 1).into(), (m, 1).into(), Rational { num: s, denom: 100 }])
        };
        let fields = [
            field(Tag::Orientation, Value::Short(vec![orientation])),
            field(Tag::Make, Value::Ascii(vec![b"SECRETPHONE".to_vec()])),
            field(Tag::DateTimeOriginal, Value::Ascii(vec![b"2023:09:01 10:11:12".to_vec()])),
            field(Tag::GPSLongitude, parts(46, 17, 4_560)),
            field(Tag::GPSLongitudeRef, Value::Ascii(vec![b"E".to_vec()])),
            field(Tag::GPSLatitude, parts(39, 42, 396)),
            field(Tag::GPSLatitudeRef, Value::Ascii(vec![b"N".to_vec()])),
        ];
        let mut writer = Writer::new();
        for field in &fields {
            writer.push_field(field);
        }
        let mut exif = Cursor::new(Vec::new());
        writer.write(&mut exif, false).unwrap();
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif.into_inner()).unwrap();
        picture.write_with_encoder(encoder).unwrap();
        bytes
    }

    fn shown(bytes: &[u8]) -> RgbImage {
        image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap().to_rgb8()
    }

    #[test]
    fn a_picture_is_shown_upright_and_nothing_that_came_with_it_is_in_what_is_shown() {
        let original = photo(6);
        assert!(original.windows(11).any(|bytes| bytes == b"SECRETPHONE"));
        let picture = draw(&original).unwrap();
        for bytes in [&picture.view, &picture.thumbnail] {
            assert!(!bytes.windows(4).any(|bytes| bytes == b"Exif" || bytes == b"SECR"));
        }
        // Rotated by 90 degrees: the left half is on top.
        let view = shown(&picture.view);
        assert_eq!((view.width(), view.height()), (32, 64));
        assert!(view.get_pixel(16, 5).0[0] > 200 && view.get_pixel(16, 60).0[2] > 200);
        assert_eq!((picture.facts.width, picture.facts.height), (32, 64));
        let [lon, lat] = picture.facts.taken_at.unwrap();
        assert!((lon - 46.296).abs() < 1e-6 && (lat - 39.701_1).abs() < 1e-6, "{lon}, {lat}");
        assert_eq!(picture.facts.taken_on.as_deref(), Some("2023-09-01 10:11:12"));
    }

    #[test]
    fn what_is_no_picture_is_told_as_such() {
        for bytes in [b"GIF89a".as_slice(), b"", b"%PDF-1.7", &photo(1)[..200], b"\xff\xd8\xff\xe0"] {
            assert!(draw(bytes).is_err());
        }
        let mut png = Cursor::new(Vec::new());
        DynamicImage::new_rgba8(400, 20).write_to(&mut png, ImageFormat::Png).unwrap();
        let picture = draw(png.get_ref()).unwrap();
        assert_eq!(shown(&picture.thumbnail).dimensions(), (320, 16));
        assert_eq!(picture.facts.taken_at, None);
    }
}
