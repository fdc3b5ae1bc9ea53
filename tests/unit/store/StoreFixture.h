// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/AuditJournal.h"
#include "store/DatabasePrivate.h"
#include "store/Outbox.h"
#include "support/FakeClock.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

//! Stores of a test, each in a folder of its own.
namespace sealpost::store::testing {

using test::FakeClock;

inline SecretBytes testKey(char fill = 'k') {
    return SecretBytes(std::string(crypto::kSealedBoxKeySize, fill));
}

inline std::string readFile(const std::filesystem::path &file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void writeFile(const std::filesystem::path &file, const std::string &bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

//! A folder in memory where there is one: a test does not wait for a disk.
inline QString inMemory() {
    const QFileInfo shared(QStringLiteral("/dev/shm"));
    const auto parent = shared.isWritable() ? shared.filePath() : QDir::tempPath();
    return parent + QStringLiteral("/sealpost-store-XXXXXX");
}

//! One store, opened again at will.
class Store {
public:
    Store() { open(); }
    //! With these bytes as its file, not open yet.
    explicit Store(const std::string &bytes) { writeFile(file(), bytes); }

    void open(char key = 'k') {
        close();
        auto opened = Database::open(file(), testKey(key));
        if (!opened) {
            qFatal("the test's store does not open: %s", opened.error().code.c_str());
        }
        m_database = *opened;
    }
    void close() { m_database.reset(); }

    [[nodiscard]] std::filesystem::path file() const {
        return std::filesystem::path(m_dir.path().toStdString()) / "sealpost.db";
    }
    [[nodiscard]] std::shared_ptr<Database> database() const { return m_database; }
    [[nodiscard]] Outbox outbox() const { return {m_database, m_clock}; }
    [[nodiscard]] AuditJournal journal() const { return {m_database, m_clock}; }
    [[nodiscard]] std::shared_ptr<FakeClock> clock() const { return m_clock; }
    [[nodiscard]] Connection &connection() const {
        return *m_database->internals().pool->ofThisThread().value();
    }
    //! A statement past the store, as somebody with the file would do.
    void tamper(const QString &sql) const {
        if (const auto done = connection().run(sql, "test"); !done) {
            qFatal("%s", done.error().logSafeDetail.c_str());
        }
    }

private:
    QTemporaryDir m_dir{inMemory()};
    std::shared_ptr<FakeClock> m_clock = std::make_shared<FakeClock>();
    std::shared_ptr<Database> m_database;
};

inline OutboxEntry someEntry(const std::string &messageId = "<1@court.example>") {
    OutboxEntry entry;
    entry.account = "work";
    entry.route = "smime";
    entry.envelopeFrom = "ana@justice.example";
    entry.recipients = {"bea@court.example", "cy@court.example"};
    entry.tlsSuffices = {"enforced"};
    entry.messageId = messageId;
    entry.planDigest = "d1gest";
    return entry;
}

//! Adds a message, in pieces of `piece` bytes.
inline Result<std::int64_t> addMessage(Outbox &outbox, const std::string &content,
                                       const OutboxEntry &entry = someEntry(),
                                       std::size_t piece = 100'000) {
    auto writer = outbox.add(entry);
    if (!writer) {
        return fail(writer.error());
    }
    for (std::size_t at = 0; at < content.size(); at += piece) {
        if (auto written = (*writer)->write(std::string_view(content).substr(at, piece));
            !written) {
            return fail(written.error());
        }
    }
    return (*writer)->commit();
}

inline Result<std::string> readMessage(const Outbox &outbox, std::int64_t id) {
    auto source = outbox.message(id);
    if (!source) {
        return fail(source.error());
    }
    std::string all;
    std::array<char, 70'000> buffer{};
    while (true) {
        const auto count = (*source)->read(buffer);
        if (!count) {
            return fail(count.error());
        }
        if (*count == 0) {
            return all;
        }
        all.append(buffer.data(), *count);
    }
}

//! Bytes that differ from place to place, so that a swapped piece shows.
inline std::string content(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint64_t word = 1;
    for (std::size_t at = 0; at < size; at += sizeof word) {
        word *= 6'364'136'223'846'793'005U;
        std::memcpy(bytes.data() + at, &word, std::min(sizeof word, size - at));
    }
    return bytes;
}

//! The code of an error, or "ok".
template <class T> std::string codeOf(const Result<T> &result) {
    return result ? "ok" : result.error().code;
}

} // namespace sealpost::store::testing
