package io.kintsugi.core.match;

import java.util.Locale;
import java.util.Set;

/**
 * An e-mail address in standard form.
 *
 * @param local lower case, without {@code +tag}, without dots at Gmail
 * @param role whether the mailbox belongs to a function, such as {@code info@}; says little about who somebody is
 * @param free whether anybody can get an address of this domain
 */
record Email(String local, String domain, boolean role, boolean free) {
    private static final Set<String> ROLES = Text.setOf(
            "info sales support admin administrator office contact contacts hello help helpdesk mail email "
                    + "service services team marketing billing accounts accounting invoice invoices orders order hr "
                    + "jobs press media webmaster postmaster noreply donotreply enquiries enquiry inquiries reception "
                    + "customerservice customercare security abuse privacy legal it kontakt",
            " ");
    private static final Set<String> FREE = Text.setOf(
            "gmail.com yahoo.com hotmail.com outlook.com aol.com icloud.com live.com msn.com me.com mac.com "
                    + "gmx.de gmx.net gmx.com web.de t-online.de mail.com mail.ru yandex.ru yandex.com protonmail.com "
                    + "proton.me ymail.com comcast.net verizon.net att.net sbcglobal.net hotmail.co.uk yahoo.co.uk "
                    + "yahoo.fr orange.fr wanadoo.fr free.fr laposte.net libero.it qq.com 163.com 126.com naver.com "
                    + "bigpond.com optusnet.com.au googlemail.com fastmail.com zoho.com bellsouth.net cox.net "
                    + "charter.net",
            " ");
    private static final Set<String> NOBODY = Text.setOf(
            "test tester testing example none noemail no na nobody null unknown asdf abc xxx x user fake "
                    + "dummy placeholder notprovided noone",
            " ");
    private static final Set<String> NOWHERE = Text.setOf(
            "example.com example.org example.net test.com test.test none.com email.invalid invalid localhost "
                    + "domain.com noemail.com na.com",
            " ");

    /** Reads "a@b.c" and "Name &lt;a@b.c&gt;". @return null if it is no address, or one that stands for none */
    static Email of(String raw) {
        if (raw == null) return null;
        var text = Text.visible(raw).trim();
        int open = text.lastIndexOf('<');
        int close = text.indexOf('>', open + 1);
        if (open >= 0 && close > open) text = text.substring(open + 1, close);
        if (text.regionMatches(true, 0, "mailto:", 0, 7)) text = text.substring(7);
        text = text.trim().toLowerCase(Locale.ROOT);
        int at = text.lastIndexOf('@');
        if (at < 1 || at > text.length() - 4 || text.indexOf(' ') >= 0) return null;
        var domain = text.substring(at + 1);
        if (domain.indexOf('.') < 1 || domain.endsWith(".")) return null;
        if (domain.equals("googlemail.com")) domain = "gmail.com";
        var local = text.substring(0, at);
        int plus = local.indexOf('+');
        if (plus > 0) local = local.substring(0, plus);
        if (domain.equals("gmail.com")) local = local.replace(".", "");
        var letters = Text.compact(Text.fold(local));
        if (letters.isEmpty() || NOBODY.contains(letters) || NOWHERE.contains(domain)) return null;
        return new Email(local, domain, ROLES.contains(letters), FREE.contains(domain));
    }

    static boolean isFree(String domain) {
        return FREE.contains(domain);
    }

    static boolean isNowhere(String domain) {
        return NOWHERE.contains(domain);
    }

    @Override
    public String toString() {
        return local + '@' + domain;
    }
}
