//! The page about the map: what it counts, where the data are from, and whom to ask.

use maud::{Markup, html};
use service::access::PublicSees;

use super::Frame;
use crate::wire::lang::Lang;

/// What an operator says of the installation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The organisation that runs it.
    pub organisation: Option<String>,
    /// Whom to write to: an e-mail address, an https address or a text.
    pub contact: Option<String>,
    /// The licence of the records.
    pub records_licence: Option<String>,
}

/// Builds the page. `public` is what the public sees, `min_cell_count` the fewest uncleared records that a cell shows.
pub fn about(frame: &Frame, about: &About, public: PublicSees, min_cell_count: u16) -> Markup {
    let lang = frame.lang;
    let words = lang.of([&EN, &AZ, &RU]);
    let root = &frame.root;
    let sees = match public {
        PublicSees::Cells => words.cells,
        PublicSees::Exact => words.exact,
        PublicSees::Nothing => words.nothing,
    };
    let none = || html! { span .none { (words.not_stated) } };
    let content = html! {
        p .lead { (words.lead) }
        nav .actions aria-label=(words.languages) {
            @for other in Lang::ALL {
                a hreflang=(other.word()) lang=(other.word()) href={ "?lang=" (other.word()) } aria-current=[(other == lang).then_some("page")] { (other.own_name()) }
            }
        }
        h2 { (words.counting) }
        ul { @for rule in words.rules { li { (rule) } } }
        h2 { (words.public) }
        p { (sees) }
        @if public == PublicSees::Cells && min_cell_count > 1 { p { (words.hidden) " " (lang.number(min_cell_count.into())) "." } }
        p { (words.accidents) }
        h2 { (words.sources) }
        ul { @for source in words.data { li { (source) } } }
        h2 { (words.who) }
        dl {
            div { dt { (words.organisation) } dd { @match &about.organisation { Some(name) => (name), None => (none()) } } }
            div { dt { (words.contact) } dd { @match &about.contact { Some(given) => (link(given)), None => (none()) } } }
            div { dt { (words.licence) } dd { @match &about.records_licence { Some(name) => (name), None => (none()) } } }
            div { dt { (words.version) } dd { "Clearline " (env!("CARGO_PKG_VERSION")) } }
        }
        p .actions {
            a .button href={ (root) "/#lang=" (lang.word()) } { (lang.open()) }
            a href={ (root) "/?f=html" } { (words.programs) }
        }
    };
    frame.framed(words.title, &[], None, &content)
}

/// Links an e-mail or https address; any other text stays text.
fn link(given: &str) -> Markup {
    let is_mail = given.contains('@') && !given.contains(|c: char| c.is_whitespace() || c == ':' || c == '/');
    html! {
        @if is_mail { a href={ "mailto:" (given) } { (given) } }
        @else if given.starts_with("https://") { a href=(given) rel="noopener noreferrer" { (given) } }
        @else { (given) }
    }
}

/// The texts of the page in one language.
struct Words {
    title: &'static str,
    lead: &'static str,
    languages: &'static str,
    counting: &'static str,
    rules: [&'static str; 6],
    public: &'static str,
    cells: &'static str,
    exact: &'static str,
    nothing: &'static str,
    hidden: &'static str,
    accidents: &'static str,
    sources: &'static str,
    data: [&'static str; 5],
    who: &'static str,
    organisation: &'static str,
    contact: &'static str,
    licence: &'static str,
    version: &'static str,
    not_stated: &'static str,
    programs: &'static str,
}

const EN: Words = Words {
    title: "About this map",
    lead: "The map shows explosive ordnance that teams found and recorded, and what has been cleared since. \
        A place without a record is not a safe place.",
    languages: "Languages",
    counting: "How it counts",
    rules: [
        "Figures count items. One record may stand for several items of one kind at one spot.",
        "Detected means found and not yet dealt with. Neutralised means destroyed, disarmed or taken away on a known day.",
        "A record that proved to be a false alarm leaves every count and stays in the history.",
        "The share of a district is the neutralised part of its recorded items. It does not say how much land is clear.",
        "For a period the map counts what was found in it and what was neutralised in it. One item can be in both counts.",
        "Figures that authorities and the press reported are shown beside the recorded ones with their source, and never added to them.",
    ],
    public: "What everybody sees",
    cells: "Items that are dealt with, with their place; of all others an area of about one kilometre and their number.",
    exact: "Every approved record with its place.",
    nothing: "Nothing: people sign in first.",
    hidden: "An area is hidden if its number of uncleared records is less than",
    accidents: "Accidents are shown as numbers for a month and a district. Small numbers are withheld, so that nobody can be recognised.",
    sources: "Sources",
    data: [
        "Records: the teams that found the items; each record keeps its history.",
        "Boundaries, land and water: Natural Earth, public domain. They are generalised, and no statement on legal status.",
        "Places: GeoNames, CC BY 4.0.",
        "Reported figures: the publications that each figure names.",
        "A base map below the records, where there is one: its credit is on the map.",
    ],
    who: "Who is responsible",
    organisation: "Organisation",
    contact: "Contact",
    licence: "Licence of the records",
    version: "Program",
    not_stated: "not stated",
    programs: "For GIS programs",
};

const AZ: Words = Words {
    title: "Bu xəritə haqqında",
    lead: "Xəritə qrupların aşkar edib qeydə aldığı partlayıcı sursatı və o vaxtdan bəri nəyin zərərsizləşdirildiyini \
        göstərir. Qeydi olmayan yer təhlükəsiz yer demək deyil.",
    languages: "Dillər",
    counting: "Necə sayılır",
    rules: [
        "Rəqəmlər sursatı sayır. Bir qeyd eyni yerdə eyni növdən bir neçə sursatı bildirə bilər.",
        "Aşkarlanıb: tapılıb, hələ zərərsizləşdirilməyib. Zərərsizləşdirilib: məlum gündə məhv edilib, zərərsiz hala salınıb və ya götürülüb.",
        "Təsdiqlənməyən qeyd bütün saylardan çıxır və tarixçədə qalır.",
        "Rayonun payı onun qeydə alınmış sursatının zərərsizləşdirilmiş hissəsidir. Nə qədər torpağın təmiz olduğunu bildirmir.",
        "Dövr üçün xəritə həmin dövrdə aşkarlananları və zərərsizləşdirilənləri sayır. Eyni sursat hər iki sayda ola bilər.",
        "Orqanların və mətbuatın açıqladığı rəqəmlər mənbəyi ilə qeydə alınanların yanında göstərilir və heç vaxt onlara əlavə edilmir.",
    ],
    public: "Hamı nəyi görür",
    cells: "Zərərsizləşdirilmiş sursatı yeri ilə; qalanların isə təxminən bir kilometrlik sahəsini və sayını.",
    exact: "Təsdiqlənmiş hər qeydi yeri ilə.",
    nothing: "Heç nə: əvvəlcə daxil olmaq lazımdır.",
    hidden: "Zərərsizləşdirilməmiş qeydlərin sayı bundan az olan sahə gizlədilir:",
    accidents: "Qəzalar ay və rayon üzrə saylarla göstərilir. Heç kim tanınmasın deyə kiçik saylar açıqlanmır.",
    sources: "Mənbələr",
    data: [
        "Qeydlər: sursatı aşkar edən qruplar; hər qeyd öz tarixçəsini saxlayır.",
        "Sərhədlər, quru və su: Natural Earth, ictimai istifadə. Ümumiləşdirilib və hüquqi status barədə bəyanat deyil.",
        "Yaşayış yerləri: GeoNames, CC BY 4.0.",
        "Açıqlanmış rəqəmlər: hər rəqəmin göstərdiyi nəşrlər.",
        "Qeydlərin altındakı əsas xəritə, əgər varsa: mənbəyi xəritədə göstərilir.",
    ],
    who: "Kim cavabdehdir",
    organisation: "Təşkilat",
    contact: "Əlaqə",
    licence: "Qeydlərin lisenziyası",
    version: "Proqram",
    not_stated: "göstərilməyib",
    programs: "CİS proqramları üçün",
};

const RU: Words = Words {
    title: "Об этой карте",
    lead: "Карта показывает взрывоопасные предметы, которые группы обнаружили и учли, и то, что с тех пор обезврежено. \
        Место без записи не значит безопасное место.",
    languages: "Языки",
    counting: "Как ведётся счёт",
    rules: [
        "Числа считают предметы. Одна запись может означать несколько предметов одного вида в одном месте.",
        "Обнаружено: найдено и ещё не обезврежено. Обезврежено: уничтожено, разряжено или вывезено в известный день.",
        "Не подтвердившаяся запись исключается из всех чисел и остаётся в истории.",
        "Доля района — это обезвреженная часть его учтённых предметов. Она не говорит, сколько земли очищено.",
        "За период карта считает обнаруженное и обезвреженное в нём. Один предмет может войти в оба числа.",
        "Числа, о которых сообщили ведомства и пресса, показаны рядом с учтёнными, с источником, и никогда к ним не прибавляются.",
    ],
    public: "Что видят все",
    cells: "Обезвреженные предметы с их местом; об остальных — участок около километра и их число.",
    exact: "Каждую утверждённую запись с её местом.",
    nothing: "Ничего: сначала нужно войти.",
    hidden: "Участок скрыт, если необезвреженных записей в нём меньше чем",
    accidents: "Происшествия показаны числами за месяц и по району. Малые числа не раскрываются, чтобы никого нельзя было узнать.",
    sources: "Источники",
    data: [
        "Записи: группы, обнаружившие предметы; у каждой записи сохраняется история.",
        "Границы, суша и вода: Natural Earth, общественное достояние. Они обобщены и ничего не говорят о правовом статусе.",
        "Населённые пункты: GeoNames, CC BY 4.0.",
        "Опубликованные числа: издания, названные при каждом числе.",
        "Базовая карта под записями, если она есть: её источник указан на карте.",
    ],
    who: "Кто отвечает",
    organisation: "Организация",
    contact: "Контакт",
    licence: "Лицензия записей",
    version: "Программа",
    not_stated: "не указано",
    programs: "Для ГИС-программ",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_become_links() {
        let of = |given: &str| link(given).into_string();
        assert_eq!(of("info@example.org"), r#"<a href="mailto:info@example.org">info@example.org</a>"#);
        assert!(of("https://example.org/contact").starts_with("<a href=\"https://example.org/contact\""));
        for text in ["+994 12 000 00 00", "javascript:alert(1)@x", "<b>@x", "http://example.org"] {
            assert!(!of(text).contains("javascript:alert(1)@x\">") && !of(text).contains("<b>"), "{text}");
        }
        assert_eq!(of("+994 12 000 00 00"), "+994 12 000 00 00");
    }
}
