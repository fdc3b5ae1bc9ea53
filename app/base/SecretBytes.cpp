// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/SecretBytes.h"

#include <QRandomGenerator>
#include <cstdint>
#include <cstring>
#include <vector>

namespace sealpost::base {

void wipe(std::string &bytes) noexcept {
    bytes.resize(bytes.capacity());
    volatile char *p = bytes.data();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        p[i] = 0;
    }
    bytes.clear();
}

SecretBytes::SecretBytes(std::string &&bytes) : m_bytes(bytes.data(), bytes.size()) {
    wipe(bytes);
}

SecretBytes::SecretBytes(std::string_view bytes) : m_bytes(bytes) {}

SecretBytes::SecretBytes(SecretBytes &&other) noexcept {
    *this = std::move(other);
}

SecretBytes &SecretBytes::operator=(SecretBytes &&other) noexcept {
    if (this != &other) {
        wipe(m_bytes);
        m_bytes.swap(other.m_bytes);
    }
    return *this;
}

SecretBytes::~SecretBytes() {
    wipe(m_bytes);
}

SecretBytes SecretBytes::random(std::size_t size) {
    std::vector<quint32> words((size + 3) / 4);
    QRandomGenerator::system()->fillRange(words.data(), static_cast<qsizetype>(words.size()));
    std::string bytes(size, '\0');
    std::memcpy(bytes.data(), words.data(), size);
    std::fill(words.begin(), words.end(), 0U);
    return SecretBytes(std::move(bytes));
}

} // namespace sealpost::base
