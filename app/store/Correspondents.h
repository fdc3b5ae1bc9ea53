// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CorrespondentMemory.h"
#include "store/Database.h"

#include <functional>
#include <memory>
#include <mutex>

namespace sealpost::store {

//! crypto::CorrespondentMemory in the store, sealed. `open` gives the database when it is first
//! needed. Errors: `open`'s, Database's.
class Correspondents final : public crypto::CorrespondentMemory {
public:
    using Open = std::function<Result<std::shared_ptr<Database>>()>;
    explicit Correspondents(Open open) : m_open(std::move(open)) {}

    [[nodiscard]] crypto::ReaderCapabilities capabilities(std::string_view addressSpec) override;
    [[nodiscard]] Result<void> learn(std::string_view addressSpec,
                                     const crypto::ReaderCapabilities &capabilities,
                                     Time signedAt) override;
    [[nodiscard]] Result<std::optional<std::string>> pinned(std::string_view addressSpec) override;
    [[nodiscard]] Result<void> pin(std::string_view addressSpec,
                                   std::string_view fingerprint) override;

private:
    Open m_open;
    std::mutex m_mutex; //!< reads, changes and writes as one
};

} // namespace sealpost::store
