//! The closed lists of values, as they are written in files, on the wire and in the store.

use std::{fmt, str::FromStr};

use crate::field::{Titles, Vocabulary, Words, titles};

/// A word that is not in a list of values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of {allowed}")]
pub struct UnknownValue {
    /// The word as it came.
    pub given: String,
    /// The words of the list, separated by commas.
    pub allowed: String,
}

macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal $(| $alias:literal)* $(: $titles:expr)?,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word for this value in files, on the wire and in the store.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The position in [`Self::ALL`].
            pub const fn index(self) -> usize {
                self as usize
            }
        }

        impl Vocabulary for $name {
            const WORDS: Words = Words {
                all: &[$($word,)+],
                titles: {
                    const TITLES: &[Titles] = &[$($($titles,)?)+];
                    TITLES
                },
                read: |given| given.parse().map(Self::index).map_err(|error| error.to_string()),
            };

            fn position(self) -> usize {
                self.index()
            }

            fn at(index: usize) -> Option<Self> {
                Self::ALL.get(index).copied()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = UnknownValue;

            /// Reads a word or one of its known spellings; case, and the choice of space,
            /// hyphen or underscore, do not matter.
            fn from_str(given: &str) -> Result<Self, UnknownValue> {
                // Most words come as they are written here.
                match given {
                    $($word => return Ok(Self::$variant),)+
                    _ => {}
                }
                let folded = given.trim().to_lowercase().replace([' ', '-'], "_");
                match folded.as_str() {
                    $($word $(| $alias)* => Ok(Self::$variant),)+
                    _ => Err(UnknownValue {
                        given: given.chars().take(80).collect(),
                        allowed: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}

values! {
    /// The category of explosive ordnance.
    Kind {
        /// Anti-personnel mine.
        ApMine = "ap_mine" | "ap" | "apm" | "anti_personnel" | "anti_personnel_mine" | "antipersonnel_mine",
        /// Anti-personnel mine of an improvised nature.
        ApMineImprovised = "ap_mine_improvised",
        /// Anti-vehicle mine, also called anti-tank.
        AvMine = "av_mine" | "av" | "avm" | "at" | "at_mine" | "atm" | "anti_tank" | "anti_tank_mine" | "antitank_mine" | "anti_vehicle" | "anti_vehicle_mine",
        /// Anti-vehicle mine of an improvised nature.
        AvMineImprovised = "av_mine_improvised" | "at_mine_improvised",
        /// Submunition of a cluster munition.
        Submunition = "submunition" | "cluster" | "cluster_munition" | "bomblet",
        /// Unexploded ordnance.
        Uxo = "uxo" | "unexploded_ordnance",
        /// Abandoned explosive ordnance.
        Axo = "axo" | "abandoned_explosive_ordnance",
        /// Booby trap.
        BoobyTrap = "booby_trap" | "boobytrap",
        /// Improvised explosive device.
        Ied = "ied" | "improvised_explosive_device",
        /// Small-arms ammunition.
        SmallArms = "small_arms" | "small_arms_ammunition" | "saa",
        /// Fuze.
        Fuze = "fuze" | "fuse",
        /// Anything else.
        Other = "other",
    }
}

values! {
    /// What became of a detection.
    Status {
        /// Found and not yet dealt with.
        Detected = "detected",
        /// Dealt with: it has a disposal with a date.
        Neutralised = "neutralised" | "neutralized",
        /// Proved to be none, a false alarm: it leaves every count and stays in the history.
        Discounted = "discounted",
    }
}

values! {
    /// How an item ended.
    Disposal {
        /// Blown up where it lay.
        DestroyedInSitu = "destroyed_in_situ": titles("Destroyed in place", "Yerində məhv edilib", "Уничтожено на месте"),
        /// Taken away and destroyed.
        MovedAndDestroyed = "moved_and_destroyed": titles("Moved and destroyed", "Daşınıb məhv edilib", "Вывезено и уничтожено"),
        /// Burned.
        Burned = "burned" | "burnt": titles("Burned", "Yandırılıb", "Сожжено"),
        /// Rendered safe.
        RenderedSafe = "rendered_safe": titles("Rendered safe", "Təhlükəsiz edilib", "Приведено в безопасное состояние"),
        /// Disarmed.
        Disarmed = "disarmed": titles("Disarmed", "Silahsızlaşdırılıb", "Разряжено"),
        /// Removed.
        Removed = "removed": titles("Removed", "Çıxarılıb", "Извлечено"),
        /// Another way.
        Other = "other": titles("Other way", "Başqa üsul", "Иначе"),
    }
}

values! {
    /// How a position was taken.
    Fix {
        /// Satellite navigation.
        Gnss = "gnss" | "gps": titles("Satellite receiver", "Peyk qəbuledicisi", "Спутниковый приёмник"),
        /// Satellite navigation with corrections.
        GnssCorrected = "gnss_corrected" | "dgps" | "rtk": titles("Satellite receiver with corrections", "Düzəlişli peyk qəbuledicisi", "Спутниковый приёмник с поправками"),
        /// Read from a map.
        Map = "map": titles("Read from a map", "Xəritədən oxunub", "Снято с карты"),
        /// Bearing and distance from a reference point.
        BearingDistance = "bearing_distance": titles("Bearing and distance", "Azimut və məsafə", "Азимут и расстояние"),
        /// Another way.
        Other = "other": titles("Another way", "Başqa üsulla", "Иначе"),
    }
}

values! {
    /// Where a record stands in review. Only approved records count in public figures.
    Review {
        /// Waiting for a manager.
        Submitted = "submitted",
        /// Accepted.
        Approved = "approved",
        /// Refused, with a reason.
        Rejected = "rejected",
        /// Sent back, with a reason.
        HasIssues = "has_issues",
    }
}

values! {
    /// Why what came in is set aside for a manager, instead of being put in its place or refused.
    QuarantineReason {
        /// The record stands with other content, or at another revision than the sender knew.
        Conflict = "conflict",
        /// The record that was to be changed is not there.
        Missing = "missing",
        /// The record is approved.
        Approved = "approved",
        /// The record was made by somebody else.
        Foreign = "foreign",
        /// The place, or the record, lies outside the regions of the sender.
        Outside = "outside",
        /// The record is of another operator than the one that the sender records for.
        Operator = "operator",
        /// It takes back what was said, and does not say why.
        NeedsReason = "needs_reason",
        /// No record goes from the one status to the other.
        IllegalChange = "illegal_change",
    }
}

values! {
    /// What somebody may do, each more than the one before.
    Role {
        /// Nobody in particular: sees what is public.
        Public = "public",
        /// Sees the records.
        Viewer = "viewer",
        /// Records what was found and dealt with, and corrects its own records until they are approved.
        Field = "field",
        /// Reviews and edits records.
        Manager = "manager",
        /// Does everything, and says who may do what.
        Admin = "admin",
    }
}

values! {
    /// What a record rests on.
    SourceReliability {
        /// Seen by a survey or clearance team.
        Direct = "direct": titles("seen by a survey or clearance team", "yoxlama və ya təmizləmə qrupu görüb", "осмотрено группой обследования или разминирования"),
        /// A minefield record or a map.
        Record = "record": titles("from a minefield record", "mina sahəsi sənədindən", "по записи о минном поле"),
        /// A verbal report.
        Report = "report": titles("from a verbal report", "şifahi məlumatdan", "по устному сообщению"),
    }
}

values! {
    /// How far what a record says is borne out, apart from who says it.
    InformationReliability {
        /// Other sources say the same.
        Confirmed = "confirmed": titles("confirmed by other sources", "başqa mənbələr təsdiqləyir", "подтверждено другими источниками"),
        /// It fits what is known.
        Probable = "probable": titles("probable", "ehtimallıdır", "вероятно"),
        /// It may be so.
        Possible = "possible": titles("possible", "mümkündür", "возможно"),
        /// It contradicts what is known.
        Doubtful = "doubtful": titles("doubtful", "şübhəlidir", "сомнительно"),
    }
}

values! {
    /// The order of day, month and year in dates that are written in digits.
    DateOrder {
        /// Day, month, year.
        Dmy = "dmy",
        /// Month, day, year.
        Mdy = "mdy",
        /// Year, month, day.
        Ymd = "ymd",
    }
}

values! {
    /// What a reported number counts.
    Unit {
        /// Items of explosive ordnance.
        Items = "items",
        /// People.
        People = "people",
        /// Square metres.
        SquareMetres = "m2",
    }
}

impl Status {
    /// Whether a record of this status is counted at all.
    pub fn counts(self) -> bool {
        self != Self::Discounted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_as_itself() {
        for kind in Kind::ALL {
            assert_eq!(kind.word().parse(), Ok(*kind));
        }
        for status in Status::ALL {
            assert_eq!(status.word().parse(), Ok(*status));
        }
    }

    #[test]
    fn the_fields_other_spellings_are_accepted() {
        for given in ["AT", "anti-tank", "at_mine", "Anti Tank Mine"] {
            assert_eq!(given.parse(), Ok(Kind::AvMine), "{given}");
        }
        assert!(
            "apm?".parse::<Kind>().unwrap_err().to_string().starts_with("\"apm?\" is not one of ap_mine, ")
        );
    }
}
