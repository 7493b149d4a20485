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
    asset: str | None = None


_AWARE, _CONSIDER, _DECIDE, _OTHER = "awareness", "consideration", "decision", "other"

CONTENTS = (
    Content("/", "home", _OTHER, "Atelier Logiciel – la gestion d'interventions sans papier"),
    Content("/about", "about", _OTHER, "Qui sommes-nous ?"),
    Content("/legal", "legal", _OTHER, "Mentions légales et données personnelles"),
    Content("/blog/planifier-tournees", "article", _AWARE, "Bien planifier ses tournées d'intervention"),
    Content("/blog/technicien-mobile", "article", _AWARE, "Équiper ses techniciens : par où commencer ?"),
    Content("/blog/bon-d-intervention", "article", _AWARE, "Le bon d'intervention, du carnet au numérique"),
    Content("/blog/taux-premiere-visite", "article", _AWARE, "Résoudre dès la première visite : les leviers"),
    Content("/blog/recruter-techniciens", "article", _AWARE, "Recruter et garder ses techniciens"),
    Content("/blog/facture-electronique", "article", _AWARE, "Facture électronique : le calendrier des PME"),
    Content("/blog/maintenance-preventive", "article", _AWARE, "Maintenance préventive ou curative ?"),
    Content("/blog/rgpd-terrain", "article", _AWARE, "Géolocalisation des équipes : ce que dit la CNIL"),
    Content("/blog/excel-limits", "article", _AWARE, "Five signs that your planning has outgrown Excel"),
    Content("/blog/field-service-kpis", "article", _AWARE, "The eight figures of a field service manager"),
    Content("/blog/first-time-fix", "article", _AWARE, "First-time fix rate, explained"),
    Content("/blog/heat-pump-boom", "article", _AWARE, "Heat pumps: coping with the boom"),
    Content("/resources/guide-planning", "ebook", _AWARE, "Guide : un planning qui tient", "ebook-planning"),
    Content("/resources/guide-zero-papier", "ebook", _AWARE, "Guide : l'intervention zéro papier", "ebook-zero-papier"),
    Content("/resources/field-service-guide", "ebook", _AWARE, "The field service handbook", "ebook-field-service"),
    Content("/resources/livre-blanc-sav", "white_paper", _AWARE, "Livre blanc : le SAV, centre de profit ?", "white-paper-sav"),
    Content("/resources/livre-blanc-iot", "white_paper", _CONSIDER, "Livre blanc : objets connectés et maintenance", "white-paper-iot"),
    Content("/resources/roi-calculator", "calculator", _CONSIDER, "Calculez ce que coûte une visite inutile", "calculator-roi"),
    Content("/resources/cahier-des-charges", "template", _CONSIDER, "Modèle de cahier des charges", "template-requirements"),
    Content("/webinars/zero-papier", "webinar", _CONSIDER, "Webinaire : passer au zéro papier en 90 jours", "webinar-zero-papier"),
    Content("/webinars/ascensoristes", "webinar", _CONSIDER, "Webinaire : ascensoristes, l'astreinte maîtrisée", "webinar-ascensoristes"),
    Content("/webinars/route-planning", "webinar", _CONSIDER, "Webinar: route planning live", "webinar-route-planning"),
    Content("/product", "product", _CONSIDER, "Le logiciel"),
    Content("/product/planning", "product", _CONSIDER, "Planning et tournées"),
    Content("/product/mobile", "product", _CONSIDER, "L'application du technicien"),
    Content("/product/facturation", "product", _CONSIDER, "Devis et facturation"),
    Content("/product/stocks", "product", _CONSIDER, "Pièces et stocks"),
    Content("/product/integrations", "product", _CONSIDER, "Intégrations : Sage, SAP, Odoo, Salesforce"),
    Content("/solutions/cvc", "product", _CONSIDER, "Chauffage, ventilation, climatisation"),
    Content("/solutions/ascenseurs", "product", _CONSIDER, "Ascenseurs et portes automatiques"),
    Content("/solutions/facilities", "product", _CONSIDER, "Facility management"),
    Content("/customers/lefevre-ascenseurs", "case_study", _DECIDE, "Ascenseurs Lefèvre : 22 % de visites en moins", "case-study-lefevre"),
    Content("/customers/clim-ocean", "case_study", _DECIDE, "Clim'Océan : 40 techniciens, un seul planning", "case-study-clim-ocean"),
    Content("/customers/hopital-des-tilleuls", "case_study", _DECIDE, "Un hôpital tient son biomédical à jour", "case-study-hopital"),
    Content("/customers/van-der-berg", "case_study", _DECIDE, "Van der Berg Facilities: live in six weeks", "case-study-van-der-berg"),
    Content("/compare/excel", "comparison", _DECIDE, "Atelier Logiciel ou Excel ?"),
    Content("/compare/erp", "comparison", _DECIDE, "Logiciel métier ou module d'ERP ?"),
    Content("/compare/others", "comparison", _DECIDE, "Comparatif des logiciels d'intervention"),
    Content("/pricing", "pricing", _DECIDE, "Tarifs"),
    Content("/pricing/enterprise", "pricing", _DECIDE, "Tarifs grands comptes"),
    Content("/security", "security", _DECIDE, "Hébergement et sécurité"),
    Content("/docs", "docs", _DECIDE, "Documentation"),
    Content("/docs/api", "docs", _DECIDE, "API et webhooks"),
    Content("/docs/import", "docs", _DECIDE, "Reprise de données"),
    Content("/demo", "form", _DECIDE, "Demander une démonstration"),
    Content("/contact", "form", _DECIDE, "Parler à un conseiller"),
    Content("/trial", "form", _DECIDE, "Essai gratuit de 30 jours"),
    Content("/quote", "form", _DECIDE, "Recevoir un devis"),
    Content("/jobs", "jobs", _OTHER, "Nous rejoindre"),
    Content("/jobs/developpeur-python", "jobs", _OTHER, "Offre : développeur·euse Python à Nantes"),
    Content("/jobs/sales-development", "jobs", _OTHER, "Offre : chargé·e de développement commercial"),
)  # fmt: skip
CONTENT = {content.path: code for code, content in enumerate(CONTENTS)}
PATHS = tuple(content.path for content in CONTENTS)
TITLES = tuple(content.title for content in CONTENTS)
ASSETS = tuple(sorted({content.asset for content in CONTENTS if content.asset}))
WEBINARS = tuple(code for code, content in enumerate(CONTENTS) if content.kind == "webinar")

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
    {kind: 1 for kind in sorted({content.kind for content in CONTENTS})},
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
