# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers with right and with wrong check characters, made from a random.Random."""

import datetime

LETTERS_23 = "ZABCDEFGHJKLMNPQRTUVWXY"


def digits(rng, count):
    return "".join(str(rng.randrange(10)) for _ in range(count))


def modulus_11(nine):
    check = (11 - sum(int(c) * (10 - i) for i, c in enumerate(nine)) % 11) % 11
    return None if check == 10 else str(check)


def nhs(rng):
    while True:
        nine = rng.choice("467") + digits(rng, 8)
        check = modulus_11(nine)
        if check is not None:
            return nine + check


def chi(rng):
    while True:
        nine = f"{rng.randint(1, 28):02}{rng.randint(1, 12):02}{rng.randint(0, 99):02}" + digits(rng, 3)
        check = modulus_11(nine)
        if check is not None:
            return nine + check


def utr(rng):
    nine = str(rng.randint(1, 9)) + digits(rng, 8)
    weights = (6, 7, 8, 9, 10, 5, 4, 3, 2)
    return "21987654321"[sum(int(c) * w for c, w in zip(nine, weights)) % 11] + nine


def nino(rng):
    while True:
        prefix = rng.choice("ABCEGHJKLMNOPRSTWXYZ") + rng.choice("ABCEGHJKLMNPRSTWXYZ")
        if prefix not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ"):
            return prefix + digits(rng, 6) + rng.choice("ABCD")


def luhn(body):
    total = 0
    for i, c in enumerate(reversed(body)):
        value = int(c) * (2 if i % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def card(rng):
    prefix, length = rng.choice((("4", 16), ("51", 16), ("55", 16), ("2345", 16), ("34", 15), ("37", 15), ("6011", 16)))
    return luhn(prefix + digits(rng, length - len(prefix) - 1))


def iban(rng):
    country, length = rng.choice((("GB", 22), ("DE", 22), ("IE", 22), ("NL", 18), ("ES", 24), ("FR", 27)))
    bank = "".join(rng.choice("ABCDEFGHKLMNRSTW") for _ in range(4)) if country in ("GB", "IE", "NL") else ""
    body = bank + digits(rng, length - 4 - len(bank))
    number = "".join(str(int(c, 36)) for c in body + country + "00")
    return f"{country}{98 - int(number) % 97:02}{body}"


def grouped(text, size=4, separator=" "):
    return separator.join(text[i : i + size] for i in range(0, len(text), size))


def pnc(rng):
    year, serial = rng.randint(1950, 2025), rng.randint(1, 999_999)
    return f"{year}/{serial:07}{LETTERS_23[int(f'{year % 100:02}{serial:07}') % 23]}"


def cro(rng):
    year, serial = rng.randint(60, 95), rng.randint(1, 999_999)
    return f"{serial}/{year:02}{LETTERS_23[int(f'{year:02}{serial:06}') % 23]}"


def licence(rng, surname):
    born = date_of_birth(rng)
    month = born.month + (50 if rng.random() < 0.5 else 0)
    year = f"{born.year % 100:02}"
    initials = rng.choice("ABCDEFGHJKLMNPRST") + rng.choice("9ABCDEGHJLMPRST")
    tail = f"{rng.randint(1, 9)}{rng.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}{rng.choice('ABCDEFGHJKLMNPRSTUVWXYZ')}"
    return f"{surname.upper()[:5]:9<5}{year[0]}{month:02}{born.day:02}{year[1]}{initials}{tail}"


def mrz_check(field):
    values = [0 if c == "<" else int(c, 36) for c in field]
    return str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10)


def mrz(rng, surname, given):
    number, born = digits(rng, 9), date_of_birth(rng).strftime("%y%m%d")
    expiry = f"{rng.randint(27, 35)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    personal = "<" * 14
    line = number + mrz_check(number) + "GBR" + born + mrz_check(born) + rng.choice("MF") + expiry + mrz_check(expiry)
    line += personal + "<"
    composite = mrz_check(line[:10] + line[13:20] + line[21:43])
    first = f"P<GBR{surname.upper()}<<{given.upper()}"
    return f"{first:<<44}\n{line}{composite}"


def date_of_birth(rng):
    return datetime.date(1940, 1, 1) + datetime.timedelta(days=rng.randrange(25_000))


def wrong_last(rng, text):
    """The same number with another last digit or letter."""
    alphabet = "0123456789" if text[-1].isdigit() else LETTERS_23
    return text[:-1] + rng.choice([c for c in alphabet if c != text[-1]])
