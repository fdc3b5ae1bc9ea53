// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/KeepSigners.h"

namespace sealpost::receive {

Result<crypto::ImportSummary> keepSigners(crypto::CertificateStore &store,
                                          const OpenedMessage &message, Deadline deadline) {
    const auto certificates = signersCertificates(message);
    if (certificates.empty()) {
        return fail("certificate.not-found", "signers.keep", Reaction::FixInput);
    }
    auto summary = store.importCertificates(certificates, deadline);
    if (!summary) {
        return summary;
    }
    for (const auto &layer : message.layers) {
        for (const auto &signature : layer.signatures) {
            if (signature.math == crypto::SignatureMath::Good && signature.reads &&
                signature.signingTime) {
                store.learn(signature.signer, *signature.reads, *signature.signingTime);
            }
        }
    }
    return summary;
}

} // namespace sealpost::receive
