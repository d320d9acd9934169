package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedSystemsTest {
    @ParameterizedTest
    @ValueSource(strings = {"crm", "CRM", " Crm "})
    void aNameThatIsAnIdStaysAsItIsWhateverItsCase(String name) {
        assertThat(LoadedSystems.id(name)).isEqualTo("crm");
    }

    @Test
    void differentNamesHaveDifferentIds() {
        var names = List.of(
                "A B",
                "A&B",
                "a-b",
                "1crm",
                "s1crm",
                "\u6771\u4eac",
                "\u5927\u962a",
                "-",
                "K\u00f6ln",
                "koln",
                "customers of the north and the west 1",
                "customers of the north and the west 2",
                "customers-of-the-north-and-the-west",
                "customers-of-the-north-and-the-we");
        assertThat(names.stream().map(LoadedSystems::id))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z][a-z0-9_-]{0,31}"));
        assertThat(LoadedSystems.id("K\u00f6ln Nord"))
                .startsWith("koln-nord-")
                .isEqualTo(LoadedSystems.id("k\u00f6ln nord"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "autoBits: 9", """
                reviewBits: 0.5
                maxBlock: 50
                duplicateFree: billing
                rules:
                  prior: {duplicates: 0.4}
                  keys: {phone: 20}
                """})
    void aPolicySaysWhatItSaidWhenASystemIsDeclaredFreeOfDuplicates(String policy) {
        var type = ModelReader.entityType("contact", ModelStore.shipped("contact"));
        var before = ModelReader.matching(type, 1, policy);
        var after = ModelReader.matching(type, 1, LoadedSystems.withDuplicateFree(policy, Set.of("billing", "crm")));
        assertThat(after).isEqualTo(before.withDuplicateFree(Set.of("billing", "crm")));
    }
}
