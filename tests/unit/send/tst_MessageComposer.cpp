// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyLayers.h"
#include "send/MessageComposer.h"

#include <QTest>

using namespace sealpost;
using routing::Relation;
using send::checkMarkingWords;
using send::MessageComposer;

namespace {

const Time kNow = base::fromIso8601("2026-11-29T12:00:00Z");

policy::Policy rules(const std::string &toml = {}) {
    const auto layer = policy::parsePolicy(toml, "test");
    if (!layer.problems.empty()) {
        qFatal("%s", layer.problems.front().key.c_str());
    }
    return policy::layerPolicies(policy::builtInPolicy(), {std::nullopt, {layer}, std::nullopt})
        .value()
        .policy;
}

mail::Draft draft(Classification classification = Classification::OfficialSensitive) {
    mail::Draft draft;
    draft.from = mail::Address::parse("Jo Bloggs <jo@court.example>").value();
    draft.subject = "Minutes";
    draft.body = "Dear Alex,\nsee below.\n";
    draft.classification = classification;
    return draft;
}

bool contains(const std::string &text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

const char kTexts[] = "disclaimer.languages = [\"en\", \"cy\"]\n"
                      "disclaimer.organisation = \"Court Service\"\n"
                      "disclaimer.texts = [\n"
                      "{ relation = \"external\", language = \"en\", text = \"From {name} of "
                      "{organisation}, {classification}.\" },\n"
                      "{ relation = \"external\", language = \"cy\", text = \"Gan {name}.\" },\n"
                      "{ relation = \"partner\", language = \"en\", text = \"To a partner.\" }]\n";

} // namespace

class TstMessageComposer : public QObject {
    Q_OBJECT
private slots:
    void officialIsNotMarkedByDefault();
    void sensitiveIsMarkedInSubjectAndText();
    void handlingAndDescriptorStandInTheMarking();
    void higherMarkingIsKept();
    void switchedOff();
    void headersSayTheSame();
    void headersBeyondAscii();
    void headersTellNothingThatPolicyDoesNotKnow();
    void quotedMarkingIsKept();
    void chosenWordsAreHeldToPolicy();
    void internalPeopleGetNoDisclaimer();
    void disclaimerByRelationAndLanguage();
    void disclaimerOnceInAThread();
};

void TstMessageComposer::officialIsNotMarkedByDefault() {
    const MessageComposer composer(draft(Classification::Official), rules());
    QCOMPARE(composer.subject(), "Minutes");
    QCOMPARE(composer.body(Relation::Internal), "Dear Alex,\nsee below.\n");
    QVERIFY(composer.headerFields(kNow).empty());
}

void TstMessageComposer::sensitiveIsMarkedInSubjectAndText() {
    const MessageComposer composer(draft(), rules());
    QCOMPARE(composer.subject(), "[OFFICIAL-SENSITIVE] Minutes");
    QCOMPARE(composer.body(Relation::Internal), "OFFICIAL-SENSITIVE\n\nDear Alex,\nsee below.\n");
}

void TstMessageComposer::handlingAndDescriptorStandInTheMarking() {
    auto message = draft(Classification::Official);
    message.handling = "EMBARGOED";
    message.descriptor = "COMMERCIAL";
    const MessageComposer composer(message, rules());
    QCOMPARE(composer.subject(), "[OFFICIAL - EMBARGOED - COMMERCIAL] Minutes");
}

void TstMessageComposer::higherMarkingIsKept() {
    auto reply = draft(Classification::Official);
    reply.subject = "Re: [OFFICIAL-SENSITIVE - RECIPIENTS ONLY] Minutes";
    const MessageComposer composer(reply, rules());
    QCOMPARE(composer.subject(), "[OFFICIAL-SENSITIVE - RECIPIENTS ONLY] Re: Minutes");
    QVERIFY(
        composer.body(Relation::Internal).starts_with("OFFICIAL-SENSITIVE - RECIPIENTS ONLY\n\n"));
    auto below = draft(Classification::Official);
    below.body = "OFFICIAL-SENSITIVE\n\nText\n";
    QCOMPARE(MessageComposer(below, rules()).subject(), "[OFFICIAL-SENSITIVE] Minutes");
    QCOMPARE(MessageComposer(below, rules()).body(Relation::Internal), below.body);
}

void TstMessageComposer::switchedOff() {
    const auto policy = rules("marking.subject = false\nmarking.body = false\n"
                              "disclaimer.append = false\n");
    const MessageComposer composer(draft(), policy);
    QCOMPARE(composer.subject(), "Minutes");
    QCOMPARE(composer.body(Relation::External), draft().body);
}

void TstMessageComposer::headersSayTheSame() {
    auto message = draft();
    message.handling = "RECIPIENTS ONLY";
    const auto policy =
        rules("marking.headers = [\"SIO-Label\", \"X-Protective-Marking\", \"msip_labels\"]\n"
              "marking.msip-site = \"01234567-89AB-cdef-0123-456789abcdef\"\n"
              "marking.msip-official-sensitive = \"0cd8d1d3-3a2b-4c5d-8e9f-a0b1c2d3e4f5\"\n");
    const auto fields = MessageComposer(message, policy).headerFields(kNow);
    QCOMPARE(fields.size(), 3U);
    QCOMPARE(fields[0], "SIO-Label: marking=\"OFFICIAL-SENSITIVE - RECIPIENTS ONLY\"");
    QCOMPARE(fields[1], "X-Protective-Marking: OFFICIAL-SENSITIVE - RECIPIENTS ONLY");
    QVERIFY(fields[2].starts_with(
        "msip_labels: MSIP_Label_0cd8d1d3-3a2b-4c5d-8e9f-a0b1c2d3e4f5_Enabled=true; "));
    QVERIFY(contains(fields[2], "_SiteId=01234567-89ab-cdef-0123-456789abcdef;"));
    QVERIFY(contains(fields[2], "_SetDate=2026-11-29T12:00:00Z;"));
    QVERIFY(contains(fields[2], "_Name=OFFICIAL-SENSITIVE;"));
    QVERIFY(fields[2].size() < 998);
    // Without a label for it there is none.
    QCOMPARE(MessageComposer(draft(Classification::Official), policy).headerFields(kNow).size(),
             2U);
}

void TstMessageComposer::headersBeyondAscii() {
    auto message = draft();
    message.handling = "D\u00c9FENSE";
    const auto fields =
        MessageComposer(message,
                        rules("marking.headers = [\"SIO-Label\", \"X-Protective-Marking\"]\n"
                              "marking.handling = [\"D\u00c9FENSE\"]\n"))
            .headerFields(kNow);
    QCOMPARE(fields[0], "SIO-Label: marking*=utf-8''OFFICIAL-SENSITIVE%20-%20D%C3%89FENSE");
    QCOMPARE(fields[1], "X-Protective-Marking: OFFICIAL-SENSITIVE");
}

void TstMessageComposer::headersTellNothingThatPolicyDoesNotKnow() {
    auto message = draft(Classification::Official);
    message.subject = "Re: [OFFICIAL-SENSITIVE - Smith v Jones - COMMERCIAL] Minutes";
    const MessageComposer composer(message,
                                   rules("marking.headers = [\"X-Protective-Marking\"]\n"));
    QCOMPARE(composer.headerFields(kNow).front(),
             "X-Protective-Marking: OFFICIAL-SENSITIVE - COMMERCIAL");
    QVERIFY(contains(composer.subject(), "SMITH V JONES"));
}

void TstMessageComposer::quotedMarkingIsKept() {
    auto reply = draft(Classification::Official);
    reply.body =
        "Yes.\n\nOn 3 May, Alex wrote:\n> OFFICIAL-SENSITIVE - COMMERCIAL\n>\n> Shall we?\n";
    const MessageComposer composer(reply, rules());
    QCOMPARE(composer.subject(), "[OFFICIAL-SENSITIVE - COMMERCIAL] Minutes");
    QCOMPARE(composer.marking().descriptor, "COMMERCIAL"); // sorted as policy has it
    reply.body =
        "FYI\n\n-----Original Message-----\nFrom: A\nSubject: RE: [OFFICIAL-SENSITIVE] x\n";
    QCOMPARE(MessageComposer(reply, rules()).subject(), "[OFFICIAL-SENSITIVE] Minutes");
    // One's own sentence that names a marking is no marking.
    reply.body = "Is this\nOFFICIAL-SENSITIVE\nor not?\n";
    QCOMPARE(MessageComposer(reply, rules()).subject(), "Minutes");
}

void TstMessageComposer::chosenWordsAreHeldToPolicy() {
    auto message = draft();
    message.handling = "recipients only";
    QVERIFY(checkMarkingWords(message, rules().marking));
    QCOMPARE(MessageComposer(message, rules()).subject(),
             "[OFFICIAL-SENSITIVE - RECIPIENTS ONLY] Minutes");
    message.handling = "LOCSEN";
    const auto checked = checkMarkingWords(message, rules().marking);
    QCOMPARE(checked.error().code, "draft.unknown-handling");
    QCOMPARE(checked.error().subject, "LOCSEN");
    QVERIFY(contains(checked.error().logSafeDetail, "EMBARGOED"));
    message.handling.clear();
    message.descriptor = "RECIPIENTS ONLY";
    QCOMPARE(checkMarkingWords(message, rules().marking).error().code, "draft.unknown-descriptor");
}

void TstMessageComposer::internalPeopleGetNoDisclaimer() {
    const MessageComposer composer(draft(Classification::Official), rules(kTexts));
    QCOMPARE(composer.body(Relation::Internal), draft().body);
    QVERIFY(contains(composer.body(Relation::External), "Court Service"));
    const MessageComposer own(
        draft(Classification::Official),
        rules("disclaimer.texts = [{ relation = \"internal\", language = \"en\", text = "
              "\"Between us.\" }]\n"));
    QVERIFY(contains(own.body(Relation::Internal), "Between us."));
    QCOMPARE(own.body(Relation::External), draft().body);
}

void TstMessageComposer::disclaimerByRelationAndLanguage() {
    const MessageComposer composer(draft(Classification::Official), rules(kTexts));
    QCOMPARE(composer.body(Relation::External),
             "Dear Alex,\nsee below.\n\nFrom Jo Bloggs of Court Service, OFFICIAL.\n\n"
             "Gan Jo Bloggs.\n");
    QCOMPARE(composer.body(Relation::Partner),
             "Dear Alex,\nsee below.\n\nTo a partner.\n\nGan Jo Bloggs.\n");
    // Who has no text of its own gets the one for external people.
    QCOMPARE(composer.body(Relation::GovUk), composer.body(Relation::External));
}

void TstMessageComposer::disclaimerOnceInAThread() {
    auto reply = draft(Classification::Official);
    reply.body = "Yes.\n\nOn 3 May, Alex wrote:\n> Thanks.\n> From Jo Bloggs of Court Service, "
                 "OFFICIAL.\n> Gan Jo Bloggs.\n";
    QCOMPARE(MessageComposer(reply, rules(kTexts)).body(Relation::External), reply.body);
}

QTEST_GUILESS_MAIN(TstMessageComposer)
#include "tst_MessageComposer.moc"
