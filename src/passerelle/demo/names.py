"""The given names, family names and trades from which invented people and companies are made."""

from __future__ import annotations

FIRST_NAMES = (
    "Camille", "Chloé", "Léa", "Zoé", "Anaïs", "Maëlle", "Inès", "Élodie", "Hélène", "Céline",
    "Aurélie", "Bénédicte", "Gaëlle", "Amélie", "Sophie", "Isabelle", "Nathalie", "Valérie",
    "Françoise", "Agnès", "Fatima", "Aïcha", "Yasmine", "Mathilde", "Claire", "Julie", "Marine",
    "Jérôme", "François", "Loïc", "Gaël", "Noël", "Cédric", "Stéphane", "Sébastien", "Frédéric",
    "Grégory", "Rémi", "Théo", "Léo", "Raphaël", "Joël", "André", "Hervé", "Benoît", "Nicolas",
    "Thomas", "Julien", "Karim", "Mehdi", "Mamadou", "Olivier", "Laurent", "Philippe", "Pierre",
    "Jean-Marc", "Jean-François", "Marie-Laure", "Anne-Sophie", "Guillaume", "Antoine", "Maxime",
    "Jürgen", "Jörg", "Stefan", "Sabine", "Käthe", "Björn", "Søren", "Anke", "Núria", "Iñaki",
    "José", "Begoña", "Lucía", "Giulia", "Niccolò", "Matteo", "Pieter", "Joost", "Anouk", "Femke",
    "Emma", "Oliver", "Siobhán", "Grace", "Harry", "Zoë", "Wout", "Renée",
)  # fmt: skip

LAST_NAMES = (
    "Lefèvre", "Béranger", "Gauthier", "Moreau", "Durand", "Dubois", "Girard", "Rousseau",
    "Mercier", "Blanc", "Guérin", "Müller", "Faure", "Legrand", "Garnier", "Chevalier", "François",
    "Clément", "Gautier", "Perrin", "Morin", "Mathieu", "Nguyen", "Diallo", "Traoré", "Benali",
    "Haddad", "Le Goff", "Le Gall", "Kervella", "Etcheverry", "D'Almeida", "De la Tour", "Besançon",
    "Crépin", "Fréchet", "Hébert", "Lévêque", "Maçon", "Noël", "Prévost", "Quémener", "Rémond",
    "Sénéchal", "Tessier", "Vallée", "Zimmermann", "Schäfer", "Weiß", "Köhler", "Peeters",
    "Janssens", "Van den Berg", "De Smet", "Vermeulen", "Bakker", "García", "Fernández", "Núñez",
    "Ibáñez", "Rossi", "Esposito", "Bianchi", "Smith", "O'Neill", "Walsh", "Taylor", "Brown",
    "Da Silva", "Gonçalves", "Magalhães", "Kowalski", "Jørgensen", "Lindström", "Petit", "Roux",
    "Fontaine", "Bertrand", "Roy", "Arnaud", "Colin", "Brun", "Picard", "Aubert", "Renault-Hény",
)  # fmt: skip

# The trades of each industry, in the order of company.INDUSTRIES.
TRADES = (
    ("Logiciels", "Systèmes", "Digital", "Data", "Software"),
    ("Magasins", "Distribution", "Équipement", "Cuisines", "Retail"),
    ("Banque", "Crédit", "Mutuelle", "Assurances", "Finance"),
    ("Clinique", "Laboratoires", "Santé", "Biomédical", "Care"),
    ("Syndicat des eaux", "Communauté de communes", "Régie", "Office de l'habitat", "Métropole"),
    ("Ascenseurs", "Climatisation", "Chauffage", "Toitures", "Bâtiment", "Menuiserie"),
    ("Maintenance", "Propreté", "Sécurité", "Facilities", "Dépannage", "Espaces verts"),
)  # fmt: skip

REGIONS = {
    "FR": (
        "Île-de-France", "Auvergne-Rhône-Alpes", "Pays de la Loire", "Bretagne", "Occitanie",
        "Nouvelle-Aquitaine", "Hauts-de-France", "Grand Est", "Provence-Alpes-Côte d'Azur",
        "Normandie", "Bourgogne-Franche-Comté", "Centre-Val de Loire", "Corse",
    ),
    "BE": ("Wallonie", "Vlaanderen", "Bruxelles"),
    "CH": ("Vaud", "Genève", "Zürich", "Neuchâtel"),
    "DE": ("Bayern", "Nordrhein-Westfalen", "Baden-Württemberg", "Hessen", "Berlin"),
    "ES": ("Cataluña", "Madrid", "Andalucía", "País Vasco"),
    "IT": ("Lombardia", "Piemonte", "Lazio", "Veneto"),
    "NL": ("Noord-Holland", "Zuid-Holland", "Utrecht"),
    "LU": ("Luxembourg",),
    "GB": ("London", "North West", "Scotland", "South East"),
}  # fmt: skip
LEGAL_FORMS = {
    "FR": ("SAS", "SARL", "& Fils", "Groupe", "SA"), "BE": ("SRL", "NV"), "CH": ("SA", "AG"),
    "DE": ("GmbH", "GmbH & Co. KG"), "ES": ("SL", "SA"), "IT": ("S.r.l.", "S.p.A."),
    "NL": ("BV",), "LU": ("Sàrl",), "GB": ("Ltd", "plc"),
}  # fmt: skip
# Numbers that the regulators keep for fiction, so that nobody is ever called.
FICTION_PHONES = {
    "FR": ("+33 6 39 98 ## ##", "+33 1 99 00 ## ##"),
    "GB": ("+44 7700 9000##",),
    "DE": ("+49 171 39200##",),
}

FREE_MAIL = ("gmail.com", "orange.fr", "outlook.com", "free.fr", "yahoo.fr", "hotmail.fr", "gmx.de")
JUNK_EMAILS = (
    "test@test.com", "asdf@asdf.com", "null", "aaa@aaa.fr", "noreply@example.com", "a@b.c",
    "toto@toto.fr", "qwerty@", "xxx@yopmail.com", "nomail@nomail", "undefined", "jean.dupont@",
)  # fmt: skip
JUNK_NAMES = ("asdf", "test", "null", "xxx", "Toto", "aaaa", ".", "N/A", "Mickey", "qsdf")
JUNK_TITLES = ("-", "n/a", "xx", "test", "null", "?", "Ninja", "asdf", "Grand Manitou", "…")
