"""The words of the small paper that the builders set, in three languages."""

# ruff: noqa: E501 - sentences are not broken for the machine's sake

import re
import tomllib
from pathlib import Path
from typing import Any

import stet

SAMPLE = Path(stet.__file__).parent / "appeals" / "sample"
"""The support pages are long, and stand in the package already."""

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "name": "The Far Shore",
        "tagline": "News of Velmora, from across the water",
        "sections": ("Politics", "Investigations", "Society", "Economy", "World", "Culture", "Opinion"),
        "footer": (
            "About us",
            "Contact",
            "Privacy policy",
            "Corrections",
            "Archive",
            "When we are blocked",
        ),
        "people": ("Lida Orsova", "Tomas Venn", "Ilse Marr", "Jonas Reth"),
        "role": "Harsk correspondent",
        "place": "Tolv",
        "topic": "The Vel dam",
        "list": "The Week",
        "promise": "A hand-picked selection of news, features and analysis, every Friday.",
        "tags": ("courts", "floods", "engineers"),
        "month": "November 2026",
        "older": "Older articles",
        "newer": "Newer articles",
        "alt": "The broken dam above Tolv at first light, its middle third gone",
        "caption": "The dam above Tolv, seen from the east bank in March 2025.",
        "correction": "An earlier version gave the wrong date of the second letter. It was sent on 18 November 2024.",
        "subhead": "Eighty-five days",
        "quote": "He had the keys to the gate. Nobody gave him the keys to the water.",
        "table": (
            "What the reservoir held, metres above the gauge",
            ("Month", "Level", "Permitted"),
            (("November 2024", "41.2", "38.0"), ("December 2024", "42.0", "38.0"), ("January 2025", "42.7", "38.0")),
        ),
        "stories": (
            (
                "Seven years for the man who ran the dam, and not a word about the minister",
                "A court in Tolv convicted three people and acquitted three. The judgment does not name the man who had been warned in writing.",
            ),
            (
                "The engineers wrote three letters. One was answered",
                "Documents seen by The Far Shore show who read the warnings, and on which day they were filed away.",
            ),
            (
                "In the cellars of Tolv the water never quite left",
                "Twenty-one months after the flood, four hundred families still live above rooms that can't be dried.",
            ),
            (
                "What a loaf costs in Harsk, and what the ministry says it costs",
                "We went to eleven bakeries with a scale. The official basket is lighter than it looks.",
            ),
            (
                "Kaldia closes the Orrin pass until spring",
                "Lorries wait in a line of nine kilometres. Both governments speak of repairs.",
            ),
            (
                "A choir that rehearses in a ferry's hold",
                "They left with one suitcase each; the scores took up half of it.",
            ),
            (
                "A law without a verb",
                "Read the statute aloud and listen for who does what to whom. You will wait a long time.",
            ),
        ),
        "paragraphs": (
            '<p>The former director of the dam was sentenced on Thursday to seven years for negligence that led to the deaths of 214 people. Gustav Oller, 58, heard the judgment standing and asked only whether he might sit down.</p><p>Two of his subordinates were given three years, suspended. Three managers of the state company that owned the dam were acquitted on <a href="/section-2/story-1/">every count</a>.</p>',
            "<p>It is the only trial over the breach of 11 February 2025. The families, who count 383 dead, say that it has ended nothing.</p>",
            "<p>A letter of 18 November 2024, in which eleven engineers asked that the reservoir be lowered by six metres at once, is given four lines on page 61. The court calls it <i>a working paper of an advisory nature</i>.</p><ul><li>The letter was registered at the ministry on 20 November.</li><li>It was marked “for the file” a week later.</li><li>The gauge stopped on 9 February.</li></ul>",
            "<p>About six hundred people stood outside. Many held a sheet with one name on it. When the loudspeaker said that three had been acquitted, nobody shouted; one after another they began to read the names, and read for fifty minutes.</p>",
        ),
    },
    "ru": {
        "name": "Дальний берег",
        "tagline": "Новости Вельморы с другого берега",
        "sections": ("Политика", "Расследования", "Общество", "Экономика", "Мир", "Культура", "Мнения"),
        "footer": ("О нас", "Контакты", "Приватность", "Исправления", "Архив", "Если нас блокируют"),
        "people": ("Лида Орсова", "Томас Венн", "Ильзе Марр", "Йонас Рет"),
        "role": "корреспондентка в Харске",
        "place": "Толв",
        "topic": "Дамба на Веле",
        "list": "Неделя",
        "promise": "Новости, репортажи и анализ, отобранные редакцией, по пятницам.",
        "tags": ("суды", "наводнение", "инженеры"),
        "month": "Ноябрь 2026",
        "older": "Более ранние статьи",
        "newer": "Более новые статьи",
        "alt": "Разрушенная дамба над Толвом на рассвете: средней трети нет",
        "caption": "Дамба над Толвом с восточного берега, март 2025 года.",
        "correction": "В первой версии статьи дата второго письма была указана неверно. Оно отправлено 18 ноября 2024 года.",
        "subhead": "Восемьдесят пять дней",
        "quote": "Ключи от ворот были у него. Ключи от воды ему никто не давал.",
        "table": (
            "Уровень водохранилища, метров над нулём поста",
            ("Месяц", "Уровень", "Допустимый"),
            (("Ноябрь 2024", "41,2", "38,0"), ("Декабрь 2024", "42,0", "38,0"), ("Январь 2025", "42,7", "38,0")),
        ),
        "stories": (
            (
                "Семь лет директору дамбы, ни слова о министре",
                "Суд в Толве осудил троих и троих оправдал. В приговоре нет имени человека, которого предупредили письменно.",
            ),
            (
                "Инженеры написали три письма. Ответили на одно",
                "Документы, с которыми ознакомился «Дальний берег», показывают, кто читал предупреждения и в какой день их подшили в дело.",
            ),
            (
                "Из подвалов Толва вода так и не ушла",
                "Через двадцать один месяц после наводнения четыреста семей живут над комнатами, которые нельзя высушить.",
            ),
            (
                "Сколько стоит буханка в Харске и сколько она стоит по мнению министерства",
                "Мы обошли с весами одиннадцать пекарен. Официальная корзина легче, чем кажется.",
            ),
            (
                "Калдия закрывает Оррин до весны",
                "Грузовики стоят в очереди длиной девять километров. Обе стороны говорят о ремонте.",
            ),
            (
                "Хор, который репетирует в трюме парома",
                "Каждый уехал с одним чемоданом; половину занимали ноты.",
            ),
            (
                "Закон без глагола",
                "Прочтите его вслух и прислушайтесь: кто, что и с кем делает. Ждать придётся долго.",
            ),
        ),
        "paragraphs": (
            '<p>Бывший директор дамбы в четверг приговорён к семи годам колонии за халатность, повлёкшую смерть 214 человек. Густав Оллер, 58 лет, выслушал приговор стоя и спросил только, можно ли сесть.</p><p>Двое его подчинённых получили по три года условно. Трое управляющих государственной компании, владевшей дамбой, оправданы <a href="/ru/section-2/story-1/">по всем пунктам</a>.</p>',
            "<p>Это единственный процесс о прорыве 11 февраля 2025 года. Семьи, по подсчётам которых погибли 383 человека, говорят, что он ничего не завершил.</p>",
            "<p>Письму от 18 ноября 2024 года, в котором одиннадцать инженеров просили немедленно понизить уровень на шесть метров, отведены четыре строки на странице 61. Суд называет его <i>рабочим документом рекомендательного характера</i>.</p><ul><li>Письмо зарегистрировано в министерстве 20 ноября.</li><li>Через неделю на нём появилась пометка «в дело».</li><li>Датчик замолчал 9 февраля.</li></ul>",
            "<p>Перед зданием собрались около шестисот человек. Многие держали лист с одним именем. Когда через громкоговоритель прочитали, что трое оправданы, никто не закричал: люди стали по очереди называть имена и читали пятьдесят минут.</p>",
        ),
    },
    "fa": {
        "name": "کرانهٔ دور",
        "tagline": "خبرهای ولمورا، از آن سوی آب",
        "sections": ("سیاست", "گزارش تحقیقی", "جامعه", "اقتصاد", "جهان", "فرهنگ", "دیدگاه"),
        "footer": ("دربارهٔ ما", "تماس", "حریم خصوصی", "تصحیح‌ها", "بایگانی", "اگر مسدود شدیم"),
        "people": ("لیدا اورسووا", "توماس ون", "ایلزه مار", "یوناس رت"),
        "role": "خبرنگار هارسک",
        "place": "تولو",
        "topic": "سد ول",
        "list": "هفته",
        "promise": "گزیده‌ای از خبرها، گزارش‌ها و تحلیل‌ها، جمعه‌ها.",
        "tags": ("دادگاه", "سیل", "مهندسان"),
        "month": "نوامبر ۲۰۲۶",
        "older": "مقاله‌های قدیمی‌تر",
        "newer": "مقاله‌های تازه‌تر",
        "alt": "سد شکسته بالای تولو در سپیده‌دم؛ یک‌سوم میانی آن فرو ریخته است",
        "caption": "سد بالای تولو از کرانهٔ شرقی، مارس ۲۰۲۵.",
        "correction": "در نسخهٔ پیشین، تاریخ نامهٔ دوم نادرست آمده بود. نامه در ۱۸ نوامبر ۲۰۲۴ فرستاده شد.",
        "subhead": "هشتاد و پنج روز",
        "quote": "کلید دروازه دست او بود. کلید آب را کسی به او نداد.",
        "table": (
            "سطح آب مخزن، متر بالاتر از صفر اشل",
            ("ماه", "سطح", "مجاز"),
            (("نوامبر ۲۰۲۴", "۴۱٫۲", "۳۸٫۰"), ("دسامبر ۲۰۲۴", "۴۲٫۰", "۳۸٫۰"), ("ژانویهٔ ۲۰۲۵", "۴۲٫۷", "۳۸٫۰")),
        ),
        "stories": (
            (
                "هفت سال زندان برای مدیر سد، بی‌آنکه نامی از وزیر برده شود",
                "دادگاه تولو سه نفر را محکوم و سه نفر را تبرئه کرد. در رأی، نام کسی که کتباً هشدار گرفته بود نیامده است.",
            ),
            (
                "مهندسان سه نامه نوشتند؛ به یکی پاسخ دادند",
                "اسنادی که «کرانهٔ دور» دیده است نشان می‌دهد چه کسی هشدارها را خواند و کدام روز بایگانی شد.",
            ),
            (
                "آب هنوز از زیرزمین‌های تولو نرفته است",
                "بیست و یک ماه پس از سیل، چهارصد خانواده بالای اتاق‌هایی زندگی می‌کنند که خشک نمی‌شوند.",
            ),
            (
                "یک قرص نان در هارسک چند است و وزارتخانه چه می‌گوید",
                "با ترازو به یازده نانوایی رفتیم. سبد رسمی سبک‌تر از آن است که می‌نماید.",
            ),
            (
                "کالدیا گذرگاه اورین را تا بهار بست",
                "کامیون‌ها در صفی نه کیلومتری مانده‌اند. هر دو دولت از تعمیر سخن می‌گویند.",
            ),
            (
                "گروه کری که در انبار کشتی تمرین می‌کند",
                "هرکدام با یک چمدان رفتند؛ نیمی از آن را نت‌ها پر کرده بود.",
            ),
            (
                "قانونی بی‌فعل",
                "آن را بلند بخوانید و گوش کنید چه کسی با چه کسی چه می‌کند. باید زمان درازی منتظر بمانید.",
            ),
        ),
        "paragraphs": (
            '<p>مدیر پیشین سد روز پنجشنبه به هفت سال زندان محکوم شد؛ به اتهام سهل‌انگاری که به مرگ ۲۱۴ نفر انجامید. گوستاو اولر، ۵۸ ساله، رأی را ایستاده شنید و تنها پرسید که آیا می‌تواند بنشیند.</p><p>دو تن از زیردستان او سه سال حبس تعلیقی گرفتند. سه مدیر شرکت دولتی صاحب سد از <a href="/fa/section-2/story-1/">همهٔ اتهام‌ها</a> تبرئه شدند.</p>',
            "<p>این تنها دادگاه دربارهٔ شکست سد در ۱۱ فوریهٔ ۲۰۲۵ است. خانواده‌ها که شمار جان‌باختگان را ۳۸۳ نفر می‌دانند، می‌گویند این رأی چیزی را تمام نکرده است.</p>",
            "<p>به نامهٔ ۱۸ نوامبر ۲۰۲۴ که در آن یازده مهندس خواسته بودند سطح آب بی‌درنگ شش متر پایین آورده شود، در صفحهٔ ۶۱ چهار سطر رسیده است. دادگاه آن را <i>سندی کاری و مشورتی</i> می‌خواند.</p><ul><li>نامه در ۲۰ نوامبر در وزارتخانه ثبت شد.</li><li>یک هفته بعد رویش نوشتند «بایگانی شود».</li><li>حسگر در ۹ فوریه خاموش شد.</li></ul>",
            "<p>نزدیک به ششصد نفر بیرون ساختمان ایستاده بودند. بسیاری برگه‌ای با یک نام در دست داشتند. وقتی بلندگو گفت سه نفر تبرئه شده‌اند کسی فریاد نزد؛ یکی پس از دیگری نام‌ها را خواندند و پنجاه دقیقه خواندند.</p>",
        ),
    },
}
"""Everything the builders need, by language code."""


def _rich(text: str) -> str:
    """The sample's few signs as clean HTML."""
    html = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text.strip()))
    html = re.sub(r"(^|\n)- (.*)", r"<li>\2</li>", html)
    return f"<ul>{html}</ul>" if html.startswith("<li>") else "".join(f"<p>{part}</p>" for part in html.split("\n\n"))


for _language in WORDS:
    _sample = tomllib.loads((SAMPLE / f"support.{_language}.toml").read_text("utf-8"))
    WORDS[_language]["support"] = {
        "heading": _sample["title"],
        "warning": _sample["warnings"][0]["text"],
        **{name: _rich(_sample[name]) for name in ("letter", "pays_for", "other_ways")},
    }
    WORDS[_language]["methods"] = tuple((method["name"], method["note"]) for method in _sample["methods"])
