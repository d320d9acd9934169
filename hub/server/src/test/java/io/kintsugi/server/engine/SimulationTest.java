package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real engine between systems that lie, lag, lose and rewrite, with people who work in all of them and a hub that is killed:
 * every invariant holds, after every write and at rest. {@code -Dkintsugi.seeds=100000} lives more histories than the build does.
 */
class SimulationTest {
    private static final int STEPS = 40;

    @Test
    @DisplayName(
            "SYN-1, SYN-2, SYN-3, SYN-5, DEL-5: whatever happens, no edit is lost, nothing is created twice, everything agrees at rest")
    void everyHistoryEndsInAgreement() {
        long seeds = Long.getLong("kintsugi.seeds", 120);
        var report = Simulations.run(Long.getLong("kintsugi.seed", 7_000_000), seeds, STEPS, 2, 20);
        assertThat(report.violations()).as(report.toString()).isEmpty();
        assertThat(report.seeds()).isEqualTo(seeds);
    }

    /** Seeds that once showed a fault, each another one. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                2,
                10,
                27,
                29,
                45,
                61,
                84,
                131,
                135,
                157,
                167,
                217,
                243,
                494,
                1_000_000,
                3_000_065,
                4_000_447,
                7_000_139,
                20_000_061,
                30_000_278,
                50_000_477,
                50_001_087,
                50_001_201,
                51_000_615,
                51_000_780,
                51_000_988,
                52_000_496,
                61_000_925,
                61_001_650,
                61_001_803,
                61_001_887,
                61_002_226,
                61_002_920,
                71_000_336,
                71_000_431,
                71_000_980,
                71_001_399,
                71_001_685,
                71_001_875,
                71_002_806,
                71_002_812,
                71_002_907,
                71_003_259,
                81_000_203,
                81_002_606,
                82_000_781,
                83_001_308,
                82_002_273,
                110_001_773,
                97_000_231,
                97_001_368,
                110_002_376,
                111_002_604,
                110_000_668,
                110_001_761,
                81_000_114,
                111_002_291,
                97_001_483,
                92_002_301,
                83_001_676,
                91_001_488,
                92_000_795,
                91_000_397,
                98_000_928,
                111_001_609,
                111_001_881,
                111_009_758,
                111_006_471,
                120_000_209,
                51_000_931,
                140_000_337,
                150_000_544,
                200_000_824,
                200_001_812,
                200_002_430,
                200_013_005,
                200_017_641,
                200_018_924,
                200_023_570,
                200_022_001,
                200_026_804,
                200_021_994,
                200_009_016,
                200_014_148,
                200_020_276,
                200_014_821,
                210_001_023,
                220_000_206,
                220_003_797,
                230_000_436,
                250_008_921,
                250_010_127,
                250_011_005,
                250_014_155,
                250_018_277,
                250_006_102,
                410_010_269,
                410_010_497,
                310_002_147,
                310_007_697,
                310_000_978,
                310_009_200,
                420_002_544,
                420_013_847,
                320_009_405,
                320_008_633,
                430_002_687,
                430_005_737,
                330_004_469,
                330_001_798,
                340_004_337,
                340_007_087,
                440_001_707,
                440_002_791,
                450_012_748,
                126_567,
                500_002_577,
                500_013_985,
                500_019_325,
                500_006_511,
                510_000_751,
                520_001_683,
                520_005_654,
                520_007_414,
                560_007_123,
                560_012_177,
                560_020_105,
                560_022_677,
                570_021_595,
                580_005_609,
                580_013_735,
                580_021_084,
                590_006_311,
                590_011_322,
                590_020_596,
                590_022_141,
                600_001_238,
                600_001_646,
                610_001_808,
                610_009_467,
                600_009_891,
                610_002_527,
                630_014_557,
                630_019_498,
                1_000_001_386,
                1_000_018_691,
                1_000_061_680,
                1_000_319_212,
                640_053_716,
                640_052_587,
                640_055_256,
                1_000_439_440,
                2_000_000_029,
                2_000_000_250,
                2_000_000_627,
                2_000_001_722,
                3_000_000_003L,
                3_000_000_023L,
                3_000_000_171L
            })
    void whatWasMendedStaysMended(long seed) {
        assertThat(Simulations.run(seed, Scenario.draw(seed, STEPS), false).violations)
                .isEmpty();
    }

    @Test
    @DisplayName("every planted fault still has its place in the engine")
    void everyMutantHasItsPlace() throws IOException {
        for (var mutant : Mutant.ALL) assertThat(Mutants.mutated(mutant)).contains(mutant.replace());
        for (var mutant : Mutant.HIDDEN) assertThat(Mutants.mutated(mutant)).contains(mutant.replace());
        assertThat(Mutant.ALL).extracting(Mutant::name).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(25);
    }

    @Test
    @DisplayName("every fault that breaks a promise still has its place")
    void everyPromiseHasItsFault() throws IOException {
        for (var promise : Promise.ALL) {
            assertThat(Mutants.mutated(promise.fault()))
                    .contains(promise.fault().replace());
        }
    }

    /** {@link Mutants} tries all of them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "old states that a feed tells are believed",
                "an update names no version",
                "an unknown outcome counts as a failure"
            })
    @DisplayName("histories find faults that are planted")
    void plantedFaultsAreFound(String name) throws IOException {
        var mutant = Mutant.ALL.stream().filter(m -> m.name().equals(name)).findFirst();
        assertThat(Mutants.seedsUntilFound(mutant.orElseThrow(), 100_000, 50, STEPS))
                .isPositive();
    }

    @Test
    @DisplayName("a seed is always the same history")
    void aSeedIsAHistory() {
        var first = Simulations.run(7, Scenario.draw(7, STEPS), true);
        var second = Simulations.run(7, Scenario.draw(7, STEPS), true);
        assertThat(second.trace()).isEqualTo(first.trace());
        assertThat(first.effects).hasSizeGreaterThan(20);
        assertThat(first.edits).isGreaterThan(10);
    }
}
