// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/validators/Words.h"

#include <algorithm>

namespace sealpost::scan {

namespace {

// One string for each list keeps it readable; it is split once.
constexpr std::string_view kOrdinary =
    "a a2z about above abstract accepted access accessor account action activate active "
    "actual add address admin administrator after again against agreed all allowed "
    "almost along alpha alphanumeric already also always am among amount an and "
    "anonymous any anyone anything apart app appear applied apply are argument around "
    "array as ask asked asset assigned async at attached attribute authenticate "
    "authentication author authorised authorized auto autocomplete automatic "
    "automatically available await away back backup bad bar base base64 based basic baz "
    "bcrypt be bearer because become been before begin behind being below besides best "
    "better between binary bitwarden blank block body bool boolean both break but button "
    "by bytearray bytes callable callback called can cancel cannot cant case "
    "case-sensitive cause certificate change changed changeit changeme changes changing "
    "char characters checkbox checked chosen class clave clear clearly click client "
    "close code column comes coming common compare complex component compromised "
    "confidential config configured confirm confirmation confirmed connected const "
    "constructor contains content context contrasena control cookie copied copy correct "
    "correctly cost could count course created credential credentials css current "
    "current-password currently currentpassword custom data database date day days debug "
    "declare decrypt decrypted default define delete deleted delivered depends derived "
    "described description details dialog dictionary did different directly disabled "
    "disclosed display displayed div do docs document documentation does doesn't don't "
    "done down dropdown due dummy each easily easy edit either element else email "
    "emailed embedded empty enabled encoded encoder encrypt encrypted encryption end "
    "endpoint ends enter entered entire entity entry enum env environment equal error "
    "etc even ever every everyone exactly examine example except exchanged exist "
    "existing expected expire expired expires expiring expiry explained exported expose "
    "exposed expression external extra extremely fail failed fails fallback false fetch "
    "field file files filled filter final find fine first fixed float follow following "
    "follows foo foobar for forget forgot forgotten form format found four free from "
    "full function further generate generated get gets getting given go goes going gone "
    "good got group guess guessed guest had half handle handled handler hard has hash "
    "hashed have having he header hello help helper helps her here heslo hex hidden him "
    "hint his hold holds host hours how html hunspell i icon id identical identifier "
    "identity if ignored immediately import important in in-use include included "
    "including incorrect incorrectly independent info information inherit initial inline "
    "input inputtype inside instance instead int integer interactive interface internal "
    "into invalid invalidated ipsum is isn't issue issued issues it item iterator its "
    "itself javascript join json just keep keepass kennwort kept key keyof keyring keys "
    "know known label large last lastpass late later layout least left length less "
    "letter letters level like limited line linked list listed little loading local "
    "localhost locked log logged logger login logout long longer look lorem lost lower "
    "lowercase lozinka made mail main make makes managed manager mandatory many map "
    "mapping markdown masked master match matches matching maximum may maybe me mean "
    "means memory message metadata method middleware might min mine minimum missing "
    "mixed mock modal mode model module month months more most mostly motdepasse much "
    "must mutable my mypass mypassword mysecret myuser n/a na name named names namespace "
    "necessary needed needs never new new-password newpass newpassword next nil no "
    "nobody non-empty nonce none nonempty noop normal normally not note nothing notice "
    "now null nullable number numbers numeric object of off offline often ok old "
    "oldpassword on once onchange one one-time online only onto open operation operator "
    "option optional or order other others otherwise our ours out over overridden "
    "override own package page param parameter parola parse parser part partially "
    "pass1 pass2 passcode passed passing passkey passphrase passw passwd password password1 "
    "passwords passwort path pattern payload pending people per perfect permitted person "
    "phone phrase pick placeholder plain plaintext please point pointer policies policy "
    "popup possible post postgres postgresql prefer preferably prefix present previous print "
    "printed private probably process profile promise prompt prompted property protected "
    "protection protocol prove proven provided provider proxy public put query question "
    "quite quoted radio raised random rather raw read readonly ready real really realm "
    "received recommended recorded recover recovery redacted redirect reference refused "
    "regenerated regex register regularly rejected related rely remain remains remember "
    "remembered removed render replace replaced reply report repository request "
    "requested require required requirements requires reserved reset resets resetting "
    "respect response restore restored result retry return returned returns reused "
    "revealed revoked right role root rotated row rules run runtime safe salasana salt "
    "salted same sample sanitize save saved schema scheme scope script scrypt secret "
    "secretkey section secure securely security see seen select selected self send senha "
    "sensitive sent separate separately serialize serializer server service session set "
    "setting settings setup several sha1 sha256 sha512 shared short should shouldn't "
    "show shown shows signature signin signup similar simple simply since single "
    "singleton size so some somebody someone something sometimes somewhere soon special "
    "specified split stale standard start state statement static step still stolen stops "
    "storage store stored str stream strength strictly string stringify strlen strong "
    "stronger strongly struct structure style subject submit such suffix suggested super "
    "supplied support supposed sure symbol symbols system table take taken task tba tbc "
    "tbd tell template temporarily temporary test testing testpass testpassword text "
    "text/plain textarea textbox textfield textinput than thanks that the their them "
    "theme then there these they thing things think this those three through throw thus "
    "time timeout title to together toggle token tokens tomorrow too too-short tooltip "
    "totally toward transform transient trigger trim trivial true try trying tuple two "
    "type typed typeof types typing unable unchanged undefined under unencrypted unicode "
    "unique unknown unless unlike unlikely unlocked unsafe unset unsigned until unused "
    "up update updated upload upon upper uppercase us usable use used user userid "
    "username userpass users using usually utf-8 utf8 valid validate validated "
    "validation validator value values varchar varchar2 variable various vault vector "
    "verified very via view virtual visible void volatile wachtwoord wait want wants "
    "warn warning was ways we weak webhook week weeks well went were what when where "
    "which while who whole whom whose why widget wildcard will wish with within without "
    "wont word words work working works would wrapper write written wrong yaml year "
    "years yes yet you your yourpassword yours yoursecret yourtoken zero ";

constexpr std::string_view kFunctionWords =
    "a about above after again all also always am an and another any are as at available "
    "be because been before being below both but by can case-sensitive changed could did "
    "different do does done during each either enough every for from given had has have "
    "having he her here his how i if in into is it its kept known least less may me "
    "might mine more most must my needed neither never no nor not of on only onto or "
    "other our ours per please protected provided required same see send sensitive sent "
    "set shall shared she should so some stored such than that the their them then there "
    "these they this those to too unique unless until us use used using valid very via "
    "was we were what when where which who whom whose why will with within without would "
    "you your yours ";

constexpr std::string_view kTechnical =
    "2fa microsoft google aes android argon ascii base32 base64 bcrypt css d3 debian ec2 fido2 "
    "fips gpt "
    "hmac html http imap ipv4 ipv6 iso java json k8s kerberos ldap linux md5 ntlm oauth "
    "office pbkdf pkcs pop3 python rfc rsa s3 scram scrypt sha smtp ssh ssl tls u2f ubuntu "
    "unicode utf  wifi win32 win64 windows wpa2 wpa3 x509 xml ";

std::set<std::string_view> split(std::string_view list) {
    std::set<std::string_view> words;
    while (!list.empty()) {
        const auto end = std::min(list.find(' '), list.size());
        if (end > 0) {
            words.insert(list.substr(0, end));
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

} // namespace

const std::set<std::string_view> &ordinaryWords() {
    static const auto kWords = split(kOrdinary);
    return kWords;
}

const std::set<std::string_view> &functionWords() {
    static const auto kWords = split(kFunctionWords);
    return kWords;
}

const std::set<std::string_view> &technicalWords() {
    static const auto kWords = split(kTechnical);
    return kWords;
}

} // namespace sealpost::scan
