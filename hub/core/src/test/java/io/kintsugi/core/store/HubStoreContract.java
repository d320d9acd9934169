package io.kintsugi.core.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every store of the hub must do, one subclass per subject of the port. A store is tested by extending each of them and
 * saying where an empty store comes from. Nothing is assumed about speed, or about the order of results that are in no order.
 */
public abstract class HubStoreContract {
    /** Store of the running test. */
    protected HubStore store;

    private static final int MOST_PAGES = 10_000; // of lists that are far shorter

    /** Each call is a transaction of its own that only reads. */
    protected final HubTransaction reads = eachAlone(work -> store.read(work));

    /** Each call is a transaction of its own. */
    protected final HubTransaction writes = eachAlone(work -> store.write(work));

    /** A store that holds nothing, for one test. The test may close it. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void openStore() {
        store = emptyStore();
    }

    /** Stores something in a transaction of its own. */
    protected final void write(Consumer<HubTransaction> work) {
        store.<Boolean>write(tx -> {
            work.accept(tx);
            return true;
        });
    }

    /** One page, read in its own transaction. */
    protected interface Pager<T> {
        Page<T> page(HubTransaction tx, String cursor, int limit);
    }

    /** All items, page by page; {@code between} runs after each page that is not the last. */
    protected final <T> List<T> pages(Pager<T> pager, int limit, Runnable between) {
        var items = new ArrayList<T>();
        int read = 0;
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> pager.page(tx, from, limit));
            if (page.items().size() > limit)
                throw new AssertionError("a page of " + page.items().size() + " items");
            items.addAll(page.items());
            cursor = page.next();
            if (++read > MOST_PAGES) throw new AssertionError("a list that does not end: its last cursor is " + cursor);
            if (cursor != null) between.run();
        } while (cursor != null);
        return items;
    }

    protected final <T> List<T> pages(Pager<T> pager, int limit) {
        return pages(pager, limit, () -> {});
    }

    private static HubTransaction eachAlone(Function<Function<HubTransaction, Object>, Object> run) {
        return proxy(
                HubTransaction.class,
                (subject, nothing) -> proxy(
                        subject.getReturnType(),
                        (method, arguments) -> run.apply(tx -> call(method, call(subject, tx), arguments))));
    }

    private static <T> T proxy(Class<T> type, BiFunction<Method, Object[], Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.apply(method, arguments)));
    }

    private static Object call(Method method, Object on, Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new AssertionError(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
