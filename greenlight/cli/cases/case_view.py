"""Show people an application or a license."""

from collections.abc import Iterable, Iterator

from greenlight.cli.base.output import counted, local, words
from greenlight.cli.cases.worth import worth
from greenlight.kernel.tables.table import Evaluation
from greenlight.kernel.time.calendar import plain_date
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.denial.language import Denial
from greenlight.law.application.dossier import Finding, Party, named, owned
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.application.expedite import rules as expedite
from greenlight.law.application.flip.language import told as flip_told
from greenlight.law.application.freeze.rules import told
from greenlight.law.application.interagency.agency import AskedWording, Referral
from greenlight.law.application.review.proposal import left_out, standing
from greenlight.law.application.screening.language import Hit, Resolution, Verdict
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.view import overdue
from greenlight.law.directive.routing import reason_of
from greenlight.law.license.state import LicenseState, Transfer
from greenlight.law.license.usage import usage
from greenlight.law.sources import source_of_entry
from greenlight.letters.words import Sum, amount


def application_facts(
    state: ApplicationState, *, parties: bool = True, items: bool = True
) -> dict[str, str | None]:
    """Tell who asks for what, and what was said of it. ``parties``: with all that was found of each of them;
    ``items``: with each of the items and what the applicant says of them. Otherwise a line for each party,
    and one for all items."""
    recommended, signed, decision = state.recommendation, state.countersignature, state.decision
    returned = state.return_proposed
    late = ", ".join(words(kind) for kind in overdue(state))
    reference = f", {state.submission.reference}" if state.submission.reference else ""
    return {
        "Stage": words(state.stage) + (f" (overdue: {late})" if late else ""),
        "Applicant": f"{state.submission.applicant} ({state.submitted_by.officer}){reference}",
        "Registered": local(state.registered_at),
        **(_every_party(state) if parties else {"Parties": "\n".join(parties_in_brief(state))}),
        "Proposed": returned and f"return without action: {returned.reason} ({returned.citation})",
        **(_every_item(state) if items else {"Items": _items_in_brief(state)}),
        "To confirm": _unconfirmed(state),
        "Officer": state.assigned_to,
        "Held": "\n".join(held(state)),
        "Recommended": recommended and f"{recommended.outcome} by {recommended.by.officer}",
        "Reasons": recommended and recommended.reasons,
        **_terms(state),
        "Directive": state.directive and _directive(state.directive),
        "Freeze": state.freeze and told(state.freeze),
        "Expedite": state.expedite and expedite.told(state.expedite),
        "Flipped": "\n".join(map(flip_told, state.flips)),
        "Countersigned": signed and f"by {signed.by.officer}",
        "Agencies": "\n".join(f"{r.agency}: {_opinion(r)}" for r in state.referrals),
        "Reworded": "\n".join(map(reworded, state.wordings)),
        "Questions": "\n".join(_questions(state)),
        "Dispute": decision and f"{decision.forum.label} decided to {decision.outcome}: {decision.reasons}",
        "Sign-off": signed and f"{words(signed.sign_off.outcome)} (row {signed.sign_off.row})",
        "Signed off": state.signed_off_by and f"by {state.signed_off_by.officer}",
        "Denial": "\n".join(_denial(denial) for denial in state.denials),
        "Decided": local(state.decided_at) if state.decided_at else None,
        "License": state.license_number,
    }


def _terms(state: ApplicationState) -> dict[str, str | None]:
    """What is proposed with a grant, whoever proposed it last, and what agencies asked for in vain."""
    if not (state.decision or state.proposed or state.recommendation):
        return {}
    proposed = standing(state)
    return {
        "Conditions": _numbered(proposed.conditions),
        "Riders": _numbered(proposed.riders),
        "Left out": "\n".join(left_out_told(state)),
    }


def left_out_told(state: ApplicationState) -> Iterator[str]:
    """A line for each condition for which an agency asked, and which is not proposed."""
    for agency, condition in left_out(state):
        yield f"{agency} asked for: {condition}"


def _numbered(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def held(state: ApplicationState) -> Iterator[str]:
    """A line for each hold that lasts: on which ground, why, since when, by whom."""
    for hold in state.open_holds:
        ground = f"{words(hold.kind)} ({hold.kind.citation})"
        yield f"hold {hold.number}, {ground}: {hold.reason}; by {hold.placed_by}, {local(hold.placed_at)}"


def _every_party(state: ApplicationState) -> dict[str, str | None]:
    return {
        "Parties": "\n".join(line for party in state.parties for line in _party(party)),
        "Screening": "\n".join(_findings(state)) or None,
    }


def _party(party: Party) -> Iterator[str]:
    """A party, and under it what else is filed of it: its form, where it is, whom to ask, who owns it."""
    yield f"{words(party.role)}: {party.name} ({party.country})"
    if party.venture_told is not None:
        yield f"  {party.venture_told}"
    if party.address is not None:
        yield f"  {', '.join(party.address.splitlines())}"
    if party.contact is not None:
        yield f"  {party.contact.told}"
    for number, owner in enumerate(party.owners or (), 1):
        yield f"  owner {number}: {owner.told}"
    if party.owners == ():
        yield "  nobody owns it"


def _every_item(state: ApplicationState) -> dict[str, str | None]:
    return {
        "Items": "\n".join(
            f"{i.line}. {i.quantity} {i.unit} {i.description}, {i.classification}{i.subparagraph or ''}, "
            f"{amount(Sum(**i.value.model_dump()))}"
            for i in state.submission.items
        ),
        "End use": state.submission.end_use,
        "Certified": _certified(state.submission.circumstances),
        "Reprieve": state.submission.reprieve_activity,
        "Attachments": "\n".join(
            f"{number}. {each.title}, {each.type.value}, {counted(each.size, 'byte')}"
            for number, each in enumerate(state.submission.attachments, 1)
        ),
    }


_MOST_PARTIES = 6


def parties_in_brief(state: ApplicationState) -> Iterator[str]:
    """A line for each party and owner by its place, those first who are listed or may be; how many others
    there are."""
    marked = state.listed_parties | state.possible_parties
    places = sorted(range(len(named(state.parties))), key=lambda place: (place not in marked, place))
    for place in places[:_MOST_PARTIES]:
        yield f"{place} {_party_in_brief(state, place)}"
    if others := places[_MOST_PARTIES:]:
        also = len(marked.intersection(others))
        yield f"and {len(others)} more" + (f", {also} of them listed or perhaps" if also else "")


def _party_in_brief(state: ApplicationState, place: int) -> str:
    party, of = named(state.parties)[place], owned(state.parties, place)
    hits = [hit for hit in state.hits if hit.party == place]
    if place in state.possible_parties:
        alike = counted(sum(hit.open for hit in hits), "possible match", "possible matches")
        found = "TO BE LOOKED UP BY HAND" if place in state.by_hand else f"{alike.upper()}, open"
    elif place in state.listed_parties:
        found = f"LISTED: {', '.join(sorted({hit.match.listing for hit in hits if hit.listed}))}"
    else:
        known = {finding.party: finding.outcome for finding in state.findings}
        said = any(hit.resolution is not None for hit in hits)
        found = "false match, as an officer said" if said else words(known.get(place, "not_screened"))
    role = words(party.role) if of is None else f"an owner of party {of}"
    return f"{party.name} ({party.country}): {found}; {role}"


def _items_in_brief(state: ApplicationState) -> str:
    items = state.submission.items
    classes = ", ".join(dict.fromkeys(f"{i.classification}{i.subparagraph or ''}" for i in items))
    return f"{counted(len(items), 'item')} of {worth([state])}: {classes}"


def _unconfirmed(state: ApplicationState) -> str | None:
    from greenlight.law.application.review.proposal import unconfirmed

    if not (open_lines := unconfirmed(state)) or state.unclassified is None:
        return None
    lines = ", ".join(map(str, sorted(open_lines)))
    return f"the ECCN of line {lines}: on no entry of the tables of {state.unclassified.tables_of}"


def _certified(circumstances: Circumstances | None) -> str | None:
    """The applicant's answers about the General Prohibitions, question by question."""
    if circumstances is None:
        return None
    said = {True: "yes", False: "no", None: "not answered"}
    answers: dict[str, bool | None] = dict(circumstances)
    return ", ".join(f"{words(question)}: {said[answer]}" for question, answer in answers.items())


def _directive(applied: DirectiveApplied) -> str:
    """Tell what the directive in force means for the case, and why."""
    return f"{applied.directive} ({words(applied.posture)}): {routed(applied.evaluation)}"


def routed(found: Evaluation) -> str:
    """The result of the routing of directives, and why, as its row has it."""
    return routed_by(found.outcome, found.row)


def routed_by(outcome: str, row: str | None) -> str:
    """The same, by what a record says of it."""
    return f"{words(outcome)} – {reason_of(row)}"


def _opinion(referral: Referral) -> str:
    opinion = referral.opinion
    if opinion is None:
        return "asks the applicant" if referral.open_inquiry else "has the case"
    if opinion.advice is not None:
        conditions = "".join(f"; {condition}" for condition in opinion.conditions)
        return words(opinion.advice) + (f" – {opinion.reasons}" if opinion.reasons else "") + conditions
    return "left it to the officer" if opinion.by else "no objection, its time having passed"


def reworded(asked: AskedWording) -> str:
    """Tell what an agency was asked about one of its conditions, and what it answered."""
    answer = f"{words(asked.answer)}" if asked.answer else f"asked {local(asked.asked_at)}, not answered yet"
    by = f" by {asked.answered_by.officer}" if asked.answered_by else ""
    why = f": {asked.comment}" if asked.comment else ""
    return f"{asked.agency}: “{asked.original}” became “{asked.text}”; {answer}{by}{why}"


def _questions(state: ApplicationState) -> Iterator[str]:
    """The questions to the applicant, by the officer or by agencies, and the answers."""
    asked = [*state.inquiries, *(inquiry for each in state.referrals for inquiry in each.inquiries)]
    for inquiry in asked:
        by = inquiry.requested_by
        yield f"{by.officer} ({words(by.role)}) asked: {inquiry.request}"
        answered = inquiry.answered_by
        yield f"  {answered.officer} answered: {inquiry.answer}" if answered else "  not answered yet"


def _denial(denial: Denial) -> str:
    said = [f"noticed {local(denial.noticed_at)}"]
    if denial.modifications:
        said.append(f"modifications offered: {denial.modifications}")
    if denial.response:
        accepted = "accepted them" if denial.response.accepts_modifications else "responded"
        said.append(f"{denial.response.by.officer} {accepted}: {denial.response.response}")
    if denial.reconsidered_at:
        said.append(f"reconsidered {local(denial.reconsidered_at)}")
    if denial.denied_on:
        said.append(f"final with {plain_date(denial.denied_on)}")
    if denial.appeal:
        said.append(f"{denial.appeal.by.officer} appealed: {denial.appeal.grounds}")
    if denial.upheld is not None:
        said.append("upheld" if denial.upheld else "not upheld")
    return "; ".join(said)


def license_facts(state: LicenseState, *, parties: bool = True, items: bool = True) -> dict[str, str | None]:
    """Tell who may ship what, and what was shipped. ``parties``: with all that a later list has of them;
    ``items``: with each of the items, conditions and riders. Otherwise the first of them."""
    few = _all if items else _few
    held = state.suspensions[-1] if state.suspensions else None
    return {
        "Stage": words(state.stage),
        "Application": state.acn,
        "Licensee": state.licensee,
        "Issued": local(state.issued_at),
        "Valid through": state.valid_through.isoformat(),
        "Items": few(f"{i.line}. {i.quantity} {i.unit} {i.description}" for i in state.items),
        "Shipped": few(_shipped(state)),
        "Told": few(f"{told} % of line {line} are used" for line, told in sorted(state.told.items())),
        "Conditions": few(state.conditions),
        "Riders": few(state.riders),
        "Accepted": local(state.accepted_at) if state.accepted_at else None,
        "Since the grant": (_all if parties else _few)(_later(state)),
        "Former licensee": state.former_licensee,
        "Flipped": "\n".join(map(flip_told, state.flips)),
        "Transfer asked for": state.open_transfer and _transfer(state.open_transfer),
        "Suspended": (held and held.lifted_at is None and f"{local(held.since)}: {held.reasons}") or None,
        "Ended": state.end and f"{local(state.end.at)} by {state.end.by.officer}: {state.end.reasons}",
        "Replaced by": state.end and state.end.by_license,
        "Records kept through": state.retained_through.isoformat(),
    }


_SHOWN = 3


def _all(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def _few(lines: Iterable[str]) -> str:
    first = list(lines)
    more = len(first) - _SHOWN
    return _all((*first[:_SHOWN], f"and {more} more") if more > 1 else first)


def _transfer(asked: Transfer) -> str:
    if asked.party is None:
        return f"to {asked.transferee}, who has not accepted it yet"
    return f"to {asked.transferee}: {asked.party.name}, {asked.party.country}"


def _shipped(state: LicenseState) -> Iterator[str]:
    items = {item.line: item for item in state.items}
    for line, used in usage(state.shipments).items():
        item = items[line]
        percent = used.value * 100 // item.value.minor_units
        yield f"{line}. {used.quantity} of {item.quantity} {item.unit}, {percent} % of the value"


def _findings(state: ApplicationState) -> Iterator[str]:
    """A line for each party and owner by its place, and under it one for each listing by its key."""
    names = named(state.parties)
    for found in state.screening.findings if state.screening else ():
        reason = f" – {found.reason}" if found.reason else ""
        yield f"{found.party} {names[found.party].name}: {words(found.outcome)}{reason}"
        for hit in state.hits:
            if hit.party == found.party:
                yield f"  {_hit(hit, waits=hit.party in state.possible_parties)}"
        if found.left_out:
            yield f"  and {found.left_out} more"
        yield from _by_hand(state, found)


def _by_hand(state: ApplicationState, found: Finding) -> Iterator[str]:
    """Tell what is to be said of a party as a whole, or was said."""
    if found.party in state.by_hand & state.possible_parties:
        yield "  to be looked up by hand"
    for said in state.resolutions:
        if said.pair == found.pair and said.match is None:
            reason = f": {said.reason}" if said.reason else ""
            yield f"  on no list, looked up by {said.resolved_by.officer}{reason}"


def _later(state: LicenseState) -> Iterator[str]:
    """A line for each match of a later list than that of the grant: is the party listed, or may it be?"""
    for hit in state.found.hits:
        word = "listed" if hit.listed else "possible match" if hit.open else "not listed"
        yield f"{hit.party} {word}: {_hit(hit, waits=hit.party in state.found.possible_parties)}"


def _hit(hit: Hit, *, waits: bool) -> str:
    """``waits``: it is open which of such names the party has. It is not where the party is listed anyhow."""
    match, said = hit.match, hit.resolution
    alike = "" if hit.exact else f"; alike, score {match.score}"
    if alike and (waits or said):
        alike += f" ({'; '.join(match.explanation)})"
    source = source_of_entry(match.source_list, match.listing)
    on = f"{source.title} ({source.rules}), {match.citation}"
    shown = f"{match.listing}: {match.name}, {on}, {source.policy(match.review_policy)}{alike}"
    if said is None:
        return f"{shown}; to be resolved" if hit.open and waits else shown
    case = f" in {said.license or said.remembered_from}" if said.remembered_from else ""
    reason = f": {said.reason}" if said.reason else ""
    return f"{shown}; {words(said.verdict)} by {said.resolved_by.officer}{case}{reason}{_elsewhere(said)}"


def _elsewhere(said: Resolution) -> str:
    """Tell where and until when a false match counts, beside its own case."""
    if said.verdict is Verdict.TRUE_MATCH:
        return ""
    if said.confirmation is None:
        return "; in this case alone" if said.remembered_from is None else ""
    return f"; in other cases until {local(said.confirmation.until)}, by {said.confirmation.by.officer}"
