/** The texts about accidents in Azerbaijani. */

import type { AccidentTexts } from "./texts.ts";

export const az: AccidentTexts = {
  heading: "Qəzalar",
  one: "Qəza",
  accidents: () => "qəza",
  killed: () => "nəfər həlak olub",
  injured: () => "nəfər yaralanıb",
  known: "İnsanların sayı məlum olduğu qədər göstərilir.",
  none: "Qeydə alınmış qəza yoxdur.",
  withheld: (fewest) => `Burada qəza qeydə alınıb, lakin rəqəmlər göstərilmir: qəzaların və ya insanların sayı ${fewest} rəqəmindən azdır, yaxud onlara görə belə kiçik sayı hesablamaq olar. Kiçik rəqəmlərə görə insanları tanımaq mümkündür.`,
  inMonths: (period) => `${period}, bütöv aylar üzrə`,
  unfiltered: "Vəziyyət, növ və operator süzgəcləri qəzalara aid deyil.",
  madeUp: "Uydurma qeydlər də daxildir",
  loading: "Qəzalar yüklənir …",
  failed: "Qəzaları yükləmək alınmadı.",
  beside: "Bu serverdə qeydə alınıb",
  show: "Qəzaları göstər",
  people: {
    killed: "Həlak olan var",
    injured: "Yaralanan var, həlak olan qeydə alınmayıb",
    unhurt: "Həlak olan və ya yaralanan qeydə alınmayıb",
    unknown: "Zərərçəkənlər barədə məlumat yoxdur",
  },
  killedUnknown: "həlak olanların sayı məlum deyil",
  injuredUnknown: "yaralananların sayı məlum deyil",
  list: "Görünən qəzalar",
  hurt: "Zərərçəkənlər",
  review: {
    reasons: {
      has_issues: ["Yer səhv görünür", "Sinif və ya qurğu səhv görünür", "Tarix səhv görünür", "Zərərçəkənlərin sayı səhv görünür"],
      rejected: ["İki dəfə qeyd edilib", "Partlayıcı sursatla bağlı deyil", "Sınaq və ya təlim qeydi", "Sübut yoxdur"],
    },
    nearNone: "Həmin gün yaxınlıqda başqa qəza, rayonda isə eyni sinifdən qəza yoxdur.",
  },
};
