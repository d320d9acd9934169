package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.http.HandlerType;
import io.kintsugi.core.model.HubErrorCode;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContractTest {
    private static final Set<HandlerType> METHODS =
            Set.of(HandlerType.GET, HandlerType.POST, HandlerType.PUT, HandlerType.PATCH, HandlerType.DELETE);
    private final PublishedSchemas schemas = new PublishedSchemas();

    @Test
    void theRoutesServedAreExactlyThoseOfTheContract() {
        var served = new TreeSet<String>();
        try (var hub = new ApiUnderTest()) {
            hub.api().app().unsafe.internalRouter.allHttpHandlers().forEach(handler -> {
                var endpoint = handler.endpoint;
                if (METHODS.contains(endpoint.method) && endpoint.path.startsWith("/api/v1")) {
                    served.add(endpoint.method.name() + " " + endpoint.path);
                }
            });
        }
        assertThat(served).isEqualTo(new Contract().operations());
    }

    @Test
    @DisplayName("GOV-2: no route changes or takes away what happened")
    void noRouteChangesHistory() {
        assertThat(new Contract().operations())
                .filteredOn(operation -> !operation.startsWith("GET ") && !operation.startsWith("POST "))
                .as("a value that a steward gives or takes back is an event of its own; all else is added by POST")
                .containsExactlyInAnyOrder(
                        "PUT /api/v1/goldens/{id}/values/{attribute}",
                        "DELETE /api/v1/goldens/{id}/values/{attribute}");
        assertThat(new Contract().operations())
                .filteredOn(operation -> operation.startsWith("POST "))
                .noneMatch(operation -> operation.matches(
                        ".*/(history|changes|revisions|versions|findings|certificate|conflicts)(/.*)?"));
    }

    @Test
    void everyOperationHasANameOfItsOwnATagASummaryAndSaysHowItRefuses() {
        var names = new ArrayList<String>();
        schemas.contract().path("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(entry -> {
                    var operation = entry.getValue();
                    names.add(operation.path("operationId").asText());
                    assertThat(operation.path("tags")).as(path.getKey()).isNotEmpty();
                    assertThat(operation.path("summary").asText())
                            .as(path.getKey())
                            .isNotEmpty();
                    if (!path.getKey().endsWith("openapi.yaml")) {
                        assertThat(operation.path("responses").has("default"))
                                .as(path.getKey())
                                .isTrue();
                    }
                }));
        assertThat(names).doesNotHaveDuplicates().doesNotContain("");
    }

    @Test
    void theExamplesOfTheContractFollowItsSchemas() {
        schemas.contract().at("/components/schemas").properties().forEach(schema -> schema.getValue()
                .path("examples")
                .forEach(example -> schemas.check(
                        "/components/schemas/" + schema.getKey(), "example of " + schema.getKey(), example)));
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorCodeOfTheHubHasAStatusATitleAndAFix(HubErrorCode code) {
        var type = ProblemType.of(code);
        assertThat(type.status()).isEqualTo(code.httpStatus());
        assertThat(type.title()).isNotBlank();
        assertThat(type.fix()).isNotBlank();
    }

    @Test
    void everyKindOfProblemIsInTheContract() {
        var documented = new TreeSet<String>();
        schemas.contract()
                .at("/components/schemas/Problem/properties/code/enum")
                .forEach(code -> documented.add(code.asText()));
        var known = new TreeSet<String>();
        for (var type : ProblemType.values()) known.add(type.name());
        assertThat(documented).isEqualTo(known);
    }
}
