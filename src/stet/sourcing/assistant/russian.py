"""The table of Russian.

Past tenses are made of a stem: "сказа" gives сказал, сказала, сказало, сказали. Other forms stand as they are. The
letter ё is read as е everywhere, as most papers print it.
"""

from collections.abc import Iterator

from stet.sourcing.assistant.language import Cue, Language, Meaning, Shape, by_first_word, hedged, phrases, words
from stet.sourcing.terms import Modality, SpeechAct, Verb

ABOUT = words("о об обо про")
SAY = "that quote person if"

# Verb, act, what may follow, prepositions, whether an attitude, stems of past tenses, other forms.
VERBS: tuple[tuple[Verb, SpeechAct, str, frozenset[str], bool, str, str], ...] = (
    (
        Verb.SAID, SpeechAct.ASSERTS, SAY, ABOUT, False,
        "сказа заяви сообщи рассказа отмети подчеркну добави поясни объясни уточни указа написа ответи напомни "
        "утвержда говори сообща заявля призна признава настаива заверя завери увери уверя предупреди предупрежда "
        "объяви констатирова пиcа писа переда вспомни вспомина воскликну резюмирова подытожи возрази парирова "
        "намекну обеща пообеща жалова пошути заключи показа выясни установи обнаружи доложи проинформирова "
        "раскрыва раскры оговори продолжи замети",
        "говорит говорят утверждает утверждают сообщает сообщают заявляет заявляют отмечает отмечают пишет пишут "
        "рассказывает рассказывают подчеркивает подчеркивают поясняет поясняют объясняет объясняют уточняет "
        "уточняют добавляет добавляют напоминает напоминают указывает указывают признает признают настаивает "
        "настаивают уверяет уверяют заверяет предупреждает предупреждают вспоминает вспоминают обещает обещают "
        "жалуется жалуются жаловался жаловалась жаловались показывает показывают констатирует констатируют "
        "передает передают приводит цитирует возражает возражают",
    ),
    (
        Verb.SAID, SpeechAct.ASSERTS, "noun", frozenset(), False,
        "назва обвини осуди раскритикова приветствова поддержа потребова предложи призва призыва одобри похвали "
        "поблагодари напомина опубликова раскрыва",
        "называет называют обвиняет обвиняют осуждает осуждают критикует критикуют приветствует приветствуют "
        "требует требуют предлагает предлагают призывает призывают винит винят поддерживает поддерживают",
    ),
    (Verb.SAID, SpeechAct.ASSERTS, "that noun", frozenset(), False, "постанови реши пообеща обеща", "обещает обещают"),
    (Verb.CONFIRMED, SpeechAct.ASSERTS, "that noun quote", frozenset(), False, "подтверди", "подтверждает "
        "подтверждают"),
    (
        Verb.DENIED, SpeechAct.DENIES, "that noun quote", frozenset(), False, "опроверг отверг отрица "
            "опровергну отвергну",
        "отрицает отрицают опровергает опровергают отвергает отвергают опроверг отверг опровергла опровергло "
        "опровергли отвергла отвергло отвергли",
    ),
    (
        Verb.PREDICTED, SpeechAct.PREDICTS, "that noun quote", frozenset(), False, "предсказа спрогнозирова "
            "прогнозирова",
        "прогнозирует прогнозируют предсказывает предсказывают",
    ),
    (
        Verb.OTHER, SpeechAct.ASSERTS, "that quote", frozenset(), True,
        "счита полага дума реши повери",
        "считает считают полагает полагают думает думают верит верят уверен уверена уверены убежден убеждена "
        "убеждены предполагает предполагают подозревает подозревают понимает понимают знает знают",
    ),
    (
        Verb.OTHER, SpeechAct.ASSERTS, "that noun", words("в на"), True,
        "хоте надея опаса боя сомнева собира планирова намерева стреми",
        "хочет хотят надеется надеются опасается опасаются боится боятся сомневается сомневаются намерен намерена "
        "намерено намерены собирается собираются планирует планируют стремится стремятся мечтает мечтают надеялся "
        "надеялась надеялись опасался опасалась опасались сомневался сомневалась сомневались собирался собиралась "
        "собирались",
    ),
    (
        Verb.PREDICTED, SpeechAct.PREDICTS, "that noun", frozenset(), True, "ожида жда", "ожидает ожидают ждет ждут",
    ),
    (Verb.DECLINED, SpeechAct.DECLINES, "noun", words("от"), False, "", "отказался отказалась отказалось "
        "отказались отказывается отказываются"),
)  # fmt: skip

PHRASES: tuple[tuple[Verb, SpeechAct, str, bool, str], ...] = (
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "that quote",
        False,
        "дал понять, дала понять, дали понять, обратил внимание на то, пришел к выводу, пришла к выводу, пришли к "
        "выводу, дает понять, исходит из того, передал по радио, передала по радио, выразил уверенность в том, "
        "выразила уверенность в том, выразил мнение, выразила мнение, выразил надежду, выразила надежду, выразили "
        "надежду",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "quote",
        False,
        "говорится в, сказано в, сообщается в, отмечается в, указано в, указывается в, утверждается в",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "noun",
        False,
        "выразил сожаление из-за, выразила сожаление из-за, выразил обеспокоенность из-за, выразила "
        "обеспокоенность из-за, выступил за, выступила за, выступили за, выступает за, выступают за, выступил "
        "против, выступила против, выступили против, выступает против, выступают против, настаивает на, "
        "настаивают на, настаивал на",
    ),
    (
        Verb.DECLINED,
        SpeechAct.DECLINES,
        "noun that if",
        False,
        "не ответил на, не ответила на, не ответило на, не ответили на, не отвечает на, не стал комментировать, "
        "не стала комментировать, не стали комментировать, не комментировал, не комментировала, не "
        "комментировали, не комментирует, не комментируют, не стал говорить, не стала говорить, не стали "
        "говорить, не прокомментировал, не прокомментировала, не прокомментировали, не подтвердил, не "
        "подтвердила, не подтвердило, не подтвердили, не раскрывает, не раскрывают, не уточнил, не уточнила, не "
        "уточнили, не сообщил, не сообщила, не сообщили, не подтвердили и не опровергли, воздержался от, "
        "воздержалась от, воздержались от, оставил без комментариев",
    ),
    (
        Verb.OTHER,
        SpeechAct.SEES_NO_SIGNS,
        "noun that",
        False,
        "не видит признаков, не видят признаков, не видел признаков, не видела признаков, не видели признаков, не "
        "заметил признаков, не заметили признаков, не нашел признаков, не нашли признаков, не видит оснований, не "
        "нашел доказательств, не нашли доказательств, не нашла доказательств",
    ),
)

PREFIXES = (
    "по словам, по данным, по мнению, по сведениям, по информации, по оценке, по оценкам, по версии, по "
    "заявлению, по сообщению, по сообщениям, согласно, судя по, как следует из, из сообщения, по утверждению, по "
    "утверждениям, по подсчетам, по признанию"
)
AS_THEY_SAY = (
    "сообщил сообщила сообщило сообщили сообщает сообщают пишет пишут писал писала писали рассказал рассказала "
    "рассказали рассказывает рассказывают заявил заявила заявили заявляет утверждает утверждают отмечает отмечают "
    "отметил отметила отметили передает передают передал говорит говорят выяснил выяснила выяснили выяснило "
    "подчеркнул подчеркнула пояснил пояснила пояснили объяснил объяснила указал указала указали считает считают "
    "уточнил уточнила уточнили показывает показывают показало признал признала признали"
)  # fmt: skip
OWN_WORDS = (
    "по его словам, по ее словам, по их словам, по его мнению, по ее мнению, по их мнению, по его данным, по ее "
    "данным, по их данным, по его версии, по ее версии, по его оценке, по ее оценке, по их оценке"
)
IT_IS_SAID = "как сообщается, как утверждается, как отмечается, как стало известно, как считается"
IT_IS_EXPECTED = "как ожидается, как прогнозируется"
CITES = "со ссылкой на, ссылаясь на, сославшись на, цитируя"
GOING = (
    "добавив отметив подчеркнув заявив пояснив сообщив уточнив указав напомнив признав утверждая добавляя отмечая "
    "подчеркивая заявляя поясняя настаивая предупредив объяснив сказав"
)
CONFIRMED = "подтвержден подтверждена подтверждено подтверждены"
DENIED = "опровергнут опровергнута опровергнуто опровергнуты"
LEAKED = "обнародован обнародована обнародовано обнародованы"


def past(stems: str) -> Iterator[str]:
    """The four forms of each past tense."""
    for stem in stems.split():
        for ending in ("л", "ла", "ло", "ли"):
            yield stem + ending


def cues() -> Iterator[Cue]:
    """Every cue."""
    known: dict[str, Meaning] = {}
    for verb, act, takes, prepositions, attitude, stems, forms in VERBS:
        for form in (*past(stems), *forms.split()):
            before = known.get(form)
            known[form] = Meaning(
                verb=before.verb if before else verb, act=before.act if before else act,
                takes=words(takes) | (before.takes if before else frozenset()),
                prepositions=prepositions | (before.prepositions if before else frozenset()),
                attitude=before.attitude if before else attitude,
            )  # fmt: skip
    for form, meaning in known.items():
        yield Cue(words=(form,), shape=Shape.FINITE, meaning=meaning)
    for verb, act, takes, attitude, listed in PHRASES:
        yield from listed_cues(listed, Shape.FINITE, Meaning(verb=verb, act=act, takes=words(takes), attitude=attitude))
    yield from listed_cues(PREFIXES, Shape.PREFIX, Meaning())
    yield from listed_cues(", ".join(f"как {verb}" for verb in AS_THEY_SAY.split()), Shape.PREFIX, Meaning())
    yield from listed_cues(f"{OWN_WORDS}, {IT_IS_SAID}", Shape.PREFIX, Meaning(takes=words("bare")))
    expected = Meaning(verb=Verb.PREDICTED, act=SpeechAct.PREDICTS, takes=words("bare"))
    yield from listed_cues(IT_IS_EXPECTED, Shape.PREFIX, expected)
    yield from listed_cues(CITES, Shape.CITES, Meaning(verb=Verb.CITED))
    yield from listed_cues(GOING.replace(" ", ", "), Shape.GOING, Meaning(takes=words(SAY)))
    for listed, verb, act in (
        (CONFIRMED, Verb.CONFIRMED, SpeechAct.ASSERTS),
        (DENIED, Verb.DENIED, SpeechAct.DENIES),
        (LEAKED, Verb.LEAKED, SpeechAct.ASSERTS),
    ):
        yield from listed_cues(listed.replace(" ", ", "), Shape.PARTICIPLE, Meaning(verb=verb, act=act))


def listed_cues(listed: str, shape: Shape, meaning: Meaning) -> Iterator[Cue]:
    """Cues of one shape and meaning; phrases are parted by commas."""
    for phrase in listed.split(","):
        yield Cue(words=tuple(phrase.split()), shape=shape, meaning=meaning)


RUSSIAN = Language(
    code="ru",
    cues=by_first_word(cues()),
    hedges=hedged({
        Modality.REPORTEDLY: "предположительно, по предварительным данным, по неподтвержденным данным, по "
            "неподтвержденной информации, по слухам, по некоторым данным, вероятно, видимо, по-видимому, "
            "сообщается",
        Modality.PURPORTEDLY: "якобы, предполагаемый, предполагаемая, предполагаемое, предполагаемые, "
            "предполагаемого, предполагаемых, так называемый, так называемая, так называемые, будто бы",
    }),
    that=words("что чтобы"),
    whether=words("когда почему зачем ли кто куда сколько откуда какой какая какие"),
    relatives=words(
        "который которая которое которые которого которой которому которую которым которых которыми чей чья чье чьи"
    ),
    articles=words("этот эта это эти тот та те его ее их наш наша наши свой своя свои один одна одно одни все"),
    pronouns=words("он она оно они я мы вы ты никто многие некоторые один одна"),
    possessives=words("его ее их"),
    prepositions=words(
        "в во на по о об обо с со из от до для без при про под над через за к ко у между перед после около среди "
        "против ради вместо кроме из-за"
    ),
    times=words(
        "понедельник вторник среду четверг пятницу субботу воскресенье январе феврале марте апреле мае июне июле "
        "августе сентябре октябре ноябре декабре января февраля марта апреля мая июня июля августа сентября "
        "октября ноября декабря вчера сегодня завтра накануне утром вечером днем ночью неделе месяце году года"
    ),
    conjunctions=words("и а но или либо однако зато"),
    joins=words("и или"),
    turns=words("но а однако хотя тогда"),
    subjects=words("он она они я мы вы"),
    apposition=frozenset(),
    breaks=words("что чтобы если когда пока хотя потому поскольку так как где куда чем"),
    finite=words("был была было были будет будут есть нет может могут стал стала стало стали"),
    passive=words("был была было были будет будут"),
    before_cue=words(
        "также уже ранее позже официально неоднократно не снова вновь тоже был была было были затем теперь "
        "публично наконец категорически пока еще только прямо лично затем часто будет"
    ),
    adverb_endings=("жды",),
    verb_endings=("ла", "ли", "ло", "ся", "сь", "ет", "ют", "ит", "ят", "ил", "ал", "ел", "ул"),
    going_endings=("вшись", "ясь", "уясь"),
    before_to=frozenset(),
    leads_going=frozenset(),
    plurals=frozenset(),
    plain_cites=frozenset(),
    comma_before_that=True,
    that_links=words("том того тем тому то"),
    source_prepositions=words("в во"),
    bare_passive=True,
    surest=frozenset(),
    raised=frozenset(),
    light=frozenset(),
    matters=frozenset(),
    hedge_adjectives=words(
        "предполагаемый предполагаемая предполагаемое предполагаемые предполагаемого предполагаемых так"
    ),
    apposition_endings=("ый", "ий", "ая", "ые", "ие", "ых", "их", "щего", "щей", "вшего", "вшей", "мого"),
    infinitive_endings=("ть", "ться", "ти"),
    subordinators=words("хотя если когда пока поскольку"),
    infinitive=frozenset(),
    by=frozenset(),
    blames=frozenset(),
    openers=words("и а но однако зато также позже ранее затем между тем при этом кроме того наконец впрочем "
        "так вчера сегодня накануне тогда"),
    dashes=words("— – --"),
    addressees=words(
        "агентству газете журналистам изданию телеканалу порталу репортерам корреспонденту радиостанции ему ей им "
        "нам мне каналу"
    ),
    media=phrases("в интервью", "в эфире", "на брифинге", "на пресс-конференции", "в заявлении"),
    information=words("данные сведения информацию сообщения документы показания заявление слова отчет "
        "источник источники источника источников"),
    origins=words("из от"),
    abbreviations=words("г гг им ул руб тыс млн млрд см т"),
    ends_source=words(
        "в во на по при после перед во о об что чтобы когда если и а но сегодня вчера накануне утром вечером "
        "комментируя отвечая"
    ),
    inverts_freely=True,
)  # fmt: skip
