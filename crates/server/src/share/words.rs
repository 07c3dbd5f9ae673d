//! The texts of a shared view in the languages of the page. The page itself has the same terms in
//! `web/src/shared/text`.

use jiff::civil::Date;

use crate::wire::lang::Lang;

impl Lang {
    /// What the page is about.
    pub fn subject(self) -> &'static str {
        self.of(["Demining progress", "Minatəmizləmənin gedişi", "Ход разминирования"])
    }

    /// The mark of made-up records.
    pub fn demonstration(self) -> &'static str {
        self.of([
            "Demonstration: the places are made up",
            "Nümayiş: yerlər uydurmadır",
            "Демонстрация: места вымышлены",
        ])
    }

    /// The label of the share.
    pub fn of_recorded(self) -> &'static str {
        self.of([
            "of recorded items are neutralised",
            "qeydə alınanlar zərərsizləşdirilib",
            "учтённых предметов обезврежено",
        ])
    }

    /// The label of neutralised items.
    pub fn neutralised(self) -> &'static str {
        self.of(["neutralised", "zərərsizləşdirilib", "обезврежено"])
    }

    /// The label of items that are not cleared.
    pub fn detected(self) -> &'static str {
        self.of([
            "found, not yet cleared",
            "aşkarlanıb, hələ zərərsizləşdirilməyib",
            "обнаружено, но не обезврежено",
        ])
    }

    /// The label of items found in a period.
    pub fn found(self) -> &'static str {
        self.of(["found in the period", "dövr ərzində aşkarlanıb", "обнаружено за период"])
    }

    /// The label of items neutralised in a period.
    pub fn neutralised_in(self) -> &'static str {
        self.of(["neutralised in the period", "dövr ərzində zərərsizləşdirilib", "обезврежено за период"])
    }

    /// The text in place of figures.
    pub fn no_records(self) -> &'static str {
        self.of(["No records", "Qeyd yoxdur", "Записей нет"])
    }

    /// The last day of the data.
    pub fn data_to(self, day: Date) -> String {
        let day = self.day(day);
        match self {
            Self::En => format!("Data to {day}"),
            Self::Az => format!("Məlumat: {day} tarixinədək"),
            Self::Ru => format!("Данные по {day}"),
        }
    }

    /// The credit for the boundaries.
    pub fn boundaries(self) -> &'static str {
        self.of(["Boundaries: Natural Earth", "Sərhədlər: Natural Earth", "Границы: Natural Earth"])
    }

    /// What the map's steps of colour mean.
    pub fn scale(self) -> &'static str {
        self.of([
            "Share neutralised to date",
            "Bu günədək zərərsizləşdirilənlərin payı",
            "Доля обезвреженных на сегодня",
        ])
    }

    /// A district without records.
    pub fn no_data(self) -> &'static str {
        self.of(["No data", "Məlumat yoxdur", "Нет данных"])
    }
}
