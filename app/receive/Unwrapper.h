// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "crypto/CmsReader.h"
#include "mail/RawEntity.h"
#include "receive/OpenedMessage.h"

#include <deque>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::receive {

//! Takes the layers around a message off, one after the other, until there is none. Keeps what
//! they contained: views into it live as long as this does. Private to this room.
class Unwrapper {
public:
    Unwrapper(crypto::CmsReader &cms, Deadline deadline, std::stop_token stop)
        : m_cms(cms), m_deadline(deadline), m_stop(std::move(stop)) {}

    //! The innermost entity, as bytes; none where a layer could not be taken off, and then a note
    //! says why.
    [[nodiscard]] std::optional<std::string_view> unwrap(std::string_view entity);
    //! The same for a CMS message without MIME around it.
    [[nodiscard]] std::optional<std::string_view> unwrapCms(std::string_view cms);

    [[nodiscard]] std::vector<Layer> takeLayers() { return std::move(m_layers); }
    [[nodiscard]] std::vector<Note> takeNotes() { return std::move(m_notes); }
    //! A signature does not fit what it signs.
    [[nodiscard]] bool forged() const { return m_forged; }

private:
    std::optional<std::string_view> signedParts(const mail::RawEntity &entity,
                                                const mail::ContentType &type);
    std::optional<std::string_view> decrypt(std::string_view cms);
    std::optional<std::string_view> uncompress(std::string_view cms);
    std::optional<std::string_view> verify(std::string_view cms,
                                           std::optional<std::string_view> outside);
    std::optional<std::string_view> withhold(std::string id, std::string detail = {});
    //! False where a signature is such that nothing may be shown.
    bool judge(const std::vector<crypto::SignatureFacts> &signatures);

    crypto::CmsReader &m_cms;
    Deadline m_deadline;
    std::stop_token m_stop;
    std::vector<Layer> m_layers;
    std::vector<Note> m_notes;
    std::deque<std::string> m_contents; //!< a deque: what is in it stays where it is
    int m_compressed = 0;               //!< wrappings that were CompressedData
    bool m_forged = false;
};

} // namespace sealpost::receive
