// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/AgentTransaction.h"

#include "base/SecretBytes.h"

#include <gpg-error.h>
#include <gpgme++/data.h>
#include <gpgme++/interfaces/assuantransaction.h>
#include <memory>

namespace sealpost::crypto {
namespace {

using Answers = std::map<std::string_view, std::string_view>;

//! Collects what the agent sends and answers what it asks; what it is given outlives it.
class Transaction final : public GpgME::AssuanTransaction {
public:
    Transaction(const Answers &answers, std::string &out, std::vector<AgentStatus> &statuses)
        : m_answers(answers), m_out(out), m_statuses(statuses) {}

    GpgME::Error data(const char *bytes, size_t size) override {
        // Grown by hand, because a secret must not stay behind in an abandoned allocation.
        if (m_out.size() + size > m_out.capacity()) {
            std::string larger;
            larger.reserve((m_out.size() + size) * 2);
            larger = m_out;
            base::wipe(m_out);
            m_out.swap(larger);
        }
        m_out.append(bytes, size);
        return {};
    }
    GpgME::Data inquire(const char *name, const char *, GpgME::Error &error) override {
        const auto answer = m_answers.find(name);
        if (answer == m_answers.end()) {
            error = GpgME::Error(gpg_error(GPG_ERR_CANCELED));
            return GpgME::Data::null;
        }
        constexpr bool kNoCopy = false;
        return {answer->second.data(), answer->second.size(), kNoCopy};
    }
    GpgME::Error status(const char *keyword, const char *arguments) override {
        m_statuses.push_back({keyword, arguments});
        return {};
    }

private:
    const Answers &m_answers;
    std::string &m_out;
    std::vector<AgentStatus> &m_statuses;
};

} // namespace

GpgME::Error transact(GpgME::Context &context, const std::string &command, const Answers &answers,
                      std::string *out, std::vector<AgentStatus> *statuses) {
    std::string noData;
    std::vector<AgentStatus> noStatuses;
    return context.assuanTransact(
        command.c_str(),
        std::make_unique<Transaction>(answers, out != nullptr ? *out : noData,
                                      statuses != nullptr ? *statuses : noStatuses));
}

} // namespace sealpost::crypto
