// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyLayers.h"

#include <QFile>
#include <QtGlobal>

// In the global namespace, as the macro demands: a static library's resources are not registered
// by themselves.
static void registerPolicyResources() {
    Q_INIT_RESOURCE(policy);
}

namespace sealpost::policy {

const PolicyLayer &builtInPolicy() {
    static const auto kLayer = [] {
        registerPolicyResources();
        QFile file(QStringLiteral(":/sealpost/policy/default.toml"));
        // Part of the program: without it there is no rule to go by.
        if (!file.open(QIODevice::ReadOnly)) {
            qFatal("the built-in policy is missing from the program");
        }
        return parsePolicy(file.readAll().toStdString(), "built-in");
    }();
    return kLayer;
}

} // namespace sealpost::policy
