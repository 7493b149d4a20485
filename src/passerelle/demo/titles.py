"""The job titles that people type, with what each really says about its holder."""

from __future__ import annotations

from typing import NamedTuple


class Title(NamedTuple):
    """A job title as typed, its seniority and department, and how often one meets it."""

    text: str
    seniority: str
    department: str
    weight: float


SENIORITIES = ("c_level", "director", "head", "manager", "individual", "intern")
# The share of the holders who decide, by seniority.
AUTHORITY = (0.92, 0.8, 0.62, 0.42, 0.12, 0.02)

_C, _D, _H, _M, _I, _S = SENIORITIES

TITLES = (
    Title("Directeur général", _C, "general_management", 5),
    Title("DG", _C, "general_management", 3),
    Title("PDG", _C, "general_management", 4),
    Title("Gérant", _C, "general_management", 7),
    Title("Présidente", _C, "general_management", 2),
    Title("CEO", _C, "general_management", 4),
    Title("Chief Executive Officer", _C, "general_management", 1),
    Title("Geschäftsführer", _C, "general_management", 2),
    Title("Managing Director", _C, "general_management", 2),
    Title("CTO", _C, "it", 2),
    Title("CFO", _C, "finance", 1.5),
    Title("DAF", _C, "finance", 2.5),
    Title("COO", _C, "operations", 2),
    Title("Directeur des opérations", _D, "operations", 4),
    Title("Directrice d'exploitation", _D, "operations", 4),
    Title("Dir. Op.", _D, "operations", 1),
    Title("Operations Director", _D, "operations", 2),
    Title("Directeur technique", _D, "field_service", 4),
    Title("Directrice SAV", _D, "field_service", 3),
    Title("Director of Field Service", _D, "field_service", 1.5),
    Title("DSI", _D, "it", 4),
    Title("Directrice des systèmes d'information", _D, "it", 2),
    Title("IT Director", _D, "it", 1.5),
    Title("Directeur des achats", _D, "purchasing", 1.5),
    Title("DRH", _D, "hr", 1),
    Title("Directrice marketing", _D, "marketing", 1.5),
    Title("Head of Operations", _H, "operations", 2),
    Title("Head of Field Service", _H, "field_service", 1.5),
    Title("Head of IT", _H, "it", 1),
    Title("Responsable d'exploitation", _H, "operations", 6),
    Title("Resp. SAV", _H, "field_service", 4),
    Title("Responsable maintenance", _H, "field_service", 7),
    Title("Responsable planning", _H, "operations", 5),
    Title("Responsable informatique", _H, "it", 3),
    Title("Responsable qualité", _H, "operations", 2),
    Title("Chef d'agence", _M, "operations", 5),
    Title("Chef d'équipe", _M, "field_service", 4),
    Title("Conductrice de travaux", _M, "operations", 4),
    Title("Field Service Manager", _M, "field_service", 3),
    Title("Service Manager", _M, "field_service", 2),
    Title("Servicio técnico - jefe", _M, "field_service", 0.7),
    Title("Einsatzleiter", _M, "field_service", 1),
    Title("Chef de projet SI", _M, "it", 3),
    Title("Project manager", _M, "it", 2),
    Title("Acheteuse", _M, "purchasing", 2),
    Title("Marketing Manager", _M, "marketing", 1.5),
    Title("Ingénieur méthodes", _I, "operations", 3),
    Title("Planificatrice", _I, "operations", 4),
    Title("Technicien de maintenance", _I, "field_service", 6),
    Title("Technicienne SAV", _I, "field_service", 4),
    Title("Assistant·e de direction", _I, "general_management", 3),
    Title("Assistante d'agence", _I, "operations", 4),
    Title("Comptable", _I, "finance", 3),
    Title("Développeur", _I, "it", 2),
    Title("Business Analyst", _I, "it", 1.5),
    Title("Consultant", _I, "it", 3),
    Title("Chargée de communication", _I, "marketing", 1.5),
    Title("Alternante assistante d'exploitation", _S, "operations", 1.2),
    Title("Stagiaire", _S, "marketing", 1),
)
STUDENT_TITLES = (
    "Étudiant", "Étudiante", "Student", "Étudiante en master", "Stagiaire", "Doctorant", "élève",
    "MBA student", "Intern",
)  # fmt: skip
