# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write around the things that must be found."""

import numbers_of as numbers
import secrets_made as secrets

FIRST = "Amara Bronwen Callum Deepa Ewan Fatima Gareth Hannah Imran Jo Kwame Leanne Mairi Niall Priya Rhys".split()
LAST = "Patel Hughes Okafor Macdonald Singh Evans Kowalski Fraser Begum Thornton Mbeki Doyle Ahmed Pryce".split()
STREETS = ("Mill Lane", "High Street", "Station Road", "Church Row", "Castle Terrace")
POSTCODES = ("LS1 4AP", "CF10 3NQ", "EH1 1YZ", "M1 2AB", "SW1A 2AA", "BT1 5GS", "YO1 7HH")

OPENINGS = (
    "Hi all,", "Dear Ms Okafor,", "Morning,", "Good afternoon,\n\nThank you for your message of Tuesday.",
    "Jo, as discussed on the phone just now.", "FYI, see below.", "Dear colleague,\n\nI am writing about the hearing on 12 March.",
)
CLOSINGS = (
    "Kind regards,\nDeepa", "Thanks\nCallum Fraser\nListing Officer | Crown Court at Leeds", "Best wishes",
    "Please ring me on 020 7946 0991 if anything is unclear.\n\nRegards, Niall", "Many thanks in advance.",
)


def person(rng):
    return {
        "first": rng.choice(FIRST), "last": rng.choice(LAST), "street": f"{rng.randint(1, 180)} {rng.choice(STREETS)}",
        "postcode": rng.choice(POSTCODES),
    }


def with_x(make):
    return lambda rng: {**person(rng), "x": make(rng)}


def born(rng):
    day = numbers.date_of_birth(rng)
    return rng.choice((day.strftime("%d/%m/%Y"), day.strftime("%d %B %Y"), day.strftime("%-d %b %Y"), day.isoformat()))


def spaced_nino(rng):
    text = numbers.nino(rng)
    return rng.choice((text, f"{text[:2]} {text[2:4]} {text[4:6]} {text[6:8]} {text[8]}", text.lower()))


def spaced_nhs(rng):
    text = numbers.nhs(rng)
    return rng.choice((text, f"{text[:3]} {text[3:6]} {text[6:]}", f"{text[:3]}-{text[3:6]}-{text[6:]}"))


def spaced_card(rng):
    text = numbers.card(rng)
    return rng.choice((text, numbers.grouped(text), numbers.grouped(text, 4, "-"))) if len(text) == 16 else text


def bank(rng):
    return {**person(rng), "sort": numbers.grouped(numbers.digits(rng, 6), 2, "-"), "account": "3" + numbers.digits(rng, 7)}


def contacts(rng):
    return {"x": "\n".join(f"{rng.choice(FIRST)}.{rng.choice(LAST)}{i}@mail{rng.randint(1, 9)}.example.org".lower() for i in range(30))}


PASSWORD_LINES = (
    "The password is {x}",
    "The password is: {x}",
    "Password: {x}",
    "password {x} should get you in",
    "pw = {x}",
    "pwd: {x}",
    "PW is {x}, don't lose it",
    "The password for the spreadsheet is {x}.",
    "Your temporary password is {x} and you will be asked to change it.",
    "I've set your password to {x} for now.",
    "Temporary password for the laptop: {x}",
    "Your new password: {x}",
    'password: "{x}"',
    "the password's {x} btw",
    "Passcode to open the bundle is {x}",
    "*Password:* {x}",
    "**Password** – {x}",
    "Password - {x}",
    "Login details below\nUser: {first}\nPass: {x}",
    "Your log on details are:\n\nUsername: {first}.{last}\nPassword: {x}",
    "Here are the login details as promised:\n\n{first}.{last} / {x}",
    "The password for the attachment is below:\n\n{x}",
    "The password is\n\n    {x}",
    "Username | Password\n{first} | {x}",
    "| User | Password |\n|---|---|\n| {first} | {x} |",
    "user,password\n{first},{x}",
    "Please use the password {x} to open the file.",
    "You can log in as {first} with password {x}",
    "(password {x})",
    "It is password protected, the password being sent separately was too slow, so here: password is {x}",
    "The Wi-Fi password in the annexe is {x}",
    "Zip password: {x}",
    "Admin pass: {x}",
    "the pass phrase is {x}",
    "Password has been reset to {x}",
    "Your password was changed to {x} this morning",
    "password to the shared drive = {x}",
    "creds: {first}:{x}",
    "Guest login\nuser guest\npassword {x}",
    "> Password: {x}",
)
PHRASE_LINES = (
    "use passphrase {x}",
    "The passphrase is {x}.",
    'the pass phrase for the key is "{x}"',
    "Passphrase: {x}",
)
PIN_LINES = (
    "PIN: {x}", "Your PIN is {x}.", "The pin number for the door is {x}", "the voicemail PIN is {x}",
    "PIN code = {x}", "Door code: {x}", "the alarm code is {x}", "Key safe code is {x}",
)
CODE_LINES = (
    'password = "{x}"', "db_password: {x}", "DB_PASSWORD={x}", '  "password": "{x}",', "export ADMIN_PASSWORD='{x}'",
    "spring.datasource.password={x}", "<password>{x}</password>", "define('DB_PASSWORD', '{x}');",
    "postgres://app:{x}@db.internal:5432/cases", "Server=sql1;Database=cases;User Id=app;Password={x};",
    "mysql -u root -p{x} cases", "curl -u admin:{x} https://intranet.example/api", "sshpass -p '{x}' ssh deploy@host",
    "machine mail.example.org login jo password {x}", '$config["password"] = "{x}";', "String pwd = \"{x}\";",
)


def code_password(rng):
    return secrets.some(rng, secrets.ALNUM, rng.randint(10, 16))


def positives():
    """label → (maker of the fields, lines)"""
    return {
        "password": (with_x(secrets.password), PASSWORD_LINES),
        "passphrase": (with_x(secrets.passphrase), PHRASE_LINES),
        "pin": (with_x(lambda r: numbers.digits(r, r.choice((4, 4, 6)))), PIN_LINES),
        "password-in-code": (with_x(code_password), CODE_LINES),
        "national-insurance-number": (with_x(spaced_nino), (
            "His National Insurance number is {x}.", "NI no: {x}", "NINO {x}", "{first} {last}, {x}, {street}", "ni number {x}",
            "name,nino\n{first},{x}", "Her NI is {x} and she was born in Leeds.")),
        "nhs-number": (with_x(spaced_nhs), (
            "NHS number: {x}", "Patient {first} {last}, NHS No. {x}", "nhs_number,name\n{x},{first}", "the NHS number {x} belongs to {first}",
            "Hospital number unknown; NHS {x}")),
        "utr": (with_x(numbers.utr), ("UTR: {x}", "His Unique Taxpayer Reference is {x}", "self assessment, UTR {x}K", "utr {x}")),
        "chi-number": (with_x(numbers.chi), ("CHI number {x}", "CHI: {x}")),
        "payment-card": (with_x(spaced_card), (
            "Card number {x}, expires 04/29", "please charge {x}", "Visa {x}", "card: {x} cvv 321", "The long number on the card is {x}")),
        "iban": (with_x(lambda r: (lambda t: r.choice((t, numbers.grouped(t))))(numbers.iban(r))), (
            "IBAN: {x}", "Please pay to {x} by Friday", "Account {x}")),
        "bank-account": (bank, (
            "Sort code {sort}, account number {account}", "sort code: {sort}\nAccount no: {account}", "Pay account {sort} / {account}",
            "Account number: {account} Sort code: {sort}")),
        "pnc-id": (with_x(numbers.pnc), ("PNC ID {x}", "{first} {last} (PNC {x})", "The defendant's PNC number is {x}")),
        "cro-number": (with_x(numbers.cro), ("CRO number: {x}", "CRO {x}", "criminal record number {x}")),
        "driving-licence": (lambda r: (lambda p: {**p, "x": numbers.licence(r, p["last"])})(person(r)), (
            "Driving licence {x}", "Licence no. {x}", "{first} {last}: {x}")),
        "passport-mrz": (lambda r: (lambda p: {**p, "x": numbers.mrz(r, p["last"], p["first"])})(person(r)), ("{x}", "Scan of the passport reads\n{x}")),
        "passport-number": (with_x(lambda r: str(r.randint(1, 9)) + numbers.digits(r, 8)), ("Passport number: {x}", "passport no {x}", "her UK passport {x}")),
        "date-of-birth": (with_x(born), (
            "DOB: {x}", "{first} {last}, date of birth {x}", "born on {x}", "{first} {last}, {street}, Leeds {postcode}, d.o.b. {x}")),
        "prison-number": (with_x(lambda r: f"A{numbers.digits(r, 4)}{r.choice('ABCEFGH')}{r.choice('JKLMNPRT')}"), (
            "Prison number {x}", "NOMIS id {x}", "He is held at HMP Leeds as {x}")),
        "bulk-contacts": (contacts, ("The list:\n{x}",)),
        "totp-seed": (with_x(lambda r: secrets.some(r, secrets.BASE32, 16)), ("TOTP secret: {x}", "2FA setup key {x}", "Authenticator secret key: {x}")),
        "otpauth-uri": (with_x(lambda r: secrets.some(r, secrets.BASE32, 16)), ("otpauth://totp/Court:{first}?secret={x}&issuer=Court",)),
        "private-key": (with_x(lambda r: "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw" + secrets.some(r, secrets.BASE64, 28)), (
            "-----BEGIN PRIVATE KEY-----\n{x}\n{x}\n-----END PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----\n{x}\n{x}\n-----END RSA PRIVATE KEY-----")),
        "marking": (lambda r: {"x": r.choice(("OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET"))}, ("{x}\n", "Classification: {x}", "[{x}]")),
    }


TOKEN_LINES = ("The key is {x}", 'token = "{x}"', "export KEY={x}", "{x}", "Here you go: {x} - it expires in March.")

#: what counts as found, by label; a label that is not here is its own kind
FOUND_AS = {
    "password": {"prose-password", "prose-password-set", "prose-password-bare", "prose-password-word", "password-next-line", "prose-login-pair", "password-assignment",
                 "password-table", "prose-passphrase", "password-csv-export", "wifi-password", "prose-open-with"},
    "passphrase": {"prose-passphrase", "prose-password-word", "prose-password", "password-assignment"},
    "pin": {"prose-pin", "prose-door-code", "prose-password"},
    "password-in-code": {"password-assignment", "prose-password", "password-xml", "password-call", "url-with-password", "connection-string-password",
                         "mysql-password", "curl-password", "sshpass-password", "netrc-password", "prose-password-bare", "command-password"},
    "utr": {"unique-taxpayer-reference"},
    "nhs-number": {"nhs-number", "nhs-number-unlabelled"},
    "bank-account": {"uk-bank-account", "uk-bank-account-reversed", "uk-bank-account-pair"},
    "payment-card": {"payment-card", "card-security-code"},
    "passport-mrz": {"passport-mrz"},
    "date-of-birth": {"date-of-birth", "birth-date-with-address"},
    "bulk-contacts": {"bulk-email-addresses"},
    "private-key": {"pem-private-key"},
    "marking": {"marking-official-sensitive", "marking-secret", "marking-top-secret"},
}
#: kinds that may be found beside the labelled one without being wrong
BESIDE = {"payment-card": {"card-security-code"}, "passport-mrz": {"passport-number"}}
#: labels whose numbers carry check digits
CHECKED = ("national-insurance-number", "nhs-number", "utr", "chi-number", "payment-card", "iban", "pnc-id", "cro-number", "driving-licence", "passport-mrz")
