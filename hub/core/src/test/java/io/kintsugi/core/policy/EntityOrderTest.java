package io.kintsugi.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EntityOrderTest {
    private static EntityType type(String name, String... refersTo) {
        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("name", AttributeType.TEXT, null));
        for (int i = 0; i < refersTo.length; i++) {
            attributes.add(new Attribute("ref" + i, AttributeType.REFERENCE, null, refersTo[i]));
        }
        return new EntityType(name, EntityType.Kind.ITEM, attributes);
    }

    /** One system that maps everything of all types. */
    private static EntityOrder order(List<EntityType> types) {
        var streams = types.stream()
                .map(type -> new StreamMapping(
                        type.name(),
                        type.name(),
                        type.attributes().stream()
                                .map(a -> new FieldMapping(a.name(), a.name(), List.of(), true))
                                .toList(),
                        true,
                        false,
                        null))
                .toList();
        return EntityOrder.of(
                types, List.of(new SystemConfig("crm", null, "sim", Map.of(), Duration.ofSeconds(1), streams)));
    }

    @Test
    @DisplayName("SYN-9: what others refer to comes first")
    void parentsComeFirst() {
        var order = order(
                List.of(type("offer", "contact", "account"), type("contact", "account"), type("account", "account")));
        assertThat(order.before("account", "contact")).isTrue();
        assertThat(order.before("contact", "offer")).isTrue();
        assertThat(order.before("contact", "account")).isFalse();
        assertThat(order.before("account", "account"))
                .as("nobody waits for himself")
                .isFalse();
    }

    @Test
    @DisplayName("SYN-12: types that refer to one another in a circle wait for nobody in it")
    void aCircleStandsOnOneStep() {
        var order = order(List.of(
                type("account", "contact"), type("contact", "account"), type("offer", "account"), type("site")));
        assertThat(order.step("account")).isEqualTo(order.step("contact"));
        assertThat(order.before("account", "contact")).isFalse();
        assertThat(order.before("contact", "offer")).isTrue();
    }

    @Test
    void aReferenceThatNobodyMapsOrdersNothing() {
        var order = EntityOrder.of(List.of(type("account", "contact"), type("contact", "account")), List.of());
        assertThat(order.step("account")).isNotEqualTo(order.step("contact"));
    }

    @Test
    void theOrderDoesNotDependOnTheOrderOfTheTypes() {
        var types = List.of(type("a"), type("b", "a"), type("c", "a"), type("d", "c", "e"), type("e", "d"), type("f"));
        var expected = order(types);
        for (int seed = 0; seed < 20; seed++) {
            var shuffled = new ArrayList<>(types);
            Collections.shuffle(shuffled, new Random(seed));
            var order = order(shuffled);
            for (var type : types) assertThat(order.step(type.name())).isEqualTo(expected.step(type.name()));
        }
    }
}
