/** The fields of detections, from the program's own table: `make openapi` writes this file. */

import type { FieldSpec, WordTitles } from "../fields.ts";

export const FIELDS: readonly FieldSpec[] = [
  { name: "location", kind: "other", role: "place", titles: { en: "Place", az: "Yer", ru: "Место" } },
  { name: "kind", kind: "word", role: "required", titles: { en: "Kind", az: "Növ", ru: "Вид" } },
  { name: "model", kind: "text", role: "given", titles: { en: "Model", az: "Model", ru: "Модель" } },
  { name: "made_in_year", kind: "number", role: "given", titles: { en: "Year of production", az: "İstehsal ili", ru: "Год выпуска" } },
  { name: "quantity", kind: "number", role: "given", titles: { en: "Items", az: "Say", ru: "Предметов" } },
  { name: "depth_cm", kind: "number", role: "given", titles: { en: "Depth, cm", az: "Dərinlik, sm", ru: "Глубина, см" } },
  { name: "detected_on", kind: "day", role: "required", titles: { en: "Date found", az: "Aşkarlanma tarixi", ru: "Дата обнаружения" } },
  { name: "status", kind: "word", role: "given", titles: { en: "Status", az: "Vəziyyət", ru: "Состояние" } },
  { name: "neutralised_on", kind: "day", role: "given", titles: { en: "Date neutralised", az: "Zərərsizləşdirmə tarixi", ru: "Дата обезвреживания" } },
  { name: "disposal", kind: "word", role: "given", titles: { en: "Disposal", az: "Zərərsizləşdirmə üsulu", ru: "Способ обезвреживания" } },
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
  { name: "photos", kind: "other", role: "given", titles: { en: "Photos", az: "Fotolar", ru: "Фото" } },
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
  kind: ["ap_mine", "ap_mine_improvised", "av_mine", "av_mine_improvised", "submunition", "uxo", "axo", "booby_trap", "ied", "small_arms", "fuze", "other"],
  status: ["detected", "neutralised", "discounted"],
  disposal: ["destroyed_in_situ", "moved_and_destroyed", "burned", "rendered_safe", "disarmed", "removed", "other"],
  source_reliability: ["direct", "record", "report"],
  information_reliability: ["confirmed", "probable", "possible", "doubtful"],
  fix: ["gnss", "gnss_corrected", "map", "bearing_distance", "other"],
  review: ["submitted", "approved", "rejected", "has_issues"],
} as const;

/** The titles of the words. For the other vocabularies the page has its own texts. */
export const WORD_TITLES = {
  disposal: {
    destroyed_in_situ: { en: "Destroyed in place", az: "Yerində məhv edilib", ru: "Уничтожено на месте" },
    moved_and_destroyed: { en: "Moved and destroyed", az: "Daşınıb məhv edilib", ru: "Вывезено и уничтожено" },
    burned: { en: "Burned", az: "Yandırılıb", ru: "Сожжено" },
    rendered_safe: { en: "Rendered safe", az: "Təhlükəsiz edilib", ru: "Приведено в безопасное состояние" },
    disarmed: { en: "Disarmed", az: "Silahsızlaşdırılıb", ru: "Разряжено" },
    removed: { en: "Removed", az: "Çıxarılıb", ru: "Извлечено" },
    other: { en: "Other way", az: "Başqa üsul", ru: "Иначе" },
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
