//! The vocabularies of accidents and their victims.

use std::{fmt, str::FromStr};

use super::UnknownValue;
use crate::field::{Titles, Vocabulary, Words, titles};

values! {
    /// The class of an accident: the category of what exploded, or that it happened at work.
    AccidentClass {
        /// At demining work.
        DeminingAccident = "demining_accident" | "demining": titles("Demining accident", "Minatəmizləmə zamanı qəza", "Происшествие при разминировании"),
        /// A mine.
        Mine = "mine" | "mines" | "landmine": titles("Mine", "Mina", "Мина"),
        /// A submunition or cluster munition.
        Cluster = "cluster" | "cluster_munition" | "submunition": titles("Cluster munition", "Kaset sursatı", "Кассетный боеприпас"),
        /// An improvised explosive device.
        Ied = "ied": titles("Improvised device", "Əldəqayırma qurğu", "Самодельное устройство"),
        /// Unexploded or abandoned ordnance.
        UxoAxo = "uxo_axo" | "uxo" | "axo" | "uxo/axo": titles("Unexploded or abandoned ordnance", "Partlamamış və ya tərk edilmiş sursat", "Неразорвавшийся или оставленный боеприпас"),
        /// Ordnance in a store.
        StoredAmmunition = "stored_ammunition" | "ammunition_storage": titles("Stored ammunition", "Anbardakı sursat", "Боеприпасы на складе"),
        /// Anything else, or not known.
        Other = "other" | "unknown": titles("Other or unknown", "Digər və ya naməlum", "Другое или неизвестно"),
    }
}

values! {
    /// An answer that may be unknown.
    YesNo {
        /// Yes.
        Yes = "yes" | "true" | "y" | "1": titles("Yes", "Bəli", "Да"),
        /// No.
        No = "no" | "false" | "n" | "0": titles("No", "Xeyr", "Нет"),
        /// It was asked, and is not known.
        Unknown = "unknown" | "not_known": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}

values! {
    /// How a device was set off. These words are our own, no standard's.
    SetOff {
        /// Somebody stepped on it.
        SteppedOn = "stepped_on": titles("Stepped on", "Üzərinə basılıb", "Наступили"),
        /// A vehicle drove over it.
        DrivenOver = "driven_over": titles("Driven over", "Üzərindən keçilib", "Наехали"),
        /// A wire was pulled or cut.
        Tripwire = "tripwire" | "trip_wire": titles("Tripwire", "Dartma məftili", "Растяжка"),
        /// Somebody handled it.
        Handled = "handled" | "touched" | "tampering": titles("Handled", "Əl vurulub", "Трогали"),
        /// From a distance.
        RemoteControlled = "remote_controlled" | "remote" | "command": titles("Remote-controlled", "Məsafədən", "Дистанционно"),
        /// Another way.
        Other = "other": titles("Another way", "Başqa üsulla", "Иначе"),
        /// Not known.
        Unknown = "unknown": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}

values! {
    /// What happened to a victim.
    VictimOutcome {
        /// Killed.
        Killed = "killed" | "dead" | "fatal": titles("Killed", "Həlak olub", "Погиб"),
        /// Injured.
        Injured = "injured" | "wounded": titles("Injured", "Yaralanıb", "Ранен"),
        /// Not known.
        Unknown = "unknown": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}

values! {
    /// The sex of a victim.
    Sex {
        /// Male.
        Male = "male" | "m": titles("Male", "Kişi", "Мужской"),
        /// Female.
        Female = "female" | "f": titles("Female", "Qadın", "Женский"),
        /// Not known.
        Unknown = "unknown": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}

values! {
    /// The age group of a victim. Birth dates are never stored.
    AgeGroup {
        /// Under 18.
        Child = "child" | "under_18": titles("Child (under 18)", "Uşaq (18 yaşadək)", "Ребёнок (до 18 лет)"),
        /// 18 or older.
        Adult = "adult": titles("Adult", "Yetkin", "Взрослый"),
        /// Not known.
        Unknown = "unknown": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}

values! {
    /// The status of a victim.
    VictimStatus {
        /// Civilian.
        Civilian = "civilian": titles("Civilian", "Mülki şəxs", "Гражданское лицо"),
        /// Armed forces, border guard, police.
        MilitarySecurity = "military_security" | "military" | "security" | "police": titles("Military or security", "Hərbi və ya təhlükəsizlik", "Военный или силовик"),
        /// At demining work.
        Deminer = "deminer": titles("Deminer", "Minaaxtaran", "Сапёр"),
        /// Not known.
        Unknown = "unknown": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}

values! {
    /// What a victim was doing. These words are our own, no standard's.
    Activity {
        /// Work in a field or garden.
        Farming = "farming" | "agriculture": titles("Farming", "Əkinçilik", "Земледелие"),
        /// With animals.
        Herding = "herding": titles("Herding", "Mal-qara otarma", "Выпас скота"),
        /// On the way.
        Travelling = "travelling" | "traveling" | "passing": titles("Travelling", "Yolda", "В пути"),
        /// Collecting wood, food, water or scrap.
        Collecting = "collecting": titles("Collecting wood, food or scrap", "Odun, qida və ya metal yığma", "Сбор дров, еды или металла"),
        /// At play.
        Playing = "playing": titles("Playing", "Oyun", "Игра"),
        /// Handling the device.
        Tampering = "tampering": titles("Handling the device", "Qurğuya əl vurma", "Обращение с предметом"),
        /// Demining.
        Demining = "demining": titles("Demining", "Minatəmizləmə", "Разминирование"),
        /// Military activity.
        Military = "military": titles("Military activity", "Hərbi fəaliyyət", "Военная деятельность"),
        /// Another activity.
        Other = "other": titles("Other", "Digər", "Другое"),
        /// Not known.
        Unknown = "unknown": titles("Unknown", "Naməlum", "Неизвестно"),
    }
}
