package io.kintsugi.server.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.server.engine.recovery.CatchUp.Tier;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final Duration SILENCE = Duration.ofHours(36);

    private static Capabilities can(Cursor cursor, DeleteFeed deletes) {
        var feeds = EnumSet.of(Feed.SNAPSHOT);
        if (cursor != null) feeds.add(Feed.INCREMENTAL);
        if (deletes != null) feeds.add(Feed.DELETES);
        var reading = new Capabilities.Reading(cursor, deletes, null, Duration.ZERO, 100);
        return new Capabilities(Set.of(), feeds, reading, Capabilities.Writing.NONE, List.of(), null);
    }

    private static Cursor cursor(Cursor.Kind kind, Duration retention) {
        return new Cursor(kind, Duration.ofMillis(1), true, retention);
    }

    private static DeleteFeed deletes(Duration retention) {
        return new DeleteFeed(DeleteFeed.Source.LOG, Duration.ZERO, retention);
    }

    private static Tier tier(Capabilities can) {
        var catchUp = CatchUp.after(SILENCE, can);
        assertThat(catchUp.reason()).isNotBlank();
        return catchUp.tier();
    }

    @Test
    @DisplayName("SYN-8: a log that reaches back far enough is read on; stamps are gone by; else everything is read")
    void byRetention() {
        var days = Duration.ofDays(3);
        assertThat(tier(can(cursor(Cursor.Kind.SEQUENCE, days), deletes(days)))).isEqualTo(Tier.REPLAY);
        assertThat(tier(can(cursor(Cursor.Kind.TOKEN, null), deletes(null)))).isEqualTo(Tier.REPLAY);
        assertThat(tier(can(cursor(Cursor.Kind.STAMP, null), deletes(days)))).isEqualTo(Tier.WATERMARK);
        assertThat(tier(can(cursor(Cursor.Kind.SEQUENCE, Duration.ofHours(24)), deletes(days))))
                .isEqualTo(Tier.FULL);
        assertThat(tier(can(cursor(Cursor.Kind.SEQUENCE, SILENCE), deletes(days))))
                .isEqualTo(Tier.FULL);
    }

    @Test
    @DisplayName("SYN-8: deletes that the system tells no more, or never told, are found by reading everything")
    void byDeletes() {
        var days = Duration.ofDays(3);
        assertThat(tier(can(cursor(Cursor.Kind.STAMP, days), deletes(Duration.ofHours(1)))))
                .isEqualTo(Tier.FULL);
        assertThat(tier(can(cursor(Cursor.Kind.STAMP, days), null))).isEqualTo(Tier.FULL);
        assertThat(tier(can(null, null))).isEqualTo(Tier.FULL);
        assertThat(tier(can(cursor(Cursor.Kind.COMPARISON, null), null))).isEqualTo(Tier.FULL);
        assertThat(tier(null)).isEqualTo(Tier.FULL);
    }
}
