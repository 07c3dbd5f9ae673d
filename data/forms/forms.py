"""Makes the forms for ODK Collect and KoBoCollect: XLSForms, and the XForms that pyxform makes of them.

    python data/forms/forms.py [FOLDER]

The names of questions and choices are those of the fields and values of a record. Whoever changes a form
raises its version: Collect fetches a form again when its version is another.
"""

import pathlib
import sys

from openpyxl import Workbook
from pyxform.xls2xform import convert

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ("English (en)", "Azərbaycan (az)", "Русский (ru)")

KINDS = {
    "ap_mine": ("Anti-personnel mine", "Piyada əleyhinə mina", "Противопехотная мина"),
    "ap_mine_improvised": (
        "Improvised anti-personnel mine",
        "Əldəqayırma piyada əleyhinə mina",
        "Самодельная противопехотная мина",
    ),
    "av_mine": ("Anti-tank mine", "Tank əleyhinə mina", "Противотанковая мина"),
    "av_mine_improvised": (
        "Improvised anti-tank mine",
        "Əldəqayırma tank əleyhinə mina",
        "Самодельная противотанковая мина",
    ),
    "submunition": ("Submunition", "Kasetli döyüş elementi", "Суббоеприпас"),
    "uxo": ("Unexploded ordnance (UXO)", "Partlamamış döyüş sursatı", "Неразорвавшийся боеприпас"),
    "axo": ("Abandoned ordnance (AXO)", "Tərk edilmiş döyüş sursatı", "Оставленный боеприпас"),
    "booby_trap": ("Booby trap", "Mina-tələ", "Мина-ловушка"),
    "ied": ("Improvised explosive device", "Əldəqayırma partlayıcı qurğu", "Самодельное взрывное устройство"),
    "small_arms": ("Small arms ammunition", "Atıcı silah patronları", "Патроны стрелкового оружия"),
    "fuze": ("Fuze", "Partladıcı", "Взрыватель"),
    "other": ("Other", "Digər", "Другое"),
}

DISPOSALS = {
    "destroyed_in_situ": ("Destroyed on the spot", "Yerində məhv edilib", "Уничтожено на месте"),
    "moved_and_destroyed": ("Moved and destroyed", "Aparılıb məhv edilib", "Вывезено и уничтожено"),
    "burned": ("Burned", "Yandırılıb", "Сожжено"),
    "rendered_safe": ("Rendered safe", "Təhlükəsiz hala gətirilib", "Приведено в безопасное состояние"),
    "disarmed": ("Disarmed", "Zərərsizləşdirilib", "Обезврежено"),
    "removed": ("Removed", "Götürülüb", "Извлечено"),
    "other": ("Other", "Digər", "Другое"),
}

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


def whole(name, least, most, label):
    reason = f"{least}..{most}"
    return {
        "type": "integer",
        "name": name,
        "label": label,
        "constraint": f". >= {least} and . <= {most}",
        "constraint_message": (reason,) * 3,
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


NOTE = text("note", 4000, ("Note", "Qeyd", "Примечание"), appearance="multiline")

DETECTION = {
    "form_id": "clearline_detection",
    "title": "Clearline: detection",
    "version": "2",
    "choices": {"kind": KINDS},
    "survey": [
        {
            "type": "geopoint",
            "name": "location",
            "label": ("Where is it?", "Harada yerləşir?", "Где находится?"),
            "hint": (
                "Stay at a safe distance: never step closer for a better position",
                "Təhlükəsiz məsafədə qalın: dəqiq mövqe üçün yaxınlaşmayın",
                "Оставайтесь на безопасном расстоянии: не подходите ради точности",
            ),
            "required": "yes",
            "parameters": "capture-accuracy=5 warning-accuracy=20",
        },
        {
            "type": "select_one kind",
            "name": "kind",
            "label": ("What is it?", "Bu nədir?", "Что это?"),
            "required": "yes",
        },
        text("model", 120, ("Model", "Model", "Модель"), hint=("PMN-2, TM-62M",) * 3),
        {
            **whole("quantity", 1, 100000, ("How many on this spot?", "Bu yerdə neçə ədəd?", "Сколько на этом месте?")),
            "required": "yes",
            "default": "1",
        },
        whole("depth_cm", 0, 10000, ("Depth in cm", "Dərinlik, sm", "Глубина, см")),
        day("detected_on", ("Found on", "Aşkar edilmə tarixi", "Дата обнаружения")),
        text("operator", 120, ("Organisation", "Təşkilat", "Организация")),
        text("team", 120, ("Team", "Qrup", "Группа")),
        NOTE,
        PHOTO,
    ],
}

NEUTRALISATION = {
    "form_id": "clearline_neutralisation",
    "title": "Clearline: neutralisation",
    "version": "2",
    "choices": {"disposal": DISPOSALS},
    "survey": [
        {
            "type": "select_one_from_file detections.csv",
            "name": "detection",
            "appearance": "map",
            "label": ("Which detection?", "Hansı tapıntı?", "Какая находка?"),
            "required": "yes",
        },
        day("neutralised_on", ("Dealt with on", "Zərərsizləşdirmə tarixi", "Дата обезвреживания")),
        {
            "type": "select_one disposal",
            "name": "disposal",
            "label": ("How?", "Necə?", "Как?"),
            "required": "yes",
        },
        NOTE,
        PHOTO,
    ],
    # The record that is updated: the revision at which the phone knew it goes with the answers.
    "entities": {"list_name": "detections", "entity_id": "${detection}", "label": ""},
}


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
    }
    sheet(book, "settings", [settings])
    return book


def xform(path):
    """The XForm of an XLSForm, and what pyxform warns of."""
    made = convert(path, validate=False, pretty_print=True)
    return made.xform, made.warnings


def main(folder):
    for name, form in {"detection": DETECTION, "neutralisation": NEUTRALISATION}.items():
        path = folder / f"{name}.xlsx"
        workbook(form).save(path)
        text, warnings = xform(path)
        path.with_suffix(".xml").write_text(text, encoding="utf-8")
        for warning in warnings:
            print(f"{name}: {warning}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
