// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/JournalChain.h"

#include "store/DatabasePrivate.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.journal";
const QString kHeadName = QStringLiteral("journal-head");

// The line's number is inside the box, not in its context: a line that was moved can then be told
// from one that was changed.
std::string linePlace() {
    return place("journal", "line", "sealed");
}

std::string headPlace() {
    return place("fact", "journal-head", "value");
}

void addField(std::string &to, std::string_view field) {
    to += std::to_string(field.size());
    to += ':';
    to += field;
}

QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::string toBytes(const QJsonObject &object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

QJsonObject toObject(const std::string &bytes) {
    return QJsonDocument::fromJson(blob(bytes)).object();
}

} // namespace

JournalChain::JournalChain(const crypto::SealedBox &box)
    : m_box(box), m_key(box.derive("sealpost journal chain")) {}

std::string JournalChain::next(std::string_view previous, const JournalLine &line) const {
    std::string canonical;
    addField(canonical, previous);
    addField(canonical, std::to_string(line.sequence));
    addField(canonical, base::toIso8601(line.time));
    addField(canonical, line.event);
    for (const auto &[name, value] : line.facts) {
        addField(canonical, name);
        addField(canonical, value);
    }
    return crypto::hmacSha256(m_key.view(), canonical);
}

Result<std::string> JournalChain::seal(const JournalLine &line) const {
    QJsonObject facts;
    for (const auto &[name, value] : line.facts) {
        facts.insert(text(name), text(value));
    }
    return m_box.seal(toBytes({{QStringLiteral("sequence"), static_cast<qint64>(line.sequence)},
                               {QStringLiteral("time"), text(base::toIso8601(line.time))},
                               {QStringLiteral("event"), text(line.event)},
                               {QStringLiteral("facts"), facts}}),
                      linePlace());
}

Result<JournalLine> JournalChain::open(std::string_view sealed) const {
    const auto bytes = m_box.open(sealed, linePlace());
    if (!bytes) {
        return fail(bytes.error());
    }
    const auto object = toObject(*bytes);
    JournalLine line;
    line.sequence = object.value(QStringLiteral("sequence")).toInteger();
    line.time = base::fromIso8601(object.value(QStringLiteral("time")).toString().toStdString());
    line.event = object.value(QStringLiteral("event")).toString().toStdString();
    const auto facts = object.value(QStringLiteral("facts")).toObject();
    for (auto it = facts.begin(); it != facts.end(); ++it) {
        line.facts[it.key().toStdString()] = it.value().toString().toStdString();
    }
    return line;
}

Result<JournalHead> JournalChain::readHead(Connection &connection) const {
    const auto value = connection.value(QStringLiteral("SELECT value FROM fact WHERE name = ?"),
                                        kStage, {kHeadName});
    if (!value) {
        return fail(value.error());
    }
    const auto bytes = m_box.open(value->toByteArray().toStdString(), headPlace());
    if (!bytes) {
        return damaged(kStage, "the journal's head", connection.subject());
    }
    const auto object = toObject(*bytes);
    return JournalHead{
        object.value(QStringLiteral("lines")).toInteger(),
        QByteArray::fromHex(object.value(QStringLiteral("chain")).toString().toLatin1())
            .toStdString()};
}

Result<void> JournalChain::writeHead(Connection &connection, const JournalHead &head) const {
    const auto chain = QString::fromLatin1(blob(head.chain).toHex());
    const auto sealed =
        m_box.seal(toBytes({{QStringLiteral("lines"), static_cast<qint64>(head.lines)},
                            {QStringLiteral("chain"), chain}}),
                   headPlace());
    if (!sealed) {
        return fail(sealed.error());
    }
    return connection.run(QStringLiteral("INSERT INTO fact (name, value) VALUES (?, ?) "
                                         "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                          kStage, {kHeadName, blob(*sealed)});
}

Result<void> startJournal(Connection &connection, const crypto::SealedBox &box) {
    return JournalChain(box).writeHead(connection, {});
}

} // namespace sealpost::store
