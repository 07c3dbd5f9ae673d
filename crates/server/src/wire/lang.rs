//! The languages of the page, and their formats. `web/src/shared/text` has the same for the page itself.

use std::str::FromStr;

use jiff::civil::Date;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Azerbaijani.
    Az,
    /// Russian.
    Ru,
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let of_word = Self::ALL.into_iter().find(|lang| lang.word() == word);
        of_word.ok_or_else(|| "is not en, az or ru".to_owned())
    }
}

const MONTHS: [[&str; 12]; 3] = [
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    ["yan", "fev", "mar", "apr", "may", "iyn", "iyl", "avq", "sen", "okt", "noy", "dek"],
    ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
];

impl Lang {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::En, Self::Az, Self::Ru];

    /// Returns the code of the language.
    pub fn word(self) -> &'static str {
        self.of(["en", "az", "ru"])
    }

    /// Returns the code with its country, as `og:locale` has it.
    pub fn locale(self) -> &'static str {
        self.of(["en_GB", "az_AZ", "ru_RU"])
    }

    /// Chooses from texts in the order of the languages.
    pub fn of<T: Copy>(self, texts: [T; 3]) -> T {
        texts[self as usize]
    }

    /// Formats a number with grouped digits.
    pub fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let separator = self.of([",", ".", "\u{a0}"]);
        let mut grouped = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push_str(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// Formats a share of 0 to 1 in per cent; one below all is never 100 %, one above none never 0 %.
    pub fn percent(self, share: f64) -> String {
        let honest = if share <= 0.0 || share >= 1.0 { share } else { share.clamp(0.01, 0.99) };
        let n = (honest * 100.0).round();
        format!("{n}{}%", self.of(["", "", "\u{a0}"]))
    }

    /// Formats a day.
    pub fn day(self, day: Date) -> String {
        let month = self.of(MONTHS)[usize::from(day.month().unsigned_abs()) - 1];
        format!("{} {month} {}", day.day(), day.year())
    }

    /// The name of the language in itself.
    pub fn own_name(self) -> &'static str {
        self.of(["English", "Azərbaycanca", "Русский"])
    }

    /// The sentence at the foot of every map.
    pub fn notice(self) -> &'static str {
        self.of([
            "Shows what has been recorded. No record does not mean no danger.",
            "Yalnız qeydə alınanları göstərir. Qeydin olmaması təhlükənin olmaması demək deyil.",
            "Показано только учтённое. Отсутствие записей не означает отсутствия опасности.",
        ])
    }

    /// The link to the map.
    pub fn open(self) -> &'static str {
        self.of(["Open the map", "Xəritəni aç", "Открыть карту"])
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_and_days_are_written_as_on_the_page() {
        let of = |lang: Lang| {
            (lang.number(1_234_567), lang.number(999), lang.percent(0.996), lang.day(date(2023, 9, 19)))
        };
        let text =
            |a: &str, b: &str, c: &str, d: &str| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned());
        assert_eq!(of(Lang::En), text("1,234,567", "999", "99%", "19 Sep 2023"));
        assert_eq!(of(Lang::Az), text("1.234.567", "999", "99%", "19 sen 2023"));
        assert_eq!(of(Lang::Ru), text("1\u{a0}234\u{a0}567", "999", "99\u{a0}%", "19 сен 2023"));
        assert_eq!(
            (Lang::En.percent(0.0), Lang::En.percent(1.0), Lang::En.percent(0.001)),
            ("0%".into(), "100%".into(), "1%".into())
        );
    }
}
