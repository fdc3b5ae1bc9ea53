// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace sealpost::assurance {

//! Makes reports anew behind the back of whoever asked for them, one after the other, before they
//! expire. Any thread; its own ends promptly with it.
class Refresher {
public:
    //! `work` makes the report of one domain and keeps it.
    using Work = std::function<void(const std::string &domain, const std::stop_token &stop)>;
    explicit Refresher(Work work);
    ~Refresher();
    Refresher(const Refresher &) = delete;
    Refresher &operator=(const Refresher &) = delete;

    //! Returns at once. Nothing happens where the domain is waiting or underway already, or where
    //! very many wait: who asks when the report has expired makes it then.
    void ask(const std::string &domain);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::assurance
