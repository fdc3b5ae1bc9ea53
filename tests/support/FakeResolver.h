// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/DnsResolver.h"

#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace sealpost::test {

//! A DNS that the test writes. Names that it was not told of do not exist. Any thread.
class FakeResolver final : public net::DnsResolver {
public:
    void add(const std::string &name, net::DnsType type, net::DnsAnswer answer) {
        const std::lock_guard lock(m_mutex);
        if (answer.canonicalName.empty()) {
            answer.canonicalName = name;
        }
        if (answer.ttl == std::chrono::seconds::zero()) {
            answer.ttl = std::chrono::hours(1);
        }
        m_answers[{name, type}] = std::move(answer);
    }

    void addMx(const std::string &domain, const std::vector<net::MxRecord> &records,
               net::DnsSecurity security = net::DnsSecurity::Insecure) {
        net::DnsAnswer answer;
        answer.outcome = net::DnsOutcome::Records;
        answer.security = security;
        for (const auto &record : records) {
            answer.rdata.push_back(net::encodeMx(record));
        }
        add(domain, net::DnsType::Mx, std::move(answer));
    }

    //! Type A or AAAA by the literals' family; the other type, where it has not been told of, is
    //! NoData.
    void addAddresses(const std::string &host, const std::vector<std::string> &literals) {
        for (const auto &literal : literals) {
            const auto rdata = net::encodeAddress(literal);
            const auto type = rdata.size() == 4 ? net::DnsType::A : net::DnsType::Aaaa;
            const std::lock_guard lock(m_mutex);
            auto &answer = m_answers[{host, type}];
            answer.outcome = net::DnsOutcome::Records;
            answer.canonicalName = host;
            answer.rdata.push_back(rdata);
        }
        const std::lock_guard lock(m_mutex);
        for (const auto type : {net::DnsType::A, net::DnsType::Aaaa, net::DnsType::Mx}) {
            net::DnsAnswer none;
            none.outcome = net::DnsOutcome::NoData;
            none.canonicalName = host;
            m_answers.try_emplace({host, type}, none);
        }
    }

    void addRecords(const std::string &name, net::DnsType type, std::vector<std::string> rdata,
                    net::DnsSecurity security = net::DnsSecurity::Insecure) {
        net::DnsAnswer answer;
        answer.outcome = net::DnsOutcome::Records;
        answer.security = security;
        answer.rdata = std::move(rdata);
        add(name, type, std::move(answer));
    }

    void addOutcome(const std::string &name, net::DnsType type, net::DnsOutcome outcome,
                    net::DnsSecurity security = net::DnsSecurity::Insecure) {
        net::DnsAnswer answer;
        answer.outcome = outcome;
        answer.security = security;
        add(name, type, std::move(answer));
    }

    //! From now on no question is answered: each waits for its deadline or a stop.
    void fallSilent() {
        const std::lock_guard lock(m_mutex);
        m_silent = true;
    }

    [[nodiscard]] int queries() const {
        const std::lock_guard lock(m_mutex);
        return m_queries;
    }

    net::DnsAnswer query(const std::string &name, net::DnsType type, Deadline deadline,
                         std::stop_token stop) override {
        {
            const std::lock_guard lock(m_mutex);
            ++m_queries;
            if (!m_silent) {
                if (const auto found = m_answers.find({name, type}); found != m_answers.end()) {
                    return found->second;
                }
                net::DnsAnswer none;
                none.outcome = net::DnsOutcome::NxDomain;
                none.canonicalName = name;
                return none;
            }
        }
        while (!deadline.passed() && !stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        net::DnsAnswer failed;
        failed.outcome = net::DnsOutcome::TempFailure;
        failed.detail = stop.stop_requested() ? "stopped" : "time-out";
        return failed;
    }

private:
    mutable std::mutex m_mutex;
    std::map<std::pair<std::string, net::DnsType>, net::DnsAnswer> m_answers;
    bool m_silent = false;
    int m_queries = 0;
};

} // namespace sealpost::test
