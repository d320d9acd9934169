package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.SeenMerge;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One history: systems of random natures, people who work in them, stewards, bad weather, a hub that is killed. A seed is a history,
 * always the same. Everything is drawn as a list of {@link Scenario.Step}s before it begins, so a history can be made shorter.
 */
final class History {
    static final List<String> EDITED = List.of("note", "nick", "tier");
    private static final Set<Scenario.Kind> EDITS = EnumSet.of(
            Scenario.Kind.CREATE,
            Scenario.Kind.EDIT,
            Scenario.Kind.CLEAR,
            Scenario.Kind.KILL,
            Scenario.Kind.OUTAGE,
            Scenario.Kind.STOP);
    private static final List<String> NOTED = List.of("note", "nick", "tier", Bosses.FIELD);
    static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("firstName", AttributeType.GIVEN_NAME, null),
                    new Attribute("lastName", AttributeType.FAMILY_NAME, null),
                    new Attribute("email", AttributeType.EMAIL, null),
                    new Attribute("birthDate", AttributeType.BIRTH_DATE, null),
                    new Attribute("note", AttributeType.TEXT, null),
                    new Attribute("nick", AttributeType.TEXT, null),
                    new Attribute("tier", AttributeType.TEXT, null)));
    private static final EntityType WITH_BOSS = Bosses.in(CONTACT);
    private static final MatchPolicy MATCHING = Matcher.defaults(CONTACT);
    private static final List<String> FIRST =
            List.of("Anna", "Boris", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jorge");
    private static final List<String> LAST = List.of(
            "Kowalski",
            "Lindqvist",
            "Moreau",
            "Nakamura",
            "Okafor",
            "Petersen",
            "Quintana",
            "Rossi",
            "Svoboda",
            "Tanaka");

    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final Map<String, SimulatedSystem> systems = new LinkedHashMap<>();
    final HubStore store;
    private HubModel model;
    final boolean provision;
    final Weather weather;
    final SimulatedHub hub;
    final DeletionLife deletions;
    final Bosses bosses;
    final MergeLife mergers = new MergeLife(this);
    private final Clears clears = new Clears(this);
    private final Gifts gifts = new Gifts(this);
    private final Publications publications = new Publications(this);
    final Automations automations;
    private final Housemates housemates = new Housemates(this);
    private final Quotas quotas = new Quotas(this);
    private final Rivals rivals;
    final Picklists picklists = new Picklists(this);
    final List<String> violations = new ArrayList<>();
    /** Values that people entered, as their system holds them, by attribute. */
    final Map<String, Set<String>> entered = new HashMap<>();

    final List<SimulatedSystem.Effect> effects = new ArrayList<>();
    final Barrier barrier = new Barrier(this);
    private final List<Scenario.Step> steps;
    /** Whether people only enter and change values, so that no record and no value is lost. */
    final boolean onlyEdits;

    private final StringBuilder trace;
    int edits;
    int kills;
    int raceLost;
    int merges;
    int askedAPerson;
    /** Nanoseconds that looking at writes took. */
    long watched;

    /** @param tracing whether to keep a text of all that happened */
    History(long seed, List<Scenario.Step> steps, HubStore store, boolean tracing) {
        this(seed, steps, store, tracing, List.of());
    }

    /** @param natures of the systems in turn; empty to draw them */
    History(long seed, List<Scenario.Step> steps, HubStore store, boolean tracing, List<Nature> natures) {
        this.steps = steps;
        this.onlyEdits = steps.stream().map(Scenario.Step::kind).allMatch(EDITS::contains);
        this.store = store;
        this.trace = tracing ? new StringBuilder() : null;
        var random = new SplittableRandom(seed);
        boolean refer = natures.isEmpty() && Bosses.drawn(seed);
        this.bosses = new Bosses(this, refer);
        boolean merges = natures.isEmpty() && MergeLife.drawn(seed);
        this.provision = random.nextInt(3) > 0 || !natures.isEmpty();
        var configs = new ArrayList<SystemConfig>();
        int count = natures.isEmpty() ? 2 + random.nextInt(3) : natures.size();
        var merging = Scenario.merging(~seed);
        var folding = new SplittableRandom(seed * 37 + 11);
        boolean bins = natures.isEmpty() && Bins.drawn(seed);
        var keeping = Bins.natures(seed);
        mergers.several = bins;
        boolean reticent = natures.isEmpty() && Reticence.drawn(seed);
        var reticence = Reticence.natures(seed);
        boolean forgets = natures.isEmpty() && Forgetting.drawn(seed);
        var forgetting = Forgetting.natures(seed);
        boolean searches = natures.isEmpty() && Searches.drawn(seed);
        var searching = Searches.natures(seed);
        boolean rations = natures.isEmpty() && Quotas.drawn(seed);
        var rationing = Quotas.natures(seed);
        boolean chooses = natures.isEmpty() && Picklists.drawn(seed);
        var choosing = Picklists.natures(seed);
        boolean terse = natures.isEmpty() && Terseness.drawn(seed);
        var naming = Terseness.natures(seed);
        this.rivals = new Rivals(this, seed, natures.isEmpty() && Rivals.drawn(seed));
        for (int i = 0; i < count; i++) {
            var id = List.of("crm", "erp", "web", "mail").get(i);
            var drawn = natures.isEmpty() ? Scenario.nature(random, merging) : natures.get(i);
            var referring = refer ? Bosses.in(drawn) : drawn;
            var shared = merges || natures.isEmpty() && Housemates.drawn(seed) ? MergeLife.in(referring) : referring;
            var binned = bins ? Bins.in(shared, keeping) : shared;
            var remembers = forgets ? Forgetting.in(binned, forgetting) : binned;
            var tells = reticent ? Reticence.in(remembers, reticence) : remembers;
            var finds = searches ? Searches.in(tells, searching) : tells;
            var counts = rations ? Quotas.in(finds, rationing) : finds;
            var takes = chooses ? Picklists.in(counts, choosing) : counts;
            var nature = terse ? Terseness.in(takes, naming) : takes;
            var delays = random.split();
            systems.put(id, new SimulatedSystem(id, nature, time, () -> Scenario.delay(nature, delays)));
            systems.get(id).witness(this::witness);
            systems.get(id).refusals(op -> blind(id, op));
            systems.get(id).declines((op, field) -> picklists.ofDecline(id, op, field));
            configs.add(new SystemConfig(
                    id,
                    id,
                    "simulated",
                    Map.of(),
                    Duration.ofSeconds(20),
                    null,
                    List.of(mapping(nature, random)),
                    merging.nextInt(3) > 0
                            ? SeenMerge.ADOPT
                            : SeenMerge.values()[merging.nextInt(SeenMerge.values().length)],
                    duplicates(natures, merges, folding)));
        }
        var names = List.copyOf(systems.keySet());
        var chosen = random.nextBoolean() || !natures.isEmpty()
                ? new Rule(Strategy.LATEST, List.of())
                : new Rule(Strategy.SYSTEM_RANK, names);
        var rule = natures.isEmpty() && Clears.drawn(seed) ? Clears.in(chosen, seed) : chosen;
        var deletes = bins
                ? Bins.deletes(keeping)
                : natures.isEmpty()
                        ? DeletionLife.draw(names, new SplittableRandom(seed * 31 + 7))
                        : DeletePolicy.none("contact");
        this.deletions = new DeletionLife(this, deletes);
        this.model = new HubModel(
                List.of(refer ? WITH_BOSS : CONTACT),
                Map.of("contact", MATCHING),
                Map.of("contact", new AuthorityPolicy("contact", 1, rule, Map.of())),
                Map.of("contact", deletes),
                configs);
        this.weather = new Weather(time, random.split(), Scenario.roughness(seed));
        this.automations = new Automations(this, seed);
        if (natures.isEmpty() && Automations.drawn(seed)) automations.begin(names);
        this.hub = new SimulatedHub(store, time, systems, model, weather, random.split());
        hub.sending(this::sends);
        hub.calling(quotas::ofCall, quotas::ofRefusal);
        if (tracing) hub.committed(this::noteCommit);
    }

    private void sends(String system) {
        new EffectInvariants(this).ofSending(system);
        rivals.ofSending(system);
    }

    private static Duplicates duplicates(List<Nature> natures, boolean merges, SplittableRandom random) {
        if (!natures.isEmpty()) return Duplicates.KEEP;
        return merges ? MergeLife.duplicates(random) : Scenario.duplicates(random);
    }

    private StreamMapping mapping(Nature nature, SplittableRandom random) {
        var fields = new ArrayList<FieldMapping>();
        for (var field : Scenario.FIELDS) {
            fields.add(new FieldMapping(field, field, random.nextBoolean() ? List.of("trim") : List.of(), true));
        }
        if (nature.fields().contains(Bosses.FIELD)) {
            fields.add(new FieldMapping(Bosses.FIELD, Bosses.FIELD, List.of(), true));
        }
        return new StreamMapping(
                SimulatedSystem.STREAM,
                "contact",
                fields,
                true,
                provision,
                nature.has(Trait.LINK_KEY) ? SimulatedSystem.LINK_KEY : null);
    }

    int published() {
        return publications.published;
    }

    /** What is in force now. */
    HubModel model() {
        return model;
    }

    /** From now on this is in force, also for a hub that is down. */
    void publish(HubModel next) {
        model = next;
        deletions.published(next.deletes().get("contact"));
        hub.publish(next);
    }

    void note(String what) {
        if (trace != null) trace.append(time.instant()).append(' ').append(what).append('\n');
    }

    private final Map<String, String> known = new HashMap<>();

    /** What a commit of the hub changed in records and outbox. */
    private void noteCommit() {
        var now = new LinkedHashMap<String, String>();
        store.read(tx -> {
            for (var id : systems.keySet()) {
                tx.records().list(id, "contact", null, 500).items().forEach(record -> {
                    var text = new StringBuilder(record.state() + " v" + record.version() + " " + record.sourceAt());
                    for (var field : record.states().containsKey(Bosses.FIELD) ? NOTED : EDITED) {
                        text.append(' ')
                                .append(field)
                                .append('=')
                                .append(record.attributes().get(field))
                                .append(' ')
                                .append(record.states().get(field));
                    }
                    now.put(record.key().toString(), text.toString());
                });
                tx.outbox()
                        .list(id, null, null, 500)
                        .items()
                        .forEach(change ->
                                now.put(change.key(), change.state() + " " + change.intent() + " " + change.problem()));
            }
            return null;
        });
        now.forEach((key, text) -> {
            if (!text.equals(known.put(key, text))) note("HUB " + key + " " + text);
        });
    }

    String trace() {
        return trace == null ? "" : trace.toString();
    }

    void violate(String kind, String what) {
        violations.add(kind + ": " + what);
        note("VIOLATION " + kind + ": " + what);
    }

    /** Lives the history to its end, heals everything, waits for rest, and checks. */
    void live() {
        hub.start();
        var begin = time.instant();
        for (var step : steps) {
            time.after(step.at(), () -> take(step, new SplittableRandom(step.dice())));
        }
        var end =
                steps.isEmpty() ? begin : begin.plus(steps.get(steps.size() - 1).at());
        run(end.plusSeconds(60));
        weather.clearUp();
        hub.killAt(0);
        run(time.instant().plus(Duration.ofMinutes(2)).plus(longestIndex()));
        if (!hub.up()) start();
        for (int round = 0; ; round++) {
            run(time.instant().plus(Duration.ofMinutes(3)));
            if (!atRest() || !deletions.atRest() || !automations.atRest() || !rivals.atRest()) {
                if (round > 40) {
                    violate("NO_REST", busy() + deletions.busy());
                    break;
                }
                continue;
            }
            boolean answered = deletions.answer(new SplittableRandom(round));
            if (!askPeople() && !answered) break;
        }
        int before = effects.size();
        hub.pollEvery(Duration.ofMinutes(5));
        run(time.instant().plus(Duration.ofMinutes(40)));
        if (effects.size() > before) violate("NOT_QUIET", (effects.size() - before) + " writes while at rest");
        new Invariants(this).check();
        for (var event : store.read(SaidPolicies::missing)) violate("POLICIES_UNSAID", event);
        bosses.check();
        deletions.check();
    }

    /** How long after it happened a change may not be seen by anybody who looks for it. */
    Duration longestIndex() {
        return systems.values().stream()
                .map(system -> system.nature().vices().index())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    void run(Instant until) {
        while (true) {
            try {
                time.passTo(until);
                return;
            } catch (Crash crash) {
                if (crash.late) continue;
                kills++;
                note("KILLED");
                stop(Duration.ofSeconds(20));
            }
        }
    }

    /** Ends the hub for a time. */
    void stop(Duration length) {
        hub.stop();
        barrier.stops();
        time.after(length, () -> {
            if (!hub.up()) start();
        });
    }

    private void start() {
        barrier.starts();
        quotas.starts();
        hub.start();
    }

    boolean atRest() {
        return store.read(tx -> tx.records().pending(1).isEmpty()
                && systems.keySet().stream()
                        .allMatch(s -> tx.outbox().nextDue(s).isEmpty()));
    }

    private String busy() {
        return store.read(tx -> "pending " + tx.records().pending(9) + ", outbox "
                + systems.keySet().stream()
                        .flatMap(s -> tx.outbox().list(s, null, null, 100).items().stream())
                        .filter(change -> change.attentionAt() != null)
                        .map(change ->
                                change.key() + " " + change.state() + " " + change.attempts() + " " + change.problem())
                        .toList());
    }

    /** A person looks at what is parked or held and says to try again, once each; returns whether there was something new. */
    final Map<String, Integer> retries = new HashMap<>();

    private static final int MOST_RETRIES = 3;

    /** Whether people have said often enough to try a change again. */
    boolean hasGivenUp(String change) {
        return retries.getOrDefault(change, 0) > MOST_RETRIES;
    }

    private boolean askPeople() {
        var parked = store.read(tx -> systems.keySet().stream()
                .flatMap(s -> tx.outbox().list(s, OutboundState.PARKED, null, 100).items().stream())
                .toList());
        boolean asked = false;
        for (var change : parked) {
            if (retries.merge(change.key(), 1, Integer::sum) > MOST_RETRIES) continue; // they give up
            note("RETRY " + change.key() + " " + change.problem());
            hub.dispatcher().retry(change.key());
            askedAPerson++;
            asked = true;
        }
        return asked;
    }

    private void take(Scenario.Step step, SplittableRandom random) {
        var names = List.copyOf(systems.keySet());
        var system = systems.get(names.get(random.nextInt(names.size())));
        switch (step.kind()) {
            case CREATE -> create(system, random);
            case EDIT -> edit(system, random);
            case DELETE -> {
                var id = any(system, random);
                if (id == null) return;
                note("PERSON deletes " + system.id() + " " + id);
                system.delete(id);
                binned.computeIfAbsent(system.id(), s -> new ArrayList<>()).add(id);
            }
            case BRING_BACK -> bringBack(system, random);
            case ANSWER -> deletions.answer(random);
            case RESTORE -> deletions.restore(random);
            case MERGE -> mergers.merge(random);
            case UNMERGE -> mergers.unmerge(random);
            case MERGE_INSIDE -> mergers.mergeInside(system, random);
            case POINT -> bosses.point(system, random);
            case CLEAR -> clears.clear(system, random);
            case GIVE -> gifts.give(random);
            case TAKE_BACK -> gifts.takeBack(random);
            case ADD_OPTIONS -> picklists.complete(system);
            case PUBLISH -> publications.publish(random);
            case MOVE_IN -> housemates.moveIn(step.dice());
            case KILL -> hub.killAt(1 + random.nextInt(25));
            case OUTAGE -> {
                var length =
                        random.nextInt(10) == 0 ? Duration.ofHours(36) : Duration.ofSeconds(60 + random.nextInt(1800));
                note("OUTAGE " + system.id() + " " + length);
                weather.outage(system.id(), length);
                barrier.outage(system.id());
            }
            case STOP -> {
                var length =
                        random.nextInt(5) == 0 ? Duration.ofHours(36) : Duration.ofSeconds(60 + random.nextInt(1800));
                note("STOP " + length);
                stop(length);
            }
        }
    }

    private void create(SimulatedSystem system, SplittableRandom random) {
        int person = random.nextInt(8);
        var email = FIRST.get(person).toLowerCase(Locale.ROOT) + "."
                + LAST.get(person).toLowerCase(Locale.ROOT) + "@example.com";
        if (system.rows().values().stream().anyMatch(row -> email.equals(row.value("email")))) {
            edit(system, random);
            return;
        }
        var values = new HashMap<>(Map.of(
                "firstName",
                FIRST.get(person),
                "lastName",
                LAST.get(person),
                "email",
                email,
                "birthDate",
                "19" + (60 + person * 3) + "-0" + (1 + person) + "-1" + person));
        for (var field : EDITED) if (random.nextBoolean()) values.put(field, newValue(field));
        var id = system.create(values);
        note("PERSON creates " + system.id() + " " + id + " " + values);
        if (id == null) return;
        remember(system, id, values.keySet());
        createdByPeople.add(system.id() + " " + id);
    }

    private void edit(SimulatedSystem system, SplittableRandom random) {
        var id = any(system, random);
        if (id == null) return;
        var values = new HashMap<String, String>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            var field = EDITED.get(random.nextInt(EDITED.size()));
            values.put(field, newValue(field));
        }
        edits++;
        note("PERSON edits " + system.id() + " " + id + " " + values);
        system.edit(id, values);
        remember(system, id, values.keySet());
    }

    /** What people deleted, by system. */
    private final Map<String, List<String>> binned = new HashMap<>();

    /** When people last brought records back, by system and id; the hub may have created others in their place. */
    final Map<String, Instant> broughtBack = new HashMap<>();

    boolean broughtBackSince(RecordKey key, Instant then) {
        var back = broughtBack.get(key.system() + " " + key.externalId());
        return back != null && back.isAfter(then);
    }

    /** Records that the hub had undeleted, by system and id; what was last edited before that may be told only now. */
    final Set<String> undeleted = new HashSet<>();

    boolean deletedByPeople(RecordKey key) {
        return binned.getOrDefault(key.system(), List.of()).contains(key.externalId());
    }

    private void bringBack(SimulatedSystem system, SplittableRandom random) {
        var ids = binned.getOrDefault(system.id(), List.of());
        if (ids.isEmpty()) return;
        var id = ids.get(random.nextInt(ids.size()));
        var key = new RecordKey(system.id(), "contact", id);
        boolean seen = !store.read(tx -> tx.records().find(List.of(key))).isEmpty();
        if (!seen) return; // made by a create that was never answered, and never seen: taken for a person's record
        note("PERSON brings back " + system.id() + " " + id);
        system.restore(id);
        broughtBack.put(system.id() + " " + id, time.instant());
    }

    private int values;

    String newValue(String field) {
        return field.charAt(0) + "" + ++values + "-" + "AbCdEfGhIj".substring(values % 5);
    }

    void remember(SimulatedSystem system, String id, Set<String> fields) {
        for (var field : fields) {
            var value = system.rows().get(id).value(field);
            if (value != null) {
                entered.computeIfAbsent(field, f -> new HashSet<>()).add(value);
                entered.get(field).add(value.strip());
            }
        }
    }

    static String any(SimulatedSystem system, SplittableRandom random) {
        var ids = List.copyOf(system.rows().keySet());
        return ids.isEmpty() ? null : ids.get(random.nextInt(ids.size()));
    }

    List<GoldenRecord> goldens() {
        return store.read(tx -> {
            var all = new ArrayList<GoldenRecord>();
            String cursor = null;
            do {
                var page = tx.goldens().list(Goldens.Filter.all(), cursor, 100);
                all.addAll(page.items());
                cursor = page.next();
            } while (cursor != null);
            return all;
        });
    }

    /** Records that people created, by system and id. */
    final Set<String> createdByPeople = new HashSet<>();

    /** Golden records that the hub's creates were for, by system and id of the record they made. */
    final Map<String, String> madeFor = new HashMap<>();

    /** Records, by system and id, that the hub made for golden records of which the system had had others. */
    final Set<String> madeInPlace = new HashSet<>();

    /** Creates of the hub, by system and id of the record they made. */
    final Map<String, String> madeBy = new HashMap<>();

    /** The change with an intent; null if it has another one by now. */
    OutboundChange changeOf(String system, String intent) {
        return store.read(tx -> tx.outbox().list(system, null, null, 500).items().stream()
                .filter(change ->
                        change.intent() != null && change.intent().id().equals(intent))
                .findFirst()
                .orElse(null));
    }

    /** A write that a system has refused, and how often it had been read by then. */
    private record Refused(String record, Map<String, Object> expected, String version, int reads) {}

    private final Map<String, Refused> refused = new HashMap<>();

    /** A write of the hub is refused because its record is not what the hub believes: it looks before it tries again. */
    private void blind(String system, WriteOp op) {
        var now = op instanceof WriteOp.Update update
                ? new Refused(update.id(), update.expected(), update.expectedVersion(), weather.reads(system))
                : op instanceof WriteOp.Delete delete
                        ? new Refused(delete.id(), delete.expected(), delete.expectedVersion(), weather.reads(system))
                        : null;
        if (now != null && now.equals(refused.put(system + " " + now.record(), now))) {
            violate("BLIND_RETRY", op + " in " + system + " was refused before, and nobody has looked since");
        }
    }

    /** A write of the hub takes effect: it must not destroy what the hub has not seen. */
    private void witness(SimulatedSystem.Effect effect) {
        long begin = System.nanoTime();
        watch(effect);
        watched += System.nanoTime() - begin;
    }

    private void watch(SimulatedSystem.Effect effect) {
        effects.add(effect);
        if (effect.before() == null) {
            var change = changeOf(effect.system(), effect.op().opId());
            var golden = change == null ? "given up" : change.goldenId();
            madeFor.put(effect.system() + " " + effect.after().id(), golden);
            madeBy.put(effect.system() + " " + effect.after().id(), effect.op().opId());
            var members = store.read(tx -> tx.goldens().members(List.of(golden)).getOrDefault(golden, List.of()));
            boolean replaces = new Invariants(this)
                    .replaced(systems.get(effect.system()), members.stream().map(member -> member.record()
                            .key()));
            if (replaces) madeInPlace.add(effect.system() + " " + effect.after().id());
            if (change != null && merges == 0) {
                new EffectInvariants(this)
                        .ofCreate(effect, golden, change.intent().sentAt());
            }
            if (change != null && effect.op() instanceof WriteOp.Create) {
                new EffectInvariants(this)
                        .ofNew(effect.system(), golden, change.intent().sentAt());
            }
        }
        if (effect.before() == null && !(effect.op() instanceof WriteOp.Create)) {
            undeleted.add(effect.system() + " " + effect.after().id());
        }
        if (effects.size() > 5000) throw new IllegalStateException("it writes for ever");
        if (trace != null) {
            note("EFFECT " + effect.system() + " " + effect.op() + " at "
                    + (effect.before() == null ? null : effect.before().version()));
        }
        new EffectInvariants(this).ofEffect(effect);
        bosses.ofEffect(effect);
        housemates.ofEffect(effect);
        automations.ofEffect(effect);
        barrier.effect(effect);
    }
}
