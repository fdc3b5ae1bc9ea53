// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::practice {

//! Who a message was handed over for.
struct Envelope {
    std::string from; //!< addr-spec; empty: the null sender
    std::vector<std::string> to;
};

//! A folder with one NNNN.eml for each message: X-Practice-Envelope-From and -To fields, then the
//! message's bytes. A file appears whole or not at all. Any thread, several processes.
class PracticeInbox {
public:
    //! Makes the folder where it is missing. AskAdmin "practice.folder".
    [[nodiscard]] static Result<std::shared_ptr<PracticeInbox>>
    open(const std::filesystem::path &folder);

    //! One message; without commit() nothing of it stays. AskAdmin "practice.folder".
    class Writer final : public base::ByteSink {
    public:
        ~Writer() override;
        [[nodiscard]] Result<void> write(std::string_view bytes) override;
        //! The file's name without its suffix: "0001".
        [[nodiscard]] Result<std::string> commit();

    private:
        friend class PracticeInbox;
        struct Private;
        explicit Writer(std::unique_ptr<Private> d);
        std::unique_ptr<Private> d;
    };
    [[nodiscard]] Result<std::unique_ptr<Writer>> begin(const Envelope &envelope) const;

private:
    explicit PracticeInbox(std::filesystem::path folder);
    std::filesystem::path m_folder;
};

} // namespace sealpost::practice
