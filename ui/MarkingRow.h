// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>
#include <vector>

class QComboBox;

namespace sealpost::ui {

//! Chooses what stands beside the classification, from what policy offers. Hidden where it offers
//! nothing.
class MarkingRow final : public QWidget {
    Q_OBJECT
public:
    explicit MarkingRow(QWidget *parent = nullptr);

    void setOffered(const std::vector<std::string> &handling,
                    const std::vector<std::string> &descriptors);
    [[nodiscard]] std::string handling() const;
    [[nodiscard]] std::string descriptor() const;
    //! A word that is not offered any more stays chosen: the plan says what is wrong with it.
    void choose(const std::string &handling, const std::string &descriptor);
    [[nodiscard]] QWidget *first() const;
    [[nodiscard]] QWidget *last() const;

signals:
    void changed();

private:
    QComboBox *m_handling;
    QComboBox *m_descriptor;
};

} // namespace sealpost::ui
