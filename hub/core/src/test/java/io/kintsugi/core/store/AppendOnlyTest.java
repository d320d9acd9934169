package io.kintsugi.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a transaction can take away again, read off its methods: a new one that does is found by its name, and must be defended here. */
class AppendOnlyTest {
    private static final Pattern TAKES_AWAY =
            Pattern.compile("(remove|delete|forget|erase|drop|purge|truncate|clear|reset|replace|rewrite|lift).*");

    @Test
    @DisplayName("GOV-2: no method of the store changes or takes away what happened, but the one of erasures")
    void whatHappenedStays() {
        var found = new TreeSet<String>();
        Stream.concat(
                        Stream.of(HubTransaction.class),
                        Stream.of(HubTransaction.class.getMethods()).map(Method::getReturnType))
                .flatMap(part -> Stream.of(part.getMethods()))
                .filter(method -> TAKES_AWAY.matcher(method.getName()).matches())
                .forEach(method -> found.add(method.getDeclaringClass().getSimpleName() + "." + method.getName()));
        assertThat(found)
                .containsExactlyInAnyOrder(
                        "Erasures.remove", // an erasure takes its traces out of all histories
                        "Erasures.lift", // what is kept out may come again
                        "Journal.forgetAnswers", // of requests that are not repeated any more
                        "Links.removeRuleLinks", // what rules say now, computed anew; never a verdict
                        "Records.clearPending"); // a mark
    }
}
