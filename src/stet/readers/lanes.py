"""Lanes: which receiving domains belong to the same mail system, so that they share one pace and one bad day.

The table is made by hand, from what the providers say about themselves, as of November 2026. A domain that stands
in none is in the lane "other"; nobody's name server is asked.
"""


def _domains(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANES: dict[str, frozenset[str]] = {
    "gmail": frozenset({"gmail.com", "googlemail.com"}),
    "outlook": _domains(
        "outlook.com hotmail.com live.com msn.com windowslive.com outlook.at outlook.be outlook.cl outlook.co.id "
        "outlook.co.th outlook.com.ar outlook.com.au outlook.com.br outlook.com.gr outlook.com.pe outlook.com.tr "
        "outlook.com.vn outlook.cz outlook.de outlook.dk outlook.es outlook.fr outlook.hu outlook.ie outlook.in "
        "outlook.it outlook.jp outlook.kr outlook.lv outlook.my outlook.ph outlook.pt outlook.sa outlook.sg "
        "outlook.sk hotmail.be hotmail.ca hotmail.ch hotmail.co.il hotmail.co.jp hotmail.co.th hotmail.co.uk "
        "hotmail.com.ar hotmail.com.br hotmail.com.tr hotmail.cz hotmail.de hotmail.dk hotmail.es hotmail.fi "
        "hotmail.fr hotmail.gr hotmail.it hotmail.lv hotmail.lt hotmail.nl hotmail.no hotmail.se live.at live.be "
        "live.ca live.cn live.co.uk live.com.ar live.com.au live.com.mx live.com.pt live.de live.dk live.fi live.fr "
        "live.ie live.in live.it live.jp live.nl live.no live.ru live.se passport.com"
    ),
    "yahoo": _domains(
        "yahoo.com ymail.com rocketmail.com myyahoo.com yahoo.at yahoo.be yahoo.ca yahoo.cl yahoo.co.id yahoo.co.in "
        "yahoo.co.nz yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.co "
        "yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.pe yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw "
        "yahoo.com.ua yahoo.com.ve yahoo.com.vn yahoo.cz yahoo.de yahoo.dk yahoo.es yahoo.fi yahoo.fr yahoo.gr "
        "yahoo.hu yahoo.ie yahoo.in yahoo.it yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se "
        "aol.com aim.com aol.co.uk aol.de aol.fr love.com games.com wow.com verizon.net"
    ),
    "apple": frozenset({"icloud.com", "me.com", "mac.com"}),
    "mailru": frozenset({"mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "xmail.ru", "mail.ua"}),
    "yandex": _domains(
        "yandex.ru ya.ru yandex.com yandex.by yandex.kz yandex.ua yandex.uz yandex.az yandex.co.il yandex.com.am "
        "yandex.com.ge yandex.com.tr yandex.ee yandex.fr yandex.kg yandex.lt yandex.lv yandex.md yandex.tj yandex.tm "
        "narod.ru"
    ),
    "rambler": frozenset({"rambler.ru", "rambler.ua", "lenta.ru", "autorambler.ru", "myrambler.ru", "ro.ru"}),
    "proton": frozenset({"proton.me", "protonmail.com", "protonmail.ch", "pm.me"}),
    "gmx": _domains(
        "gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.eu gmx.li gmx.org gmx.info gmx.biz gmx.co.uk gmx.es gmx.fr gmx.us "
        "web.de"
    ),
    "tutanota": frozenset({"tutanota.com", "tutanota.de", "tutamail.com", "tuta.com", "tuta.io", "keemail.me"}),
    "ukrnet": frozenset({"ukr.net"}),
    "other": frozenset(),
}
"""Each lane with its domains. yahoo.co.jp is another company's and stands in none."""

_LANE_OF = {domain: lane for lane, domains in LANES.items() for domain in domains}


def lane_of(domain: str) -> str:
    """The lane of a receiving domain, given as `Address.domain` has it.

    >>> lane_of("googlemail.com"), lane_of("example.org")
    ('gmail', 'other')
    """
    return _LANE_OF.get(domain, "other")
