// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>
#include <QPromise>
#include <QThreadPool>
#include <memory>
#include <type_traits>
#include <utility>

namespace sealpost::ui {

//! Calls `fn(result)` in the receiver's thread once the future has its result. The watcher is the
//! receiver's child: where the receiver goes first, nothing is called. A future that ends without a
//! result (its work was dropped) calls nothing either.
template <class T, class Fn> void onFinished(QObject *receiver, const QFuture<T> &future, Fn fn) {
    auto *watcher = new QFutureWatcher<T>(receiver);
    QObject::connect(watcher, &QFutureWatcherBase::finished, receiver,
                     [watcher, fn = std::move(fn)]() mutable {
                         watcher->deleteLater();
                         if (watcher->future().resultCount() > 0) {
                             fn(watcher->result());
                         }
                     });
    watcher->setFuture(future);
}

//! The same for a future of several results: `fn(event)` for each, in order, as it comes.
template <class T, class Fn> void onEvents(QObject *receiver, const QFuture<T> &future, Fn fn) {
    auto *watcher = new QFutureWatcher<T>(receiver);
    QObject::connect(
        watcher, &QFutureWatcherBase::resultReadyAt, receiver,
        [watcher, fn = std::move(fn)](int index) mutable { fn(watcher->resultAt(index)); });
    QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, &QObject::deleteLater);
    watcher->setFuture(future);
}

//! Runs `fn()` on the pool; its value is the future's one result.
template <class Fn> auto runOn(QThreadPool &pool, Fn fn) {
    using T = std::invoke_result_t<Fn>;
    auto promise = std::make_shared<QPromise<T>>();
    auto future = promise->future();
    promise->start();
    pool.start([promise, fn = std::move(fn)]() mutable {
        promise->addResult(fn());
        promise->finish();
    });
    return future;
}

//! Runs `fn(deliver)` on the pool; each `deliver(T)`, from whatever thread, is a result of the
//! future.
template <class T, class Fn> QFuture<T> emitOn(QThreadPool &pool, Fn fn) {
    auto promise = std::make_shared<QPromise<T>>();
    auto future = promise->future();
    promise->start();
    pool.start([promise, fn = std::move(fn)]() mutable {
        fn([promise](T event) { promise->addResult(std::move(event)); });
        promise->finish();
    });
    return future;
}

} // namespace sealpost::ui
