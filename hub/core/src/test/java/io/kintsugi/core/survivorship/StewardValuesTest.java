package io.kintsugi.core.survivorship;

import static io.kintsugi.core.survivorship.Choosing.day;
import static io.kintsugi.core.survivorship.Choosing.overwritten;
import static io.kintsugi.core.survivorship.Choosing.record;
import static io.kintsugi.core.survivorship.Choosing.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.model.StewardValue.Winner;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.RuleOf;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StewardValuesTest {
    private static final AuthorityPolicy CRM_FIRST =
            RuleOf.of(Strategy.SYSTEM_RANK).ranking("crm", "erp").policy();
    private static final Instant GIVEN = day(10);
    private static final SourceRecord CRM = record("crm", 1, "phone", "of crm");
    private static final SourceRecord ERP = record("erp", 2, "phone", "of erp");
    private static final Winner WINNER = new Winner(CRM.key(), "of crm", day(1));

    private static StewardValue given(LifeCycle lifeCycle) {
        return new StewardValue(
                "phone",
                "steward's",
                lifeCycle,
                lifeCycle == LifeCycle.UNTIL_DATE ? day(20) : null,
                "g1",
                "ada",
                null,
                GIVEN,
                WINNER,
                Set.of(7L),
                null);
    }

    private static Survivors survive(Instant now, StewardValue given, SourceRecord... members) {
        return Survivorship.survive(List.of(members), CRM_FIRST, List.of(given), now);
    }

    private static String value(Instant now, StewardValue given, SourceRecord... members) {
        return survive(now, given, members).choices().get("phone").value();
    }

    private static SourceRecord seenAt(SourceRecord record, Instant observedAt) {
        return new SourceRecord(
                record.key(),
                record.stream(),
                record.state(),
                record.attributes(),
                record.states(),
                record.sourceAt(),
                observedAt,
                record.version(),
                record.written());
    }

    private static final SourceRecord CRM_COPY = overwritten(CRM, "phone", "steward's", 7);
    private static final SourceRecord ERP_COPY = overwritten(ERP, "phone", "steward's", 7);

    @Test
    @DisplayName("DA-6: FOREVER holds whatever systems do, also when they hold only copies of it")
    void forever() {
        var given = given(LifeCycle.FOREVER);
        var edited = with(record("crm", 30, "phone", "new"), "phone", AttributeState.original(day(30), 7));
        assertThat(value(day(4000), given, seenAt(edited, day(30)), ERP_COPY)).isEqualTo("steward's");
        var choice = survive(day(11), given, CRM_COPY, ERP_COPY).choices().get("phone");
        assertThat(choice.decidedBy()).isEqualTo("STEWARD");
        assertThat(choice.winner()).isNull();
    }

    @Test
    @DisplayName("DA-6: UNTIL_DATE ends at its date, which is predicted, and gives back what the systems had said")
    void untilDate() {
        var given = given(LifeCycle.UNTIL_DATE);
        var before = survive(day(19), given, CRM_COPY, ERP_COPY);
        assertThat(before.choices().get("phone").value()).isEqualTo("steward's");
        assertThat(before.nextChange()).isEqualTo(day(20));
        var after = survive(day(20), given, CRM_COPY, ERP_COPY);
        assertThat(after.choices().get("phone").value()).isEqualTo("of crm");
        var ended = after.stewardValues().get(0);
        assertThat(ended.endedAt()).isEqualTo(day(20));
        assertThat(value(day(90), ended, CRM_COPY, ERP_COPY))
                .as("stays ended, and known as long as a system holds a copy")
                .isEqualTo("of crm");
        assertThat(survive(day(90), ended, CRM, ERP).stewardValues()).isEmpty();
    }

    @Test
    @DisplayName("DA-6: UNTIL_WINNER_CHANGES ends when the trusted system speaks, also if it says the same again")
    void untilWinnerChanges() {
        var given = given(LifeCycle.UNTIL_WINNER_CHANGES);
        assertThat(value(day(30), given, CRM_COPY, ERP_COPY)).isEqualTo("steward's");
        var erpEdited = with(record("erp", 12, "phone", "e2"), "phone", AttributeState.original(day(12), 7));
        assertThat(value(day(30), given, CRM_COPY, erpEdited))
                .as("crm is trusted more and has not spoken")
                .isEqualTo("steward's");
        var crmEdited = with(record("crm", 12, "phone", "c2"), "phone", AttributeState.original(day(12), 7));
        assertThat(value(day(30), given, crmEdited, ERP_COPY)).isEqualTo("c2");
        var again = with(record("crm", 12, "phone", "of crm"), "phone", AttributeState.original(day(12), 7));
        assertThat(value(day(30), given, again, ERP_COPY)).isEqualTo("of crm");
        assertThat(value(day(30), given, CRM_COPY.withState(RecordState.DELETED), ERP_COPY))
                .as("what would win is another value")
                .isEqualTo("of erp");
    }

    @Test
    @DisplayName("DA-6: UNTIL_ANY_RELOAD ends when any record changes in its system, not when the hub writes there")
    void untilAnyReload() {
        var given = given(LifeCycle.UNTIL_ANY_RELOAD);
        assertThat(value(day(30), given, CRM_COPY, ERP_COPY)).isEqualTo("steward's");
        var created = seenAt(
                with(
                        record("web", 12, "phone", "steward's"),
                        "phone",
                        new AttributeState(GIVEN, 7, true, true, null, null)),
                day(12));
        assertThat(value(day(30), given, CRM_COPY, created)).isEqualTo("steward's");
        assertThat(value(day(30), given, CRM_COPY, seenAt(ERP_COPY, day(12)))).isEqualTo("of crm");
    }

    @Test
    @DisplayName("DA-6: WHILE_SOURCE_BLANK ends when a system says anything")
    void whileSourceBlank() {
        var given = given(LifeCycle.WHILE_SOURCE_BLANK);
        var blank = overwritten(record("crm", 1, "phone", ""), "phone", "steward's", 7);
        assertThat(value(day(30), given, blank)).isEqualTo("steward's");
        var said = with(record("erp", 12, "phone", "e"), "phone", AttributeState.original(day(12), 0));
        assertThat(value(day(30), given, blank, said)).isEqualTo("e");
    }

    @Test
    @DisplayName("DA-6: a steward may say that there is no value; it is cleared where there is one")
    void aStewardClears() {
        var none =
                new StewardValue("phone", "", LifeCycle.FOREVER, null, "g1", "ada", null, GIVEN, null, Set.of(), null);
        assertThat(value(day(30), none, CRM, ERP)).isEmpty();
        assertThat(survive(day(30), none, overwritten(CRM, "phone", "", 9)).choices())
                .doesNotContainKey("phone");
    }

    @Test
    @DisplayName("DA-6: of two values given, as after a merge, the newer one counts")
    void theNewerCounts() {
        var older = given(LifeCycle.FOREVER);
        var newer = new StewardValue(
                "phone", "newer", LifeCycle.FOREVER, null, "g2", "ada", null, day(11), null, Set.of(), null);
        for (var both : List.of(List.of(older, newer), List.of(newer, older))) {
            var survivors = Survivorship.survive(List.of(CRM), CRM_FIRST, both, day(30));
            assertThat(survivors.choices().get("phone").value()).isEqualTo("newer");
            assertThat(survivors.stewardValues()).containsExactly(newer, older);
        }
    }
}
