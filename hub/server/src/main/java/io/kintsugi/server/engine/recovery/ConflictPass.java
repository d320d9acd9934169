package io.kintsugi.server.engine.recovery;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Page;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.StoredParts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists all conflicts of a recovery that are not listed yet, part by part; of a recovery that writes for the first time, all of them.
 * Nothing counts before a certificate names the parts: a pass that was killed, or made in vain, is made again over what it left. Holds
 * a page of the search and one part of each earlier pass at a time. Used once, by one thread.
 */
public final class ConflictPass {
    private final HubStore store;
    private final String run;
    private final Instant now;
    private final List<Integer> passes = new ArrayList<>();
    private final List<Walk> known = new ArrayList<>();
    private final List<Conflict> unsaved = new ArrayList<>();
    private long count;
    private int part;

    /**
     * All that is listed after a pass.
     *
     * @param passes for {@link Certificate#passes}
     * @param count for {@link Certificate#conflictCount}
     */
    public record Listed(List<Integer> passes, long count) {
        public Listed {
            passes = List.copyOf(passes);
        }
    }

    private ConflictPass(HubStore store, String run, Optional<Certificate> before, Instant now) {
        this.store = store;
        this.run = run;
        this.now = now;
        if (before.isEmpty()) return;
        passes.addAll(before.get().passes());
        part = before.get().parts();
        count = passes.isEmpty() ? 0 : before.get().conflictCount();
        if (passes.isEmpty() && !before.get().conflicts().isEmpty()) takeOver(before.get());
        for (int i = 0; i < passes.size(); i++) known.add(new Walk(i == 0 ? 0 : passes.get(i - 1), passes.get(i)));
    }

    /** Lists what is in conflict now. Writes parts only: who knows of them is the caller's. */
    public static Listed over(HubStore store, LiveModel model, RecoveryState state, Instant now) {
        var before = store.read(tx -> Certificate.find(tx, state.run()));
        return new ConflictPass(store, state.run(), before, now).with(new ConflictSearch(model, state));
    }

    /** What an earlier release listed in the certificate itself is the first pass. */
    private void takeOver(Certificate before) {
        before.conflicts().stream().sorted(Conflict.ORDER).forEach(unsaved::add);
        endPass();
    }

    private Listed with(ConflictSearch search) {
        Page<Conflict> page = null;
        do {
            var cursor = page == null ? null : page.next();
            page = store.read(tx -> search.page(tx, cursor));
            for (var conflict : page.items()) if (!isKnown(conflict)) unsaved.add(conflict);
            while (unsaved.size() >= StoredParts.SIZE) savePart(StoredParts.SIZE);
        } while (page.next() != null);
        endPass();
        store.write(tx -> {
            ConflictJournal.dropFrom(tx, run, part, now); // what a longer pass that was killed left
            return null;
        });
        return new Listed(passes, count);
    }

    private boolean isKnown(Conflict conflict) {
        return known.stream().anyMatch(walk -> walk.holds(conflict));
    }

    private void endPass() {
        while (!unsaved.isEmpty()) savePart(Math.min(unsaved.size(), StoredParts.SIZE));
        passes.add(part);
    }

    private void savePart(int size) {
        var items = List.copyOf(unsaved.subList(0, size));
        count += store.write(tx -> ConflictJournal.save(tx, run, part, items, now));
        part++;
        unsaved.subList(0, size).clear();
    }

    /** Goes through the parts of one earlier pass while it is asked for ever later conflicts. */
    private final class Walk {
        private final int end;
        private int next;
        private int at;
        private List<Conflict> items = List.of();

        Walk(int from, int end) {
            this.next = from;
            this.end = end;
        }

        boolean holds(Conflict wanted) {
            while (true) {
                while (at < items.size()) {
                    int side = Conflict.ORDER.compare(items.get(at), wanted);
                    if (side >= 0) return side == 0;
                    at++;
                }
                if (next == end) return false;
                int here = next;
                items = store.read(tx -> ConflictJournal.part(tx, run, here));
                next++;
                at = 0;
            }
        }
    }
}
