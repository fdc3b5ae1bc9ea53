// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/HtmlReport.h"

#include "cli/Text.h"
#include "mail/Address.h"
#include "wording/DomainText.h"
#include "wording/Wording.h"

#include <QSaveFile>
#include <QTemporaryFile>

namespace sealpost::cli {

namespace {

constexpr qint64 kChunk = qint64{64} * 1024;
constexpr qsizetype kMostSentences = 6;

//! A sign of its own for each verdict: colour alone says nothing to many readers.
const char *signOf(Assurance assurance) {
    switch (assurance) {
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Verified:
    case Assurance::Registered:
        return "✓";
    case Assurance::Weak:
        return "!";
    case Assurance::None:
    case Assurance::Undeliverable:
        return "✗";
    case Assurance::Violated:
        return "‼";
    case Assurance::Unknown:
        return "?";
    }
    return "?";
}

const char *const kStyle = R"(
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;
color:#0b0c0c;background:#fff}
h1{line-height:1.2}
table{border-collapse:collapse;width:100%;margin:1rem 0 2rem}
table.counts{width:auto}
caption{font-weight:bold;font-size:1.25rem;text-align:left;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;
border-bottom:1px solid #767676}
th[scope=row],.address{overflow-wrap:anywhere}
.counts th{font-weight:normal}.counts td,.counts th+th{text-align:right}
.counts .empty .verdict{font-weight:normal}
.verdict{white-space:nowrap;font-weight:bold}
.verdict small{display:block;font-weight:normal}
p,ul{margin:0}ul{padding-left:1.2rem}
main>p{margin:.5rem 0}
td{max-width:40rem}
.domains td:nth-child(3){width:45%}
.bad{color:#942514}.middling{color:#7a4100}.good{color:#00573a}
@media (prefers-color-scheme:dark){body{color:#f3f2f1;background:#0b0c0c}
.bad{color:#ff9d8f}.middling{color:#ffcf70}.good{color:#7fd6ae}}
@media (max-width:48rem){.domains thead{display:none}
.domains tr,.domains th,.domains td,.domains td:nth-child(3){display:block;border:0;padding:.15rem 0;
max-width:none;width:auto}
.domains tr{padding:.75rem 0;border-bottom:1px solid #767676}
.domains td[data-label]:before{content:attr(data-label) ": ";font-weight:bold}}
@media print{body{margin:0;max-width:none;font-size:9pt}tr{break-inside:avoid}
thead{display:table-header-group}}
)";

const char *classOf(Assurance assurance) {
    switch (assurance) {
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Verified:
    case Assurance::Registered:
        return "good";
    case Assurance::Weak:
    case Assurance::Unknown:
        return "middling";
    case Assurance::None:
    case Assurance::Violated:
    case Assurance::Undeliverable:
        return "bad";
    }
    return "bad";
}

QString escaped(const QString &text) {
    return printable(text).toHtmlEscaped();
}

QString verdict(Assurance assurance) {
    return QStringLiteral("<span class=\"verdict %1\"><span aria-hidden=\"true\">%2</span> %3 "
                          "<small>%4</small></span>")
        .arg(QLatin1String(classOf(assurance)), QString::fromUtf8(signOf(assurance)),
             escaped(wording::assuranceWord(assurance)),
             escaped(toQString(base::toString(assurance))));
}

//! The summary, and what was seen of the servers.
QString found(const assurance::DomainReport &report) {
    auto sentences = wording::serverSentences(report);
    const auto more = sentences.size() - kMostSentences;
    if (more > 0) {
        sentences.resize(kMostSentences);
        sentences.append(QStringLiteral("… %1 more").arg(more));
    }
    auto text = QStringLiteral("<p>%1</p>").arg(escaped(wording::summary(report)));
    if (!sentences.isEmpty()) {
        text += QStringLiteral("<ul>");
        for (const auto &sentence : sentences) {
            text += QStringLiteral("<li>%1</li>").arg(escaped(sentence));
        }
        text += QStringLiteral("</ul>");
    }
    return text;
}

QString cell(const QString &label, const QStringList &lines, const char *kind = "") {
    return lines.isEmpty()
               ? QStringLiteral("<td></td>")
               : QStringLiteral("<td data-label=\"%1\"%2>%3</td>")
                     .arg(label, QLatin1String(kind), lines.join(QStringLiteral("<br>")));
}

//! "DANE" where it is there; what is certainly not, is left out.
void addFact(QStringList &lines, const QString &name, Evidence evidence, const QString &more = {}) {
    switch (evidence) {
    case Evidence::Proven:
        lines.append(escaped(more.isEmpty() ? name : QStringLiteral("%1: %2").arg(name, more)));
        break;
    case Evidence::Bogus:
        lines.append(name + QStringLiteral(": forged or broken"));
        break;
    case Evidence::TempFailure:
        lines.append(name + QStringLiteral(": not found out"));
        break;
    case Evidence::ProvenAbsent:
    case Evidence::NotChecked:
        break;
    }
}

QStringList published(const assurance::DomainReport &report) {
    const auto &policy = report.mtaSts.policy;
    QStringList lines;
    addFact(lines, QStringLiteral("DANE"), report.dane);
    addFact(lines, QStringLiteral("MTA-STS"), report.mtaSts.status,
            policy ? toQString(assurance::toString(policy->mode)) : QString());
    addFact(lines, QStringLiteral("TLS-RPT"), report.tlsRpt);
    return lines;
}

QStringList cjsm(const assurance::DomainReport &report) {
    if (report.cjsm == assurance::CjsmStatus::NotFound ||
        report.cjsm == assurance::CjsmStatus::NotChecked) {
        return {};
    }
    QStringList lines{escaped(toQString(assurance::toString(report.cjsm)))};
    if (!report.cjsmAddress.empty()) {
        lines.append(escaped(toQString(report.cjsmAddress)));
    }
    return lines;
}

QByteArray rowOf(const std::string &name, const assurance::DomainReport &report) {
    return (QStringLiteral("<tr><th scope=\"row\">%1</th><td>%2</td><td>%3</td>")
                .arg(escaped(toQString(name)), verdict(report.assurance), found(report)) +
            cell(QStringLiteral("Published"), published(report)) +
            cell(QStringLiteral("CJSM"), cjsm(report), " class=\"address\"") +
            QStringLiteral("</tr>\n"))
        .toUtf8();
}

QByteArray head(const AssuranceCounts &counts, Time now, bool complete) {
    std::int64_t all = 0;
    QString rows;
    for (const auto assurance : kWorstFirst) {
        const auto found = counts.find(assurance);
        const auto count = found == counts.end() ? 0 : found->second;
        all += count;
        rows += QStringLiteral("<tr%1><th scope=\"row\">%2</th><td>%3</td></tr>\n")
                    .arg(count == 0 ? QStringLiteral(" class=\"empty\"") : QString(),
                         verdict(assurance))
                    .arg(count);
    }
    const auto broken =
        complete ? QString()
                 : QStringLiteral("<p><strong>The check was broken off: this is what was known by "
                                  "then.</strong></p>\n");
    return QStringLiteral(
               "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" "
               "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
               "<title>How domains protect mail</title>\n<style>%1</style>\n</head>\n<body>\n"
               "<main>\n<h1>How domains protect mail</h1>\n<p>Checked: %2. Made on %3, from one "
               "computer: from elsewhere things may look different.</p>\n%4"
               "<table class=\"counts\">\n<caption>Summary</caption>\n<thead><tr><th "
               "scope=\"col\">Verdict</th>"
               "<th scope=\"col\">Domains</th></tr></thead>\n<tbody>\n%5</tbody>\n</table>\n"
               "<table class=\"domains\">\n<caption>Domains, those that need attention "
               "first</caption>\n<thead><tr>"
               "<th scope=\"col\">Domain</th><th scope=\"col\">Verdict</th>"
               "<th scope=\"col\">What was found</th><th scope=\"col\">Published</th>"
               "<th scope=\"col\">CJSM</th></tr></thead>\n<tbody>\n")
        .arg(QString::fromUtf8(kStyle))
        .arg(all)
        .arg(escaped(wording::timeText(now)), broken, rows)
        .toUtf8();
}

bool copy(QTemporaryFile &from, QSaveFile &into) {
    if (!from.seek(0)) {
        return false;
    }
    while (!from.atEnd()) {
        const auto bytes = from.read(kChunk);
        if (bytes.isEmpty() || into.write(bytes) != bytes.size()) {
            return false;
        }
    }
    return true;
}

tl::unexpected<Error> unwritable(const std::string &file, const QString &why) {
    return fail("file.unwritable", "check.report", Reaction::AskAdmin, why.toStdString(), file);
}
} // namespace

HtmlReport::HtmlReport() = default;
HtmlReport::~HtmlReport() = default;

void HtmlReport::add(const std::string &name, const assurance::DomainReport &report) {
    const auto row = rowOf(name, report);
    const std::lock_guard lock(m_mutex);
    auto &rows = m_rows[report.assurance];
    if (!rows) {
        rows = std::make_unique<QTemporaryFile>();
        m_failed = !rows->open() || m_failed;
    }
    m_failed = m_failed || rows->write(row) != row.size();
}

Result<void> HtmlReport::write(const std::string &file, const AssuranceCounts &counts, Time now,
                               bool complete) {
    const std::lock_guard lock(m_mutex);
    if (m_failed) {
        return unwritable(file, QStringLiteral("a temporary file could not be written"));
    }
    QSaveFile out(pathText(toPath(file)));
    if (!out.open(QIODevice::WriteOnly)) {
        return unwritable(file, out.errorString());
    }
    const auto begin = head(counts, now, complete);
    bool written = out.write(begin) == begin.size();
    for (const auto assurance : kWorstFirst) {
        const auto rows = m_rows.find(assurance);
        written = written && (rows == m_rows.end() || copy(*rows->second, out));
    }
    const QByteArray end("</tbody>\n</table>\n</main>\n</body>\n</html>\n");
    written = written && out.write(end) == end.size();
    if (!written || !out.commit()) {
        return unwritable(file, out.errorString());
    }
    return {};
}

} // namespace sealpost::cli
