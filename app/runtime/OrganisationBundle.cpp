// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/OrganisationBundle.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "crypto/SignedDocument.h"

#include <algorithm>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kStage = "bundle";
//! A clock that is behind by less was only set right.
constexpr std::chrono::hours kClockSlack{1};
constexpr std::chrono::minutes kPauseAfterTrouble{10};
constexpr std::chrono::seconds kPauseWithoutBundle{10};
//! How far the present moves before it is written down again.
constexpr std::chrono::minutes kSeenStep{10};

auto refuse(std::string_view code, std::string_view detail, std::string_view subject) {
    return fail(code, kStage, Reaction::AskAdmin, detail, subject);
}

} // namespace

//! A bundle that may be in force.
struct OrganisationBundle::Opened {
    policy::BundleDocument document;
    crypto::SignedDocument signedDocument;
    std::string digest;
};

//! What a bundle has to stay within.
struct OrganisationBundle::Bounds {
    std::uint64_t version; //!< at least
    std::string digest;    //!< of that very version; empty: any
    Time now;              //!< what the clock shows
    Time seen;             //!< the latest time that it has shown
    Time taken;            //!< when it was taken: its signer's certificate has to be in date then
};

OrganisationBundle::OrganisationBundle(Fetch fetch, store::SealedFacts facts,
                                       std::shared_ptr<const Clock> clock)
    : m_fetch(std::move(fetch)), m_facts(std::move(facts)), m_clock(std::move(clock)) {}

Result<OrganisationBundle::Opened>
OrganisationBundle::open(const std::string &bytes, const policy::OrganisationPolicy &config,
                         const Bounds &bounds) {
    const auto &url = config.bundleUrl;
    if (config.bundleSigners.empty()) {
        return refuse("bundle.no-signer", {}, url);
    }
    auto document = crypto::openSigned(bytes, config.bundleSigners, bounds.taken);
    if (!document) {
        auto error = document.error();
        error.subject = error.subject.empty() ? url : url + " " + error.subject;
        return fail(std::move(error));
    }
    Opened opened;
    opened.document = policy::parseBundle(document->content, url);
    opened.digest = base::toHex(crypto::sha256(document->content));
    opened.signedDocument = std::move(*document);
    if (const auto &problems = opened.document.layer.problems; !problems.empty()) {
        const auto &first = problems.front();
        return refuse("bundle.document", first.code,
                      url + ":" + std::to_string(first.position.line) + ":" +
                          std::to_string(first.position.column) + " " + first.key);
    }
    const auto &header = *opened.document.header;
    const auto least = std::max(bounds.version, config.bundleLeastVersion);
    if (header.version < least) {
        return refuse("bundle.older",
                      std::to_string(header.version) + " after " + std::to_string(least), url);
    }
    if (header.version == bounds.version && !bounds.digest.empty() &&
        opened.digest != bounds.digest) {
        return refuse("bundle.other-content", std::to_string(header.version), url);
    }
    if (header.expires < bounds.seen) {
        if (bounds.now <= header.expires) {
            return refuse("bundle.clock-set-back", base::toIso8601(bounds.seen), url);
        }
        return refuse("bundle.expired", base::toIso8601(header.expires), url);
    }
    return opened;
}

bool OrganisationBundle::isDue(const BundleMemory &memory, const policy::OrganisationPolicy &config,
                               Time now, bool held) {
    if (now < memory.asked) {
        return true;
    }
    // After trouble sooner than otherwise, but not at every step that a person takes.
    std::chrono::seconds pause = config.bundleRefresh;
    if (!held) {
        pause = kPauseWithoutBundle;
    } else if (memory.trouble) {
        pause = kPauseAfterTrouble;
    }
    return now - memory.asked >= pause;
}

Result<OrganisationBundle::Opened> OrganisationBundle::ask(const policy::OrganisationPolicy &config,
                                                           BundleMemory &memory, Time now) {
    memory.asked = now;
    const auto bytes = m_fetch(config.bundleUrl);
    if (!bytes) {
        return fail(bytes.error());
    }
    auto opened =
        open(*bytes, config, {memory.version, memory.digest, now, memory.seen, memory.seen});
    if (opened) {
        memory.version = opened->document.header->version;
        memory.digest = opened->digest;
        memory.fetched = memory.seen;
        memory.signedBundle = *bytes;
    }
    return opened;
}

Result<BundleReading> OrganisationBundle::read(const policy::OrganisationPolicy &config,
                                               Asking asking) {
    auto remembered = BundleMemory::read(m_facts);
    if (!remembered) {
        return fail(remembered.error());
    }
    auto &memory = *remembered;
    const auto now = m_clock->now();
    const bool clockSetBack = now + kClockSlack < memory.seen;
    const bool moved = now - memory.seen >= kSeenStep;
    memory.seen = std::max(memory.seen, now);

    auto inForce = memory.signedBundle.empty()
                       ? Result<Opened>(refuse("bundle.missing", {}, config.bundleUrl))
                       : open(memory.signedBundle, config,
                              {memory.version, memory.digest, now, memory.seen, memory.fetched});
    Result<void> written;
    if (asking == Asking::Now || isDue(memory, config, now, inForce.has_value())) {
        auto asked = ask(config, memory, now);
        memory.trouble = asked ? std::nullopt : std::optional(asked.error());
        if (asked) {
            inForce = std::move(asked);
            written = memory.writeAll(m_facts);
        } else {
            written = memory.writeState(m_facts);
        }
    } else if (moved) {
        written = memory.writeState(m_facts);
    }
    // What can't be remembered can't be held against an older one later.
    if (!written) {
        return fail(written.error());
    }
    if (!inForce) {
        const bool neverHad = inForce.error().code == "bundle.missing";
        return fail(neverHad && memory.trouble ? *memory.trouble : inForce.error());
    }
    return BundleReading{std::move(inForce->document.layer),
                         *inForce->document.header,
                         inForce->signedDocument.signer,
                         inForce->signedDocument.signedAt,
                         memory.fetched,
                         memory.trouble,
                         clockSetBack};
}

} // namespace sealpost::runtime
