"""Makes the forms for ODK Collect and KoBoCollect: XLSForms, and the XForms that pyxform makes of them.

    python data/forms/forms.py [FOLDER]

The names of questions and choices are those of the fields and values of a record, and so are the labels where a
question has the field's name. A change of a form needs a new version, because Collect fetches a form again only then.
"""

import pathlib
import sys

from openpyxl import Workbook
from pyxform.xls2xform import convert

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ("English (en)", "Azərbaycan (az)", "Русский (ru)")

# One term for each kind, disposal, status and way to take a position, the same as on the page: `web/src/shared/text`.
KINDS = {
    "ap_mine": ("Anti-personnel mine", "Piyada əleyhinə mina", "Противопехотная мина"),
    "ap_mine_improvised": (
        "Anti-personnel mine, improvised",
        "Piyada əleyhinə mina, əldəqayırma",
        "Противопехотная мина, самодельная",
    ),
    "av_mine": ("Anti-vehicle mine", "Tank əleyhinə mina", "Противотанковая мина"),
    "av_mine_improvised": (
        "Anti-vehicle mine, improvised",
        "Tank əleyhinə mina, əldəqayırma",
        "Противотанковая мина, самодельная",
    ),
    "submunition": ("Submunition", "Kaset sursatı elementi", "Кассетный суббоеприпас"),
    "uxo": ("Unexploded ordnance", "Partlamamış sursat", "Неразорвавшийся боеприпас"),
    "axo": ("Abandoned ordnance", "Tərk edilmiş sursat", "Оставленный боеприпас"),
    "booby_trap": ("Booby trap", "Mina-tələ", "Мина-ловушка"),
    "ied": ("Improvised device", "Əldəqayırma qurğu", "Самодельное устройство"),
    "small_arms": ("Small-arms ammunition", "Atıcı silah sursatı", "Патроны"),
    "fuze": ("Fuze", "Partladıcı", "Взрыватель"),
    "other": ("Other", "Digər", "Другое"),
}

DISPOSALS = {
    "destroyed_in_situ": ("Destroyed in place", "Yerində məhv edilib", "Уничтожено на месте"),
    "moved_and_destroyed": ("Moved and destroyed", "Daşınıb məhv edilib", "Вывезено и уничтожено"),
    "burned": ("Burned", "Yandırılıb", "Сожжено"),
    "rendered_safe": ("Rendered safe", "Təhlükəsiz edilib", "Приведено в безопасное состояние"),
    "disarmed": ("Disarmed", "Silahsızlaşdırılıb", "Разряжено"),
    "removed": ("Removed", "Çıxarılıb", "Извлечено"),
    "other": ("Other way", "Başqa üsul", "Иначе"),
}

STATUSES = {
    "neutralised": ("Neutralised", "Zərərsizləşdirilib", "Обезврежено"),
    "discounted": ("Discounted", "Təsdiqlənməyib", "Не подтвердилось"),
}

FIXES = {
    "gnss": ("Satellite receiver", "Peyk qəbuledicisi", "Спутниковый приёмник"),
    "gnss_corrected": ("Satellite receiver with corrections", "Düzəlişli peyk qəbuledicisi", "Спутниковый приёмник с поправками"),
    "map": ("Read from a map", "Xəritədən oxunub", "Снято с карты"),
    "bearing_distance": ("Bearing and distance", "Azimut və məsafə", "Азимут и расстояние"),
}

NORTHS = {
    "magnetic": ("Magnetic: a compass", "Maqnit: kompas", "Магнитный: компас"),
    "true": ("True: a map", "Həqiqi: xəritə", "Истинный: карта"),
}

YES_NO = {
    "yes": ("Yes", "Bəli", "Да"),
    "no": ("No", "Xeyr", "Нет"),
}

UNKNOWN = {"unknown": ("Unknown", "Naməlum", "Неизвестно")}

# The words of accidents and their victims, the same as on the page: `web/src/collections/accidents/fields.ts`.
CLASSES = {
    "demining_accident": ("Demining accident", "Minatəmizləmə zamanı qəza", "Происшествие при разминировании"),
    "mine": ("Mine", "Mina", "Мина"),
    "cluster": ("Cluster munition", "Kaset sursatı", "Кассетный боеприпас"),
    "ied": ("Improvised device", "Əldəqayırma qurğu", "Самодельное устройство"),
    "uxo_axo": (
        "Unexploded or abandoned ordnance",
        "Partlamamış və ya tərk edilmiş sursat",
        "Неразорвавшийся или оставленный боеприпас",
    ),
    "stored_ammunition": ("Stored ammunition", "Anbardakı sursat", "Боеприпасы на складе"),
    "other": ("Other or unknown", "Digər və ya naməlum", "Другое или неизвестно"),
}

SET_OFF = {
    "stepped_on": ("Stepped on", "Üzərinə basılıb", "Наступили"),
    "driven_over": ("Driven over", "Üzərindən keçilib", "Наехали"),
    "tripwire": ("Tripwire", "Dartma məftili", "Растяжка"),
    "handled": ("Handled", "Əl vurulub", "Трогали"),
    "remote_controlled": ("Remote-controlled", "Məsafədən", "Дистанционно"),
    "other": ("Another way", "Başqa üsulla", "Иначе"),
    **UNKNOWN,
}

OUTCOMES = {
    "killed": ("Killed", "Həlak olub", "Погиб"),
    "injured": ("Injured", "Yaralanıb", "Ранен"),
    **UNKNOWN,
}

SEXES = {
    "male": ("Male", "Kişi", "Мужской"),
    "female": ("Female", "Qadın", "Женский"),
    **UNKNOWN,
}

AGE_GROUPS = {
    "child": ("Child (under 18)", "Uşaq (18 yaşadək)", "Ребёнок (до 18 лет)"),
    "adult": ("Adult", "Yetkin", "Взрослый"),
    **UNKNOWN,
}

VICTIM_STATUSES = {
    "civilian": ("Civilian", "Mülki şəxs", "Гражданское лицо"),
    "military_security": ("Military or security", "Hərbi və ya təhlükəsizlik", "Военный или силовик"),
    "deminer": ("Deminer", "Minaaxtaran", "Сапёр"),
    **UNKNOWN,
}

ACTIVITIES = {
    "farming": ("Farming", "Əkinçilik", "Земледелие"),
    "herding": ("Herding", "Mal-qara otarma", "Выпас скота"),
    "travelling": ("Travelling", "Yolda", "В пути"),
    "collecting": ("Collecting wood, food or scrap", "Odun, qida və ya metal yığma", "Сбор дров, еды или металла"),
    "playing": ("Playing", "Oyun", "Игра"),
    "tampering": ("Handling the device", "Qurğuya əl vurma", "Обращение с предметом"),
    "demining": ("Demining", "Minatəmizləmə", "Разминирование"),
    "military": ("Military activity", "Hərbi fəaliyyət", "Военная деятельность"),
    "other": ("Other", "Digər", "Другое"),
    **UNKNOWN,
}

# The box around the country, degrees.
BOX = {"lat": (38.3, 41.95), "lon": (44.7, 50.7)}

# A position that may be off by more than this, in metres, is not taken.
WORST_M = 50

# Farther than this, in metres, nobody measures with a compass.
FARTHEST_M = 5000

NOT_LATER = ("It lies in the future", "Tarix gələcəkdədir", "Дата в будущем")
PHOTO = {
    "type": "image",
    "name": "photo",
    "parameters": "max-pixels=2560",
    "label": ("Photo", "Foto", "Фото"),
}


def text(name, most_chars, label, **more):
    return {
        "type": "text",
        "name": name,
        "label": label,
        "constraint": f"string-length(.) <= {most_chars}",
        "constraint_message": (
            f"At most {most_chars} characters",
            f"Ən çoxu {most_chars} simvol",
            f"Не более {most_chars} знаков",
        ),
        **more,
    }


def number(type, name, least, most, label, **more):
    reason = f"{least}..{most}"
    return {
        "type": type,
        "name": name,
        "label": label,
        "constraint": f". >= {least} and . <= {most}",
        "constraint_message": (reason,) * 3,
        **more,
    }


def point(name, label, *, is_measured, **more):
    """A position in the country. What a receiver measures has an accuracy, which external receivers state, too."""
    lies_in = [
        f"number(selected-at(., {nth})) >= {least} and number(selected-at(., {nth})) <= {most}"
        for nth, (least, most) in enumerate([BOX["lat"], BOX["lon"]])
    ]
    parameters = ["allow-mock-accuracy=true"]
    message = ("It must lie in Azerbaijan", "Azərbaycanda olmalıdır", "Место должно быть в Азербайджане")
    if is_measured:
        # Where the accuracy is not known, it is blank or 0.
        lies_in.append(f"(selected-at(., 3) = '' or number(selected-at(., 3)) <= {WORST_M})")
        parameters += ["capture-accuracy=5", "warning-accuracy=20"]
        message = (
            f"It must lie in Azerbaijan and be known to {WORST_M} m. Wait under open sky, or state the place on the "
            "map or by bearing and distance",
            f"Azərbaycanda olmalı və {WORST_M} m dəqiqliklə bilinməlidir. Açıq səma altında gözləyin, yaxud yeri "
            "xəritədə və ya azimut və məsafə ilə göstərin",
            f"Место должно быть в Азербайджане и известно с точностью до {WORST_M} м. Подождите под открытым небом или "
            "укажите место на карте либо азимутом и расстоянием",
        )
    return {
        "type": "geopoint",
        "name": name,
        "label": label,
        "required": "yes",
        "parameters": " ".join(parameters),
        "constraint": " and ".join(lies_in),
        "constraint_message": message,
        **more,
    }


def day(name, label):
    return {
        "type": "date",
        "name": name,
        "label": label,
        "required": "yes",
        "default": "today()",
        "constraint": ". <= today()",
        "constraint_message": NOT_LATER,
    }


def choice(words, name, label, **more):
    return {"type": f"select_one {words}", "name": name, "label": label, **more}


OPERATOR = text("operator", 120, ("Operator", "Operator", "Оператор"))
TEAM = text("team", 120, ("Team", "Qrup", "Группа"))

NOTE = text("note", 4000, ("Note", "Qeyd", "Заметка"), appearance="multiline")

SAFE = (
    "Stay at a safe distance: never step closer for a better position",
    "Təhlükəsiz məsafədə qalın: dəqiq mövqe üçün yaxınlaşmayın",
    "Оставайтесь на безопасном расстоянии: не подходите ради точности",
)

# By bearing and distance the item lies away from the phone; the server computes where, from true north.
AWAY = {"relevant": "${fix} = 'bearing_distance'"}

PLACE = [
    {
        "type": "select_one fix",
        "name": "fix",
        "label": ("How is the place known?", "Yer necə məlumdur?", "Как известно место?"),
        "hint": SAFE,
        "required": "yes",
        "default": "gnss",
    },
    point(
        "location",
        ("Where is it?", "Harada yerləşir?", "Где находится?"),
        is_measured=True,
        hint=SAFE,
        relevant="${fix} = 'gnss' or ${fix} = 'gnss_corrected'",
    ),
    point(
        "location_on_map",
        ("Where is it on the map?", "Xəritədə harada yerləşir?", "Где это на карте?"),
        is_measured=False,
        appearance="placement-map",
        relevant="${fix} = 'map'",
    ),
    point(
        "start_location",
        ("Where do you stand?", "Siz harada dayanmısınız?", "Где вы стоите?"),
        is_measured=True,
        hint=SAFE,
        **AWAY,
    ),
    {
        "type": "select_one north",
        "name": "bearing_north",
        "label": (
            "From which north is the bearing?",
            "Azimut hansı şimaldan ölçülüb?",
            "От какого севера измерен азимут?",
        ),
        "required": "yes",
        "default": "magnetic",
        **AWAY,
    },
    number(
        "decimal",
        "bearing",
        0,
        360,
        ("Bearing, degrees", "Azimut, dərəcə", "Азимут, градусы"),
        hint=("From where you stand to the item", "Durduğunuz yerdən tapıntıya", "От вас к находке"),
        required="yes",
        **AWAY,
    ),
    number(
        "decimal",
        "distance_m",
        1,
        FARTHEST_M,
        ("Distance, m", "Məsafə, m", "Расстояние, м"),
        required="yes",
        **AWAY,
    ),
]

DETECTION = {
    "form_id": "clearline_detection",
    "title": "Clearline: detection",
    "version": "4",
    "choices": {"fix": FIXES, "north": NORTHS, "kind": KINDS},
    "survey": [
        *PLACE,
        {
            "type": "select_one kind",
            "name": "kind",
            "label": ("What is it?", "Bu nədir?", "Что это?"),
            "required": "yes",
        },
        text("model", 120, ("Model", "Model", "Модель"), hint=("PMN-2, TM-62M",) * 3),
        number(
            "integer",
            "quantity",
            1,
            100000,
            ("How many on this spot?", "Bu yerdə neçə ədəd?", "Сколько на этом месте?"),
            required="yes",
            default="1",
        ),
        number("integer", "depth_cm", 0, 10000, ("Depth, cm", "Dərinlik, sm", "Глубина, см")),
        day("detected_on", ("Date found", "Aşkarlanma tarixi", "Дата обнаружения")),
        OPERATOR,
        TEAM,
        NOTE,
        PHOTO,
    ],
}

# What somebody marks on this phone leaves its list at once: the answer `status` is kept with the list.
WAITING = {"type": "select_one_from_file detections.csv", "choice_filter": "status = 'detected'"}
# Where a form is opened once more, its own detection stays chosen.
OR_CHOSEN = {"choice_filter": "status = 'detected' or name = ${detection}"}
NEUTRALISED = {"relevant": "${status} = 'neutralised'"}

NEUTRALISATION = {
    "form_id": "clearline_neutralisation",
    "title": "Clearline: mark as neutralised",
    "version": "4",
    "choices": {"status": STATUSES, "disposal": DISPOSALS},
    "survey": [
        {
            **WAITING,
            "name": "on_map",
            "appearance": "map",
            "label": (
                "Point at it on the map, or go on to the list",
                "Xəritədə göstərin və ya siyahıya keçin",
                "Укажите на карте или перейдите к списку",
            ),
        },
        {
            **WAITING,
            **OR_CHOSEN,
            "name": "detection",
            "appearance": "minimal autocomplete",
            "label": ("Which detection?", "Hansı tapıntı?", "Какая находка?"),
            "hint": (
                "Search by kind, model, district, team or day",
                "Növ, model, rayon, qrup və ya günə görə axtarın",
                "Ищите по виду, модели, району, группе или дню",
            ),
            "required": "yes",
            "trigger": "${on_map}",
            "calculation": "${on_map}",
        },
        {
            "type": "select_one status",
            "name": "status",
            "label": ("Mark as", "Belə qeyd et", "Отметить как"),
            "required": "yes",
            "default": "neutralised",
            "save_to": "status",
        },
        {**day("neutralised_on", ("Date neutralised", "Zərərsizləşdirmə tarixi", "Дата обезвреживания")), **NEUTRALISED},
        {
            "type": "select_one disposal",
            "name": "disposal",
            "label": ("How was it dealt with?", "Necə zərərsizləşdirildi?", "Как обезврежено?"),
            "required": "yes",
            **NEUTRALISED,
        },
        {
            **NOTE,
            "hint": (
                "When discounted: what was there",
                "Təsdiqlənməyibsə: orada nə var idi",
                "Если не подтвердилось: что там было",
            ),
            "required": "${status} = 'discounted'",
        },
        PHOTO,
    ],
    # The record that is updated: the revision at which the phone knew it goes with the answers.
    "entities": {"list_name": "detections", "entity_id": "${detection}", "label": ""},
}


# Either each victim is described, or the victims are counted.
LISTED = {"relevant": "${victims_known} = 'yes'"}
COUNTED = {"relevant": "${victims_known} = 'no'"}

NOBODY = ("0: nobody. Blank: not known", "0: heç kim. Boş: məlum deyil", "0: никто. Пусто: неизвестно")

# The server never stores what identifies a victim, so the form never asks for it.
NO_NAMES = (
    "Never write names, birth dates or contacts of victims",
    "Zərərçəkənlərin adını, doğum tarixini və əlaqə məlumatını yazmayın",
    "Не указывайте имена, даты рождения и контакты пострадавших",
)

VICTIM = [
    choice("outcome", "outcome", ("Outcome", "Nəticə", "Исход"), required="yes"),
    choice("sex", "sex", ("Sex", "Cins", "Пол")),
    choice("age_group", "age_group", ("Age", "Yaş", "Возраст")),
    choice("victim_status", "status", ("Status", "Status", "Статус")),
    choice("activity", "activity", ("Activity", "Məşğuliyyət", "Занятие")),
    choice("yes_no_unknown", "touched", ("Touched the device", "Qurğuya toxunub", "Трогал предмет")),
    choice(
        "yes_no_unknown",
        "risk_education_received",
        ("Had risk education", "Maarifləndirilib", "Был обучен"),
    ),
]


def place_of_accident(question):
    """A question about the place of a detection, asked about that of an accident."""
    if question["name"] != "bearing":
        return question
    return {**question, "hint": ("From where you stand to the place", "Durduğunuz yerdən hadisə yerinə", "От вас к месту")}


ACCIDENT = {
    "form_id": "clearline_accident",
    "title": "Clearline: accident",
    "version": "1",
    "choices": {
        "fix": FIXES,
        "north": NORTHS,
        "class": CLASSES,
        "kind": KINDS,
        "yes_no": YES_NO,
        "yes_no_unknown": {**YES_NO, **UNKNOWN},
        "set_off": SET_OFF,
        "outcome": OUTCOMES,
        "sex": SEXES,
        "age_group": AGE_GROUPS,
        "victim_status": VICTIM_STATUSES,
        "activity": ACTIVITIES,
    },
    "survey": [
        # KoBoToolbox gives forms ids of its own: this answer still says what the submission is about.
        {"type": "calculate", "name": "collection", "calculation": "'accidents'"},
        *map(place_of_accident, PLACE),
        choice("class", "class", ("Class", "Sinif", "Класс"), required="yes"),
        day("occurred_on", ("Date", "Tarix", "Дата")),
        {"type": "time", "name": "time", "label": ("Time", "Vaxt", "Время")},
        choice("kind", "device", ("Device", "Qurğu", "Предмет")),
        text("model", 120, ("Model", "Model", "Модель"), hint=("PMN-2, TM-62M",) * 3),
        choice(
            "yes_no_unknown",
            "area_marked",
            ("Area was marked", "Sahə nişanlanmışdı", "Участок был обозначен"),
        ),
        choice("set_off", "set_off", ("Set off by", "Nədən işə düşüb", "Отчего сработало")),
        choice(
            "yes_no",
            "victims_known",
            (
                "Can you describe each victim?",
                "Hər zərərçəkəni təsvir edə bilərsiniz?",
                "Можете описать каждого пострадавшего?",
            ),
            hint=NO_NAMES,
            required="yes",
        ),
        {"type": "begin_repeat", "name": "victims", "label": ("Victim", "Zərərçəkən", "Пострадавший"), **LISTED},
        *VICTIM,
        {"type": "end_repeat"},
        number("integer", "killed", 0, 100000, ("Killed", "Həlak olub", "Погибло"), hint=NOBODY, **COUNTED),
        number("integer", "injured", 0, 100000, ("Injured", "Yaralanıb", "Ранено"), hint=NOBODY, **COUNTED),
        OPERATOR,
        TEAM,
        {**NOTE, "hint": NO_NAMES},
    ],
}

# The forms by the names of their files.
FORMS = {"detection": DETECTION, "neutralisation": NEUTRALISATION, "accident": ACCIDENT}


def columns(question):
    """The cells of a question or choice by the names of their columns, a text of each language in its own."""
    cells = {}
    for name, value in question.items():
        if isinstance(value, tuple):
            cells.update({f"{name}::{language}": text for language, text in zip(LANGUAGES, value, strict=True)})
        else:
            cells[name] = value
    return cells


def sheet(book, name, rows):
    page = book.create_sheet(name)
    header = list(dict.fromkeys(column for row in rows for column in row))
    page.append(header)
    for row in rows:
        page.append([row.get(column) for column in header])


def workbook(form):
    book = Workbook()
    book.remove(book.active)
    sheet(book, "survey", [columns(question) for question in form["survey"]])
    choices = [
        columns({"list_name": name, "name": word, "label": labels})
        for name, words in form["choices"].items()
        for word, labels in words.items()
    ]
    sheet(book, "choices", choices)
    if "entities" in form:
        sheet(book, "entities", [form["entities"]])
    settings = {
        "form_title": form["title"],
        "form_id": form["form_id"],
        "version": form["version"],
        "default_language": LANGUAGES[0],
        # What was sent can be opened again on the phone, corrected, and sent once more.
        "client_editable": "yes",
    }
    sheet(book, "settings", [settings])
    return book


def xform(path):
    """The XForm of an XLSForm, and what pyxform warns of."""
    made = convert(path, validate=False, pretty_print=True)
    return made.xform, made.warnings


def main(folder):
    for name, form in FORMS.items():
        path = folder / f"{name}.xlsx"
        workbook(form).save(path)
        text, warnings = xform(path)
        path.with_suffix(".xml").write_text(text, encoding="utf-8")
        for warning in warnings:
            print(f"{name}: {warning}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
