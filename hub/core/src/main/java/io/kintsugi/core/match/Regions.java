package io.kintsugi.core.match;

import java.util.Map;

/** States of the countries that are commonly written both as a word and as a short code. */
final class Regions {
    private static final Map<String, String> CODES = Text.mapOf(
            "alabama=al alaska=ak arizona=az arkansas=ar california=ca colorado=co connecticut=ct delaware=de florida=fl "
                    + "georgia=ga hawaii=hi idaho=id illinois=il indiana=in iowa=ia kansas=ks kentucky=ky louisiana=la maine=me "
                    + "maryland=md massachusetts=ma michigan=mi minnesota=mn mississippi=ms missouri=mo montana=mt nebraska=ne "
                    + "nevada=nv new_hampshire=nh new_jersey=nj new_mexico=nm new_york=ny north_carolina=nc north_dakota=nd "
                    + "ohio=oh oklahoma=ok oregon=or pennsylvania=pa rhode_island=ri south_carolina=sc south_dakota=sd "
                    + "tennessee=tn texas=tx utah=ut vermont=vt virginia=va washington=wa west_virginia=wv wisconsin=wi "
                    + "wyoming=wy new_south_wales=nsw victoria=vic queensland=qld south_australia=sa western_australia=wa "
                    + "tasmania=tas northern_territory=nt australian_capital_territory=act ontario=on quebec=qc "
                    + "british_columbia=bc alberta=ab manitoba=mb saskatchewan=sk nova_scotia=ns new_brunswick=nb");

    private Regions() {}

    /** @return the short code where one is known, else the folded text without blanks */
    static String standard(String folded) {
        return CODES.getOrDefault(folded, Text.compact(folded));
    }
}
