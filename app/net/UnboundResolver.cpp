// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DnsResolver.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <unbound.h>
#include <utility>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

//! How long a wait goes on before it looks at libunbound and the stop token again.
constexpr auto kPollInterval = 10ms;
constexpr const char *kDistributionAnchor = "/usr/share/dns/root.key";
//! The root's anchors of https://data.iana.org/root-anchors/root-anchors.xml, for systems whose
//! distribution brings none: the key signing keys of 2017 and of 2024.
constexpr const char *kIanaAnchors[] = {
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"};

struct ContextDeleter {
    void operator()(ub_ctx *context) const { ub_ctx_delete(context); }
};
using Context = std::unique_ptr<ub_ctx, ContextDeleter>;

struct ResultDeleter {
    void operator()(ub_result *result) const { ub_resolve_free(result); }
};
using UnboundResult = std::unique_ptr<ub_result, ResultDeleter>;

//! One question on its way. The asking thread and libunbound's call-back each hold it.
struct Pending {
    std::mutex mutex;
    std::condition_variable answered;
    bool done = false;
    int error = 0;
    UnboundResult result;
};
using PendingPtr = std::shared_ptr<Pending>;

extern "C" void onAnswer(void *holder, int error, ub_result *result) {
    const std::unique_ptr<PendingPtr> pending(static_cast<PendingPtr *>(holder));
    const std::lock_guard lock((*pending)->mutex);
    (*pending)->done = true;
    (*pending)->error = error;
    (*pending)->result.reset(result);
    (*pending)->answered.notify_all();
}

DnsAnswer tempFailure(std::string detail) {
    DnsAnswer answer;
    answer.outcome = DnsOutcome::TempFailure;
    answer.detail = std::move(detail);
    return answer;
}

DnsOutcome outcomeOf(const ub_result &result) {
    constexpr int kNoError = 0;
    if (result.bogus != 0) {
        return DnsOutcome::Bogus;
    }
    if (result.havedata != 0) {
        return DnsOutcome::Records;
    }
    if (result.nxdomain != 0) {
        return DnsOutcome::NxDomain;
    }
    return result.rcode == kNoError ? DnsOutcome::NoData : DnsOutcome::TempFailure;
}

std::string withoutLastDot(std::string name) {
    if (name.ends_with('.')) {
        name.pop_back();
    }
    return name;
}

DnsAnswer answerOf(const ub_result &result) {
    DnsAnswer answer;
    answer.outcome = outcomeOf(result);
    answer.security = result.bogus != 0    ? DnsSecurity::Bogus
                      : result.secure != 0 ? DnsSecurity::Secure
                                           : DnsSecurity::Insecure;
    answer.ttl = std::chrono::seconds(result.ttl);
    answer.canonicalName =
        withoutLastDot(result.canonname != nullptr ? result.canonname : result.qname);
    if (answer.outcome == DnsOutcome::Bogus) {
        answer.detail = result.why_bogus != nullptr ? result.why_bogus : "bogus";
    } else if (answer.outcome == DnsOutcome::TempFailure) {
        answer.detail = "rcode " + std::to_string(result.rcode);
    } else if (answer.outcome == DnsOutcome::Records) {
        for (std::size_t i = 0; result.data[i] != nullptr; ++i) {
            answer.rdata.emplace_back(result.data[i], static_cast<std::size_t>(result.len[i]));
        }
    }
    return answer;
}

class UnboundResolver final : public DnsResolver {
public:
    explicit UnboundResolver(Context context) : m_context(std::move(context)) {}

    DnsAnswer query(const std::string &name, DnsType type, Deadline deadline,
                    std::stop_token stop) override {
        constexpr int kClassInternet = 1;
        const auto pending = std::make_shared<Pending>();
        auto holder = std::make_unique<PendingPtr>(pending);
        int id = 0;
        const int error = ub_resolve_async(m_context.get(), name.c_str(), static_cast<int>(type),
                                           kClassInternet, holder.get(), onAnswer, &id);
        if (error != 0) {
            return tempFailure(ub_strerror(error));
        }
        auto *const handedOver = holder.release();
        const bool done = wait(*pending, deadline, stop);
        if (!done && ub_cancel(m_context.get(), id) == 0) {
            // Cancelled for sure: the call-back will not come to free it.
            delete handedOver;
        }
        const std::lock_guard lock(pending->mutex);
        if (!pending->done) {
            return tempFailure(stop.stop_requested() ? "stopped" : "time-out");
        }
        if (pending->error != 0 || !pending->result) {
            return tempFailure(ub_strerror(pending->error));
        }
        return answerOf(*pending->result);
    }

private:
    //! libunbound's own thread resolves; whichever of our threads waits hands out what it has
    //! found, to itself or to others.
    bool wait(Pending &pending, Deadline deadline, const std::stop_token &stop) {
        while (!deadline.passed() && !stop.stop_requested()) {
            if (ub_poll(m_context.get()) != 0) {
                ub_process(m_context.get());
            }
            std::unique_lock lock(pending.mutex);
            if (pending.answered.wait_for(lock, kPollInterval, [&] { return pending.done; })) {
                return true;
            }
        }
        return false;
    }

    Context m_context;
};

auto failed(std::string_view code, std::string_view detail, std::string_view subject = {}) {
    return fail(code, "dns.setup", Reaction::AskAdmin, detail, subject);
}

Result<void> addAnchors(ub_ctx *context, const std::string &configured) {
    auto file = configured;
    std::error_code ignored;
    if (file.empty() && std::filesystem::exists(kDistributionAnchor, ignored)) {
        file = kDistributionAnchor;
    }
    if (file.empty()) {
        for (const auto *anchor : kIanaAnchors) {
            if (const int error = ub_ctx_add_ta(context, anchor); error != 0) {
                return failed("dns.anchor", ub_strerror(error));
            }
        }
        return {};
    }
    // libunbound itself would say so only with the first question.
    if (!std::ifstream(file).good()) {
        return failed("dns.anchor", "unreadable", file);
    }
    if (const int error = ub_ctx_add_ta_file(context, file.c_str()); error != 0) {
        return failed("dns.anchor", ub_strerror(error), file);
    }
    return {};
}

Result<void> addForwarders(ub_ctx *context, const std::string &forwarder) {
    const int error = forwarder.empty() ? ub_ctx_resolvconf(context, nullptr)
                                        : ub_ctx_set_fwd(context, forwarder.c_str());
    if (error != 0) {
        return failed("dns.config", ub_strerror(error), forwarder);
    }
    return {};
}
} // namespace

Result<std::unique_ptr<DnsResolver>> makeUnboundResolver(const UnboundConfig &config) {
    Context context(ub_ctx_create());
    if (!context) {
        return failed("dns.config", "no context");
    }
    ub_ctx_debugout(context.get(), nullptr);
    // Threads, not a forked process; and local forwarders are common (systemd-resolved, a lab).
    int error = ub_ctx_async(context.get(), 1);
    if (error == 0) {
        error = ub_ctx_set_option(context.get(), "do-not-query-localhost:", "no");
    }
    if (error != 0) {
        return failed("dns.config", ub_strerror(error));
    }
    if (auto added = addForwarders(context.get(), config.forwarder); !added) {
        return tl::unexpected(std::move(added.error()));
    }
    if (auto added = addAnchors(context.get(), config.trustAnchorFile); !added) {
        return tl::unexpected(std::move(added.error()));
    }
    // Any change of local data makes libunbound read its settings, the anchors among them, now.
    error = ub_ctx_zone_remove(context.get(), "sealpost.invalid.");
    if (error != 0) {
        return failed("dns.anchor", ub_strerror(error), config.trustAnchorFile);
    }
    return std::make_unique<UnboundResolver>(std::move(context));
}

} // namespace sealpost::net
