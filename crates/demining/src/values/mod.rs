//! The closed lists of values, as written in files, in the API and in the store.

use std::{fmt, str::FromStr};

use crate::field::{Titles, Vocabulary, Words, titles};

pub use accident::{AccidentClass, Activity, AgeGroup, SetOff, Sex, VictimOutcome, VictimStatus, YesNo};

/// An error that occurs when a word is not in a list of values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is not one of {allowed}")]
pub struct UnknownValue {
    /// The word as received.
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
            /// All values, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the word for this value in files, in the API and in the store.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Returns the position in [`Self::ALL`].
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

            /// Parses a word or one of its known spellings, ignoring case and the choice of space, hyphen or
            /// underscore.
            fn from_str(given: &str) -> Result<Self, UnknownValue> {
                // Fast path: most words are spelt as in the list.
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

mod accident;

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
    /// The status of a detection.
    Status {
        /// Found and not yet dealt with.
        Detected = "detected",
        /// Neutralised: it has a dated disposal.
        Neutralised = "neutralised" | "neutralized",
        /// Proved not to be explosive ordnance (a false alarm): excluded from every count, but kept in the
        /// history.
        Discounted = "discounted",
    }
}

values! {
    /// How an item was disposed of.
    Disposal {
        /// Blown up in place.
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
    /// How a position was determined.
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
        Other = "other": titles("Other method", "Başqa üsul", "Другой способ"),
    }
}

values! {
    /// The review state of a record. Only approved records count in public figures.
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
    /// Why a write is quarantined for a manager, instead of being applied or rejected.
    QuarantineReason {
        /// The record has other content, or another revision than the sender expected.
        Conflict = "conflict",
        /// The record to be changed does not exist.
        Missing = "missing",
        /// The record is approved.
        Approved = "approved",
        /// The record was created by another author.
        Foreign = "foreign",
        /// The place, or the record, is outside the sender's regions.
        Outside = "outside",
        /// The record belongs to another operator than the sender's.
        Operator = "operator",
        /// It takes back a recorded value without stating a reason.
        NeedsReason = "needs_reason",
        /// This status change is not allowed.
        IllegalChange = "illegal_change",
    }
}

values! {
    /// The role of a user; each role includes the one before.
    Role {
        /// Anonymous: sees public data.
        Public = "public",
        /// Sees the records.
        Viewer = "viewer",
        /// Records what was found and neutralised, and corrects its own records until they are approved.
        Field = "field",
        /// Reviews and edits records.
        Manager = "manager",
        /// Does everything, including granting rights.
        Admin = "admin",
    }
}

values! {
    /// The kind of source behind a record.
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
    /// How well the information in a record is confirmed, independently of its source.
    InformationReliability {
        /// Other sources confirm it.
        Confirmed = "confirmed": titles("confirmed by other sources", "başqa mənbələr təsdiqləyir", "подтверждено другими источниками"),
        /// It is consistent with what is known.
        Probable = "probable": titles("probable", "ehtimallıdır", "вероятно"),
        /// It is possible.
        Possible = "possible": titles("possible", "mümkündür", "возможно"),
        /// It contradicts what is known.
        Doubtful = "doubtful": titles("doubtful", "şübhəlidir", "сомнительно"),
    }
}

values! {
    /// The order of day, month and year in numeric dates.
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
    /// The unit of a reported number.
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
    /// Returns whether records of this status are counted.
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
