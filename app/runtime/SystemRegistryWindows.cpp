// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/SystemRegistry.h"

#include <QString>
#include <algorithm>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

// Its macros min and max would break the standard library's.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

namespace sealpost::runtime {

namespace {

constexpr wchar_t kPath[] = L"Software\\Policies\\Sealpost";
constexpr int kDeepest = 4; // table, key, entry, field
constexpr DWORD kLongestName = 16'384;

class OpenKey {
public:
    OpenKey() = default;
    ~OpenKey() {
        if (m_key != nullptr) {
            RegCloseKey(m_key);
        }
    }
    OpenKey(const OpenKey &) = delete;
    OpenKey &operator=(const OpenKey &) = delete;

    LSTATUS open(HKEY parent, const wchar_t *name) {
        return RegOpenKeyExW(parent, name, 0, KEY_READ | KEY_WOW64_64KEY, &m_key);
    }
    [[nodiscard]] HKEY get() const { return m_key; }

private:
    HKEY m_key = nullptr;
};

Error unreadable(LSTATUS status) {
    return Error{"policy.unreadable", "policy", Reaction::AskAdmin,
                 std::system_category().message(static_cast<int>(status)),
                 std::string(policy::kRegistryPlace)};
}

std::string utf8(const std::wstring &text) {
    return QString::fromStdWString(text).toStdString();
}

policy::RegistryValue valueOf(DWORD type, std::wstring data) {
    const auto bytes = data.size() * sizeof(wchar_t);
    if (type == REG_DWORD && bytes == sizeof(DWORD)) {
        DWORD number = 0;
        std::memcpy(&number, data.data(), sizeof number);
        return std::uint64_t{number};
    }
    if (type == REG_QWORD && bytes == sizeof(std::uint64_t)) {
        std::uint64_t number = 0;
        std::memcpy(&number, data.data(), sizeof number);
        return number;
    }
    if (type == REG_SZ) {
        return utf8(data.substr(0, data.find(L'\0')));
    }
    if (type == REG_MULTI_SZ) {
        std::vector<std::string> texts;
        for (std::size_t start = 0; start < data.size() && data[start] != L'\0';) {
            const auto end = std::min(data.find(L'\0', start), data.size());
            texts.push_back(utf8(data.substr(start, end - start)));
            start = end + 1;
        }
        return texts;
    }
    return {};
}

Result<void> readValues(HKEY key, policy::RegistryKey &into) {
    std::wstring name(kLongestName, L'\0');
    for (DWORD index = 0;; ++index) {
        auto nameSize = kLongestName;
        DWORD type = 0;
        DWORD bytes = 0;
        auto status =
            RegEnumValueW(key, index, name.data(), &nameSize, nullptr, &type, nullptr, &bytes);
        if (status == ERROR_NO_MORE_ITEMS) {
            return {};
        }
        std::wstring data((bytes + 1) / sizeof(wchar_t), L'\0');
        const auto wanted = name.substr(0, nameSize);
        if (status == ERROR_SUCCESS) {
            status = RegQueryValueExW(key, wanted.c_str(), nullptr, &type,
                                      reinterpret_cast<BYTE *>(data.data()), &bytes);
        }
        if (status != ERROR_SUCCESS) {
            return fail(unreadable(status));
        }
        into.values[utf8(wanted)] = valueOf(type, std::move(data));
    }
}

// Its depth is bounded.
// NOLINTNEXTLINE(misc-no-recursion)
Result<void> readKey(HKEY key, int depth, policy::RegistryKey &into) {
    if (auto values = readValues(key, into); !values || depth == kDeepest) {
        return values;
    }
    std::wstring name(kLongestName, L'\0');
    for (DWORD index = 0;; ++index) {
        auto size = kLongestName;
        const auto status =
            RegEnumKeyExW(key, index, name.data(), &size, nullptr, nullptr, nullptr, nullptr);
        if (status == ERROR_NO_MORE_ITEMS) {
            return {};
        }
        const auto below = name.substr(0, size);
        OpenKey opened;
        const auto open = status == ERROR_SUCCESS ? opened.open(key, below.c_str()) : status;
        if (open != ERROR_SUCCESS) {
            return fail(unreadable(open));
        }
        if (auto read = readKey(opened.get(), depth + 1, into.keys[utf8(below)]); !read) {
            return read;
        }
    }
}

class WindowsRegistry final : public policy::PolicyRegistry {
public:
    [[nodiscard]] Result<std::optional<policy::RegistryKey>> read() const override {
        OpenKey root;
        const auto status = root.open(HKEY_LOCAL_MACHINE, kPath);
        if (status == ERROR_FILE_NOT_FOUND) {
            return std::nullopt;
        }
        if (status != ERROR_SUCCESS) {
            return fail(unreadable(status));
        }
        policy::RegistryKey key;
        if (auto read = readKey(root.get(), 0, key); !read) {
            return fail(read.error());
        }
        return key;
    }
};

} // namespace

std::shared_ptr<const policy::PolicyRegistry> systemRegistry() {
    return std::make_shared<WindowsRegistry>();
}

} // namespace sealpost::runtime
