# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens and passwords in the shapes that services give out and people think up."""

import string

ALNUM = string.ascii_letters + string.digits
URL_SAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"
HEX = "0123456789abcdef"
BASE32 = string.ascii_uppercase + "234567"


def some(rng, alphabet, count):
    """With a letter and a digit, as nearly every random token of that length has."""
    while True:
        text = "".join(rng.choice(alphabet) for _ in range(count))
        if count < 8 or (any(c.isdigit() for c in text) and any(c.isalpha() for c in text)):
            return text


#: label, kinds that count as found, maker
TOKENS = (
    ("aws-access-key", lambda r: "AKIA" + some(r, BASE32, 16)),
    ("github-token", lambda r: r.choice(("ghp_", "gho_", "ghs_")) + some(r, ALNUM, 36)),
    ("github-fine-grained-token", lambda r: f"github_pat_{some(r, ALNUM, 22)}_{some(r, ALNUM, 59)}"),
    ("gitlab-token", lambda r: "glpat-" + some(r, URL_SAFE, 20)),
    ("slack-token", lambda r: f"xoxb-{r.randrange(10**11, 10**12)}-{r.randrange(10**12, 10**13)}-{some(r, ALNUM, 24)}"),
    ("slack-webhook", lambda r: f"https://hooks.slack.com/services/T{some(r, string.ascii_uppercase + string.digits, 10)}/B{some(r, string.ascii_uppercase + string.digits, 10)}/{some(r, ALNUM, 24)}"),
    ("stripe-key", lambda r: r.choice(("sk_live_", "rk_live_")) + some(r, ALNUM, r.choice((24, 99)))),
    ("twilio-key", lambda r: "SK" + some(r, HEX, 32)),
    ("sendgrid-key", lambda r: f"SG.{some(r, URL_SAFE, 22)}.{some(r, URL_SAFE, 43)}"),
    ("npm-token", lambda r: "npm_" + some(r, ALNUM, 36)),
    ("pypi-token", lambda r: "pypi-AgEIcHlwaS5vcmc" + some(r, URL_SAFE, 140)),
    ("google-api-key", lambda r: "AIza" + some(r, URL_SAFE, 35)),
    ("google-oauth-secret", lambda r: "GOCSPX-" + some(r, URL_SAFE, 28)),
    ("azure-client-secret", lambda r: f"{some(r, ALNUM, 3)}8Q~{some(r, ALNUM + '_.~-', 31)}"),
    ("azure-storage-key", lambda r: f"DefaultEndpointsProtocol=https;AccountName=cases;AccountKey={some(r, BASE64, 86)}==;EndpointSuffix=core.windows.net"),
    ("vault-token", lambda r: "hvs." + some(r, URL_SAFE, 90)),
    ("databricks-token", lambda r: "dapi" + some(r, HEX, 32)),
    ("digitalocean-token", lambda r: "dop_v1_" + some(r, HEX, 64)),
    ("docker-hub-token", lambda r: "dckr_pat_" + some(r, URL_SAFE, 27)),
    ("mailchimp-key", lambda r: f"{some(r, HEX, 32)}-us{r.randint(1, 21)}"),
    ("telegram-bot-token", lambda r: f"{r.randrange(10**9, 10**10)}:AA{some(r, URL_SAFE, 33)}"),
    ("openai-key", lambda r: f"sk-proj-{some(r, URL_SAFE, 58)}T3BlbkFJ{some(r, URL_SAFE, 58)}"),
    ("anthropic-key", lambda r: f"sk-ant-api03-{some(r, URL_SAFE, 93)}AA"),
    ("atlassian-token", lambda r: f"ATATT3xFfGF0{some(r, URL_SAFE, 171)}={some(r, '0123456789ABCDEF', 8)}"),
    ("govuk-notify-key", lambda r: f"team_key-{uuid(r)}-{uuid(r)}"),
    ("shopify-token", lambda r: "shpat_" + some(r, HEX, 32)),
    ("grafana-token", lambda r: f"glsa_{some(r, ALNUM, 32)}_{some(r, HEX, 8)}"),
    ("new-relic-key", lambda r: "NRAK-" + some(r, string.ascii_uppercase + string.digits, 27)),
    ("postman-key", lambda r: f"PMAK-{some(r, HEX, 24)}-{some(r, HEX, 34)}"),
    ("rubygems-key", lambda r: "rubygems_" + some(r, HEX, 48)),
)


def uuid(rng):
    text = some(rng, HEX, 32)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


WORDS = """copper lantern meadow pigeon gravel orbit velvet walnut thistle harbour saddle pepper
bramble falcon teapot glacier mustard ribbon anchor cobalt hazel kestrel marble nettle otter
paddock quarry rocket sparrow timber umbrella violet whistle badger candle drizzle ember fiddle
goblet hammock igloo jigsaw kettle lobster magnet needle oyster puddle rascal scarlet trumpet""".split()


def password(rng):
    word, other = rng.choice(WORDS), rng.choice(WORDS)
    return rng.choice(
        (
            lambda: word.capitalize() + str(rng.randint(10, 9999)) + rng.choice(("!", "?", "#", "$", "")),
            lambda: word.capitalize() + other.capitalize() + str(rng.randint(1, 99)),
            lambda: word.replace("e", "3").replace("a", "4").capitalize() + rng.choice("!$%&") + str(rng.randint(10, 99)),
            lambda: some(rng, ALNUM + "!$%&*+", rng.randint(10, 16)),
            lambda: f"{word.capitalize()}-{other.capitalize()}-{rng.randint(2, 99)}",
            lambda: f"{some(rng, string.ascii_lowercase + string.digits, 4)}-{some(rng, string.ascii_lowercase + string.digits, 4)}-{rng.randint(1000, 9999)}",
            lambda: word + str(rng.randint(10, 9999)),
        )
    )()


def passphrase(rng):
    return " ".join(rng.sample(WORDS, rng.randint(4, 6)))
