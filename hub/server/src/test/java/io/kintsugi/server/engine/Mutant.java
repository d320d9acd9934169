package io.kintsugi.server.engine;

import java.util.List;

/**
 * A fault put into the engine on purpose: one place of one source file reads differently. The simulation must show it.
 *
 * @param file under the sources of core or server
 * @param find occurs there exactly once
 * @param first seed from which it is looked for: some things happen in later histories only
 */
record Mutant(String name, String file, String find, String replace, long first) {
    /** One that any history may show. */
    Mutant(String name, String file, String find, String replace) {
        this(name, file, find, replace, 100_000);
    }

    private static final String SYNC = "io/kintsugi/core/sync/";
    private static final String ENGINE = "io/kintsugi/server/engine/";
    private static final String PLANNER = "io/kintsugi/core/lifecycle/ResolutionPlanner.java";

    private static final String GATE = "io/kintsugi/server/connector/Gate.java";
    private static final String TAKING = ENGINE + "inbound/Taking.java";
    private static final String DELETES = "io/kintsugi/core/lifecycle/DeletePlan.java";
    private static final String CHOSEN = "io/kintsugi/core/lifecycle/Chosen.java";

    static final List<Mutant> ALL = List.of(
            new Mutant(
                    "an own write that comes back counts as a person's",
                    SYNC + "Absorb.java",
                    "if (mine) {",
                    "if (mine && attribute.isEmpty()) {"),
            new Mutant(
                    "old states that a feed tells are believed",
                    ENGINE + "inbound/Inbound.java",
                    "if (doubtful.isEmpty()) return;",
                    "if (!doubtful.isEmpty() || doubtful.isEmpty()) return;"),
            new Mutant(
                    "the loser of a merge is taken for deleted",
                    ENGINE + "inbound/Inbound.java",
                    "reading.merge(recordId(id), merged.survivor(), null);",
                    "reading.delete(recordId(id), null);"),
            new Mutant(
                    "a delete that a system tells is believed where it may be half of a merge",
                    ENGINE + "inbound/Inbound.java",
                    "if (mergesQuietly() || undoes()) reread.add(change.id().id());",
                    ""),
            new Mutant(
                    "what a merge moved counts as entered where it is now",
                    ENGINE + "inbound/TakenMerges.java",
                    "return merged == null ? record : merged.inherit(prior, record, read, at);",
                    "return record;"),
            new Mutant(
                    "an update names no version",
                    ENGINE + "outbound/Requests.java",
                    "expected,\n                sendable.target().version());",
                    "Map.of(),\n                null);"),
            new Mutant(
                    "nobody looks before a write that the system does not compare",
                    ENGINE + "outbound/LastLook.java",
                    "if (blind.isEmpty()) return look;",
                    "if (!blind.isEmpty() || blind.isEmpty()) return look;"),
            new Mutant(
                    "a record is merged into another that may be gone",
                    ENGINE + "outbound/LastLook.java",
                    "return into == null ? null : into.externalId();",
                    "return null;"),
            new Mutant(
                    "creates with the same key go together",
                    ENGINE + "outbound/Dispatch.java",
                    "creates.sends(next);",
                    ""),
            new Mutant(
                    "creates whose outcome is not known are forgotten",
                    ENGINE + "outbound/OpenCreates.java",
                    "tx.outbox().openCreates(system).forEach(change -> open.hold(change, false));",
                    ""),
            new Mutant(
                    "nobody looks before a create",
                    ENGINE + "outbound/FirstLook.java",
                    "if (creates.isEmpty()) return found;",
                    "if (!creates.isEmpty() || creates.isEmpty()) return found;"),
            new Mutant(
                    "an unknown outcome counts as a failure",
                    ENGINE + "outbound/Reply.java",
                    "return new Outcome.Unknown(ambiguous.why(), now.plus(Duration.ofSeconds(2)), false);",
                    "return new Outcome.Again(ambiguous.why(), false);"),
            new Mutant(
                    "an unknown outcome counts as done",
                    ENGINE + "outbound/Reply.java",
                    "return new Outcome.Unknown(ambiguous.why(), now.plus(Duration.ofSeconds(2)), false);",
                    "return new Outcome.Done(\"lost\", null, false);"),
            new Mutant(
                    "a confirmed write that was not read is taken to be as sent",
                    ENGINE + "outbound/Reply.java",
                    "if (held == null) return new Outcome.Unread(applied.id(), applied.version(), now.plus(ASK_AFTER));",
                    ""),
            new Mutant(
                    "a write that has not arrived is given up at once",
                    ENGINE + "outbound/Verification.java",
                    "return change.intent().sentAt().plus(given);",
                    "return change.intent().sentAt();"),
            new Mutant(
                    "a late write is waited for from when it was decided, not from when it may have been sent",
                    ENGINE + "outbound/Verification.java",
                    "return change.intent().sentAt().plus(given);",
                    "return change.intent().sentAt().plus(Dispatcher.DEADLINE);"),
            new Mutant(
                    "an answer tells what is when it arrives, not when it was asked for",
                    ENGINE + "outbound/UnknownOutcomes.java",
                    "answers.get(target(sent)), asked)",
                    "answers.get(target(sent)), clock.instant())"),
            new Mutant(
                    "a system that rewrites is written to until it holds what was sent",
                    SYNC + "Outbound.java",
                    "if (state != null && (state.hold() != null || agrees(state, kind, value))) continue;",
                    "if (state != null && state.hold() != null) continue;"),
            new Mutant(
                    "whatever is read after a write is its image",
                    SYNC + "Confirmation.java",
                    "boolean image = Equivalence.same(kind, sent, held)\n",
                    "boolean image = !proven || proven\n"),
            new Mutant(
                    "what was read and not resolved is written over",
                    ENGINE + "outbound/Dispatch.java",
                    "boolean calm = tx.records().pending(1).isEmpty();\n        var targets",
                    "boolean calm = true;\n        var targets"),
            new Mutant(
                    "a created record is not tied to its golden",
                    ENGINE + "resolution/Adoption.java",
                    ".filter(member -> !member.key().equals(record.key()))",
                    ".filter(member -> member.key().equals(record.key()) && false)"),
            new Mutant(
                    "a created record is tied to live members only",
                    ENGINE + "resolution/Adoption.java",
                    ".filter(member -> !member.key().equals(record.key()))",
                    ".filter(member -> member.state() == RecordState.LIVE && !member.key().equals(record.key()))"),
            new Mutant(
                    "a golden whose last record is gone does not go on in what was created for it",
                    "io/kintsugi/core/lifecycle/Seats.java",
                    "seats.putIfAbsent(anchor, seat);",
                    ""),
            new Mutant(
                    "a record that is gone before it had a golden is nobody's",
                    PLANNER,
                    "if (anchor == null || goldenOf.containsKey(record.key()) || before(record.key()) != null) continue;",
                    "if (anchor == null || anchor != null) continue;"),
            new Mutant(
                    "a system's image of a value takes its place",
                    CHOSEN,
                    "last ? prior.value() : choice.value()",
                    "choice.value()"),
            new Mutant(
                    "versions of values are counted in each golden by itself",
                    CHOSEN,
                    "same ? prior.version() : nextVersion.getAsLong(),",
                    "same ? prior.version() : prior == null ? 1 : prior.version() + 1,"),
            new Mutant(
                    "copies that the hub wrote are evidence",
                    "io/kintsugi/core/survivorship/Ranking.java",
                    "if (one.copied() != other.copied()) return one.copied() ? 1 : -1;",
                    ""),
            new Mutant(
                    "a record is created where there is one",
                    ENGINE + "outbound/Deciding.java",
                    "member -> !(returns || missed) || !member.state().gone())",
                    "member -> members.isEmpty() && missed)"),
            new Mutant(
                    "a delete does not wait for its grace",
                    DELETES,
                    "return due.isAfter(now) ? due : now;",
                    "return now;"),
            new Mutant(
                    "deletes have no brake",
                    ENGINE + "deletion/Deleting.java",
                    "if (deletes <= brake.count() || deletes <= brake.limit(live(system, type))) return;",
                    "if (deletes >= 0) return;"),
            new Mutant(
                    "a delete names no version",
                    ENGINE + "outbound/Requests.java",
                    "sendable.change().intent().id(), id, expected, sendable.target().version());",
                    "sendable.change().intent().id(), id, Map.of(), null);"),
            new Mutant(
                    "what the hub did not create is deleted like what it did",
                    DELETES,
                    "return record.provisioned() && record.states().values().stream().noneMatch(AttributeState::undecided);",
                    "return record.key() != null;"),
            new Mutant(
                    "an edit elsewhere keeps nothing from being deleted",
                    DELETES,
                    "&& policy.rule(deletion.from(), step.system()).conflict() == Conflict.EDIT_WINS;",
                    "&& step.why() != null;"),
            new Mutant(
                    "a severed record joins again when it is changed",
                    SYNC + "Absorb.java",
                    "foreign && prior.state() == RecordState.DISCONNECTED",
                    "foreign && prior.state() != RecordState.UNKEYED"),
            new Mutant(
                    "a record that came back is needed nowhere else",
                    DELETES,
                    "return facts.back() ? restored(step, now) : step.to(StepState.DONE, step.why(), now);",
                    "return step.to(StepState.DONE, step.why(), now);"),
            new Mutant(
                    "deletes are not taken in",
                    TAKING,
                    "if (prior == null || prior.state().gone()) {",
                    "if (prior == null || prior != null) {"),
            new Mutant(
                    "adopting a record forgets what happened to it since",
                    SYNC + "Outbound.java",
                    "if (known == null) return created;",
                    "if (known == null || known != null) return created;"),
            new Mutant(
                    "a record that a create without a key made is a stranger",
                    TAKING,
                    "keyless = model.get().keyless(batch.system(), batch.stream());",
                    "keyless = false;"),
            new Mutant(
                    "the position moves before what was read up to it is stored",
                    ENGINE + "inbound/Inbound.java",
                    "var batch = reading.batch(after.toJson());",
                    "store.write(tx -> {\n            tx.journal().saveCheckpoint(system, mapping.stream(), after.toJson(), clock.instant());\n"
                            + "            return null;\n        });\n        var batch = reading.batch(after.toJson());"),
            new Mutant(
                    "the time of an attribute is that of its record",
                    SYNC + "Absorb.java",
                    "if (Objects.equals(stamp, prior.sourceAt())) return;",
                    "if (stamp == null || stamp != null) return;"),
            new Mutant(
                    "own writes have no open intent",
                    ENGINE + "inbound/OpenWrites.java",
                    "case UPDATE -> writes.updates.put(change.target(), change.intent());",
                    "case UPDATE -> {}"),
            new Mutant(
                    "a conflict is tried again without reading",
                    ENGINE + "outbound/Reply.java",
                    "case VERSION_CONFLICT, NOT_FOUND, DELETED, MERGED_AWAY -> new Outcome.Again(problem, true);",
                    "case VERSION_CONFLICT, NOT_FOUND, DELETED, MERGED_AWAY -> new Outcome.Again(problem, false);"),
            new Mutant(
                    "what is read after an outage is written before everybody was read",
                    ENGINE + "recovery/RecoveryState.java",
                    "return phase != Phase.WRITING && members.containsKey(system);",
                    "return false;"),
            new Mutant(
                    "a lease that expires means that nothing was sent",
                    ENGINE + "outbound/Dispatch.java",
                    "if (change.open()) { // a lease that expires is Ambiguous, never \"not sent\"",
                    "if (change.state() == OutboundState.VERIFYING) {"),
            new Mutant(
                    "a reference is written as the id of its golden",
                    ENGINE + "outbound/OutboundReferences.java",
                    "writes.put(reference.name(), new Outbound.Write(record.externalId(), write.version()));",
                    "writes.put(reference.name(), write);"),
            new Mutant(
                    "a reference to a record that is not known yet is written over",
                    "io/kintsugi/core/model/Referents.java",
                    "known.hold() == null ? known.withHold(AttributeState.UNRESOLVED) : known",
                    "known"),
            new Mutant(
                    "children do not follow their parents",
                    ENGINE + "shared/ReferenceBook.java",
                    "if (!moved.isEmpty()) tx.records().markPending(tx.references().to(moved));",
                    ""),
            new Mutant(
                    "what a record names is not noted",
                    ENGINE + "shared/ReferenceBook.java",
                    "if (!named.isEmpty()) tx.references().save(named);",
                    ""),
            new Mutant(
                    "what goes into another record loses its say",
                    "io/kintsugi/core/model/RecordState.java",
                    "return this == LIVE || this == FOLDED || this == RETURNING;",
                    "return this == LIVE || this == RETURNING;"),
            new Mutant(
                    "a merge of the hub is taken for a deletion",
                    TAKING,
                    "if (folding.containsKey(key)) {",
                    "if (folding.containsKey(key) && key == null) {"),
            new Mutant(
                    "a merge holds the lane of one record only",
                    ENGINE + "shared/Folding.java",
                    "return joining.contains(record);",
                    "return false;"),
            new Mutant(
                    "a record goes into one that is not in step",
                    ENGINE + "shared/Folding.java",
                    "if (!inStep.test(into)) return",
                    "if (!inStep.test(into) && into == null) return"),
            new Mutant(
                    "what went into a deleted record stays",
                    TAKING,
                    "if (prior == null || prior.state() != RecordState.FOLDED) continue;",
                    "if (prior == null || prior.state() != RecordState.UNKEYED) continue;"),
            new Mutant(
                    "what returns is created without what it had said",
                    ENGINE + "resolution/Adoption.java",
                    "return before.isEmpty() ? record : Reborn.inPlaceOf(record, before, types, leads);",
                    "return record;"),
            new Mutant(
                    "what can be brought back is created anew",
                    ENGINE + "outbound/Deciding.java",
                    "if (!NativeUndelete.offered(description)) back = Optional.empty();",
                    "back = Optional.empty();"),
            new Mutant(
                    "an undelete of unknown outcome is taken as failed",
                    ENGINE + "outbound/NativeUndelete.java",
                    "return new Outcome.Unknown(ambiguous.why(), later, false);",
                    "return new Outcome.Lost(ambiguous.why());"),
            new Mutant(
                    "an undelete that has not arrived yet is taken as refused",
                    ENGINE + "outbound/Verification.java",
                    "if (answer instanceof Lookup.Found) return new Outcome.Restored();",
                    "if (answer instanceof Lookup.Found) return new Outcome.Restored();\n"
                            + "        if (answer != null) return new Outcome.Lost(\"it did not arrive\");"),
            new Mutant(
                    "a system that cannot bring a record back is asked for ever",
                    ENGINE + "outbound/NativeUndelete.java",
                    "return last != null && last.kind() == Intent.Kind.CREATE ? last.into() : null;",
                    "return null;"),
            new Mutant(
                    "of several records one is merged, and all count as merged",
                    ENGINE + "outbound/NativeMerge.java",
                    "var result = merger.merge(new MergeCommand(first.intent().id(), winner, losers, Map.of(), Set.of()));",
                    "var result = merger.merge(new MergeCommand(first.intent().id(), winner, losers.subList(0, 1), Map.of(), Set.of()));\n"
                            + "        if (result instanceof MergeResult.Done done) return each(batch, new Outcome.Folded());"),
            new Mutant(
                    "more records go into one than its system takes at once",
                    ENGINE + "shared/Folding.java",
                    "&& others < description.can().merge().maxLosersPerCall();",
                    "&& description != null;"),
            new Mutant(
                    "what was read together with an own write is not looked at",
                    SYNC + "Absorb.java",
                    "if (foreign) return new Result(Disposition.STORED, record);",
                    "if (foreign && own) return new Result(Disposition.UNCHANGED, prior);\n"
                            + "            if (foreign) return new Result(Disposition.STORED, record);"),
            new Mutant(
                    "what systems change back and forth is never left alone",
                    ENGINE + "resolution/LoopBreaker.java",
                    "if (changed.containsKey(id)) loops.addAll(backAndForth(golden, changed.get(id)));",
                    "",
                    Scenario.WIDER),
            new Mutant(
                    "what a system sets again each time is written over for ever",
                    ENGINE + "resolution/LoopBreaker.java",
                    "var loops = pushedBack(golden, members, dirty);",
                    "var loops = new ArrayList<Loop>();",
                    Scenario.WIDER),
            // shows where people merged away what it was to go into: where it went itself is read before that is stored
            new Mutant(
                    "a merge that is refused because people were faster counts as the hub's",
                    ENGINE + "outbound/NativeMerge.java",
                    "var refused = Reply.refused(rejected.error());",
                    "var faster = rejected.error().code() == io.kintsugi.connector.spi.RecordError.Code.MERGED_AWAY;\n"
                            + "            var refused = faster ? new Outcome.Folded() : Reply.refused(rejected.error());",
                    Scenario.WIDEST),
            new Mutant(
                    "a write that was refused once compares nothing",
                    ENGINE + "outbound/Requests.java",
                    "expected,\n                sendable.target().version());",
                    "change.attempts() > 0 ? Map.of() : expected,\n"
                            + "                change.attempts() > 0 ? null : sendable.target().version());"),
            new Mutant(
                    "hints are looked up after the position has moved",
                    ENGINE + "inbound/Inbound.java",
                    "reread(query, reread, reading);\n        boolean moved = !batch.next().equals(at.changes());",
                    "boolean moved = !batch.next().equals(at.changes());\n"
                            + "        if (moved) store(reading, new Position(batch.next(), null, true));\n"
                            + "        reread(query, reread, reading);"),
            new Mutant(
                    "a create of unknown outcome is forgotten with its golden",
                    ENGINE + "outbound/Dispatch.java",
                    "if (change.open()) { // a lease that expires is Ambiguous, never \"not sent\"",
                    "boolean over = change.target() == null\n"
                            + "                    && tx.goldens().members(List.of(change.goldenId()))\n"
                            + "                            .getOrDefault(change.goldenId(), List.of()).isEmpty();\n"
                            + "            if (change.open() && !over) {"),
            new Mutant(
                    "what is read is not held against what is being created",
                    TAKING,
                    "own = LostCreates.locked(tx, writes.creates());",
                    "own = new HashMap<>();"),
            new Mutant(
                    "what a merged record went into is not looked up",
                    ENGINE + "inbound/Inbound.java",
                    "survivors.add(merged.survivor().id());",
                    "{}",
                    Scenario.WIDEST),
            new Mutant(
                    "an empty value takes the place of what others say",
                    "io/kintsugi/core/survivorship/Survival.java",
                    "case IGNORE_NULL -> false;",
                    "case IGNORE_NULL -> true;",
                    Scenario.WIDE),
            new Mutant(
                    "what a system does not show yet has not arrived",
                    ENGINE + "outbound/Verification.java",
                    "Dispatch.LEASE.plus(Dispatcher.DEADLINE).plus(lag);",
                    "Dispatch.LEASE.plus(Dispatcher.DEADLINE);",
                    Scenario.WIDEST),
            new Mutant(
                    "a system that asks for a pause is called all the same",
                    GATE,
                    "if (now.isBefore(closedUntil)) return Duration.between(now, closedUntil);",
                    "",
                    Scenario.WIDEST),
            new Mutant(
                    "what was spent of a quota is forgotten too early",
                    GATE,
                    ".plus(quota.window()).isAfter(now)",
                    ".plus(quota.window().dividedBy(2)).isAfter(now)",
                    Scenario.WIDEST),
            new Mutant(
                    "a value that was refused is sent again and again",
                    ENGINE + "outbound/Deciding.java",
                    "writes.keySet().removeAll(heldBack.keySet());",
                    "",
                    Scenario.WIDEST),
            new Mutant(
                    "a value that is refused holds up the others of its record",
                    ENGINE + "outbound/Reply.java",
                    "return refused.isEmpty() ? outcome : new Outcome.HeldBack(refused);",
                    "return outcome;",
                    Scenario.WIDEST));

    /** Faults that no history shows, because a second defence stands behind each, which is named above it. */
    static final List<Mutant> HIDDEN = List.of(
            // what may be old news is read again before it is believed
            new Mutant(
                    "old news brings a merged record back",
                    SYNC + "Absorb.java",
                    "if (prior != null && prior.state().gone()) return true;",
                    ""),
            // each write is followed by a resolution, which marks anew what is not in step
            new Mutant(
                    "a mark that comes while a write is open is forgotten",
                    ENGINE + "outbound/Settlement.java",
                    ": change.dirty() ? OutboundState.DUE : OutboundState.SETTLED;",
                    ": OutboundState.SETTLED;"),
            // one worker reads and writes a system, never both at once
            new Mutant(
                    "what happened while a write was under way is not read again",
                    ENGINE + "outbound/Settlement.java",
                    "boolean touched = !create && !Objects.equals(held.get(change.target()), finding.target());",
                    "boolean touched = create && false;"),
            // what has not returned is asked for again
            new Mutant(
                    "an undelete of unknown outcome is taken as done",
                    ENGINE + "outbound/NativeUndelete.java",
                    "return new Outcome.Unknown(ambiguous.why(), later, false);",
                    "return new Outcome.Restored();"),
            // what is to be sent is looked at once more right before
            new Mutant(
                    "what a system deleted is created there again",
                    ENGINE + "shared/OutboxMarks.java",
                    "(returns || !once && stream.provision())",
                    "(returns || stream.provision())"));
}
