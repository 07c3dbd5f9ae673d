/** The fields of accidents, from the program's own table: `make openapi` writes this file. */

import type { FieldSpec, Groups, WordTitles } from "../fields.ts";

export const FIELDS: readonly FieldSpec[] = [
  { name: "location", kind: "other", role: "place", titles: { en: "Place", az: "Yer", ru: "Место" } },
  { name: "class", kind: "word", role: "required", titles: { en: "Class", az: "Sinif", ru: "Класс" } },
  { name: "occurred_on", kind: "day", role: "required", titles: { en: "Date", az: "Tarix", ru: "Дата" } },
  { name: "time", kind: "other", role: "given", titles: { en: "Time", az: "Vaxt", ru: "Время" } },
  { name: "device", kind: "word", role: "given", titles: { en: "Device", az: "Qurğu", ru: "Предмет" } },
  { name: "model", kind: "text", role: "given", titles: { en: "Model", az: "Model", ru: "Модель" } },
  { name: "area_marked", kind: "word", role: "given", titles: { en: "Area was marked", az: "Sahə nişanlanmışdı", ru: "Участок был обозначен" } },
  { name: "set_off", kind: "word", role: "given", titles: { en: "Set off by", az: "Nədən işə düşüb", ru: "Отчего сработало" } },
  { name: "killed", kind: "number", role: "given", titles: { en: "Killed", az: "Həlak olub", ru: "Погибло" } },
  { name: "injured", kind: "number", role: "given", titles: { en: "Injured", az: "Yaralanıb", ru: "Ранено" } },
  { name: "victims", kind: "other", role: "given", titles: { en: "Victims", az: "Zərərçəkənlər", ru: "Пострадавшие" } },
  { name: "certified_on", kind: "day", role: "given", titles: { en: "Figures as of", az: "Rəqəmlərin tarixi", ru: "Сведения на" } },
  { name: "operator", kind: "text", role: "given", titles: { en: "Operator", az: "Operator", ru: "Оператор" } },
  { name: "team", kind: "text", role: "given", titles: { en: "Team", az: "Qrup", ru: "Группа" } },
  { name: "hazard_area", kind: "text", role: "given", titles: { en: "Hazardous area", az: "Təhlükəli sahə", ru: "Опасная зона" } },
  { name: "source_reliability", kind: "word", role: "given", titles: { en: "Source reliability", az: "Mənbənin etibarlılığı", ru: "Надёжность источника" } },
  { name: "information_reliability", kind: "word", role: "given", titles: { en: "Information reliability", az: "Məlumatın etibarlılığı", ru: "Надёжность сведений" } },
  { name: "accuracy_m", kind: "number", role: "given", titles: { en: "Accuracy, m", az: "Dəqiqlik, m", ru: "Точность, м" } },
  { name: "fix", kind: "word", role: "given", titles: { en: "Positioning method", az: "Mövqeyin təyini üsulu", ru: "Способ определения места" } },
  { name: "location_as_given", kind: "text", role: "place", titles: { en: "Coordinates as entered", az: "Daxil edilmiş koordinatlar", ru: "Введённые координаты" } },
  { name: "location_as_given_crs", kind: "text", role: "place", titles: { en: "Reference system as entered", az: "Daxil edilmiş koordinat sistemi", ru: "Введённая система координат" } },
  { name: "note", kind: "text", role: "given", titles: { en: "Note", az: "Qeyd", ru: "Заметка" } },
  { name: "region", kind: "text", role: "derived", titles: { en: "District", az: "Rayon", ru: "Район" } },
  { name: "review", kind: "word", role: "derived", titles: { en: "Review", az: "Yoxlama", ru: "Проверка" } },
  { name: "revision", kind: "number", role: "derived", titles: { en: "Revision", az: "Reviziya", ru: "Ревизия" } },
  { name: "updated_at", kind: "other", role: "derived", titles: { en: "Last changed", az: "Son dəyişiklik", ru: "Последнее изменение" } },
  { name: "updated_by", kind: "text", role: "derived", titles: { en: "Last changed by", az: "Son dəyişikliyin müəllifi", ru: "Автор последнего изменения" } },
  { name: "number", kind: "number", role: "derived", titles: { en: "Number", az: "Nömrə", ru: "Номер" } },
  { name: "reason", kind: "text", role: "sent", titles: { en: "Reason for the change", az: "Dəyişikliyin səbəbi", ru: "Причина изменения" } },
  { name: "base_revision", kind: "number", role: "sent", titles: { en: "Revision the sender last saw", az: "Göndərənin gördüyü son reviziya", ru: "Последняя ревизия у отправителя" } },
];

/** The words of each vocabulary. */
export const WORDS = {
  class: ["demining_accident", "mine", "cluster", "ied", "uxo_axo", "stored_ammunition", "other"],
  device: ["ap_mine", "ap_mine_improvised", "av_mine", "av_mine_improvised", "submunition", "uxo", "axo", "booby_trap", "ied", "small_arms", "fuze", "other"],
  area_marked: ["yes", "no", "unknown"],
  set_off: ["stepped_on", "driven_over", "tripwire", "handled", "remote_controlled", "other", "unknown"],
  source_reliability: ["direct", "record", "report"],
  information_reliability: ["confirmed", "probable", "possible", "doubtful"],
  fix: ["gnss", "gnss_corrected", "map", "bearing_distance", "other"],
  review: ["submitted", "approved", "rejected", "has_issues"],
} as const;

/** The titles of the words. For the other vocabularies the page has its own texts. */
export const WORD_TITLES = {
  class: {
    demining_accident: { en: "Demining accident", az: "Minatəmizləmə zamanı qəza", ru: "Происшествие при разминировании" },
    mine: { en: "Mine", az: "Mina", ru: "Мина" },
    cluster: { en: "Cluster munition", az: "Kaset sursatı", ru: "Кассетный боеприпас" },
    ied: { en: "Improvised device", az: "Əldəqayırma qurğu", ru: "Самодельное устройство" },
    uxo_axo: { en: "Unexploded or abandoned ordnance", az: "Partlamamış və ya tərk edilmiş sursat", ru: "Неразорвавшийся или оставленный боеприпас" },
    stored_ammunition: { en: "Stored ammunition", az: "Anbardakı sursat", ru: "Боеприпасы на складе" },
    other: { en: "Other or unknown", az: "Digər və ya naməlum", ru: "Другое или неизвестно" },
  },
  area_marked: {
    yes: { en: "Yes", az: "Bəli", ru: "Да" },
    no: { en: "No", az: "Xeyr", ru: "Нет" },
    unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
  },
  set_off: {
    stepped_on: { en: "Stepped on", az: "Üzərinə basılıb", ru: "Наступили" },
    driven_over: { en: "Driven over", az: "Üzərindən keçilib", ru: "Наехали" },
    tripwire: { en: "Tripwire", az: "Dartma məftili", ru: "Растяжка" },
    handled: { en: "Handled", az: "Əl vurulub", ru: "Трогали" },
    remote_controlled: { en: "Remote-controlled", az: "Məsafədən", ru: "Дистанционно" },
    other: { en: "Another way", az: "Başqa üsulla", ru: "Иначе" },
    unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
  },
  source_reliability: {
    direct: { en: "seen by a survey or clearance team", az: "yoxlama və ya təmizləmə qrupu görüb", ru: "осмотрено группой обследования или разминирования" },
    record: { en: "from a minefield record", az: "mina sahəsi sənədindən", ru: "по записи о минном поле" },
    report: { en: "from a verbal report", az: "şifahi məlumatdan", ru: "по устному сообщению" },
  },
  information_reliability: {
    confirmed: { en: "confirmed by other sources", az: "başqa mənbələr təsdiqləyir", ru: "подтверждено другими источниками" },
    probable: { en: "probable", az: "ehtimallıdır", ru: "вероятно" },
    possible: { en: "possible", az: "mümkündür", ru: "возможно" },
    doubtful: { en: "doubtful", az: "şübhəlidir", ru: "сомнительно" },
  },
  fix: {
    gnss: { en: "Satellite receiver", az: "Peyk qəbuledicisi", ru: "Спутниковый приёмник" },
    gnss_corrected: { en: "Satellite receiver with corrections", az: "Düzəlişli peyk qəbuledicisi", ru: "Спутниковый приёмник с поправками" },
    map: { en: "Read from a map", az: "Xəritədən oxunub", ru: "Снято с карты" },
    bearing_distance: { en: "Bearing and distance", az: "Azimut və məsafə", ru: "Азимут и расстояние" },
    other: { en: "Other method", az: "Başqa üsul", ru: "Другой способ" },
  },
} as const satisfies WordTitles;

/** The fields of the rows of each repeated group, and the titles of their words. */
export const GROUPS = {
  victims: {
    fields: [
      { name: "outcome", kind: "word", role: "required", titles: { en: "Outcome", az: "Nəticə", ru: "Исход" } },
      { name: "sex", kind: "word", role: "given", titles: { en: "Sex", az: "Cins", ru: "Пол" } },
      { name: "age_group", kind: "word", role: "given", titles: { en: "Age", az: "Yaş", ru: "Возраст" } },
      { name: "status", kind: "word", role: "given", titles: { en: "Status", az: "Status", ru: "Статус" } },
      { name: "activity", kind: "word", role: "given", titles: { en: "Activity", az: "Məşğuliyyət", ru: "Занятие" } },
      { name: "touched", kind: "word", role: "given", titles: { en: "Touched the device", az: "Qurğuya toxunub", ru: "Трогал предмет" } },
      { name: "risk_education_received", kind: "word", role: "given", titles: { en: "Had risk education", az: "Maarifləndirilib", ru: "Был обучен" } },
    ],
    titles: {
      outcome: {
        killed: { en: "Killed", az: "Həlak olub", ru: "Погиб" },
        injured: { en: "Injured", az: "Yaralanıb", ru: "Ранен" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
      sex: {
        male: { en: "Male", az: "Kişi", ru: "Мужской" },
        female: { en: "Female", az: "Qadın", ru: "Женский" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
      age_group: {
        child: { en: "Child (under 18)", az: "Uşaq (18 yaşadək)", ru: "Ребёнок (до 18 лет)" },
        adult: { en: "Adult", az: "Yetkin", ru: "Взрослый" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
      status: {
        civilian: { en: "Civilian", az: "Mülki şəxs", ru: "Гражданское лицо" },
        military_security: { en: "Military or security", az: "Hərbi və ya təhlükəsizlik", ru: "Военный или силовик" },
        deminer: { en: "Deminer", az: "Minaaxtaran", ru: "Сапёр" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
      activity: {
        farming: { en: "Farming", az: "Əkinçilik", ru: "Земледелие" },
        herding: { en: "Herding", az: "Mal-qara otarma", ru: "Выпас скота" },
        travelling: { en: "Travelling", az: "Yolda", ru: "В пути" },
        collecting: { en: "Collecting wood, food or scrap", az: "Odun, qida və ya metal yığma", ru: "Сбор дров, еды или металла" },
        playing: { en: "Playing", az: "Oyun", ru: "Игра" },
        tampering: { en: "Handling the device", az: "Qurğuya əl vurma", ru: "Обращение с предметом" },
        demining: { en: "Demining", az: "Minatəmizləmə", ru: "Разминирование" },
        military: { en: "Military activity", az: "Hərbi fəaliyyət", ru: "Военная деятельность" },
        other: { en: "Other", az: "Digər", ru: "Другое" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
      touched: {
        yes: { en: "Yes", az: "Bəli", ru: "Да" },
        no: { en: "No", az: "Xeyr", ru: "Нет" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
      risk_education_received: {
        yes: { en: "Yes", az: "Bəli", ru: "Да" },
        no: { en: "No", az: "Xeyr", ru: "Нет" },
        unknown: { en: "Unknown", az: "Naməlum", ru: "Неизвестно" },
      },
    },
  },
} as const satisfies Groups;
