"""The names that exports, French and English, give to what an agreement calls by one name."""

from __future__ import annotations

import re
import unicodedata

# Tiers of a lead's key: two columns of the same tier leave a doubt that only the user can settle.
LEAD_KEYS: tuple[tuple[str, ...], ...] = (
    ("lead",),
    (
        "lead_id", "id_lead", "lead_key", "lead_uuid", "prospect_id", "id_prospect", "prospect",
        "contact_id", "id_contact", "record_id", "mql_id", "customer_id", "client_id",
        "id_client", "person_id", "user_id", "id_utilisateur", "utilisateur_id", "visitor_id",
        "contact_key", "id_du_contact", "id_du_lead", "id_du_prospect", "id_fiche",
    ),
    ("id", "key", "cle", "identifiant", "identifier", "uuid", "guid", "reference", "code"),
    ("lead_number", "numero_lead", "numero_du_lead", "numero_prospect", "numero", "no", "number"),
    ("email", "e_mail", "email_address", "adresse_email", "adresse_e_mail", "courriel", "mail"),
)  # fmt: skip
EVENT_LEAD_KEYS: tuple[tuple[str, ...], ...] = (
    LEAD_KEYS[0],
    LEAD_KEYS[1],
    ("anonymous_id", "device_id"),
    LEAD_KEYS[4],
)
EVENT_COLUMNS: dict[str, tuple[str, ...]] = {
    "event": (
        "event", "event_name", "event_type", "action", "activity", "activity_type", "type",
        "evenement", "nom_evenement", "nom_de_l_evenement", "type_evenement",
        "type_d_evenement", "activite", "type_activite", "type_d_activite", "interaction",
    ),
    "occurred_at": (
        "occurred_at", "timestamp", "event_timestamp", "event_time", "original_timestamp",
        "occurred", "happened_at", "event_date", "activity_date", "date_time", "datetime",
        "time", "ts", "date", "created_at", "creation_date", "horodatage", "date_evenement",
        "date_de_l_evenement", "date_activite", "date_heure", "date_et_heure", "heure",
        "date_de_creation", "cree_le", "survenu_le",
    ),
    "id": (
        "id", "message_id", "event_id", "id_evenement", "id_message", "event_uuid", "uuid",
        "activity_id", "identifiant",
    ),
    "received_at": (
        "received_at", "sent_at", "ingested_at", "recu_le", "date_de_reception",
        "date_reception",
    ),
}  # fmt: skip
SYNONYMS: dict[str, tuple[str, ...]] = {
    "email": LEAD_KEYS[4],
    "first_name": ("firstname", "given_name", "prenom"),
    "last_name": ("lastname", "surname", "family_name", "nom", "nom_de_famille"),
    "company": (
        "company_name", "organization", "organisation", "account_name", "entreprise", "societe",
        "raison_sociale", "nom_entreprise", "nom_de_l_entreprise", "nom_de_la_societe", "compte",
    ),
    "domain": (
        "company_domain", "website", "site_web", "domaine", "company_domain_name",
        "nom_de_domaine",
    ),
    "job_title": (
        "title", "job", "role", "position", "poste", "fonction", "intitule_du_poste",
        "intitule_de_poste", "titre",
    ),
    "seniority": ("seniority_level", "niveau_hierarchique", "niveau"),
    "department": ("service", "departement", "function"),
    "employees": (
        "employee_count", "number_of_employees", "num_employees", "company_size", "headcount",
        "effectif", "effectifs", "nombre_d_employes", "nombre_de_salaries", "nb_salaries",
        "salaries", "taille_entreprise", "taille_de_l_entreprise",
    ),
    "industry": ("sector", "secteur", "secteur_d_activite", "industrie"),
    "country": ("country_name", "country_code", "pays"),
    "region": ("state", "state_region", "province"),
    "city": ("ville",),
    "source": (
        "lead_source", "original_source", "utm_source", "origin", "origine", "provenance",
        "source_du_lead", "origine_du_lead",
    ),
    "campaign": ("campaign_name", "utm_campaign", "campagne", "nom_de_campagne"),
    "channel": ("canal", "utm_medium", "medium"),
    "budget": ("budget_amount", "montant_du_budget"),
    "ad_spend": ("advertising_budget", "budget_pub", "budget_publicitaire"),
    "tools": ("tools_used", "outils", "outils_utilises", "technologies"),
    "phone": (
        "phone_number", "telephone", "tel", "mobile", "mobile_phone", "numero_de_telephone",
    ),
    "need": ("besoin", "besoins", "needs"),
    "timing": ("echeance", "timeline", "delai"),
    "created_at": ("create_date", "creation_date", "created", "date_de_creation", "cree_le"),
    "path": ("page_path", "page", "url_path", "chemin"),
    "url": ("page_url", "lien"),
    "title": ("page_title", "titre", "titre_de_la_page"),
    "asset": ("asset_name", "content", "contenu", "document", "fichier", "file_name"),
    "form": ("form_name", "form_id", "formulaire", "nom_du_formulaire"),
    "query": ("search", "search_term", "recherche"),
    "seconds": ("duration", "duration_seconds", "time_on_page", "duree", "secondes"),
    "field": ("field_name", "property_name", "champ"),
    "value": ("new_value", "valeur", "nouvelle_valeur"),
    "criterion": ("bant_criterion", "critere"),
    "reason": ("return_reason", "lost_reason", "motif", "raison", "motif_de_retour"),
}  # fmt: skip
WRAPPERS = (
    ("properties",),
    ("traits",),
    ("attributes",),
    ("data",),
    ("context", "traits"),
    ("context", "page"),
    ("context", "campaign"),
    ("context",),
)


def plain(name: str) -> str:
    """`name` without case, accents or punctuation: `N° d'Employés` and `nEmployes` read alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.replace("°", "o"))
    letters = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", letters).strip("_")


def readings(column: str) -> list[str]:
    """The plain names a column may go by, the likeliest first: `properties.path` is a path too."""
    steps = [plain(step) for step in column.split(".")]
    names = ["_".join(step for step in steps if step)]
    for wrapper in WRAPPERS:
        if tuple(steps[: len(wrapper)]) == wrapper and len(steps) > len(wrapper):
            names.append("_".join(steps[len(wrapper) :]))
            break
    return names
