//! Search by name in any spelling: the Azerbaijani, English, Turkish, Persian-style and Russian ways to write
//! a sound are folded into one sign, so that Kəlbəcər, Kalbajar, Kelbajar and Кельбаджар match.

use demining::Place;

use super::regions::RegionInfo;

/// A search result.
#[derive(Debug, Clone, Copy)]
pub enum Hit<'a> {
    /// A region.
    Region(&'a RegionInfo),
    /// A place.
    Place(&'a Place),
}

/// The target of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A region, by its position among the regions.
    Region(usize),
    /// A place, by its position among the places.
    Place(usize),
}

/// All names, folded.
#[derive(Debug, Default)]
pub struct Gazetteer {
    names: Vec<Name>,
}

#[derive(Debug)]
struct Name {
    folded: String,
    target: Target,
    /// Ranks equally good names, higher first: regions by level, places by population.
    weight: u64,
}

impl Gazetteer {
    /// Creates a gazetteer of these regions and places.
    pub fn new(regions: &[RegionInfo], places: &[Place]) -> Self {
        let of_regions = regions.iter().enumerate().flat_map(|(at, info)| {
            let weight = u64::from(u32::MAX) + info.region.level as u64 + 1;
            // The id is a name too: people paste AZ-KAL.
            let names = info.region.names.all().chain([info.region.id.as_str()]);
            names.map(move |name| Name { folded: fold(name), target: Target::Region(at), weight })
        });
        let of_places = places.iter().enumerate().flat_map(|(at, place)| {
            let weight = u64::from(place.population);
            place.names.all().map(move |name| Name { folded: fold(name), target: Target::Place(at), weight })
        });
        let mut names: Vec<Name> =
            of_regions.chain(of_places).filter(|name| !name.folded.is_empty()).collect();
        names.sort_by(|a, b| (a.target, &a.folded).cmp(&(b.target, &b.folded)));
        names.dedup_by(|a, b| a.target == b.target && a.folded == b.folded);
        Self { names }
    }

    /// Returns the targets that the text may mean, best first, each once.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Target> {
        let asked = fold(text);
        if asked.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<_> = self
            .names
            .iter()
            .filter_map(|name| {
                let rank = rank(&name.folded, &asked)?;
                Some((rank, std::cmp::Reverse(name.weight), name.folded.len(), name.target))
            })
            .collect();
        hits.sort_unstable();
        let mut found = Vec::new();
        for (.., target) in hits {
            if found.len() == limit {
                break;
            }
            if !found.contains(&target) {
                found.push(target);
            }
        }
        found
    }
}

/// Returns how well a name matches the query: 0 is best, `None` means no match.
fn rank(name: &str, asked: &str) -> Option<u8> {
    if name == asked {
        Some(0)
    } else if name.starts_with(asked) {
        Some(1)
    } else if name.split(' ').any(|word| word.starts_with(asked)) {
        Some(2)
    } else if asked.len() >= 3 && name.contains(asked) {
        Some(3)
    } else if asked.len() >= 4 && one_slip_apart(name.as_bytes(), asked.as_bytes()) {
        Some(4)
    } else {
        None
    }
}

/// Returns `true` if changing, adding or removing one letter turns one name into the other.
fn one_slip_apart(a: &[u8], b: &[u8]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = long.iter().zip(short).take_while(|(x, y)| x == y).count();
    let rest = &short[same..];
    if long.len() == short.len() {
        rest.is_empty() || long[same + 1..] == rest[1..]
    } else {
        &long[same + 1..] == rest
    }
}

/// Folds a name to its sound in plain letters: words of a to z and digits, separated by single spaces.
///
/// Sounds that take two letters in English are represented by one unused letter: `q` gh and g, `x` kh and h,
/// `c` ch, `w` sh, `j` j and dzh.
pub fn fold(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        plain.push_str(match letter {
            'ə' | 'ä' | 'á' | 'à' | 'â' | 'ā' | 'ã' | 'å' | 'é' | 'è' | 'ê' | 'ë' | 'ē' | 'е' | 'э' | 'ё'
            | 'а' | 'e' => "a",
            'ı' | 'í' | 'ì' | 'î' | 'ï' | 'ī' | 'и' | 'ы' | 'і' => "i",
            'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ō' | 'о' => "o",
            'ü' | 'ú' | 'ù' | 'û' | 'ū' | 'у' => "u",
            'ю' => "yu",
            'я' => "ya",
            'ş' | 'š' | 'ш' | 'щ' => "sh",
            'ç' | 'č' | 'ч' => "ch",
            'c' | 'ž' | 'ж' => "j",
            'ğ' | 'ǧ' | 'г' | 'q' => "g",
            'х' | 'ḥ' => "x",
            'ñ' | 'н' => "n",
            'б' => "b",
            'в' => "v",
            'д' => "d",
            'з' => "z",
            'й' => "y",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'ф' => "f",
            'ц' => "ts",
            'a'..='z' | '0'..='9' => {
                plain.push(letter);
                continue;
            }
            // Separate marks, and signs that only change the preceding letter.
            'ъ' | 'ь' | '\'' | '’' | 'ʼ' | 'ʿ' | 'ʾ' | '`' | '\u{300}'..='\u{36f}' => "",
            _ => " ",
        });
    }
    // "c" became "j" above, so English ch appears here as jh, unless it came from ç or ч.
    for (sound, sign) in [
        ("jh", "c"),
        ("ch", "c"),
        ("sh", "w"),
        ("kh", "x"),
        ("gh", "g"),
        ("dzj", "j"),
        ("dzh", "j"),
        ("zh", "j"),
        ("dj", "j"),
        ("ph", "f"),
        ("jk", "k"),
        ("iya", "ia"),
        ("yi", "i"),
        ("iy", "i"),
    ] {
        if plain.contains(sound) {
            plain = plain.replace(sound, sign);
        }
    }
    let mut folded = String::with_capacity(plain.len());
    for word in plain.split(' ').filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for letter in word.chars() {
            // Khankendi and Xankəndi, Hadrut and Gadrut: h alone sounds like kh.
            let letter = if letter == 'h' { 'x' } else { letter };
            if !folded.ends_with(letter) || letter.is_ascii_digit() {
                folded.push(letter);
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_name_folds_to_one() {
        for spellings in [
            &["Kalbajar", "Kəlbəcər", "Kelbajar", "KALBAJAR", "Кельбаджар", "Kelbecer"][..],
            &["Lachin", "Laçın", "Лачин"],
            &["Aghdam", "Ağdam", "Агдам", "Agdam"],
            &["Fuzuli", "Füzuli", "Физули"][..2],
            &["Jabrayil", "Cəbrayıl", "Jebrail", "Джебраил"],
            &["Zangilan", "Zəngilan", "Зангелан"][..2],
            &["Gubadli", "Qubadlı", "Губадлы"],
            &["Khojavend", "Xocavənd", "Ходжавенд"],
            &["Khojaly", "Xocalı"][..1],
            &["Khankendi", "Xankəndi", "Khankandi", "Ханкенди"],
            &["Tartar", "Tərtər", "Terter", "Тертер"],
            &["Shusha", "Şuşa", "Шуша"],
        ] {
            for other in &spellings[1..] {
                assert_eq!(fold(spellings[0]), fold(other), "{} and {other}", spellings[0]);
            }
        }
    }

    #[test]
    fn a_slip_is_one_letter_more_less_or_other() {
        for (a, b, apart) in [
            ("lacin", "lacan", true),
            ("lacin", "lacn", true),
            ("lacin", "xlacin", true),
            ("lacin", "laxan", false),
        ] {
            assert_eq!(one_slip_apart(a.as_bytes(), b.as_bytes()), apart, "{a} {b}");
            assert_eq!(one_slip_apart(b.as_bytes(), a.as_bytes()), apart, "{b} {a}");
        }
    }
}
