// SPDX-License-Identifier: GPL-3.0-or-later
// sealpost-reader pdf|image: one file on standard input, what can be read in it on standard output
// (Records.h). It has the libraries that decode hostile input, and nothing else: no network, no
// files to write, little memory, little time.
#include "scan/reader/Limits.h"
#include "scan/reader/ReadImage.h"
#include "scan/reader/ReadPdf.h"
#include "scan/reader/Records.h"

#include <QCoreApplication>
#include <cstdio>
#include <iostream>
#include <iterator>

using namespace sealpost;

namespace {

void putRecord(const scan::ReaderRecord &record) {
    const auto bytes = scan::toBytes(record);
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

} // namespace

int main(int argc, char **argv) {
    const std::string_view task = argc == 2 ? argv[1] : "";
    if (task != "pdf" && task != "image") {
        std::fputs("usage: sealpost-reader pdf|image <FILE\n", stderr);
        return 2;
    }
    const QCoreApplication application(argc, argv); // finds the plugins for images
    scan::limitThisProcess();
    const std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
    try {
        if (task == "pdf") {
            scan::readPdf(bytes, putRecord);
        } else {
            scan::readImage(bytes, putRecord);
        }
    } catch (const std::exception &) {
        std::fflush(stdout);
        return 1; // without an end record: what is missing will be told of
    }
    putRecord({scan::ReaderRecord::Kind::End, {}, {}});
    return std::fflush(stdout) == 0 ? 0 : 1;
}
