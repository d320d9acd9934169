package io.kintsugi.server.engine;

import java.util.List;

/**
 * A promise of the product, a fault that breaks it, and a test that shows the fault. {@link Promises} tries them all.
 *
 * @param id of the promise
 * @param test class that must fail, below {@code io.kintsugi}
 */
record Promise(String id, String test, Mutant fault) {
    private static final String CORE = "io/kintsugi/core/";
    private static final String SERVER = "io/kintsugi/server/";
    private static final String ENGINE = SERVER + "engine/";

    private static Promise of(String id, String test, String fault, String file, String find, String replace) {
        return new Promise(id, "io.kintsugi." + test, new Mutant(id + ": " + fault, file + ".java", find, replace));
    }

    static final List<Promise> ALL = List.of(
            of(
                    "DA-1",
                    "core.survivorship.StrategiesTest",
                    "a group takes a part that its record leaves empty from another",
                    CORE + "survivorship/Survival",
                    "if (grouped && first != null && !first.record().equals(unit.record())) first = null;",
                    ""),
            of(
                    "DA-2",
                    "core.survivorship.StrategiesTest",
                    "on every second day the newest value is not the newest",
                    CORE + "survivorship/Ranking",
                    "case LATEST -> byTime(other, one);",
                    "case LATEST -> now.getEpochSecond() / 86_400 % 2 == 0 ? byTime(other, one) : byRank(one, other);"),
            of(
                    "DA-3",
                    "server.engine.AuthorityTest",
                    "a change that is to be asked about is written over",
                    ENGINE + "resolution/ForeignChanges",
                    "boolean holds = reaction == OnForeignWrite.PROPOSE",
                    "boolean holds = false"),
            of(
                    "DA-4",
                    "core.lifecycle.ResolutionPlannerTest",
                    "a value does not name its record",
                    CORE + "survivorship/Survival",
                    "return new Choice(shown(attribute, value), first, candidates, rule, decidedBy, null, reasons);",
                    "return new Choice(shown(attribute, value), null, candidates, rule, decidedBy, null, reasons);"),
            of(
                    "DA-5",
                    "core.survivorship.StrategiesTest",
                    "an empty value of the trusted system is never the value",
                    CORE + "survivorship/Survival",
                    "if (!value.isEmpty()) return value;",
                    "if (!value.isEmpty() || value.isEmpty()) return value.isEmpty() ? null : value;"),
            of(
                    "DA-6",
                    "core.survivorship.StewardValuesTest",
                    "a steward's value does not end at its date",
                    CORE + "survivorship/Stewards",
                    "case UNTIL_DATE -> !now.isBefore(value.until());",
                    "case UNTIL_DATE -> false;"),
            of(
                    "DA-7",
                    "server.engine.AuthorityPreviewTest",
                    "a preview forgets updates",
                    ENGINE + "stewardship/PlannedWrites",
                    "if (!plan.isEmpty()) writes.add(planned(system.id(), member.key(), plan));",
                    ""),
            of(
                    "DA-8",
                    "server.engine.AuthorityTest",
                    "nobody looks when trust will have decayed",
                    CORE + "policy/Trust",
                    "return lost == max - min ? null : loses(changedAt, lost + 1);",
                    "return null;"),
            of(
                    "DA-9",
                    "server.engine.AuthorityTest",
                    "what is to be written only where nothing is, is written always",
                    ENGINE + "shared/OutboxMarks",
                    "case IF_BLANK -> target == null || target.value(attribute) == null;",
                    "case IF_BLANK -> true;"),
            of(
                    "DEL-1",
                    "server.engine.DeletionTest",
                    "a cell of the matrix is read the wrong way round",
                    CORE + "lifecycle/DeletePlan",
                    "var rule = policy.rule(seen.from(), target.system());",
                    "var rule = policy.rule(target.system(), seen.from());"),
            of(
                    "DEL-2",
                    "server.engine.InboundFlowTest",
                    "however many records a reading lacks, they are taken for deleted",
                    ENGINE + "inbound/Inbound",
                    "if (doubt != null) {",
                    "if (doubt != null && live < 0) {"),
            of(
                    "DEL-3",
                    "server.engine.DeletionTest",
                    "the brake lets one more through",
                    ENGINE + "deletion/Deleting",
                    "if (deletes <= brake.count() ||",
                    "if (deletes <= brake.count() + 1 ||"),
            of(
                    "DEL-4",
                    "server.engine.DeletionTest",
                    "there is no grace",
                    CORE + "lifecycle/DeletePlan",
                    "var due = seenAt.plus(grace.compareTo(SETTLING) > 0 ? grace : SETTLING);",
                    "var due = seenAt;"),
            of(
                    "DEL-5",
                    "server.engine.OwnMergeTest",
                    "what stays away beside a twin counts as gone into a record of another golden",
                    ENGINE + "resolution/Folds",
                    "? into.isEmpty() || into.contains(golden.getKey())",
                    "? into.isEmpty() || !into.isEmpty()"),
            of(
                    "DEL-6",
                    "server.engine.DeletionTest",
                    "what is severed may join again",
                    ENGINE + "deletion/Deleting",
                    "var state = step.action() == Action.SEVER ? RecordState.SEVERED : RecordState.DISCONNECTED;",
                    "var state = RecordState.DISCONNECTED;"),
            of(
                    "DEL-6",
                    "server.api.DeletionApiTest",
                    "a steward who takes a severed record back gets nothing",
                    ENGINE + "deletion/DeletionAnswers",
                    "tx.records().save(List.of(record.withState(RecordState.LIVE)));",
                    ""),
            of(
                    "DEL-7",
                    "server.engine.DeletionTest",
                    "a system that cannot delete is asked to",
                    ENGINE + "outbound/Requests",
                    "if (!can.contains(Op.DELETE) && !can.contains(Op.ARCHIVE)) {",
                    "if (can == null) {"),
            of(
                    "DEL-8",
                    "server.engine.DeletionTest",
                    "what the hub did not create is deleted like what it did",
                    CORE + "lifecycle/DeletePlan",
                    "var action = created(record, facts.members()) ? rule.action() : rule.joined();",
                    "var action = rule.action();"),
            of(
                    "DEL-9",
                    "server.engine.DeletionTest",
                    "a delete goes before an edit that it had not seen",
                    CORE + "lifecycle/DeletePlan",
                    "edited && action == Action.PROPAGATE && rule.conflict() == Conflict.EDIT_WINS",
                    "!edited && edited"),
            of(
                    "DEL-10",
                    "server.engine.DeletionTest",
                    "what the hub deleted elsewhere is not brought back",
                    ENGINE + "deletion/DeletionAnswers",
                    "steps.add(restoring(step.system()));",
                    "steps.add(step);"),
            of(
                    "MRG-1",
                    "server.engine.ModesTest",
                    "rules that may only report merge",
                    CORE + "match/Matcher",
                    "case REPORT -> Decision.REPORT;",
                    "case REPORT -> Decision.MATCH;"),
            of(
                    "MRG-2",
                    "server.engine.OwnMergeTest",
                    "systems keep both records",
                    ENGINE + "shared/Folding",
                    "return busy ? new Waits(what, false) : new Goes(into.key(), way.get());",
                    "return busy ? new Waits(what, false) : new Stays();"),
            of(
                    "MRG-3",
                    "server.engine.SystemMergeTest",
                    "the loser of a merge is taken for deleted",
                    ENGINE + "inbound/Inbound",
                    "reading.merge(recordId(id), merged.survivor(), null);",
                    "reading.delete(recordId(id), null);"),
            of(
                    "MRG-4",
                    "server.engine.UnmergeTest",
                    "what a merge wrote stays after an unmerge",
                    ENGINE + "stewardship/Unmerging",
                    "if (keeps) return state;",
                    "if (keeps || !keeps) return state;"),
            of(
                    "MRG-5",
                    "core.lifecycle.MergePlanTest",
                    "what cannot be emptied is said to be given back",
                    CORE + "lifecycle/MergePlan",
                    "if (!clears) return \"what is empty now cannot be emptied again there\";",
                    ""),
            of(
                    "MRG-6",
                    "server.engine.OwnMergeTest",
                    "a system that refused is not named",
                    ENGINE + "stewardship/MergeStandings",
                    "case PARKED -> new Step(change.system(), Progress.FAILED, change.problem(), change.key());",
                    "case PARKED -> null;"),
            of(
                    "MRG-7",
                    "server.engine.StewardshipTest",
                    "an answer to an older question counts",
                    ENGINE + "stewardship/Answers",
                    "if (review.revision() != expectedRevision) {",
                    "if (review.revision() < 0) {"),
            of(
                    "MRG-8",
                    "core.lifecycle.SidesTest",
                    "records that came later stay with the survivor, whoever they belong to",
                    CORE + "lifecycle/Sides",
                    "            bind(bonds);\n",
                    ""),
            of(
                    "SYN-1",
                    "server.engine.OutageTest",
                    "nothing waits for what was missed",
                    ENGINE + "Recovery",
                    "return now != null && now.frozen(system);",
                    "return now != null && now.frozen(system) && system.isEmpty();"),
            of(
                    "SYN-3",
                    "core.sync.SyncTest",
                    "an own write that comes back counts as a person's",
                    CORE + "sync/Absorb",
                    "if (mine) {",
                    "if (mine && attribute.isEmpty()) {"),
            of(
                    "SYN-4",
                    "core.sync.OscillationTest",
                    "a loop is never one",
                    CORE + "sync/Oscillation",
                    "return same >= SAME || turns >= TURNS",
                    "return same < 0"),
            of(
                    "SYN-5",
                    "server.engine.FlowTest",
                    "an unknown outcome counts as a failure",
                    ENGINE + "outbound/Reply",
                    "return new Outcome.Unknown(ambiguous.why(), now.plus(Duration.ofSeconds(2)), false);",
                    "return new Outcome.Again(ambiguous.why(), false);"),
            of(
                    "SYN-6",
                    "server.engine.InboundFlowTest",
                    "deletes that a system forgot to tell are never found",
                    ENGINE + "inbound/Inbound",
                    "if (seen.lacks(record)) missing.add(record.key());",
                    ""),
            of(
                    "SYN-7",
                    "server.engine.FlowTest",
                    "what a system refuses is sent again every day, and nobody is told",
                    ENGINE + "outbound/Outcome",
                    "return change(change, OutboundState.PARKED, stuck.why(), now, change.attempts() + 1, now);",
                    "return change(change, OutboundState.DUE, stuck.why(), now.plus(java.time.Duration.ofDays(1)), 0, now);"),
            of(
                    "SYN-8",
                    "server.engine.recovery.CatchUpTest",
                    "what a log has forgotten is read from it",
                    ENGINE + "recovery/CatchUp",
                    "return retention != null && retention.compareTo(silence) <= 0;",
                    "return retention != null && retention.compareTo(silence) <= 0 && silence.isNegative();"),
            of(
                    "SYN-9",
                    "server.connector.GateTest",
                    "one call more than the quota goes out",
                    SERVER + "connector/Gate",
                    "if (spentUnits + cost > quota.units() && !spent.isEmpty()) {",
                    "if (spentUnits + cost > quota.units() + 1 && !spent.isEmpty()) {"),
            of(
                    "SYN-10",
                    "server.engine.AuditTest",
                    "what was not told is not found",
                    ENGINE + "audit/RowComparison",
                    "if (!what.drifted()) return;",
                    "if (!what.drifted() || what == Disposition.MISSED) return;"),
            of(
                    "SYN-11",
                    "server.engine.DryRunTest",
                    "a dry run forgets creates",
                    ENGINE + "dryrun/DryBook",
                    "if (before != null) writes.put(key, joined(before, next));",
                    "if (create) return;\n        if (before != null) writes.put(key, joined(before, next));"),
            of(
                    "SYN-12",
                    "server.engine.ReferencesTest",
                    "nobody looks at children when their parent moves",
                    ENGINE + "shared/ReferenceBook",
                    "if (!moved.isEmpty()) tx.records().markPending(tx.references().to(moved));",
                    ""),
            of(
                    "SYN-13",
                    "server.engine.RecoveryTest",
                    "a reading reaches the barrier though the system may not have told all yet",
                    ENGINE + "Recovery",
                    "boolean reached = awaited && !began.isBefore(member.barrier().plus(lag));",
                    "boolean reached = awaited;"),
            of(
                    "SCH-1",
                    "core.schema.SchemaDiffTest",
                    "a new field is no change",
                    CORE + "schema/SchemaDiff",
                    "if (before.containsKey(name) || renamed.contains(name)) return;",
                    "if (before.containsKey(name) || renamed.contains(name) || !is.required()) return;"),
            of(
                    "SCH-2",
                    "server.engine.SchemaTest",
                    "a field that is gone reads as empty",
                    CORE + "schema/Standing",
                    "if (change.breaking() && mapped.contains(change.field())) standing.suspended.add(change.field());",
                    ""),
            of(
                    "SCH-3",
                    "core.schema.SchemaDiffTest",
                    "a field with the same id and another name is another field",
                    CORE + "schema/SchemaDiff",
                    "var other = was.id() == null ? null : newById.get(was.id());",
                    "var other = was.id() == null || was.id() != null ? (FieldShape) null : newById.get(was.id());"),
            of(
                    "SCH-4",
                    "server.engine.SchemaTest",
                    "an option that the system does not know is sent",
                    ENGINE + "schema/Fit",
                    "if (options.contains(translator.written(field, value))) return null;",
                    "if (!options.isEmpty()) return null;"),
            of(
                    "GOV-2",
                    "server.engine.GoldenThenTest",
                    "a value that was taken away is still told of then",
                    ENGINE + "explain/GoldenThen",
                    "if (value.after() == null) values.remove(value.attribute());",
                    "if (value.after() == null) continue;"));
}
