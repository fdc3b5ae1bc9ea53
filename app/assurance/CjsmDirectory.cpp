// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CjsmDirectory.h"

#include "base/Text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <utility>

namespace sealpost::assurance {

namespace {

constexpr std::string_view kStage = "cjsm.import";
constexpr std::string_view kSuffix = ".cjsm.net";

QString text(const std::string &utf8) {
    return QString::fromStdString(utf8);
}

std::string bytesOf(const QJsonObject &object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

//! Kept as an array, in this order.
std::string valueOf(const CjsmEntry &entry) {
    const QJsonArray fields{text(entry.firstName),   text(entry.lastName),
                            text(entry.userType),    text(entry.organisation),
                            text(entry.secureEmail), text(entry.businessType),
                            text(entry.area),        text(entry.status)};
    return QJsonDocument(fields).toJson(QJsonDocument::Compact).toStdString();
}

CjsmEntry entryFrom(const std::string &value) {
    const auto fields = QJsonDocument::fromJson(QByteArray::fromStdString(value)).array();
    const auto field = [&](int place) { return fields.at(place).toString().toStdString(); };
    return {field(0), field(1), field(2), field(3), field(4), field(5), field(6), field(7)};
}

bool isSecureDomain(const std::string &domain) {
    return base::isSameOrSubdomain(domain, "cjsm.net");
}

std::string domainOf(const std::string &spec) {
    return spec.substr(spec.rfind('@') + 1);
}

//! "firm.co.uk.cjsm.net" of "firm.co.uk"; a secure domain stays.
std::string secureFormOf(const std::string &domain) {
    return isSecureDomain(domain) ? domain : domain + std::string(kSuffix);
}

std::string addressKey(const std::string &secureSpec) {
    return "address:" + base::asciiLower(secureSpec);
}

std::string domainKey(const std::string &secureDomain) {
    return "domain:" + secureDomain;
}

Result<std::vector<CjsmEntry>> entriesUnder(base::LookupTable &table, const std::string &key) {
    const auto values = table.find(key);
    if (!values) {
        return fail(values.error());
    }
    std::vector<CjsmEntry> entries;
    std::transform(values->begin(), values->end(), std::back_inserter(entries), entryFrom);
    return entries;
}
} // namespace

bool CjsmEntry::active() const {
    return base::equalsIgnoringCase(status, "active");
}

CjsmDirectory::CjsmDirectory(std::shared_ptr<base::LookupTable> table,
                             std::shared_ptr<const Clock> clock)
    : m_table(std::move(table)), m_clock(std::move(clock)) {}

Result<CjsmImport> CjsmDirectory::import(std::string_view csv) {
    CjsmImport told;
    const auto entries = readCjsmCsv(csv, told);
    if (!entries) {
        return fail(entries.error());
    }
    if (entries->empty()) {
        return fail("cjsm.empty", kStage, Reaction::FixInput,
                    std::to_string(told.damagedCount) + " damaged rows");
    }
    std::vector<base::LookupTable::Record> records;
    records.reserve(entries->size());
    for (const auto &entry : *entries) {
        records.push_back({{addressKey(entry.secureEmail), domainKey(domainOf(entry.secureEmail))},
                           valueOf(entry)});
    }
    const auto about = bytesOf({{QStringLiteral("imported"), text(base::toIso8601(m_clock->now()))},
                                {QStringLiteral("entries"), static_cast<qint64>(told.entries)},
                                {QStringLiteral("active"), static_cast<qint64>(told.active)}});
    if (auto replaced = m_table->replace(records, about); !replaced) {
        return fail(replaced.error());
    }
    return told;
}

Result<std::optional<CjsmAbout>> CjsmDirectory::about() const {
    const auto stored = m_table->about();
    if (!stored) {
        return fail(stored.error());
    }
    if (!*stored) {
        return std::optional<CjsmAbout>();
    }
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(**stored)).object();
    const auto count = [&](const char *key) {
        return static_cast<std::size_t>(object.value(QLatin1String(key)).toInteger());
    };
    return std::optional(CjsmAbout{
        base::fromIso8601(object.value(QLatin1String("imported")).toString().toStdString()),
        count("entries"), count("active")});
}

Result<std::vector<CjsmEntry>> CjsmDirectory::entriesOf(const mail::Address &address) const {
    return entriesUnder(*m_table,
                        addressKey(address.localPart() + "@" + secureFormOf(address.domain())));
}

Result<std::vector<CjsmEntry>> CjsmDirectory::entriesOf(const std::string &domain) const {
    return entriesUnder(*m_table, domainKey(secureFormOf(domain)));
}

namespace {
std::string ageOf(const CjsmAbout &about) {
    return "imported " + base::toIso8601(about.importedAt);
}

constexpr auto kWhat = "cjsm-directory";

CjsmAnswer unreadable(const Error &error) {
    return {CjsmStatus::NotChecked, {}, {kWhat, Evidence::TempFailure, error.code}};
}

//! The best of what `look` finds listed: one that is active, else one that is not.
template <class Look>
CjsmAnswer answerOf(const Result<std::optional<CjsmAbout>> &about, const Look &look) {
    if (!about) {
        return unreadable(about.error());
    }
    if (!*about) {
        return {CjsmStatus::NotChecked, {}, {kWhat, Evidence::NotChecked, "none imported"}};
    }
    const Result<std::vector<CjsmEntry>> entries = look();
    if (!entries) {
        return unreadable(entries.error());
    }
    const auto age = ageOf(**about);
    if (entries->empty()) {
        return {CjsmStatus::NotFound, {}, {kWhat, Evidence::ProvenAbsent, "not listed; " + age}};
    }
    const auto active = std::find_if(entries->begin(), entries->end(),
                                     [](const auto &entry) { return entry.active(); });
    if (active == entries->end()) {
        const auto &first = entries->front();
        return {CjsmStatus::ListedInactive,
                first.secureEmail,
                {kWhat, Evidence::ProvenAbsent, base::asciiLower(first.status) + "; " + age}};
    }
    return {CjsmStatus::Listed, active->secureEmail, {kWhat, Evidence::Proven, "active; " + age}};
}

void put(DomainReport &report, CjsmAnswer answer) {
    const auto old = std::find_if(report.evidence.begin(), report.evidence.end(),
                                  [](const auto &item) { return item.what == "cjsm-directory"; });
    if (old != report.evidence.end()) {
        *old = std::move(answer.evidence);
    } else {
        report.evidence.push_back(std::move(answer.evidence));
    }
    switch (answer.status) {
    case CjsmStatus::Listed:
        // Of an address in cjsm.net the form itself says as much.
        report.cjsm = isSecureDomain(report.domain) ? CjsmStatus::Address : CjsmStatus::Listed;
        report.cjsmAddress = std::move(answer.address);
        break;
    case CjsmStatus::ListedInactive:
        report.cjsm = CjsmStatus::ListedInactive;
        report.cjsmAddress = std::move(answer.address);
        break;
    case CjsmStatus::NotChecked:
    case CjsmStatus::Address:
    case CjsmStatus::Dns:
    case CjsmStatus::NotFound:
    case CjsmStatus::Unknown:
        break; // what DNS said stands
    }
}
} // namespace

CjsmAnswer CjsmDirectory::ask(const mail::Address &address) const {
    return answerOf(about(), [&] { return entriesOf(address); });
}

CjsmAnswer CjsmDirectory::ask(const std::string &domain) const {
    auto answer = answerOf(about(), [&] { return entriesOf(domain); });
    if (!answer.address.empty()) {
        answer.address = secureFormOf(domain);
    }
    return answer;
}

void CjsmDirectory::complete(DomainReport &report, const mail::Address &address) const {
    switch (report.cjsm) {
    case CjsmStatus::Address:
    case CjsmStatus::Dns:
        report.cjsmAddress = address.localPart() + "@" + secureFormOf(address.domain());
        break;
    case CjsmStatus::Listed: // of others in the domain
    case CjsmStatus::ListedInactive:
    case CjsmStatus::NotChecked:
    case CjsmStatus::NotFound:
    case CjsmStatus::Unknown:
        report.cjsmAddress.clear();
        break;
    }
    put(report, ask(address));
}

void CjsmDirectory::complete(DomainReport &report) const {
    put(report, ask(report.domain));
}

} // namespace sealpost::assurance
