"""What a split, a join or a double ID comes to, in plain sentences: who belongs together, which number stays, what ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from mutakhir import parameters, wiring
from mutakhir.actions.double_id import numbers_annulled
from mutakhir.core.attribution import CAME_FROM, MERGED_INTO, SAME_AS
from mutakhir.core.calendar import today_in
from mutakhir.core.change_requests import Request
from mutakhir.core.comparison import Change
from mutakhir.core.facts import Value
from mutakhir.core.rules.families import PEOPLE, REST, keeper
from mutakhir.core.rules.intake import PERSON_SUFFIX
from mutakhir.queries.rearrangement import Named, named
from mutakhir.web.change_request.questions import show
from mutakhir.web.refusals import language


def outline(asked: Request) -> list[str]:
    """The sentences; none for a request of another kind, or one that has not chosen anything yet."""
    if not asked.choices or not asked.changes:
        return []
    known = wiring.ask(named, asked, authorities=wiring.terms().attributes.authorities)
    return {"family_split": _split, "family_join": _join, "double_id": _double}[asked.kind](asked, known)


def _change(asked: Request, attribute: str) -> Change | None:
    return next((one for one in asked.changes if one.attribute == attribute), None)


def family_words(known: Named, family: int | None) -> str:
    name = known.families.get(family or 0, "")
    return _("keluarga {name}").format(name=name) if name else _("keluarga tanpa anggota")


def _people(asked: Request, known: Named, people: Iterable[int]) -> str:
    """Siti (Kepala keluarga), Bayu (Anak): as they will be."""
    told = []
    for person in people:
        relation = asked.choices.get(f"relation:{person}") or known.people.get(person, {}).get("relation")
        word = parameters.load().attributes.words("relation", relation, language()) if relation else ""
        told.append(f"{known.person(person)} ({word})" if word else known.person(person))
    return ", ".join(told)


def _shown(attribute: str, value: Value) -> str:
    """What is decided by its digits is shown with all of them."""
    return show(parameters.load().attributes[attribute], value, in_full=True)


# --- a family splits ------------------------------------------------------------------------------------------------


def _split(asked: Request, known: Named) -> list[str]:
    made = _change(asked, CAME_FROM)
    if made is None:
        return []
    families = {one.subject: one for one in asked.changes if one.attribute == "family"}
    moving = [person for person, one in families.items() if one.wanted == made.subject]
    staying = [one for one, values in known.people.items() if one not in moving and _is_of(values, asked)]
    joining = [person for person, one in families.items() if one.seen != asked.family]
    told = [
        _("Jadi keluarga baru: {people}.").format(people=_people(asked, known, moving)),
        _("Tetap dengan nomor keluarga sekarang: {people}.").format(
            people=_people(asked, known, [*staying, *(one for one in joining if one not in moving)])
        ),
        _why(asked, known, moving),
        *(
            _("{name} datang dari {family}.").format(
                name=known.person(one), family=family_words(known, families[one].seen)
            )
            for one in joining
        ),
    ]
    cards = {one.subject: one.wanted for one in asked.changes if one.attribute == "no_kk"}
    if cards.get(made.subject):
        told.append(_("No. KK keluarga baru: {number}.").format(number=_shown("no_kk", cards[made.subject])))
    if asked.family in cards:
        number = cards[asked.family]
        told.append(
            _("No. KK keluarga yang tetap menjadi {number}.").format(number=_shown("no_kk", number))
            if number
            else _("No. KK keluarga yang tetap dikosongkan sampai diketahui.")
        )
    told.append(
        _("Kedua keluarga tinggal di rumah yang sama.")
        if asked.choices.get("house") != "apart"
        else _("Mereka yang pecah tinggal di {address}.").format(address=asked.choices.get("address") or "…")
    )
    until = wiring.terms().deadlines.due(
        "registration_after_split", today_in(asked.region, asked.recorded_at)
    )
    days = (until - today_in(asked.region, asked.recorded_at)).days if until is not None else 0
    told.append(
        _(
            "Setelah berlaku, pendaftaran keluarga baru berjalan terus, {days} hari untuk mencatat kondisi hidupnya; "
            "rumahnya dikunjungi."
        ).format(days=days)
    )
    return told


def _is_of(values: Mapping[str, Value], asked: Request) -> bool:
    return values.get("family") == asked.family


def _why(asked: Request, known: Named, moving: list[int]) -> str:
    """Why the number stays where it stays: the rule, or what somebody decided."""
    members = {one: values for one, values in known.people.items() if _is_of(values, asked)}
    people = [one for one in asked.choices.get("people") or () if one in members]
    found = keeper(
        members,
        people,
        card=asked.choices.get("card") or REST,
        today=today_in(asked.region, asked.recorded_at),
    )
    kept = REST if set(people) & set(moving) else PEOPLE
    if kept != found.part:
        return _("Nomor keluarga dipilih begitu karena: {reason}").format(
            reason=asked.choices.get("keeps_reason") or ""
        )
    return {
        "no_kk": _("Nomor keluarga ikut bagian yang memegang Kartu Keluarga lama."),
        "spouse": _("Kedua kartu baru: nomor keluarga ikut pasangan kepala keluarga yang lama."),
        "eldest": _("Kedua kartu baru: nomor keluarga ikut orang dewasa yang tertua."),
    }[found.why]


# --- two families become one ----------------------------------------------------------------------------------------


def _join(asked: Request, known: Named) -> list[str]:
    ended = _change(asked, MERGED_INTO)
    if ended is None:
        return []
    moving = [one.subject for one in asked.changes if one.attribute == "family"]
    told = [
        _("{ended} berakhir dan bergabung ke {other}. Nomor lamanya tetap menunjuk ke sana.").format(
            ended=_capital(family_words(known, ended.subject)), other=family_words(known, ended.wanted)
        )
    ]
    if moving:
        told.append(_("Yang pindah: {people}.").format(people=_people(asked, known, moving)))
    changed = [
        one.subject for one in asked.changes if one.attribute == "relation" and one.subject not in moving
    ]
    if changed:
        told.append(_("Hubungan yang berubah: {people}.").format(people=_people(asked, known, changed)))
    card = _change(asked, "no_kk")
    if card is not None:
        told.append(_("No. KK menjadi {number}.").format(number=_shown("no_kk", card.wanted)))
    return told


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- one person, two numbers ----------------------------------------------------------------------------------------


def _double(asked: Request, known: Named) -> list[str]:
    found = _change(asked, SAME_AS)
    if found is None:
        return []
    retired, survivor = found.subject, int(found.wanted)
    annulled = {(one.subject, one.attribute): one.seen for one in asked.changes if one is not found}
    told = [
        _("{retired} dan {survivor} orang yang sama; datanya disatukan.").format(
            retired=_who(known, retired), survivor=_who(known, survivor)
        )
    ]
    stays = known.people.get(survivor, {}).get("family")
    if isinstance(stays, int):
        told.append(_("Keanggotaan yang tetap: {family}.").format(family=family_words(known, stays)))
    gone = annulled.get((retired, "family"))
    if isinstance(gone, int) and gone != stays:
        told.append(
            _("Keanggotaan di {family} dibatalkan: dianggap tidak pernah ada.").format(
                family=family_words(known, gone)
            )
        )
    for (person, attribute), value in annulled.items():
        if attribute == "nik":
            told.append(
                _("NIK {number} menjadi nomor lama dan tetap bisa dicari.").format(
                    number=_shown("nik", value)
                )
            )
        elif attribute not in ("family", "relation"):
            told.append(
                _("{place} pada data {who} dibatalkan: {value}.").format(
                    place=parameters.load().attributes[attribute].label[language()],
                    who=_who(known, person),
                    value=_shown(attribute, value),
                )
            )
    both = {one: known.people.get(one, {}) for one in (survivor, retired)}
    of, names = numbers_annulled(asked.choices, both, survivor)
    return told + [
        _("{label} {number} menjadi nomor lama dan tetap bisa dicari.").format(
            label=source_label(name), number=both[of][name]
        )
        for name in names
    ]


def source_label(name: str) -> str:
    """ID DTKS, of `dtks_id`: how a number is called that another system gave."""
    return f"ID {name.removesuffix(PERSON_SUFFIX).upper()}"


def _who(known: Named, person: int) -> str:
    """Siti (lahir 1988, keluarga Ponirin): enough to tell one record from the other."""
    values = known.people.get(person, {})
    family = values.get("family")
    parts = [
        _("lahir {year}").format(year=str(values["birth_date"])[:4]) if values.get("birth_date") else "",
        family_words(known, family) if isinstance(family, int) else "",
    ]
    inside = ", ".join(part for part in parts if part)
    return f"{known.person(person)} ({inside})" if inside else known.person(person)
