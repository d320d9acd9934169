package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.Position;
import io.kintsugi.server.engine.recovery.CatchUp;
import io.kintsugi.server.engine.recovery.CatchUp.Tier;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import io.kintsugi.server.engine.recovery.ConflictPass;
import io.kintsugi.server.engine.recovery.RecoveryReport;
import io.kintsugi.server.engine.recovery.RecoveryState;
import io.kintsugi.server.engine.recovery.RecoveryState.Member;
import io.kintsugi.server.engine.recovery.RecoveryState.Phase;
import io.kintsugi.server.engine.recovery.RecoveryState.Standing;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.StoredJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * After an outage, of a system or of the hub itself: nothing is written to any system of the entity types concerned before every one
 * that answers was read up to a barrier and everything read was resolved; then one change for each record that is out of step; at the
 * end a certificate. So the edits of all sides meet in one decision, whichever system answers first.
 *
 * <p>What it knows is stored before it is acted on: a hub that is killed goes on with it. Thread-safe.
 */
final class Recovery {
    static final String KIND = "recovery";
    /** A shorter silence is nothing that polling does not make good. */
    static final Duration SILENCE = Duration.ofMinutes(30);
    /** How long a system that does not answer is waited for before the others go on without it. */
    static final Duration PATIENCE = Duration.ofMinutes(5);
    /**
     * Resolving and writing may never come to an end while people work, or everything is resolved anew. A record that waits for
     * resolution is not written all the same.
     */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);
    // these take the place of a system in the checkpoint
    private static final String CONTACTS = "contact";
    private static final String STATE = "recovery";
    private static final String NONE = "";
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final RecoveryReport report;
    private final Map<String, Contact> contacts = new HashMap<>();
    private volatile RecoveryState state;

    /**
     * @param at when the system was read last
     * @param missedSince since when changes of it may be missing; null if none are
     */
    record Contact(Instant at, Instant missedSince) {}

    Recovery(HubStore store, LiveModel model, Clock clock, Ids ids, HubEvents events) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.report = new RecoveryReport(store, model);
    }

    /** Goes on with what a hub before this one began; begins one if that hub was down for long. Called before anything is sent. */
    synchronized void start() {
        state = store.read(tx -> tx.journal().checkpoint(STATE, STATE))
                .filter(text -> !text.equals(NONE))
                .map(text -> StoredJson.read(text, RecoveryState.class, "recovery"))
                .orElse(null);
        contacts.clear();
        var now = clock.instant();
        store.write(tx -> {
            ConflictJournal.start(tx, now);
            return null;
        });
        Instant last = null;
        boolean down = true;
        for (var config : model.get().systems()) {
            if (!config.connected()) continue;
            var contact = store.read(tx -> tx.journal().checkpoint(CONTACTS, config.id()));
            if (contact.isEmpty()) continue;
            var known = StoredJson.read(contact.get(), Contact.class, "contact");
            contacts.put(config.id(), known);
            if (last == null || known.at().isAfter(last)) last = known.at();
            down &= known.at().isBefore(now.minus(silence(config)));
        }
        if (last == null || !down) return;
        var begun = state == null
                ? begin(now, "the hub was down since " + last.truncatedTo(ChronoUnit.SECONDS))
                : state.with(Phase.READING, now);
        for (var config : model.get().systems()) {
            if (!config.connected()) continue;
            begun = begun.with(config.id(), awaited(begun.members().get(config.id()), now));
        }
        save(begun);
    }

    /** A system that is read seldom is not away between two readings. */
    private static Duration silence(SystemConfig config) {
        var usual = config.pollEvery().multipliedBy(2);
        return usual.compareTo(SILENCE) > 0 ? usual : SILENCE;
    }

    /** Nothing may be written to the system: what others hold is not known yet. */
    boolean frozen(String system) {
        var now = state;
        return now != null && now.frozen(system);
    }

    /** When the system should be read for a recovery; {@link Instant#MAX} if none waits for it. */
    Instant readAt(String system, Duration lag) {
        var now = state;
        var member = now == null ? null : now.members().get(system);
        return member == null || member.standing() != Standing.AWAITED
                ? Instant.MAX
                : member.barrier().plus(lag);
    }

    /**
     * A system answers and is about to be read. After a silence it is decided how to catch up with it, and a recovery begins.
     *
     * @param can what a stream can do; null if the system does not say
     * @throws ConnectorException if it does not answer after all; nothing has changed then
     */
    synchronized void arrived(SystemConfig config, Connector connector, Function<String, Capabilities> can)
            throws ConnectorException {
        var now = clock.instant();
        var contact = contacts.get(config.id());
        var current = state;
        var member = current == null ? null : current.members().get(config.id());
        if (contact == null) {
            if (member == null) return; // never read before: nothing can have been missed
            contact = new Contact(now, null);
        }
        boolean silent = contact.at().isBefore(now.minus(silence(config)));
        var since = contact.missedSince() != null ? contact.missedSince() : silent ? contact.at() : null;
        boolean joined = member != null
                && member.standing() == Standing.AWAITED
                && !member.streams().isEmpty();
        if (since == null && (member == null || member.standing() != Standing.AWAITED) || joined && !silent) return;
        var streams = new TreeMap<String, CatchUp>();
        var positions = new HashMap<String, Position>();
        for (var stream : config.streams()) {
            var catchUp = since == null
                    ? new CatchUp(Tier.LIVE, "it was read all the time")
                    : CatchUp.after(Duration.between(since, now), can.apply(stream.stream()));
            streams.put(stream.stream(), catchUp);
            if (catchUp.tier() == Tier.FULL)
                whole(config.id(), stream, connector).ifPresent(at -> positions.put(stream.stream(), at));
        }
        if (current == null)
            current = begin(now, config.id() + " was away since " + since.truncatedTo(ChronoUnit.SECONDS));
        if (since != null) {
            for (var other : model.get().systems()) {
                if (other.connected() && shares(other, config)) current = await(current, other, now);
            }
            current = current.with(Phase.READING, now);
        }
        var before = current.members().get(config.id());
        var read = before == null ? new TreeMap<String, Long>() : before.read();
        var barrier = since == null && before != null ? before.barrier() : now;
        current = current.with(config.id(), new Member(since, Standing.AWAITED, barrier, null, streams, read, 0));
        remember(config.id(), new Contact(now, since), current, positions);
    }

    /** A position from which everything is read and what is missing is taken for deleted; empty if the first reading is not over. */
    private Optional<Position> whole(String system, StreamMapping stream, Connector connector)
            throws ConnectorException {
        var stored = store.read(tx -> tx.journal().checkpoint(system, stream.stream()));
        if (stored.isEmpty() || !Position.parse(stored.get()).snapshotDone()) return Optional.empty();
        if (connector.facet(SnapshotSource.class).isEmpty()) return Optional.empty();
        var changes = connector.facet(ChangeSource.class).orElse(null);
        var query = new Query(stream.stream(), new Translator(system, stream).fields());
        var start = changes == null ? null : changes.start(query, StartAt.NOW);
        return Optional.of(new Position(start, null, false, true));
    }

    private static boolean shares(SystemConfig a, SystemConfig b) {
        var types = new HashSet<String>();
        a.streams().forEach(stream -> types.add(stream.entityType()));
        return b.streams().stream().anyMatch(stream -> types.contains(stream.entityType()));
    }

    private RecoveryState begin(Instant now, String cause) {
        var deleted = store.read(RecoveryReport::deleted);
        return new RecoveryState(ids.next("run"), now, cause, Phase.READING, now, new TreeMap<>(), deleted);
    }

    /** Waits for a system, unless that is done already or was. */
    private RecoveryState await(RecoveryState current, SystemConfig config, Instant barrier) {
        var member = current.members().get(config.id());
        boolean waited = member != null && current.phase() == Phase.READING && member.standing() != Standing.LEFT_OUT;
        return waited ? current : current.with(config.id(), awaited(member, barrier));
    }

    private static Member awaited(Member before, Instant barrier) {
        if (before == null)
            return new Member(null, Standing.AWAITED, barrier, null, new TreeMap<>(), new TreeMap<>(), 0);
        return new Member(
                before.silentSince(),
                Standing.AWAITED,
                barrier,
                null,
                before.streams(),
                before.read(),
                before.planned());
    }

    /** Rows of a system were read. */
    synchronized void note(String system, Intake.Counts counts) {
        var current = state;
        if (current == null || current.phase() == Phase.WRITING || counts.read() == 0) return;
        var member = current.members().get(system);
        if (member != null) save(current.with(system, member.plus(counts)));
    }

    /**
     * All that a system told was read, or all but a part. The others wait for such a part a little while; later it is like any stream
     * that was behind.
     *
     * @param began when the reading did
     * @param lag how long a change may stay untold there
     * @param problem which part could not be read and why; null if all was
     */
    synchronized void read(String system, Instant began, Duration lag, String problem) {
        var current = state;
        var member = current == null ? null : current.members().get(system);
        boolean awaited = member != null && member.standing() == Standing.AWAITED;
        boolean over = awaited
                && (problem == null
                        ? !began.isBefore(member.barrier().plus(lag))
                        : isOutOfPatience(member, clock.instant()));
        var before = contacts.get(system);
        var missed = awaited && !over && before != null ? before.missedSince() : null;
        var contact = new Contact(clock.instant(), missed);
        if (over) {
            var standing = problem == null ? Standing.READ : Standing.LEFT_OUT;
            remember(system, contact, current.with(system, member.standing(standing, problem)), Map.of());
        } else if (before == null
                || before.missedSince() != null && missed == null
                || !before.at().plus(NOTED_EVERY).isAfter(contact.at())) {
            remember(system, contact, current, Map.of());
        }
    }

    /**
     * A system does not answer. The others wait for it a little while.
     *
     * @param back how long it wants to be left alone; zero if it does not say
     */
    synchronized void away(String system, Duration back, String why) {
        var current = state;
        var member = current == null ? null : current.members().get(system);
        if (member == null || member.standing() != Standing.AWAITED) return;
        if (!isOutOfPatience(member, clock.instant().plus(back))) return;
        save(current.with(system, member.standing(Standing.LEFT_OUT, why)));
    }

    private static boolean isOutOfPatience(Member member, Instant now) {
        return !now.isBefore(member.barrier().plus(PATIENCE));
    }

    /**
     * Goes on if it can: when all are read and nothing waits for resolution, writing begins; when that is done, it ends. Cheap if
     * there is nothing to do.
     *
     * @return whether writing may begin now that might not before
     */
    synchronized boolean advance() {
        var current = state;
        if (current == null) return false;
        var now = clock.instant();
        if (current.phase() == Phase.READING) current = withoutPaused(current);
        if (current.phase() == Phase.READING && current.complete()) {
            current = current.with(Phase.RESOLVING, now);
            save(current);
        }
        if (current.phase() == Phase.RESOLVING) return open(current, now);
        if (current.phase() == Phase.WRITING) end(current, now);
        return false;
    }

    private RecoveryState withoutPaused(RecoveryState current) {
        var next = current;
        for (var member : current.members().entrySet()) {
            if (member.getValue().standing() != Standing.AWAITED) continue;
            boolean paused = store.read(tx -> SystemWorker.paused(tx, member.getKey()));
            if (paused)
                next = next.with(member.getKey(), member.getValue().standing(Standing.LEFT_OUT, "it is paused"));
        }
        if (!next.equals(current)) save(next);
        return next;
    }

    private boolean open(RecoveryState current, Instant now) {
        boolean late = !now.isBefore(current.phaseAt().plus(LONGEST));
        if (!late && !store.read(Recovery::resolved)) return false;
        var conflicts = ConflictPass.over(store, model, current, now);
        var opened = store.write(tx -> {
            if (!late && !resolved(tx)) return null;
            var next = report.planned(tx, current).with(Phase.WRITING, now);
            var certificate = report.opened(tx, next, conflicts, now);
            certificate.save(tx, now);
            tx.journal().saveCheckpoint(STATE, STATE, StoredJson.write(next), now);
            tx.journal().saveRun(run(next, certificate.counts(), RunState.RUNNING, null));
            return next;
        });
        if (opened == null) return false;
        state = opened;
        return true;
    }

    private static boolean resolved(HubTransaction tx) {
        return tx.records().pending(1).isEmpty();
    }

    private void end(RecoveryState current, Instant now) {
        boolean over =
                store.read(tx -> resolved(tx) && report.written(tx, current)); // what waits may have writes to follow
        if (!over && now.isBefore(current.phaseAt().plus(LONGEST))) return;
        var equality = report.equality(current);
        var run = store.write(tx -> {
            var certificate = report.ended(tx, current, equality, now);
            certificate.save(tx, now);
            var ended = run(current, certificate.counts(), RunState.DONE, now);
            tx.journal().saveRun(ended);
            tx.journal().saveCheckpoint(STATE, STATE, NONE, now);
            return ended;
        });
        state = null;
        events.publish("run.progress", run);
    }

    private void remember(String system, Contact contact, RecoveryState next, Map<String, Position> positions) {
        var now = clock.instant();
        store.write(tx -> {
            tx.journal().saveCheckpoint(CONTACTS, system, StoredJson.write(contact), now);
            positions.forEach((stream, at) -> tx.journal().saveCheckpoint(system, stream, at.toJson(), now));
            if (next != null) save(tx, next, now);
            return null;
        });
        contacts.put(system, contact);
        publish(next);
    }

    private void save(RecoveryState next) {
        var now = clock.instant();
        store.write(tx -> {
            save(tx, next, now);
            return null;
        });
        publish(next);
    }

    private void save(HubTransaction tx, RecoveryState next, Instant now) {
        if (next.equals(state)) return;
        tx.journal().saveCheckpoint(STATE, STATE, StoredJson.write(next), now);
        tx.journal().saveRun(run(next, next.counts(), RunState.RUNNING, null));
    }

    private void publish(RecoveryState next) {
        boolean changed = next != null && !next.equals(state);
        state = next;
        if (changed) events.publish("run.progress", run(next, next.counts(), RunState.RUNNING, null));
    }

    private static Run run(RecoveryState state, Map<String, Long> counts, RunState runState, Instant end) {
        return new Run(state.run(), KIND, null, null, runState, counts, -1, state.begun(), end, null);
    }
}
