package io.kintsugi.core.policy;

import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.AuthorityPolicy.TieBreak;
import io.kintsugi.core.policy.AuthorityPolicy.WriteMode;
import java.util.List;
import java.util.Map;

/** Builds rules for tests, so that a test names only what it is about. */
public final class RuleOf {
    private final List<Strategy> strategies;
    private List<ValueTest> when = List.of();
    private List<ValueTest> only = List.of();
    private String sameRecordAs;
    private List<String> ranking = List.of();
    private Map<String, Trust> trust = Map.of();
    private NullPolicy nulls = NullPolicy.IGNORE_NULL;
    private List<TieBreak> tieBreak = Rule.TIE_BREAK;
    private OnForeignWrite onForeignWrite = OnForeignWrite.REVERT;
    private Map<String, WriteMode> writeTo = Map.of();
    private OnDisconnect onDisconnect = OnDisconnect.KEEP_LAST_VALUE;

    private RuleOf(Strategy... strategies) {
        this.strategies = List.of(strategies);
    }

    public static RuleOf of(Strategy... strategies) {
        return new RuleOf(strategies);
    }

    public RuleOf when(ValueTest... tests) {
        when = List.of(tests);
        return this;
    }

    public RuleOf only(ValueTest... tests) {
        only = List.of(tests);
        return this;
    }

    public RuleOf sameRecordAs(String name) {
        sameRecordAs = name;
        return this;
    }

    public RuleOf ranking(String... systems) {
        ranking = List.of(systems);
        return this;
    }

    public RuleOf trust(Map<String, Trust> bySystem) {
        trust = bySystem;
        return this;
    }

    public RuleOf nulls(NullPolicy policy) {
        nulls = policy;
        return this;
    }

    public RuleOf tieBreak(TieBreak... breaks) {
        tieBreak = List.of(breaks);
        return this;
    }

    public RuleOf onForeignWrite(OnForeignWrite reaction) {
        onForeignWrite = reaction;
        return this;
    }

    public RuleOf writeTo(Map<String, WriteMode> modes) {
        writeTo = modes;
        return this;
    }

    public RuleOf onDisconnect(OnDisconnect reaction) {
        onDisconnect = reaction;
        return this;
    }

    public Rule rule() {
        return new Rule(
                when,
                strategies,
                sameRecordAs,
                ranking,
                only,
                trust,
                nulls,
                tieBreak,
                onForeignWrite,
                LifeCycle.FOREVER,
                writeTo,
                onDisconnect);
    }

    /** A policy of this rule alone. */
    public AuthorityPolicy policy() {
        return new AuthorityPolicy("contact", 3, rule(), Map.of());
    }
}
