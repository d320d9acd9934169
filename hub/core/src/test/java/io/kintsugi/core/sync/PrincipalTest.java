package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PrincipalTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static Membership member(String key, long since) {
        return new Membership(RecordKey.parse(key), "G1", T0.plusSeconds(since), Origin.RULE, Set.of());
    }

    @Test
    @DisplayName("I9: others point to the live record that has been part of the golden for longest")
    void theOldestLiveRecord() {
        var members = List.of(
                member("erp:account:9", 0),
                member("erp:account:2", 5),
                member("erp:account:1", 5),
                member("crm:account:0", 0));
        assertThat(Principal.of("erp", members, key -> true)).contains(RecordKey.parse("erp:account:9"));
        assertThat(Principal.of("erp", members, key -> !key.externalId().equals("9")))
                .as("of equals the smallest key")
                .contains(RecordKey.parse("erp:account:1"));
        assertThat(Principal.of("web", members, key -> true)).isEmpty();
        assertThat(Principal.of("erp", members, key -> false)).isEmpty();
    }

    @Test
    void theOrderOfTheMembersNeverShows() {
        var members = new ArrayList<Membership>();
        for (int i = 0; i < 12; i++) members.add(member("erp:account:" + i, i % 3));
        var expected = Principal.of("erp", members, key -> true);
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(members, new Random(seed));
            assertThat(Principal.of("erp", members, key -> true)).isEqualTo(expected);
        }
    }
}
