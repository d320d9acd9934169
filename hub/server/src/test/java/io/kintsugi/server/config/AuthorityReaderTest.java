package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.AuthorityPolicy.TieBreak;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityReaderTest {
    private static final Path PAGE = Path.of("../../docs/reference/authority.md");
    private static final EntityType CONTACT = ModelReader.entityType("contact", ModelStore.shipped("contact"));

    private static AuthorityPolicy read(String yaml) {
        return ModelReader.authority(CONTACT, 4, yaml);
    }

    @Test
    void aPolicyOfBeforeReadsAsItDid() {
        var policy = read("default: {strategy: latest}\nphone: {strategy: system_rank, ranking: [crm, erp]}\n");
        assertThat(policy.rule("phone"))
                .isEqualTo(new AuthorityPolicy.Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp")));
        assertThat(policy.rule("email")).isEqualTo(new AuthorityPolicy.Rule(Strategy.LATEST, List.of()));
        assertThat(read(""))
                .isEqualTo(new AuthorityPolicy(
                        "contact", 4, new AuthorityPolicy.Rule(Strategy.LATEST, List.of()), Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phone: {stratgy: latest}                       | contact.phone does not know the key | \"strategy\"",
                "fone: {strategy: latest}                       | contact has no attribute | \"phone\"",
                "phone: {strategy: lates}                       | phone.strategy | \"latest\"",
                "phone: {strategy: [union, latest]}             | contact.phone | stand alone",
                "phone: {strategy: trust}                       | contact.phone | needs trust",
                "phone: {strategy: same_record_as}              | contact.phone | needs sameRecordAs",
                "phone: {onForeignWrite: rewert}                | phone.onForeignWrite | \"revert\"",
                "phone: {override: until_date}                  | phone.override | date of its own",
                "phone: {writeTo: {erp: sometimes}}             | phone.writeTo.erp | always",
                "phone: {only: {sistem: crm}}                   | phone.only | \"system\"",
                "phone: {only: {system: {}}}                    | phone.only.system | either not or blank",
                "phone: {strategy: trust, trust: {crm: {max: 101}}} | trust.crm.max | from 0 to 100",
                "phone: {strategy: trust, trust: {crm: {decay: soon}}} | trust.crm.decay | 30d",
                "phone: [{strategy: latest}, {strategy: oldest}] | phone[0] | needs a condition",
                "groups: {home: [street]}                       | groups.home | at least two",
                "groups: {city: [street, postcode]}             | groups.city | choose another",
                "groups: {home: [street, zip]}                  | groups.home | no attribute",
                "groups: {home: [street, city], work: [city, postcode]} | contact | in two groups",
                "default: {when: {city: Oslo}}                  | contact.default | \"when\""
            })
    @DisplayName("GOV-1: what is wrong with a policy is named with its place and what to write")
    void whatIsWrongIsNamed(String yaml, String place, String what) {
        assertThatThrownBy(() -> read(yaml)).hasMessageContaining(place).hasMessageContaining(what);
    }

    @Test
    void anAttributeOfAGroupHasNoRuleOfItsOwn() {
        assertThatThrownBy(() -> read("groups: {home: [street, city]}\ncity: {strategy: latest}"))
                .hasMessageContaining("contact.city")
                .hasMessageContaining("give the group a rule");
    }

    @Test
    void theExampleOfThePageSaysEverything() throws Exception {
        var example = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();
        var documents = Settings.parse("example", example.group(1), Map.of()).documents();
        var policy = read(documents.documents().get("authority").get("contact"));
        assertThat(policy.groups()).isEqualTo(Map.of("home", List.of("street", "postcode", "city")));
        assertThat(policy.rule("email").override()).isEqualTo(LifeCycle.UNTIL_WINNER_CHANGES);
        var phone = policy.rules().get("phone");
        assertThat(phone.get(0).when()).hasSize(1);
        var trust = phone.get(1).trustIn("crm");
        assertThat(trust.decay()).isEqualTo(Duration.ofDays(730));
        assertThat(trust.downgrades()).hasSize(1);
        assertThat(phone.get(1).trustIn("other").max()).isEqualTo(60);
        assertThat(policy.rule("birthDate").writeTo("shop")).isEqualTo(WriteMode.NEVER);
    }

    @Test
    void thePageNamesEveryKeyAndEveryWord() throws Exception {
        var page = Files.readString(PAGE);
        var words = new ArrayList<String>();
        for (var constants : List.<Enum<?>[]>of(
                Strategy.values(),
                NullPolicy.values(),
                OnForeignWrite.values(),
                OnDisconnect.values(),
                WriteMode.values(),
                LifeCycle.values())) {
            for (var constant : constants) words.add("`" + constant.name().toLowerCase() + "`");
        }
        for (var part : AuthorityPolicy.Rule.class.getRecordComponents()) {
            words.add("`" + (part.getName().equals("strategies") ? "strategy" : part.getName()) + "`");
        }
        for (var word : words) assertThat(page).contains(word);
        for (var tie : TieBreak.values()) assertThat(page).contains(tie.name().toLowerCase());
    }
}
