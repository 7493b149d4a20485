"""What Atelier Logiciel publishes: each page and asset with its kind and its buying phase."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from passerelle.demo.draws import Floats


class Content(NamedTuple):
    """A page of the site, the asset it offers if any, and the phase it speaks to."""

    path: str
    kind: str
    phase: str
    title: str
    asset: str | None


_AWARE, _CONSIDER, _DECIDE, _OTHER = "awareness", "consideration", "decision", "other"

# Kind and phase, then path, title and asset of each content.
_SHELVES: tuple[tuple[str, str, tuple[tuple[str, str, str | None], ...]], ...] = (
    ("home", _OTHER, (
        ("/", "Atelier Logiciel – la gestion d'interventions sans papier", None),
    )),
    ("about", _OTHER, (
        ("/about", "Qui sommes-nous ?", None),
    )),
    ("legal", _OTHER, (
        ("/legal", "Mentions légales et données personnelles", None),
    )),
    ("article", _AWARE, (
        ("/blog/planifier-tournees", "Bien planifier ses tournées d'intervention", None),
        ("/blog/technicien-mobile", "Équiper ses techniciens : par où commencer ?", None),
        ("/blog/bon-d-intervention", "Le bon d'intervention, du carnet au numérique", None),
        ("/blog/taux-premiere-visite", "Résoudre dès la première visite : les leviers", None),
        ("/blog/recruter-techniciens", "Recruter et garder ses techniciens", None),
        ("/blog/facture-electronique", "Facture électronique : le calendrier des PME", None),
        ("/blog/maintenance-preventive", "Maintenance préventive ou curative ?", None),
        ("/blog/rgpd-terrain", "Géolocalisation des équipes : ce que dit la CNIL", None),
        ("/blog/excel-limits", "Five signs that your planning has outgrown Excel", None),
        ("/blog/field-service-kpis", "The eight figures of a field service manager", None),
        ("/blog/first-time-fix", "First-time fix rate, explained", None),
        ("/blog/heat-pump-boom", "Heat pumps: coping with the boom", None),
    )),
    ("ebook", _AWARE, (
        ("/resources/guide-planning", "Guide : un planning qui tient", "ebook-planning"),
        ("/resources/guide-zero-papier", "Guide : l'intervention zéro papier", "ebook-zero-papier"),
        ("/resources/field-service-guide", "The field service handbook", "ebook-field-service"),
    )),
    ("white_paper", _AWARE, (
        ("/resources/livre-blanc-sav", "Livre blanc : un SAV rentable", "white-paper-sav"),
    )),
    ("white_paper", _CONSIDER, (
        ("/resources/livre-blanc-iot", "Livre blanc : la maintenance connectée", "white-paper-iot"),
    )),
    ("calculator", _CONSIDER, (
        ("/resources/roi-calculator", "Calculez ce que coûte une visite inutile", "calculator-roi"),
    )),
    ("template", _CONSIDER, (
        ("/resources/cahier-des-charges", "Modèle de cahier des charges", "template-requirements"),
    )),
    ("webinar", _CONSIDER, (
        ("/webinars/zero-papier", "Webinaire : zéro papier en 90 jours", "webinar-zero-papier"),
        ("/webinars/ascensoristes", "Webinaire : l'astreinte maîtrisée", "webinar-ascensoristes"),
        ("/webinars/route-planning", "Webinar: route planning live", "webinar-route-planning"),
    )),
    ("product", _CONSIDER, (
        ("/product", "Le logiciel", None),
        ("/product/planning", "Planning et tournées", None),
        ("/product/mobile", "L'application du technicien", None),
        ("/product/facturation", "Devis et facturation", None),
        ("/product/stocks", "Pièces et stocks", None),
        ("/product/integrations", "Intégrations : Sage, SAP, Odoo, Salesforce", None),
        ("/solutions/cvc", "Chauffage, ventilation, climatisation", None),
        ("/solutions/ascenseurs", "Ascenseurs et portes automatiques", None),
        ("/solutions/facilities", "Facility management", None),
    )),
    ("case_study", _DECIDE, (
        ("/customers/lefevre-ascenseurs", "Lefèvre : 22 % de visites en moins", "case-study-lift"),
        ("/customers/clim-ocean", "Clim'Océan : un planning pour quarante", "case-study-climocean"),
        ("/customers/hopital-des-tilleuls", "Le biomédical d'un hôpital", "case-study-hopital"),
        ("/customers/vdberg", "Van der Berg: live in six weeks", "case-study-vdberg"),
    )),
    ("comparison", _DECIDE, (
        ("/compare/excel", "Atelier Logiciel ou Excel ?", None),
        ("/compare/erp", "Logiciel métier ou module d'ERP ?", None),
        ("/compare/others", "Comparatif des logiciels d'intervention", None),
    )),
    ("pricing", _DECIDE, (
        ("/pricing", "Tarifs", None),
        ("/pricing/enterprise", "Tarifs grands comptes", None),
    )),
    ("security", _DECIDE, (
        ("/security", "Hébergement et sécurité", None),
    )),
    ("docs", _DECIDE, (
        ("/docs", "Documentation", None),
        ("/docs/api", "API et webhooks", None),
        ("/docs/import", "Reprise de données", None),
    )),
    ("form", _DECIDE, (
        ("/demo", "Demander une démonstration", None),
        ("/contact", "Parler à un conseiller", None),
        ("/trial", "Essai gratuit de 30 jours", None),
        ("/quote", "Recevoir un devis", None),
    )),
    ("jobs", _OTHER, (
        ("/jobs", "Nous rejoindre", None),
        ("/jobs/developpeur-python", "Offre : développeur·euse Python à Nantes", None),
        ("/jobs/sales-development", "Offre : chargé·e de développement commercial", None),
    )),
)  # fmt: skip
CONTENTS = tuple(
    Content(path, kind, phase, title, asset)
    for kind, phase, shelf in _SHELVES
    for path, title, asset in shelf
)
CONTENT = {content.path: code for code, content in enumerate(CONTENTS)}
PATHS = tuple(content.path for content in CONTENTS)
TITLES = tuple(content.title for content in CONTENTS)
ASSETS = tuple(sorted({content.asset for content in CONTENTS if content.asset}))
WEBINARS = tuple(code for code, content in enumerate(CONTENTS) if content.kind == "webinar")
ARTICLES = tuple(code for code, content in enumerate(CONTENTS) if content.kind == "article")

# Who reads what. The first three profiles are a buyer's phases; awareness readers stray onto
# prices and buyers still read the blog, so that a page never proves an intent.
PROFILES = (_AWARE, _CONSIDER, _DECIDE, "student", "job_seeker", "competitor", "crawler")
PROFILE = {name: code for code, name in enumerate(PROFILES)}
_APPETITES: tuple[dict[str, float], ...] = (
    {"article": 60, "ebook": 9, "white_paper": 4, "home": 10, "product": 10, "webinar": 2,
     "case_study": 2, "pricing": 3.5, "comparison": 1.5, "about": 1.5, "jobs": 0.7, "docs": 0.8},
    {"article": 26, "ebook": 5, "white_paper": 6, "home": 9, "product": 28, "webinar": 6,
     "calculator": 3, "template": 3, "case_study": 7, "pricing": 7, "comparison": 4, "docs": 2,
     "security": 1, "about": 2, "jobs": 0.4, "form": 0.6},
    {"article": 11, "white_paper": 3, "home": 8, "product": 24, "webinar": 3, "calculator": 4,
     "template": 3, "case_study": 12, "pricing": 15, "comparison": 7, "docs": 5, "security": 3,
     "about": 3, "legal": 1, "form": 2},
    {"article": 48, "ebook": 18, "white_paper": 16, "home": 6, "about": 6, "jobs": 5, "docs": 4},
    {"jobs": 58, "about": 16, "home": 14, "article": 8, "product": 4},
    {"pricing": 24, "product": 28, "docs": 20, "comparison": 14, "case_study": 8, "home": 6},
    dict.fromkeys(sorted({content.kind for content in CONTENTS}), 1),
)  # fmt: skip


def reading_table() -> Floats:
    """For each profile (row) how likely each content (column) is; rows are weights."""
    kinds = [content.kind for content in CONTENTS]
    table = np.zeros((len(PROFILES), len(CONTENTS)))
    for row, appetite in enumerate(_APPETITES):
        for kind, weight in appetite.items():
            members = [i for i, found in enumerate(kinds) if found == kind]
            share = 1 / np.arange(1, len(members) + 1) ** 0.6
            table[row, members] = weight * share / share.sum()
    return table
