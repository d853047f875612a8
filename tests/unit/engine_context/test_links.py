"""Hosts that look like others', and lists of the policy."""

from __future__ import annotations

import dataclasses

import pytest

from console.domain.messages import FACEBOOK, Channel
from console.netiquette.engine import Engine
from console.netiquette.lookalikes import Lookalikes, host_of
from console.netiquette.model import Context
from console.netiquette.policy_loader import shipped
from console.netiquette.policy_version import with_lists
from console.netiquette.resources import Resources

COMMENT = Context(Channel.COMMENT, FACEBOOK)
LOOKALIKES = Lookalikes(Resources(lists=shipped().lists))


@pytest.mark.parametrize(
    ("host", "of"),
    [
        ("drummondvile.ca", "drummondville.ca"),  # a letter less
        ("drumnondville.ca", "drummondville.ca"),  # another letter
        ("drummondvilel.ca", "drummondville.ca"),  # two exchanged
        ("drummond-ville.ca", "drummondville.ca"),  # a hyphen
        ("drummondville.com", "drummondville.ca"),  # another ending
        ("drummondville-ca.info", "drummondville.ca"),  # the ending inside
        ("drummondville.ca.secure-page.net", "drummondville.ca"),  # the domain in front of another
        ("drummondville.ca-taxes.example", "drummondville.ca"),
        ("ville-drummondville.org", "drummondville.ca"),  # words around
        ("taxesdrummondville.net", "drummondville.ca"),
        ("portail.services-drummondville.example", "drummondville.ca"),
        ("drummоndville.ca", "drummondville.ca"),  # a Cyrillic letter
        ("xn--drummndville-8fk.ca", "drummondville.ca"),  # the same as browsers send it
        ("xn--qubec-csa.ca", "quebec.ca"),  # an accent
        ("quebec.ca.remboursement.example", "quebec.ca"),
        ("saaq-gouv-qc-ca.info", "saaq.gouv.qc.ca"),
        ("hydroquebec-remboursement.com", "hydroquebec.com"),
        ("hydr0quebec.com", "hydroquebec.com"),
        ("revenu-quebec.info", "revenuquebec.ca"),
        ("secure-desjardins.app", "desjardins.com"),
        ("suivi-purolator.example", "purolator.com"),
    ],
)
def test_a_host_that_imitates_is_named_with_what_it_imitates(host: str, of: str) -> None:
    found = LOOKALIKES.of(host)
    assert found is not None
    assert found.of == of
    assert found.domain != of


@pytest.mark.parametrize(
    "host",
    [
        "drummondville.ca", "services.drummondville.ca", "drummondville.qc.ca", "quebec.ca",
        "saaq.gouv.qc.ca",
        "spaddrummond.com", "mrcdrummond.qc.ca", "garagedrummond.com", "voltigeursdrummondville.com",
        "journalexpress.ca", "cinema-quebec.ca", "tourisme-quebec.com", "hydro-sherbrooke.ca", "lotobus.ca",
        "banquealimentaire.ca", "desjardins.com", "accesd.ca", "lapresse.ca", "upside.ca", "metadonnees.org",
        "chlorhydro.com", "saint-edmond.ca", "example.com", "a.b", "localhost", "", "xn--", "x" * 5000,
    ],
)  # fmt: skip
def test_other_hosts_are_nobodys_imitation(host: str) -> None:
    assert LOOKALIKES.of(host) is None


def test_what_stands_before_an_at_sign_is_no_host() -> None:
    assert host_of("https://drummondville.ca@autre.example/x") == "autre.example"
    assert host_of("https://autre.example\\@drummondville.ca/") == "autre.example"


def test_the_explanation_names_both_domains(engine: Engine) -> None:
    text = "Remboursement de taxes : réclamez-le au https://www.drummondville-remboursement.info/carte"
    findings = {each.rule: each for each in engine.judge(text, COMMENT).findings}
    assert "drummondville-remboursement.info" in findings["fraud"].explanation
    assert "drummondville.ca" in findings["fraud"].explanation


def test_a_foreign_letter_in_a_host_is_seen_although_the_text_is_folded(engine: Engine) -> None:
    rules = {each.rule for each in engine.judge("Voir http://drummоndville.ca/taxes", COMMENT).findings}
    assert "fraud" in rules
    assert not engine.judge("Voir http://drummondville.ca/taxes", COMMENT).findings


def test_a_warning_about_a_false_site_is_no_fraud(engine: Engine) -> None:
    text = "Attention, drummondville-remboursement.info est un faux site, ne cliquez pas"
    assert "fraud" not in {each.rule for each in engine.judge(text, COMMENT).findings}


def test_the_citys_list_decides_which_links_serve_an_exchange() -> None:
    text = "https://horaire.maison-culture.example/mai"
    context = dataclasses.replace(COMMENT, parent="Programmation de la Maison de la culture.")
    before = Engine(shipped()).judge(text, context)
    policy = with_lists(
        shipped(), {"public_domains": [*shipped().lists["public_domains"], "maison-culture.example"]}
    )
    after = Engine(policy).judge(text, context)
    assert {each.rule for each in before.findings} == {"abusive_links"}
    assert not after.findings
    assert before.policy != after.policy
