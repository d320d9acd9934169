package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.engine.dryrun.DryChange;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryChange.Value;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    private static final DryReport REPORT = new DryReport(
            Instant.EPOCH,
            List.of(
                    new DryChange(
                            Kind.UPDATE,
                            "crm",
                            "contact",
                            "crm:contact:7",
                            List.of("g-1"),
                            "Ada Lovelace",
                            List.of(
                                    new Value("email", "Mail", "old@x.example", "new@x.example"),
                                    new Value("city", "City", "Oslo", null)),
                            null),
                    new DryChange(
                            Kind.UNDELETE,
                            "crm",
                            "contact",
                            "crm:contact:8",
                            List.of("g-1"),
                            "Ada Lovelace",
                            List.of(new Value("city", "City", "Bergen", "Oslo")),
                            "comes back"),
                    new DryChange(
                            Kind.MERGE,
                            null,
                            "contact",
                            null,
                            List.of("g-1", "g-2"),
                            "Ada Lovelace",
                            List.of(),
                            "a and b are the same")),
            3,
            Map.of("crm", Map.of(Kind.UPDATE, 1L, Kind.UNDELETE, 1L)),
            Map.of(Kind.MERGE, 1L),
            new DryReport.Goldens(0, 1, 1),
            4,
            List.of(new DryReport.Stream("shop", "people", "contact", 9, 0, 1, 2, 3, 5)),
            List.of(new DryReport.Warning(Guard.TWINS, "shop", "2 (22.2 %) of the rows are the same")));

    @Test
    @DisplayName("SYN-11: a plan says what to look at first, how much happens where, and every change with both values")
    void everything() {
        assertThat(text(0)).isEqualToNormalizingNewlines("""
                        LOOK AT THIS: 2 (22.2 %) of the rows are the same

                        system                  create  undelete    change    delete      wait
                        crm                          0         1         1         0         0
                        Golden records: 0 new, 1 with other values, 1 gone; 1 merge, 0 splits, 0 questions for a person.
                        shop.people: 9 rows, 3 join what other systems hold, 5 nobody else holds, 2 twins, 1 without a key, 0 unreadable
                        4 writes more go out anyway, whatever the configuration.

                        UPDATE   crm:contact:7, Ada Lovelace: email "old@x.example" -> "new@x.example", city "Oslo" -> nothing
                        UNDELETE crm:contact:8, Ada Lovelace: city "Bergen" -> "Oslo": comes back
                        MERGE    hub, Ada Lovelace: a and b are the same
                        and 3 more

                        Nothing was changed.
                        """);
    }

    @Test
    @DisplayName("SYN-11: a plan that is cut short says so")
    void some() {
        assertThat(text(1)).contains("and 5 more; --limit 0 lists them").doesNotContain("MERGE ");
    }

    private static String text(int limit) {
        var text = new StringWriter();
        PlanText.write(REPORT, limit, new PrintWriter(text));
        return text.toString();
    }
}
