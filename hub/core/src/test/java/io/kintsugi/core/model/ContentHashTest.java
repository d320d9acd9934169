package io.kintsugi.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    @Test
    void whatAnEarlierVersionStoredIsStillTheHash() {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("name", "Zoë");
        attributes.put("city", "");
        assertThat(ContentHash.of(attributes)).isEqualTo("b26e6760ee44236b9909be21ba17ac86");
    }

    @Test
    void whereOneTextEndsAndTheNextBeginsMatters() {
        assertThat(ContentHash.of(Map.of("a", "bc"))).isNotEqualTo(ContentHash.of(Map.of("ab", "c")));
    }
}
