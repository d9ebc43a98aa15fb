"""The table of English.

A line of verbs is: what it ties a source by, what the source does, what may follow, prepositions that belong to the
cue, verbs. A verb that is regular stands alone; one that is not gives its forms: base/-s/past/participle/-ing.
"""

from collections.abc import Iterator

from stet.sourcing.assistant.language import Cue, Language, Meaning, Shape, by_first_word, hedged, phrases, words
from stet.sourcing.terms import Modality, SpeechAct, Verb

SAY = "that quote clause if"

STATEMENTS: tuple[tuple[Verb, SpeechAct, str, str, str], ...] = (
    (Verb.SAID, SpeechAct.ASSERTS, SAY, "", "say/says/said/said/saying add"),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "that quote clause",
        "",
        "claim argue contend insist maintain stress assert allege declare state/states/stated/stated/stating "
        "caution write/writes/wrote/written/writing reply recall joke remark observe quip lament reiterate "
        "complain boast remember tweet/tweets/tweeted/tweeted/tweeting note explain emphasize emphasise suggest "
        "respond reveal testify swear/swears/swore/sworn/swearing estimate concede conclude acknowledge "
        "admit/admits/admitted/admitted/admitting mention indicate report announce disclose repeat counter shout "
        "charge mutter whisper murmur exclaim sigh laugh sing/sings/sang/sung/singing chant proclaim specify "
        "clarify hint decree radio/radios/radioed/radioed/radioing comment muse opine scoff retort interject brag "
        "plead/pleads/pleaded/pleaded/pleading marvel theorize speculate posit surmise reason reckon advise imply "
        "signal convey recount relay",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "that noun",
        "",
        "acknowledge concede admit/admits/admitted/admitted/admitting report announce disclose reveal mention "
        "emphasize emphasise stress allege declare explain estimate repeat reiterate echo detail "
        "describe/describes/described/described/describing outline underscore underline highlight",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "that clause noun if",
        "",
        "find/finds/found/found/finding show/shows/showed/shown/showing demonstrate determine discover conclude "
        "prove/proves/proved/proven/proving",
    ),
    (Verb.SAID, SpeechAct.ASSERTS, "person if clause quote", "about", "ask"),
    (Verb.SAID, SpeechAct.ASSERTS, "if clause quote", "about", "wonder inquire"),
    (Verb.TOLD, SpeechAct.ASSERTS, "person that quote clause to if", "", "tell/tells/told/told/telling"),
    (Verb.TOLD, SpeechAct.ASSERTS, "person that quote clause", "", "inform remind assure notify brief"),
    (Verb.SAID, SpeechAct.ASSERTS, "that noun", "of about against", "warn"),
    (
        Verb.CONFIRMED,
        SpeechAct.ASSERTS,
        "that noun clause quote",
        "",
        "confirm verify/verifies/verified/verified/verifying corroborate",
    ),
    (Verb.DENIED, SpeechAct.DENIES, "that noun clause", "", "deny/denies/denied/denied/denying dispute refute"),
    (Verb.DENIED, SpeechAct.DENIES, "noun", "", "reject dismiss rebut/rebuts/rebutted/rebutted/rebutting contradict"),
    (
        Verb.PREDICTED,
        SpeechAct.PREDICTS,
        "that noun clause",
        "",
        "predict forecast/forecasts/forecast/forecast/forecasting project foresee/foresees/foresaw/foreseen/foreseeing",
    ),
    (Verb.SAID, SpeechAct.ASSERTS, "that to noun", "", "promise vow pledge"),
    (Verb.SAID, SpeechAct.ASSERTS, "to", "to", "threaten offer"),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "to that clause quote",
        "with",
        "agree/agrees/agreed/agreed/agreeing disagree/disagrees/disagreed/disagreed/disagreeing",
    ),
    (Verb.DECLINED, SpeechAct.DECLINES, "to noun", "", "decline refuse"),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "noun",
        "for from of",
        "call/calls/called/called/calling accuse blame criticize criticise praise condemn denounce "
        "slam/slams/slammed/slammed/slamming blast hail welcome applaud mock decry endorse "
        "cite laud justify invoke repudiate protest tout depict portray characterize "
        "characterise label brand dub/dubs/dubbed/dubbed/dubbing liken lambast lambaste chide scold rebuke berate "
        "castigate deride",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "that noun",
        "",
        "demand/demands/demanded/demanded/demanding request propose recommend",
    ),
    (Verb.SAID, SpeechAct.ASSERTS, "that against noun", "against on", "rule/rules/ruled/ruled/ruling"),
)

ATTITUDES: tuple[tuple[Verb, SpeechAct, str, str, str], ...] = (
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "that clause quote",
        "",
        "believe think/thinks/thought/thought/thinking",
    ),
    (Verb.OTHER, SpeechAct.ASSERTS, "that quote", "", "feel/feels/felt/felt/feeling"),
    (Verb.OTHER, SpeechAct.ASSERTS, "that clause", "in", "believe"),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "that clause if",
        "",
        "know/knows/knew/known/knowing understand/understands/understood/understood/understanding realize realise "
        "assume imagine guess forget/forgets/forgot/forgotten/forgetting remember learn",
    ),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "that clause noun if",
        "about",
        "suspect doubt fear worry/worries/worried/worried/worrying recognize recognise "
        "consider/considers/considered/considered/considering",
    ),
    (Verb.OTHER, SpeechAct.ASSERTS, "that clause to", "for", "hope wish pray"),
    (Verb.PREDICTED, SpeechAct.PREDICTS, "that clause to noun", "", "expect anticipate"),
    (Verb.OTHER, SpeechAct.ASSERTS, "to noun", "", "want"),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "to",
        "",
        "intend plan/plans/planned/planned/planning seek/seeks/sought/sought/seeking vow refuse "
        "prefer/prefers/preferred/preferred/preferring aim attempt",
    ),
    (Verb.OTHER, SpeechAct.ASSERTS, "that to if", "", "decide"),
    (Verb.OTHER, SpeechAct.ASSERTS, "noun if", "", "question"),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "noun",
        "",
        "support/supports/supported/supported/supporting oppose favor favour view regard embody admire embrace "
        "approve authorize authorise adopt tolerate prefer/prefers/preferred/preferred/preferring love hate "
        "regret/regrets/regretted/regretted/regretting resent challenge ignore champion promote back "
        "identify/identifies/identified/identified/identifying seek/seeks/sought/sought/seeking overturn overrule "
        "repeal uphold/upholds/upheld/upheld/upholding enact value respect trust distrust dislike fear",
    ),
    (Verb.OTHER, SpeechAct.ASSERTS, "noun", "for from of", "thank credit congratulate attack ridicule discuss debate"),
    (Verb.OTHER, SpeechAct.ASSERTS, "noun", "for", "advocate"),
    (Verb.PUBLISHED, SpeechAct.ASSERTS, "noun", "", "publish tweet"),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "noun to",
        "",
        "urge implore beseech warn order/orders/ordered/ordered/ordering ask encourage instruct persuade convince",
    ),
)

# Phrases that are verbs: forms / shape, verb, act, what follows.
PHRASES: tuple[tuple[Verb, SpeechAct, str, bool, str], ...] = (
    (Verb.SAID, SpeechAct.ASSERTS, "quote", False, "reads, read"),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        SAY,
        False,
        "points out, point out, pointed out, made clear, makes clear, make clear, put it, puts it, went on to "
        "say, goes on to say, was quoted as saying, is quoted as saying, were quoted as saying, has been quoted "
        "as saying, took to twitter to say, fired back, shot back, let it be known",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "noun",
        False,
        "referred to, refers to, refer to, pointed to, points to, point to, described as, describes as, called "
        "on, calls on, call on, objected to, objects to, weighed in on, called for, calls for, call for, calling "
        "for, pushed for, push for, talked about, talks about, talk about, spoke about, speaks about, spoke of, "
        "speaks of, speak of, commented on, insisted on, insists on, lashed out at, took aim at, apologized for, "
        "apologised for, responded to, reacted to, alluded to, asked for, asks for, complained about, complained "
        "of, hinted at, raised questions about, raises questions about, raised concerns about, raise concerns "
        "about, questioned whether, expressed concern about, expressed concern over, expressed concerns about, "
        "expressed doubt about, expressed doubts about, expressed regret over, expressed support for, expressed "
        "hope for, expressed outrage over, expressed confidence in, expressed deep concern about, voiced concern "
        "about, voiced support for, agreed with, disagreed with, disagrees with, argued against, argued for, "
        "argues for, spoke out against, came out against, laid out, threatened with, warned of, warned about, "
        "warned against",
    ),
    (
        Verb.SAID,
        SpeechAct.ASSERTS,
        "that",
        False,
        "expressed concern, expressed concerns, expressed hope, expressed confidence, expressed fear, expressed "
        "doubt, expressed doubts, expressed regret, voiced concern, gave assurances, came to the conclusion, "
        "issued a warning, left no doubt, made the case, made the point, pointed to the fact, issued a statement "
        "saying",
    ),
    (
        Verb.DECLINED,
        SpeechAct.DECLINES,
        "noun",
        False,
        "did not respond to, didn’t respond to, didn't respond to, did not immediately respond to, didn't "
        "immediately respond to, had not responded to, has not responded to, have not responded to, did not "
        "return, did not immediately return, didn't return, did not reply to, did not answer, did not immediately "
        "reply to, could not be reached for, could not immediately be reached for, couldn't be reached for, was "
        "not available for, were not available for, was not immediately available for, did not respond "
        "immediately to, were not immediately available for",
    ),
    (
        Verb.DECLINED,
        SpeechAct.DECLINES,
        "to noun that",
        False,
        "has not commented, have not commented, had not commented, did not comment, would not comment, would not "
        "say, did not say, wouldn't say, didn't say, would not elaborate, did not elaborate, would not discuss, "
        "would not confirm, neither confirmed nor denied, have neither confirmed nor denied, has neither "
        "confirmed nor denied, would neither confirm nor deny, did not specify, would not specify",
    ),
    (
        Verb.OTHER,
        SpeechAct.SEES_NO_SIGNS,
        "that noun",
        False,
        "sees no signs of, see no signs of, saw no signs of, sees no sign of, see no sign of, saw no sign of, "
        "sees no signs, see no signs, saw no signs, sees no sign, see no sign, saw no sign, has seen no sign of, "
        "have seen no sign of, has seen no signs of, have seen no signs of, has seen no signs, have seen no "
        "signs, sees no evidence of, sees no evidence, saw no evidence, saw no evidence of, has seen no evidence, "
        "has seen no evidence of, found no evidence, found no evidence of, found no signs of, found no sign of, "
        "has no evidence, has no evidence of, have no evidence of",
    ),
    (
        Verb.DENIED,
        SpeechAct.DENIES,
        "noun that",
        False,
        "rejected as, dismissed as, denied knowing, denied having, pushed back against, pushed back on, hit back at",
    ),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "to",
        True,
        "would like, would love, would prefer, is trying, are trying, was trying, were trying, try, tries, tried, "
        "is hoping, are hoping, is planning, are planning, is looking, are looking, is considering, made a "
        "decision, made the decision, has yet, made plans, has no plans, have no plans, had no plans",
    ),
    (Verb.OTHER, SpeechAct.ASSERTS, "seems", True, "appears, appear, appeared, seems, seem, seemed"),
    (
        Verb.OTHER,
        SpeechAct.ASSERTS,
        "noun",
        True,
        "looks forward to, look forward to, is looking for, are looking for, sees as, views as, regards as, "
        "believes in, believe in, believed in, is in favor of, are in favor of, care about, cares about, cared "
        "about",
    ),
)

# After a form of to be, and then "that" or "to".
STATES = (
    "concerned worried confident convinced hopeful afraid surprised sure certain aware optimistic frustrated "
    "disappointed angry happy proud pleased glad skeptical sceptical critical willing reluctant eager opposed "
    "adamant unhappy unaware unsure uncertain outraged troubled shocked alarmed upset wary fearful"
)
STATE_PREPOSITIONS = words("about of with over")

# What somebody has: their belief that, her plan to.
NOUNS = (
    "belief claim claims plan plans concern concerns fear fears hope hopes desire promise pledge vow assertion "
    "argument view opinion warning statement suggestion contention conclusion allegation allegations accusation "
    "demand demands request offer intention insistence threat refusal proposal prediction announcement denial "
    "conviction wish willingness effort efforts call calls opposition support criticism"
)

# In the passive with "to": it is said to, she is expected to.
EXPECTED = {
    "expected": (Verb.PREDICTED, SpeechAct.PREDICTS), "forecast": (Verb.PREDICTED, SpeechAct.PREDICTS),
    "predicted": (Verb.PREDICTED, SpeechAct.PREDICTS), "projected": (Verb.PREDICTED, SpeechAct.PREDICTS),
}  # fmt: skip

PUBLISHED = "published released issued posted printed circulated distributed"
SIGNED = "signed drafted written prepared authored commissioned"
LEAKED = "leaked"

ALSO_NOUNS = words(
    "view views charge charges regards claims reports plans calls fears hopes demands doubts estimates states "
    "notes projects forecasts projects warns details rules orders promises vows pledges wishes requests offers "
    "attempts challenges questions supports aims attacks credits chants repeats counters radios finds shows "
    "tweets report plan call fear hope demand doubt estimate state note project forecast detail rule order "
    "promise vow pledge wish request offer attempt challenge question support aim attack credit chant repeat "
    "counter radio show tweet remark remarks comment comments complaint complaints debate debates label labels "
    "brand brands advocate advocates backs issue issues post posts release releases trust value back signal "
    "signals reason reasons love hate regret guess blame praise mock dispute blast thought"
)


NEEDS_HELP: set[str] = set()


def forms(listed: str) -> Iterator[tuple[str, Shape]]:
    """Every form of the verbs in a line."""
    for verb in listed.split():
        if "/" in verb:
            base, third, past, participle, going = verb.split("/")
        else:
            base = verb
            stem = verb[:-1] if verb.endswith("e") else verb
            if verb.endswith("y") and verb[-2] not in "aeou":
                third, past, going = verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
            else:
                third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
                past, going = stem + "ed", stem + "ing"
            participle = past
        yield base, Shape.PLAIN
        yield third, Shape.FINITE
        yield past, Shape.PARTICIPLE if past == participle else Shape.FINITE
        if participle not in (past, base):
            yield participle, Shape.PARTICIPLE
            NEEDS_HELP.add(participle)
        yield going, Shape.GOING


def verbs() -> Iterator[Cue]:
    """Every form of every verb, with all that may follow any use of it."""
    found: dict[tuple[str, Shape], Meaning] = {}
    lines = [(line, False) for line in STATEMENTS] + [(line, True) for line in ATTITUDES]
    for (verb, act, takes, prepositions, listed), attitude in lines:
        for form, shape in forms(listed):
            known = found.get((form, shape))
            if known is None:
                found[form, shape] = Meaning(
                    verb=verb, act=act, takes=words(takes), prepositions=words(prepositions), attitude=attitude
                )
            else:
                found[form, shape] = Meaning(
                    verb=known.verb, act=known.act, takes=known.takes | words(takes),
                    prepositions=known.prepositions | words(prepositions), attitude=known.attitude,
                )  # fmt: skip
    for (form, shape), meaning in found.items():
        yield Cue(
            words=(form,), shape=shape, meaning=meaning, is_noun_too=form in ALSO_NOUNS, needs_help=form in NEEDS_HELP
        )


def other_cues() -> Iterator[Cue]:
    """Phrases, states, nouns, prefixes, and what ties papers to those who made them."""
    for verb, act, takes, attitude, listed in PHRASES:
        for phrase in listed.split(","):
            meaning = Meaning(verb=verb, act=act, takes=words(takes), attitude=attitude)
            yield Cue(words=tuple(phrase.split()), shape=Shape.FINITE, meaning=meaning)
    state = Meaning(verb=Verb.OTHER, takes=words("that to"), prepositions=STATE_PREPOSITIONS, attitude=True)
    for word in STATES.split():
        yield Cue(words=(word,), shape=Shape.STATE, meaning=state)
    for word in NOUNS.split():
        yield Cue(
            words=(word,), shape=Shape.NOUN, meaning=Meaning(verb=Verb.OTHER, takes=words("that to"), attitude=True)
        )
    for listed, verb in ((PUBLISHED, Verb.PUBLISHED), (SIGNED, Verb.SIGNED), (LEAKED, Verb.LEAKED)):
        for word in listed.split():
            yield Cue(words=(word,), shape=Shape.PARTICIPLE, meaning=Meaning(verb=verb, takes=words("paper")))
    for phrase in (
        "according to",
        "in the words of",
        "in the view of",
        "in the opinion of",
        "as reported by",
        "as told by",
        "as stated in",
        "as reported in",
        "as noted by",
        "as described by",
        "per",
    ):
        yield Cue(words=tuple(phrase.split()), shape=Shape.PREFIX, meaning=Meaning())
    cites = Meaning(verb=Verb.CITED)
    for phrase in [
        "citing",
        " quoting",
        " without citing",
        " cited",
        " quoted",
        " cites",
        " quotes",
        " referring to",
        " with reference to",
        " relying on",
        " on the basis of",
    ]:
        yield Cue(words=tuple(phrase.split()), shape=Shape.CITES, meaning=cites)


ENGLISH = Language(
    code="en",
    cues=by_first_word([*verbs(), *other_cues()]),
    hedges=hedged({
        Modality.REPORTEDLY: "reportedly, apparently, unconfirmed, according to unconfirmed reports, by "
            "some accounts, it is said, seemingly",
        Modality.PURPORTEDLY: "purportedly, purported, allegedly, alleged, supposedly, ostensibly, "
            "so-called, presumably, suspected",
    }),
    that=words("that"),
    whether=words("whether if how why what when where who"),
    relatives=words("who which that whose"),
    articles=words(
        "the a an this that these those his her its their our my your he she it they we i there some many most "
        "all any no such each every both another"
    ),
    pronouns=words("he she they it we i you who which that others some many most few both critics one "
        "nobody everyone everybody somebody"),
    possessives=words("his her its their our my your whose"),
    prepositions=words(
        "of in on at by for from with to about against over under into through during after before since until "
        "between among within without across near behind beyond despite like as amid along around off toward "
        "towards upon than via"
    ),
    times=words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
        "august september october november december today yesterday tomorrow tonight morning afternoon evening "
        "night week month year earlier later recently last next now late early noon midnight p.m. a.m."
    ),
    conjunctions=words("and but or nor yet so"),
    joins=words("and or"),
    turns=words("but while whereas and though although"),
    subjects=words("he she they it we i there"),
    apposition=words("now then former once also"),
    dashes=words("-- – — -"),
    breaks=words(
        "because while when although though if unless whereas after before since until where as that which than "
        "whether but what how why"
    ),
    finite=words(
        "is are was were be been has have had do does did will would can could may might must shall should isn't "
        "aren't wasn't weren't hasn't haven't hadn't doesn't don't didn't won't wouldn't can't couldn't it's he's "
        "she's they're we're i'm there's became become came come went goes go took take takes made make makes got "
        "get gets gave give gives left fell rose began began led lost won held met ran saw kept stood told knew "
        "broke spent wore paid sent brought bought built caught chose cut drew drove felt flew grew heard hit "
        "laid meant put rang sold set shot slept spoke stole struck taught threw wrote said says"
    ),
    passive=words("is are was were be been being isn't aren't wasn't weren't get got gets"),
    before_cue=words(
        "has have had is are was were be been being do does did will would can could may might must shall should "
        "not never n't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't isn't aren't "
        "wasn't weren't also again then now often still even just always once first later long ever so only "
        "already further both twice neither nor soon almost sometimes clearly too all instead"
    ),
    adverb_endings=("ly",),
    verb_endings=("ed",),
    going_endings=("ing",),
    before_to=words("continued continues continue used began"),
    leads_going=words("while before after without by in"),
    plurals=words("people police men women children staff media"),
    plain_cites=words("cited quoted cites quotes"),
    comma_before_that=False,
    that_links=frozenset(),
    source_prepositions=frozenset(),
    bare_passive=False,
    surest=words("say says said"),
    raised=words(
        "said reported believed thought expected predicted alleged claimed considered determined found shown "
        "rumored rumoured understood projected forecast assumed suspected feared known proven ordered asked urged "
        "told forced appears appear appeared seems seem seemed"
    ),
    light=words(
        "make makes made announce announces announced unveil unveils unveiled outline outlines outlined issue "
        "issues issued offer offers offered give gives gave given express expresses expressed voice voices voiced "
        "raise raises raised have has had reach reached draw drew drawn release releases released deliver "
        "delivered lay laid"
    ),
    matters=words(NOUNS) | words("doubt doubts decision decisions commitment confidence outrage case regret "
        "secret proposals"),
    hedge_adjectives=words("so-called alleged suspected unconfirmed purported"),
    apposition_endings=(),
    infinitive_endings=(),
    subordinators=words("while although though as if because when after before since once where"),
    infinitive=words("to"),
    by=words("by"),
    blames=words("for of as"),
    openers=words(
        "and but or so yet still then meanwhile however instead also even now later earlier thus indeed because "
        "while when although though if as after before since until where that which than whether for what how why "
        "just only perhaps moreover nevertheless nonetheless afterwards separately today yesterday"
    ),
    addressees=words("reporters journalists lawmakers me him her them us you it people supporters voters "
        "cnn reuters everyone viewers senators"),
    media=phrases(
        "in a statement", "in a written statement", "in an interview", "in a recent interview", "in a "
        "telephone interview",
        "in an email", "in a tweet", "in a speech", "in a letter", "in a news release", "in a press release",
        "in a report",
        "in an e-mail", "in a post", "in a memo", "in a separate statement", "in a phone interview",
    ),
    information=words(
        "intelligence information data figures reports report documents records statements statement accounts "
        "testimony evidence estimates numbers statistics footage letter letters remarks comments"
    ),
    origins=words("from of by"),
    abbreviations=words(
        "mr mrs ms dr prof sen rep gov gen lt col sgt capt maj adm rev hon st jr sr vs jan feb mar apr jun jul "
        "aug sep sept oct nov dec inc corp co ltd mt ave dept vt wis calif fla mass pa va tenn conn mich minn ill "
        "ind ore wash ariz ark colo ga kan ky la md mo mont neb nev okla wyo"
    ),
    ends_source=words(
        "on in at during after before when while as since until about because through over last this earlier "
        "yesterday today monday tuesday wednesday thursday friday saturday sunday and but that if where to"
    ),
    inverts_freely=False,
)  # fmt: skip
