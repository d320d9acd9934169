package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A store whose every call is shown to a watcher before it is made; a watcher that throws stands for a store that does. */
final class WatchedStore implements HubStore {
    private final HubStore store;
    private final BiConsumer<String, Object[]> watcher;

    /** @param watcher is given for example {@code records.lock} and its arguments */
    WatchedStore(HubStore store, BiConsumer<String, Object[]> watcher) {
        this.store = store;
        this.watcher = watcher;
    }

    @Override
    public <T> T write(Function<HubTransaction, T> work) {
        return store.write(tx -> work.apply(watched(tx)));
    }

    @Override
    public <T> T read(Function<HubTransaction, T> work) {
        return store.read(tx -> work.apply(watched(tx)));
    }

    @Override
    public void close() {
        store.close();
    }

    private HubTransaction watched(HubTransaction tx) {
        return proxy(HubTransaction.class, (port, none) -> {
            var type = HubTransaction.class.getMethod(port).getReturnType();
            var subject = tx.getClass().getMethod(port);
            subject.setAccessible(true);
            var real = subject.invoke(tx);
            return proxy(type, (method, arguments) -> {
                watcher.accept(port + "." + method, arguments);
                for (var candidate : type.getMethods()) {
                    if (candidate.getName().equals(method)
                            && candidate.getParameterCount() == (arguments == null ? 0 : arguments.length)) {
                        return candidate.invoke(real, arguments);
                    }
                }
                throw new NoSuchMethodException(method);
            });
        });
    }

    private interface Call {
        Object make(String method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                WatchedStore.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.make(method.getName(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
