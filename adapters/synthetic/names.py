"""The stock that synthetic persons are made of: common Dutch-looking names, streets of letters, mail domains.

Nobody is meant: a name is drawn part by part from these lists. Mail domains are reserved for examples (RFC 2606 and SIDN's
example.nl). Leaves drawing and combining to `generator`.
"""

INITIALS = ("A.", "B.", "C.", "D.", "E.", "F.", "G.", "H.", "J.", "K.", "L.", "M.", "N.", "P.", "R.", "S.", "T.", "W.", "J.A.", "M.C.")

# (prefix, surname); an empty prefix is left out
SURNAMES = (
    ("", "Jansen"),
    ("de", "Jong"),
    ("de", "Vries"),
    ("van den", "Berg"),
    ("van", "Dijk"),
    ("", "Bakker"),
    ("", "Visser"),
    ("", "Smit"),
    ("", "Meijer"),
    ("de", "Boer"),
    ("", "Mulder"),
    ("de", "Groot"),
    ("", "Bos"),
    ("", "Vos"),
    ("", "Peters"),
    ("", "Hendriks"),
    ("van", "Leeuwen"),
    ("", "Dekker"),
    ("", "Brouwer"),
    ("de", "Wit"),
    ("", "Dijkstra"),
    ("", "Smits"),
    ("de", "Graaf"),
    ("van der", "Meer"),
    ("van der", "Linden"),
    ("", "Kok"),
    ("", "Jacobs"),
    ("de", "Haan"),
    ("", "Vermeulen"),
    ("van den", "Heuvel"),
    ("van de", "Veen"),
    ("", "Yılmaz"),
    ("", "Kaya"),
    ("el", "Amrani"),
    ("", "Bouzid"),
    ("", "Nowak"),
    ("", "Kowalczyk"),
    ("", "Özdemir"),
    ("", "Chen"),
    ("", "Pinas"),
    ("", "Martina"),
    ("", "Hoekstra-Postma"),
    ("in 't", "Veld"),
    ("", "D'Souza"),
)

# Letters that occur in Dutch postcodes: no F I O Q U Y; SA, SD and SS are not issued.
POSTCODE_LETTERS = tuple(a + b for a in "ABCDEGHJKLMNPRSTVWXZ" for b in "ABCDEGHJKLMNPRSTVWXZ" if a + b not in {"SA", "SD", "SS"})
MAIL_DOMAINS = ("example.nl", "example.org")
ADDITIONS = ("1", "2", "3", "hs", "bis", "I", "II", "rood")
