"""What the practice provider's pages say, in the languages of the sample newsroom."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of both pages in one language."""

    practice: str
    pay: str
    subscribe: str
    decline: str
    debit: str
    debit_note: str
    back: str
    declined: str
    closed: str
    monthly: str
    yearly: str
    statement: str
    country: str
    plans: str
    no_plans: str
    end_plan: str
    mend_card: str
    leave: str
    leave_card: str
    fail_later: str
    direction: str = "ltr"


WORDS = {
    "en": Words(
        practice="Practice: no money moves here, and nothing is sent anywhere.",
        pay="Pay",
        subscribe="Pay and go on",
        decline="Pay with a card that is declined",
        debit="Pay from a bank account",
        debit_note="It arrives after five days of the practice clock.",
        back="Go back",
        declined="Your card was declined. Try another way.",
        closed="This page is closed.",
        monthly="every month",
        yearly="every year",
        statement="Your bank statement will say:",
        country="Country of the card",
        plans="What you give regularly",
        no_plans="You give nothing regularly.",
        end_plan="End it",
        mend_card="Put in a card that works",
        leave="Return",
        leave_card="Leave a card",
        fail_later="Leave a card that fails when it is charged",
    ),
    "ru": Words(
        practice="Тренировка: деньги здесь не списываются, и ничего никуда не отправляется.",
        pay="Оплатить",
        subscribe="Оплатить и продолжать",
        decline="Оплатить картой, которую отклонят",
        debit="Оплатить с банковского счёта",
        debit_note="Деньги придут через пять дней по тренировочным часам.",
        back="Вернуться",
        declined="Карта отклонена. Попробуйте другой способ.",
        closed="Эта страница закрыта.",
        monthly="каждый месяц",
        yearly="каждый год",
        statement="В банковской выписке будет написано:",
        country="Страна карты",
        plans="Ваша регулярная помощь",
        no_plans="Регулярной помощи нет.",
        end_plan="Прекратить",
        mend_card="Указать рабочую карту",
        leave="Вернуться",
        leave_card="Оставить карту",
        fail_later="Оставить карту, с которой не спишутся деньги",
    ),
    "fa": Words(
        practice="تمرین: اینجا پولی جابه‌جا نمی‌شود و چیزی به جایی فرستاده نمی‌شود.",
        pay="پرداخت",
        subscribe="پرداخت و ادامه",
        decline="پرداخت با کارتی که رد می‌شود",
        debit="پرداخت از حساب بانکی",
        debit_note="پول پس از پنج روز به ساعت تمرین می‌رسد.",
        back="بازگشت",
        declined="کارت شما رد شد. راه دیگری را امتحان کنید.",
        closed="این صفحه بسته است.",
        monthly="هر ماه",
        yearly="هر سال",
        statement="در صورت‌حساب بانکی شما نوشته می‌شود:",
        country="کشور کارت",
        plans="کمک‌های همیشگی شما",
        no_plans="کمک همیشگی ندارید.",
        end_plan="پایان دادن",
        mend_card="گذاشتن کارتی که کار می‌کند",
        leave="بازگشت",
        leave_card="گذاشتن کارت",
        fail_later="گذاشتن کارتی که هنگام برداشت کار نمی‌کند",
        direction="rtl",
    ),
}


def language_of(locale: str | None, accepted: str) -> str:
    """The language of a page: the session's locale, or for "auto" the browser's first one that is spoken here.

    >>> language_of("ru", "en"), language_of("auto", "fa-IR,fa;q=0.9,en;q=0.5"), language_of(None, "xx")
    ('ru', 'fa', 'en')
    """
    wanted = [locale] if locale and locale != "auto" else [one.partition(";")[0] for one in accepted.split(",")]
    for one in wanted:
        if (code := one.strip().partition("-")[0].lower()) in WORDS:
            return code
    return "en"
