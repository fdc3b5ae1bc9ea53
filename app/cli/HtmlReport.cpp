// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/HtmlReport.h"

#include "cli/Text.h"
#include "mail/Address.h"
#include "wording/Wording.h"

#include <QSaveFile>
#include <QTemporaryFile>

namespace sealpost::cli {

namespace {

constexpr qint64 kChunk = 64 * 1024;
constexpr std::size_t kMostHosts = 5;

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
table{border-collapse:collapse;width:100%;margin:1rem 0 2rem}
caption{font-weight:bold;text-align:left;padding:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #767676;
overflow-wrap:anywhere}
.bad{color:#942514}.middling{color:#7a4100}.good{color:#00573a}
@media (prefers-color-scheme:dark){body{color:#f3f2f1;background:#0b0c0c}
.bad{color:#ff9d8f}.middling{color:#ffcf70}.good{color:#7fd6ae}}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
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
    return QStringLiteral("<span class=\"%1\"><span aria-hidden=\"true\">%2</span> %3</span> "
                          "(%4)")
        .arg(QLatin1String(classOf(assurance)), QString::fromUtf8(signOf(assurance)),
             escaped(wording::assuranceWord(assurance)),
             escaped(toQString(base::toString(assurance))));
}

QString hosts(const assurance::DomainReport &report) {
    QStringList lines;
    for (std::size_t i = 0; i < std::min(report.mx.size(), kMostHosts); ++i) {
        const auto &mx = report.mx[i];
        const auto what = mx.tls ? mx.tls->version : std::string(assurance::toString(mx.outcome));
        lines.append(escaped(toQString(mx.host + ": " + what)));
    }
    if (report.mx.size() > kMostHosts) {
        lines.append(QStringLiteral("… %1 more").arg(report.mx.size() - kMostHosts));
    }
    return lines.join(QStringLiteral("<br>"));
}

QString published(const assurance::DomainReport &report) {
    const auto &policy = report.mtaSts.policy;
    const QStringList lines = {
        QStringLiteral("DANE: ") + toQString(base::toString(report.dane)),
        QStringLiteral("MTA-STS: ") + toQString(policy ? assurance::toString(policy->mode)
                                                       : base::toString(report.mtaSts.status)),
        QStringLiteral("TLS-RPT: ") + toQString(base::toString(report.tlsRpt))};
    return lines.join(QStringLiteral("<br>"));
}

QString cjsm(const assurance::DomainReport &report) {
    auto text = toQString(assurance::toString(report.cjsm));
    if (!report.cjsmAddress.empty()) {
        text += QStringLiteral(": ") + toQString(report.cjsmAddress);
    }
    return escaped(text);
}

QByteArray rowOf(const std::string &name, const assurance::DomainReport &report) {
    return QStringLiteral("<tr><th scope=\"row\">%1</th><td>%2</td><td>%3</td><td>%4</td>"
                          "<td>%5</td><td>%6</td></tr>\n")
        .arg(escaped(toQString(name)), verdict(report.assurance), hosts(report), published(report),
             cjsm(report), escaped(toQString(base::toIso8601(report.checkedAt))))
        .toUtf8();
}

QByteArray head(const AssuranceCounts &counts, Time now, bool complete) {
    std::int64_t all = 0;
    QString rows;
    for (const auto assurance : kWorstFirst) {
        const auto found = counts.find(assurance);
        const auto count = found == counts.end() ? 0 : found->second;
        all += count;
        rows += QStringLiteral("<tr><th scope=\"row\">%1</th><td>%2</td></tr>\n")
                    .arg(verdict(assurance))
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
               "<table>\n<caption>Summary</caption>\n<thead><tr><th scope=\"col\">Verdict</th>"
               "<th scope=\"col\">Domains</th></tr></thead>\n<tbody>\n%5</tbody>\n</table>\n"
               "<table>\n<caption>Domains, those that need attention first</caption>\n<thead><tr>"
               "<th scope=\"col\">Domain</th><th scope=\"col\">Verdict</th>"
               "<th scope=\"col\">Mail servers</th><th scope=\"col\">Published</th>"
               "<th scope=\"col\">CJSM</th>"
               "<th scope=\"col\">Checked</th></tr></thead>\n<tbody>\n")
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
