// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SinkBio.h"

namespace sealpost::crypto {
namespace {

int writeCallback(BIO *bio, const char *bytes, std::size_t size, std::size_t *written) {
    *written = size;
    return static_cast<SinkBio *>(BIO_get_data(bio))->write({bytes, size});
}

long controlCallback(BIO *, int command, long, void *) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD *method() {
    static const BIO_METHOD *const made = [] {
        auto *fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "byte sink");
        BIO_meth_set_write_ex(fresh, writeCallback);
        BIO_meth_set_ctrl(fresh, controlCallback);
        return fresh;
    }();
    return made;
}

} // namespace

SinkBio::SinkBio(base::ByteSink &sink) : m_sink(sink), m_bio(BIO_new(method())) {
    if (m_bio) {
        BIO_set_data(m_bio.get(), this);
        BIO_set_init(m_bio.get(), 1);
    }
}

int SinkBio::write(std::string_view bytes) {
    if (m_error) {
        return 0;
    }
    if (auto done = m_sink.write(bytes); !done) {
        m_error = done.error();
        return 0;
    }
    return 1;
}

} // namespace sealpost::crypto
