package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.FillRule;
import io.kintsugi.connector.spi.Capabilities.MergeRules;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Merger;
import io.kintsugi.connector.spi.Merger.MergeCommand;
import io.kintsugi.connector.spi.Merger.MergeResult;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A native merge leaves one record, with the id and the values that the merge rules say. */
@Tag("merge")
abstract class MergeContract extends Contract {
    private static final int MANY_POLLS = 100;
    private static final int MANY_LOSERS = 5;

    private MergeRules rules;

    @BeforeEach
    void declared() throws Exception {
        needs(Op.MERGE);
        rules = can().merge();
    }

    private RecordId record(String id) {
        return new RecordId(subject.stream(), id);
    }

    private MergeResult merge(String winner, String loser, Map<String, Object> set) throws Exception {
        return merge(winner, List.of(loser), set);
    }

    private MergeResult merge(String winner, List<String> losers, Map<String, Object> set) throws Exception {
        Merger merger = facet(Merger.class);
        MergeResult result = merger.merge(new MergeCommand(
                "op", record(winner), losers.stream().map(this::record).toList(), set, Set.of()));
        for (int polls = 0; result instanceof MergeResult.Pending pending; polls++) {
            assertThat(rules.async()).as("declared async, as it is pending").isTrue();
            assertThat(polls).as("polls of one merge").isLessThan(MANY_POLLS);
            subject.settle();
            result = merger.poll(pending.handle());
        }
        return result;
    }

    private String merged(String winner, String loser) throws Exception {
        MergeResult result = merge(winner, loser, Map.of());
        assertThat(result).isInstanceOf(MergeResult.Done.class);
        MergeResult.Done done = (MergeResult.Done) result;
        String survivor = done.survivor().id();
        assertThat(done.retired()).extracting(RecordId::id).contains(loser).doesNotContain(survivor);
        return survivor;
    }

    @Test
    void twoRecordsBecomeOneByTheDeclaredRules() throws Exception {
        String winner = subject.create(texts("winner", null));
        String loser = subject.create(texts("loser", "only here"));
        String bystander = subject.create(texts("bystander", null));
        String survivor = merged(winner, loser);
        if (rules.survivor() == SurvivorId.WINNER_KEPT) assertThat(survivor).isEqualTo(winner);
        if (rules.survivor() == SurvivorId.NEW_ID) assertThat(survivor).isNotIn(winner, loser);
        assertThat(definition().ids().survivesMerge() && !survivor.equals(winner))
                .as("the winner's id was to survive")
                .isFalse();
        assertThat(seen(survivor))
                .containsEntry(first(), "winner")
                .containsEntry(second(), rules.fill() == FillRule.WINNER_ONLY ? null : "only here");
        assertThat(textsOf(found(survivor))).isEqualTo(seen(survivor));
        assertRetired(loser, survivor);
        if (!survivor.equals(winner)) assertRetired(winner, survivor);
        assertThat(seen(bystander)).containsEntry(first(), "bystander");
    }

    private void assertRetired(String id, String survivor) throws Exception {
        assertThat(subject.read(id)).as("the merged record as its own").isEmpty();
        Lookup lookup = lookUp(id);
        assertThat(lookup).isNotInstanceOf(Lookup.Found.class);
        if (definition().ids().aliasedAfterMerge()) assertThat(lookup).isInstanceOf(Lookup.MergedInto.class);
        if (lookup instanceof Lookup.MergedInto into)
            assertThat(into.survivor().id()).isEqualTo(survivor);
    }

    @Test
    void aChainOfMergesLeadsToTheLastSurvivor() throws Exception {
        String one = subject.create(texts("one", null));
        String two = subject.create(texts("two", null));
        String three = subject.create(texts("three", null));
        String between = merged(two, one);
        String last = merged(three, between);
        assertRetired(one, last);
        assertThat(seen(last)).containsEntry(first(), "three");
    }

    @Test
    void valuesOfTheCommandAreOnTheSurvivorIfDeclared() throws Exception {
        onlyIf(rules.acceptsFieldValues(), "a merge takes no values");
        String winner = subject.create(texts("winner", null));
        String loser = subject.create(texts("loser", "b"));
        MergeResult result = merge(winner, loser, Map.of(first(), "golden"));
        assertThat(result).isInstanceOf(MergeResult.Done.class);
        assertThat(seen(((MergeResult.Done) result).survivor().id())).containsEntry(first(), "golden");
    }

    @Test
    @Tag("duplicate-delivery")
    void theSameMergeTwiceMergesOnce() throws Exception {
        String winner = subject.create(texts("winner", null));
        String loser = subject.create(texts("loser", null));
        String survivor = merged(winner, loser);
        Map<String, Object> before = seen(survivor);
        MergeResult again = merge(winner, loser, Map.of());
        if (rules.idempotent())
            assertThat(again).isInstanceOfSatisfying(MergeResult.Done.class, done -> assertThat(
                            done.survivor().id())
                    .isEqualTo(survivor));
        else assertThat(again).isInstanceOf(MergeResult.Rejected.class);
        assertThat(seen(survivor)).isEqualTo(before);
    }

    @Test
    void aMergeWithARecordThatIsNotThereIsRefusedAndChangesNothing() throws Exception {
        String winner = subject.create(texts("winner", "b"));
        assertThat(merge(winner, "999999999", Map.of())).isInstanceOf(MergeResult.Rejected.class);
        assertThat(merge("999999999", winner, Map.of())).isInstanceOf(MergeResult.Rejected.class);
        assertThat(seen(winner)).containsEntry(first(), "winner").containsEntry(second(), "b");
    }

    @Test
    void asManyLosersAsDeclaredBecomeOneInOneCall() throws Exception {
        severalLosers();
        String winner = subject.create(texts("winner", null));
        String bystander = subject.create(texts("bystander", null));
        List<String> losers = new ArrayList<>();
        for (int i = 0; i < Math.min(rules.maxLosersPerCall(), MANY_LOSERS); i++)
            losers.add(subject.create(texts("loser " + i, null)));
        MergeResult result = merge(winner, losers, Map.of());
        assertThat(result).isInstanceOf(MergeResult.Done.class);
        MergeResult.Done done = (MergeResult.Done) result;
        assertThat(done.retired()).extracting(RecordId::id).containsAll(losers);
        assertThat(seen(done.survivor().id())).containsEntry(first(), "winner");
        for (String loser : losers) assertRetired(loser, done.survivor().id());
        assertThat(seen(bystander)).containsEntry(first(), "bystander");
    }

    @Test
    void aLoserThatIsNotThereIsNeverSaidToBeMerged() throws Exception {
        severalLosers();
        String winner = subject.create(texts("winner", null));
        String loser = subject.create(texts("loser", null));
        MergeResult result = merge(winner, List.of(loser, "999999999"), Map.of());
        if (result instanceof MergeResult.Done done) {
            assertThat(done.retired()).extracting(RecordId::id).contains(loser).doesNotContain("999999999");
            assertRetired(loser, done.survivor().id());
        } else {
            assertThat(result).isInstanceOf(MergeResult.Rejected.class);
            assertThat(seen(loser)).containsEntry(first(), "loser");
        }
    }

    private void severalLosers() {
        onlyIf(rules.maxLosersPerCall() > 1, "takes one loser in a call");
    }

    @Test
    void aLoserComesBackIfDeclared() throws Exception {
        onlyIf(rules.reversible(), "cannot take a merge back");
        String winner = subject.create(texts("winner", null));
        String loser = subject.create(texts("loser", "b"));
        String survivor = merged(winner, loser);
        List<WriteResult> results = facet(Restorer.class).undelete(subject.stream(), Map.of("op", loser));
        assertThat(results).singleElement().isInstanceOfSatisfying(WriteResult.Applied.class, back -> assertThat(
                        back.id())
                .isEqualTo(loser));
        assertThat(seen(loser)).containsEntry(first(), "loser").containsEntry(second(), "b");
        assertThat(textsOf(found(loser))).isEqualTo(seen(loser));
        assertThat(seen(survivor)).containsEntry(first(), "winner");
    }
}
