"""Texts in two languages: the language is that of more than half of the letters."""

from __future__ import annotations

import pytest

from tocsin.clean.language import SAMPLE, language_of

NOTICE = (
    "Sign up for our newsletter and get the news of the day in your inbox. This site uses cookies to give you the best "
    "experience; by staying on it you accept our terms. All rights are with the owners of this page."
)
REPORT = (
    "The mayor said that shells had hit two houses in the north of the town on Monday and that three people were killed. "
    "He was not sure who had fired them, but residents told reporters that the guns were on the hills behind the river."
)
FOREIGN = {
    "de": "Nach Angaben der Behörden kamen bei dem Angriff auf die Stadt drei Menschen ums Leben, zwölf weitere wurden verletzt. "
    "Die Feuerwehr war mit mehreren Zügen im Einsatz und löschte den Brand am späten Abend.",
    "nl": "Bij een beschieting van de stad zijn volgens de burgemeester drie mensen om het leven gekomen. De brandweer was tot "
    "laat in de avond bezig met het blussen van de branden. Het is nog niet duidelijk wie er achter de aanval zit.",
    "es": "Según las autoridades, tres personas murieron y doce resultaron heridas en el ataque contra la ciudad. Los bomberos "
    "trabajaron hasta bien entrada la noche para apagar el incendio en dos edificios del centro.",
    "id": "Menurut pihak berwenang, tiga orang tewas dan dua belas lainnya terluka dalam serangan di kota itu. Petugas pemadam "
    "kebakaran bekerja hingga larut malam untuk memadamkan api di dua gedung di pusat kota.",
    "ru": "По словам властей, при обстреле города погибли три человека, ещё двенадцать получили ранения. Пожарные работали на "
    "месте до позднего вечера и потушили огонь в двух домах, а жители ночевали в школе.",
    "ar": "قالت السلطات إن ثلاثة أشخاص قتلوا وأصيب اثنا عشر آخرون في الهجوم على المدينة. وعمل رجال الإطفاء حتى وقت متأخر من "
    "الليل لإخماد الحريق في مبنيين وسط المدينة، وقضى السكان ليلتهم في المدرسة.",
}
NAMES = (
    "Colonel Anwar Haddad Karimi, Major Yusuf Darwish Nasser, Sergeant Ilyas Qadri Mansur and Lieutenant Tariq Omar Saleh were "
    "buried at Tell Qaryat; Captain Samir Jabbour Khalil, Corporal Rashid Hamdan Aziz and Private Nabil Farouk Issa are missing "
    "near Deir Marwan, Khirbet Salim, Umm Rahma, Wadi Hajar and Bab Zaytun, the ministry said."
)


@pytest.mark.parametrize("language", FOREIGN)
@pytest.mark.parametrize("shape", ["{notice}\n{body}\n{body}", "{body}\n{notice}\n{body}", "{body}\n{body}\n{notice}"])
def test_an_english_notice_makes_no_foreign_page_english(language: str, shape: str) -> None:
    assert language_of(shape.format(notice=NOTICE, body=FOREIGN[language])) == language


@pytest.mark.parametrize("language", FOREIGN)
def test_an_english_quotation_within_a_line_makes_no_foreign_page_english(language: str) -> None:
    body = FOREIGN[language]
    assert language_of(f"{body} {body} {REPORT[:117]} {body}") == language


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_quotation_takes_no_english_from_a_report(body: str) -> None:
    assert language_of(f"{REPORT}\n{body}\n{REPORT}") == "en"
    assert language_of(f"{REPORT} {body[:90]}") == "en"


def test_chinese_with_an_english_notice_is_not_english() -> None:
    body = "当局说，周二对该市的炮击造成三人死亡，十二人受伤，消防员工作到深夜才扑灭两栋楼的大火，居民在学校过夜。" * 8
    assert language_of(f"{NOTICE}\n{body}") not in (None, "en")


def test_english_full_of_foreign_names_is_english() -> None:
    assert language_of(NAMES) == "en"


@pytest.mark.parametrize("text", ["\n" * 500 + REPORT, "· — ·\n" * 300 + REPORT, (REPORT + "\n") * 50, "a\n" * SAMPLE])
def test_lines_without_words_and_lines_without_end_are_borne(text: str) -> None:
    assert language_of(text) == "en"


def test_what_stands_behind_the_sample_is_not_looked_at() -> None:
    start = (REPORT + "\n") * (SAMPLE // len(REPORT) + 1)
    assert language_of(start + FOREIGN["de"] * 100) == language_of(start) == "en"
