// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DnsResolver.h"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <list>
#include <mutex>
#include <thread>
#include <unbound.h>
#include <unordered_set>
#include <utility>

#ifndef _WIN32
#include <poll.h>
#endif

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

//! How long the one thread that listens for all does so before it looks at its stop token again.
constexpr auto kListenSlice = 5ms;
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

//! One question on its way; the asking thread and libunbound's call-back each hold it.
struct Pending {
    explicit Pending(std::mutex &m) : mutex(m) {}
    std::mutex &mutex; //!< the resolver's; guards the rest
    std::condition_variable changed;
    bool done = false;
    int error = 0;
    UnboundResult result;
    int id = 0;
    void *handedOver = nullptr; //!< freed by the call-back, or by whoever cancels it
};
using PendingPtr = std::shared_ptr<Pending>;

extern "C" void onAnswer(void *holder, int error, ub_result *result) {
    const std::unique_ptr<PendingPtr> pending(static_cast<PendingPtr *>(holder));
    const std::lock_guard lock((*pending)->mutex);
    (*pending)->done = true;
    (*pending)->error = error;
    (*pending)->result.reset(result);
    (*pending)->changed.notify_one();
}

//! Of a question that was asked ahead: what counts is that libunbound remembers the answer.
extern "C" void onIgnoredAnswer(void * /*none*/, int /*error*/, ub_result *result) {
    ub_resolve_free(result);
}

//! "a.b.example" as "a.b.example", "b.example", "example" and ".".
std::vector<std::string> zonesAbove(std::string name) {
    std::vector<std::string> zones;
    while (!name.empty()) {
        zones.push_back(name);
        const auto dot = name.find('.');
        name = dot == std::string::npos ? std::string() : name.substr(dot + 1);
    }
    zones.emplace_back(".");
    return zones;
}

//! Until libunbound's descriptor has something to read.
void waitReadable(int descriptor, std::chrono::milliseconds time) {
#ifdef _WIN32
    (void)descriptor;
    std::this_thread::sleep_for(std::min<std::chrono::milliseconds>(time, 5ms));
#else
    pollfd entry{descriptor, POLLIN, 0};
    (void)::poll(&entry, 1, static_cast<int>(time.count()));
#endif
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
    explicit UnboundResolver(Context context)
        : m_context(std::move(context)), m_descriptor(ub_fd(m_context.get())) {}

    DnsAnswer query(const std::string &name, DnsType type, Deadline deadline,
                    std::stop_token stop) override {
        const auto pending = ask(name, type);
        wait(*pending, deadline, stop);
        return take(*pending, stop);
    }

    std::vector<DnsAnswer> queryAll(const std::vector<DnsQuestion> &questions, Deadline deadline,
                                    const std::stop_token &stop) override {
        std::vector<PendingPtr> all;
        all.reserve(questions.size());
        for (const auto &question : questions) {
            all.push_back(ask(question.name, question.type));
        }
        std::vector<DnsAnswer> answers;
        for (const auto &pending : all) {
            wait(*pending, deadline, stop);
            answers.push_back(take(*pending, stop));
        }
        return answers;
    }

    void expect(const std::string &zone, const std::vector<DnsQuestion> &questions) override {
        {
            const std::lock_guard lock(m_mutex);
            if (m_waiting.size() >= kBusy) {
                return; // while many wait, time is not lost by waiting
            }
        }
        // From the root down, and the keys before what is validated with them: libunbound asks for
        // the root's itself when the first answer comes, unless it remembers them by then.
        const auto zones = zonesAbove(zone);
        for (auto above = zones.rbegin(); above != zones.rend(); ++above) {
            if (isNew(*above)) {
                askAhead(*above, kDnskey);
                if (*above != ".") {
                    askAhead(*above, kDs);
                }
            }
        }
        for (const auto &question : questions) {
            askAhead(question.name, static_cast<int>(question.type));
        }
    }

private:
    static constexpr std::size_t kBusy = 16;
    static constexpr std::size_t kMostZones = 1024;
    static constexpr int kDs = 43;
    static constexpr int kDnskey = 48;

    void askAhead(const std::string &name, int type) {
        constexpr int kClassInternet = 1;
        (void)ub_resolve_async(m_context.get(), name.c_str(), type, kClassInternet, nullptr,
                               onIgnoredAnswer, nullptr);
    }

    bool isNew(const std::string &zone) {
        const std::lock_guard lock(m_mutex);
        if (m_zonesAsked.size() >= kMostZones) {
            m_zonesAsked.clear();
        }
        return m_zonesAsked.insert(zone).second;
    }

    PendingPtr ask(const std::string &name, DnsType type) {
        constexpr int kClassInternet = 1;
        auto pending = std::make_shared<Pending>(m_mutex);
        auto holder = std::make_unique<PendingPtr>(pending);
        const int error = ub_resolve_async(m_context.get(), name.c_str(), static_cast<int>(type),
                                           kClassInternet, holder.get(), onAnswer, &pending->id);
        if (error != 0) {
            pending->done = true;
            pending->error = error;
        } else {
            pending->handedOver = holder.release();
        }
        return pending;
    }

    DnsAnswer take(Pending &pending, const std::stop_token &stop) {
        std::unique_lock lock(m_mutex);
        if (!pending.done) {
            lock.unlock();
            if (ub_cancel(m_context.get(), pending.id) == 0) {
                // Cancelled for sure: the call-back will not come to free it.
                delete static_cast<PendingPtr *>(pending.handedOver);
            }
            lock.lock();
        }
        if (!pending.done) {
            return tempFailure(stop.stop_requested() ? "stopped" : "time-out");
        }
        if (pending.error != 0 || !pending.result) {
            return tempFailure(ub_strerror(pending.error));
        }
        return answerOf(*pending.result);
    }

    //! libunbound's own thread resolves. One of our waiting threads listens to it and hands out
    //! what it has found, to itself or to others; when it has its answer, another takes its place.
    void wait(Pending &pending, Deadline deadline, const std::stop_token &stop) {
        // Made before the lock is taken and gone after it is given back: it takes it itself.
        const std::stop_callback wake(stop, [&] {
            const std::lock_guard lock(m_mutex);
            pending.changed.notify_one();
        });
        std::unique_lock lock(m_mutex);
        const auto place = m_waiting.insert(m_waiting.end(), &pending);
        bool listens = false;
        while (!pending.done && !stop.stop_requested()) {
            const auto left = deadline.remaining();
            if (left == 0ms) {
                break;
            }
            if (listens || !m_hasListener) {
                m_hasListener = listens = true;
                lock.unlock();
                waitReadable(m_descriptor, std::min<std::chrono::milliseconds>(left, kListenSlice));
                ub_process(m_context.get());
                lock.lock();
            } else {
                pending.changed.wait_for(lock, left);
            }
        }
        m_waiting.erase(place);
        if (listens) {
            m_hasListener = false;
        }
        // Whoever was told to listen may have got its answer meanwhile, and tells the next.
        if (!m_hasListener && !m_waiting.empty()) {
            m_waiting.front()->changed.notify_one();
        }
    }

    std::mutex m_mutex; //!< outlives the context, whose call-backs take it
    Context m_context;
    int m_descriptor;
    bool m_hasListener = false;
    std::list<Pending *> m_waiting;
    std::unordered_set<std::string> m_zonesAsked; //!< ahead
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
