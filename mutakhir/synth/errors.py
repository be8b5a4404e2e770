"""Errors as the lists of the field have them, put into true rows at stated rates, each with its truth."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from mutakhir.core.attributes import Value
from mutakhir.core.nik import TRAINING_PROVINCE
from mutakhir.synth.codes import FEMALE, MALE, OTHER
from mutakhir.synth.draws import Uniform
from mutakhir.synth.population import DAYS_A_YEAR, Family, Person, age_on

DATE_FORMS = ("layout", "iso", "dashed", "slashed", "worded")
"""How a birth date is written: as the layout has it, or as somebody's own spreadsheet had it."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The share of listed people with each error.

    The first seven spoil the number and exclude each other. `swapped_date` is a share of those whose day and month
    can be exchanged, `moved_away` of families, `doubled` of people who are listed a second time.
    The defaults follow what was published of the registry: 10 to 17 in 100 without a usable number, 1.1 in 100 with
    another's number, 0.2 to 2.1 in 100 dead.
    """

    no_nik: float = 0.1
    nik_zero: float = 0.006
    unknown_nik: float = 0.028
    duplicate_nik: float = 0.011
    dotted_nik: float = 0.012
    short_nik: float = 0.008
    rounded_nik: float = 0.01
    dead: float = 0.008
    moved_away: float = 0.025
    call_name: float = 0.03
    misspelt_name: float = 0.035
    wrong_birth_date: float = 0.02
    swapped_date: float = 0.012
    wrong_sex: float = 0.003
    mixed_date_form: float = 0.08
    doubled: float = 0.012

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0.0 <= getattr(self, field.name) <= 1.0:
                raise ValueError(f"rate {field.name} is not between 0 and 1")
        if sum(getattr(self, name) for name in NIK_ERRORS) > 1.0:
            raise ValueError("the rates of spoilt numbers add up to more than 1")


NIK_ERRORS = ("no_nik", "nik_zero", "unknown_nik", "duplicate_nik", "dotted_nik", "short_nik", "rounded_nik")
ERRORS = tuple(field.name for field in fields(Rates))
NO_ERRORS = Rates(**dict.fromkeys(ERRORS, 0.0))


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A person as a list has them. `stated` holds what the list says where it differs from the truth.

    `family` is where the list has the person, which is another family than the true one for some who are listed
    twice. `errors` are names of `ERRORS`, some with a particular after a colon: the day of death or of the move, the
    true number of the person whose NIK was taken.
    """

    person: Person
    family: Family
    stated: Mapping[str, Value]
    errors: tuple[str, ...]
    date_form: str
    second: bool = False

    def value(self, attribute: str) -> Value:
        """What the list says, from the person, the family or the dwelling; None where it says nothing."""
        if attribute in self.stated:
            return self.stated[attribute]
        for attributes in (self.person.attributes, self.family.attributes, self.family.dwelling.attributes):
            if attribute in attributes:
                return attributes[attribute]
        return None


def list_people(families: Iterable[Family], *, seed: int, rates: Rates, today: date) -> Iterator[ListedRow]:
    """The rows of a list of these families, in their order; second listings come some families later.

    The same arguments give the same rows. Memory does not grow with the number of families.
    """
    return _Clerk(seed=seed, rates=rates, today=today).rows(families)


def call_name(name: str, uniform: Uniform) -> str:
    """What neighbours say: the second word after Muhammad or Siti, the last syllables, or a short form."""
    words = _plain(name).split(" ")
    if len(words) > 1:
        last = words[1] if words[0] in _COMMON_FIRST else words[0]
        return _SHORT.get(words[-1], last) if uniform() < 0.5 else last
    word = words[0]
    if word in _SHORT:
        return _SHORT[word]
    return _last_syllables(word)


def misspell(name: str, uniform: Uniform) -> str:
    """The same name as another clerk hears, shortens or types it; never the same text."""
    start = int(uniform() * len(_SPELLINGS))
    for step in range(len(_SPELLINGS)):
        one, other = _SPELLINGS[(start + step) % len(_SPELLINGS)]
        if one in name:
            return name.replace(one, other, 1)
    letters = [
        place
        for place in range(1, len(name) - 1)
        if name[place].islower() and name[place + 1].islower() and name[place] != name[place + 1]
    ]
    if not letters:
        return name + name[-1]
    place = letters[int(uniform() * len(letters))]
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


_COMMON_FIRST = frozenset(
    (
        *(
            "Muhammad",
            "Moh.",
            "Mochamad",
            "Moch.",
            "M.",
            "Muh.",
            "Mohammad",
            "Mohamad",
            "Muchamad",
            "Mokhamad",
        ),
        *("Ahmad", "Achmad", "Akhmad", "Akh.", "Abdul", "Abd.", "Abd", "Mat"),
        *("Siti", "Sitti", "St.", "Nur", "Sri", "Nurul", "Umi"),
    )
)
_SHORT = {
    "Hermawan": "Wawan",
    "Kurniawan": "Wawan",
    "Setiawan": "Wawan",
    "Irawan": "Iwan",
    "Gunawan": "Gun",
    "Supriyanto": "Pri",
    "Sugianto": "Sugi",
    "Sutrisno": "Tris",
    "Sulastri": "Lastri",
    "Sumiati": "Sum",
    "Suhartini": "Tini",
    "Suhartatik": "Tatik",
    "Mulyadi": "Mul",
    "Hariyanto": "Har",
    "Slamet": "Met",
    "Yusuf": "Ucup",
    "Aminah": "Minah",
    "Fatimah": "Timah",
    "Khotijah": "Tijah",
    "Ramadhan": "Rama",
    "Wahyuni": "Yuni",
    "Sulistyowati": "Lis",
    "Abdurrahman": "Durahman",
    "Zaenab": "Jaenab",
}
_SPELLINGS = (
    ("Muhammad", "Moh."),
    ("Moh.", "Muhammad"),
    ("Mochamad", "Muhamad"),
    ("Moch.", "Moh"),
    ("M. ", "Muh. "),
    ("Ahmad", "Achmad"),
    ("Achmad", "Ahmad"),
    ("Abdul ", "Abd. "),
    ("Abd. ", "Abdul "),
    ("Siti", "Sitti"),
    ("Sitti", "Siti"),
    ("Nur ", "Nur"),
    ("Sri ", "Sri"),
    ("iyah", "iya"),
    ("inah", "ina"),
    ("imah", "ima"),
    ("yanto", "ianto"),
    ("ianto", "iyanto"),
    ("iati", "iyati"),
    ("iyati", "iati"),
    ("wati", "wathi"),
    ("iyem", "iem"),
    ("Su", "Soe"),
    ("Soe", "Su"),
    ("Dj", "J"),
    ("dhan", "dan"),
    ("f", "p"),
    ("Z", "J"),
    ("z", "s"),
    ("q", "k"),
    ("kh", "h"),
    ("Kh", "H"),
    ("sh", "s"),
    ("Sh", "S"),
    ("ii", "i"),
    ("nn", "n"),
    ("mm", "m"),
    ("rr", "r"),
    ("ss", "s"),
    ("'", ""),
)


def _birth(person: Person) -> str:
    return str(person.attributes["birth_date"])


def _plain(name: str) -> str:
    """The name without titles before and behind it."""
    name = name.partition(",")[0]
    for title in ("H. ", "Hj. "):
        name = name.removeprefix(title)
    return name


def _last_syllables(word: str) -> str:
    vowels = [place for place, letter in enumerate(word.lower()) if letter in "aeiou"]
    if len(vowels) < 2:
        return f"{word}i"
    start = max(vowels[0] + 1, vowels[1] - 1)
    return word[start:].title()


class _Clerk:
    def __init__(self, *, seed: int, rates: Rates, today: date) -> None:
        self._uniform: Uniform = random.Random(f"mutakhir list {seed}").random
        self._rates = rates
        self._today = today
        self._today_text = today.isoformat()
        self._recent: deque[Person] = deque(maxlen=64)
        self._owed = 0
        # Second listings on their way: the count of families at which they come, and who.
        self._coming: deque[tuple[int, Person, Family]] = deque()
        thresholds: list[tuple[float, str]] = []
        reached = 0.0
        for name in NIK_ERRORS:
            reached += getattr(rates, name)
            thresholds.append((reached, name))
        self._nik_thresholds = thresholds
        self._spoilt = reached

    def rows(self, families: Iterable[Family]) -> Iterator[ListedRow]:
        uniform, rates = self._uniform, self._rates
        last: Family | None = None
        for count, family in enumerate(families):
            last = family
            moved = self._day_within(6) if uniform() < rates.moved_away else ""
            dead = self._dead(family)
            for person in family.persons:
                yield self._row(person, family, moved=moved, dead=dead.get(person.number, ""))
                self._recent.append(person)
                if uniform() < rates.doubled:
                    self._coming.append((count + 1 + int(uniform() * 40), person, family))
            while self._coming and self._coming[0][0] <= count:
                _, person, true_family = self._coming.popleft()
                yield self._second_row(person, true_family, family)
        while self._coming and last is not None:
            _, person, true_family = self._coming.popleft()
            yield self._second_row(person, true_family, last)

    def _dead(self, family: Family) -> dict[int, str]:
        """Who of a family is dead in truth, with the day. As many die as the rate hits, but mostly the old."""
        uniform, rate = self._uniform, self._rates.dead
        for _ in family.persons:
            if uniform() < rate:
                self._owed += 1
        if not self._owed:
            return {}
        oldest = min(family.persons, key=_birth)
        if age_on(_birth(oldest), self._today) < 55 and uniform() < 0.93:
            return {}
        self._owed -= 1
        return {oldest.number: max(self._day_within(7), _birth(oldest))}

    def _day_within(self, years: int) -> str:
        back = int(self._uniform() * years * DAYS_A_YEAR) + 1
        return date.fromordinal(self._today.toordinal() - back).isoformat()

    def _row(self, person: Person, family: Family, *, moved: str, dead: str) -> ListedRow:
        uniform, rates = self._uniform, self._rates
        truth = person.attributes
        stated: dict[str, Value] = {}
        errors: list[str] = []
        if (draw := uniform()) < self._spoilt:
            self._spoil_nik(draw, person, family, stated, errors)
        if dead:
            errors.append(f"dead:{dead}")
            if uniform() < 0.55:
                stated["registry_status"] = "active_reported_dead"
        if moved:
            errors.append(f"moved_away:{moved}")
            if uniform() < 0.2:
                stated["registry_status"] = "inactive"
        self._mar_name(str(truth["name"]), str(truth["birth_date"]), str(truth["sex"]), stated, errors)
        self._mar_birth_date(str(truth["birth_date"]), stated, errors)
        if uniform() < rates.wrong_sex:
            stated["sex"] = MALE if truth["sex"] == FEMALE else FEMALE
            errors.append("wrong_sex")
        form = DATE_FORMS[0]
        if uniform() < rates.mixed_date_form:
            form = DATE_FORMS[1 + int(uniform() * (len(DATE_FORMS) - 1))]
            errors.append("mixed_date_form")
        return ListedRow(person, family, stated, tuple(errors), form)

    def _second_row(self, person: Person, true_family: Family, family: Family) -> ListedRow:
        """Listed again: with the old family after a marriage or a move, or twice with the same one."""
        elsewhere = self._uniform() < 0.6
        row = self._row(person, family if elsewhere else true_family, moved="", dead="")
        stated = dict(row.stated)
        if elsewhere and row.family is not true_family:
            stated["relation"] = OTHER
        return ListedRow(person, row.family, stated, (*row.errors, "doubled"), row.date_form, second=True)

    def _spoil_nik(
        self, draw: float, person: Person, family: Family, stated: dict[str, Value], errors: list[str]
    ) -> None:
        uniform = self._uniform
        nik = str(person.attributes["nik"])
        kind = next(name for threshold, name in self._nik_thresholds if draw < threshold)
        if kind == "no_nik":
            stated["nik"] = None if uniform() < 0.8 else ("-" if uniform() < 0.5 else "BELUM ADA")
        elif kind == "nik_zero":
            stated["nik"] = "0" if uniform() < 0.8 else "0" * 16
        elif kind == "unknown_nik":
            # The sequence of a kecamatan never comes so far, so nobody has this number.
            stated["nik"] = f"{nik[:12]}{9000 + int(uniform() * 1000)}"
        elif kind == "duplicate_nik":
            other = self._holder(person, family)
            if other is None:
                return
            stated["nik"] = other.attributes["nik"]
            kind = f"duplicate_nik:{other.number}"
        elif kind == "dotted_nik":
            stated["nik"] = f"{nik[:2]}.{nik[2:]}" if uniform() < 0.4 else f"{nik[:6]}.{nik[6:12]}.{nik[12:]}"
        elif kind == "short_nik":
            place = len(TRAINING_PROVINCE) + int(uniform() * 14)
            stated["nik"] = nik[:place] + nik[place + 1 :]
        else:
            stated["nik"] = f"{int(nik):.5E}"
        errors.append(kind)

    def _holder(self, person: Person, family: Family) -> Person | None:
        """Whose number was copied: often that of the head of the same family, else somebody's a few rows before."""
        head = family.persons[0]
        if head is not person and self._uniform() < 0.5:
            return head
        others = [recent for recent in self._recent if recent is not person]
        if others:
            return others[int(self._uniform() * len(others))]
        return next((member for member in family.persons if member is not person), None)

    def _mar_name(
        self, name: str, birth_date: str, sex: str, stated: dict[str, Value], errors: list[str]
    ) -> None:
        uniform, rates = self._uniform, self._rates
        draw = uniform()
        if draw < rates.call_name:
            called = call_name(name, uniform)
            if uniform() < 0.22 and age_on(birth_date, self._today) >= 40:
                called = f"{('P.' if sex == MALE else 'B.') if uniform() < 0.5 else ('Pak' if sex == MALE else 'Bu')} {called}"
            stated["name"] = called
            errors.append("call_name")
        elif draw < rates.call_name + rates.misspelt_name:
            stated["name"] = misspell(name, uniform)
            errors.append("misspelt_name")

    def _mar_birth_date(self, truth: str, stated: dict[str, Value], errors: list[str]) -> None:
        uniform, rates = self._uniform, self._rates
        year, month, day = truth[:4], truth[5:7], truth[8:]
        if day <= "12" and day != month and uniform() < rates.swapped_date:
            swapped = f"{year}-{day}-{month}"
            if swapped <= self._today_text:
                stated["birth_date"] = swapped
                errors.append("swapped_date")
                return
        if uniform() < rates.wrong_birth_date:
            draw = uniform()
            if draw < 0.45:
                off = 1 + int(uniform() * 5)
                other = f"{int(year) - off if uniform() < 0.5 else int(year) + off}-{month}-{min(day, '28')}"
            elif draw < 0.75:
                other = f"{year}-{'07-01' if uniform() < 0.6 else '12-31'}"
            else:
                other = f"{year}-{month}-{1 + int(uniform() * 28):02d}"
            if other == truth or other > self._today_text:
                other = f"{int(year) - 1}-{month}-{min(day, '28')}"
            stated["birth_date"] = other
            errors.append("wrong_birth_date")
