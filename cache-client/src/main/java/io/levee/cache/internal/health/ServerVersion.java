package io.levee.cache.internal.health;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A memcached version, and what is known against it.
 *
 * <p>The list is short because each line must be citable, must concern what Levee does with a server or how the incident
 * began, and must be gone in the version named. It is not a list of security advisories.
 */
public record ServerVersion(int major, int minor, int patch) implements Comparable<ServerVersion> {
    public static final ServerVersion OLDEST_SUPPORTED = new ServerVersion(1, 4, 0);

    /**
     * The first with the meta commands as Levee needs them. 1.6.0 to 1.6.9 have an earlier form of them: the length of a value
     * to set is a flag, and success is {@code OK} instead of {@code HD} (commits 3d178cfd and 6a1802cb, ReleaseNotes1610); 1.6.10
     * to 1.6.12 ignore the token of a meta delete and return wrong tokens (ReleaseNotes1613).
     */
    private static final ServerVersion FIRST_WITH_META_COMMANDS = new ServerVersion(1, 6, 13);

    private static final Pattern NUMBERS = Pattern.compile("^v?(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?(?![\\d.]).*");
    private static final Comparator<ServerVersion> ORDER = Comparator.comparingInt(ServerVersion::major)
            .thenComparingInt(ServerVersion::minor)
            .thenComparingInt(ServerVersion::patch);

    /** {@code first} inclusive, {@code fixed} exclusive; {@code source} is a page of github.com/memcached/memcached/wiki. */
    private record KnownFault(ServerVersion first, ServerVersion fixed, String fault, String source) {}

    private static final List<KnownFault> KNOWN = List.of(
            new KnownFault(
                    new ServerVersion(1, 0, 0),
                    new ServerVersion(1, 4, 6),
                    "can crash when clients connect and disconnect at its connection limit",
                    "ReleaseNotes146"),
            new KnownFault(
                    new ServerVersion(1, 4, 18),
                    new ServerVersion(1, 4, 20),
                    "can take a new connection for closed, and its threads then spin for good",
                    "ReleaseNotes1420"),
            new KnownFault(
                    new ServerVersion(1, 4, 23),
                    new ServerVersion(1, 4, 24),
                    "has a major off-by-one fault in its memory management",
                    "ReleaseNotes1424"),
            new KnownFault(
                    new ServerVersion(1, 5, 15),
                    new ServerVersion(1, 5, 16),
                    "corrupts memory or crashes when an item with client flags 0 is stored",
                    "ReleaseNotes1516"),
            new KnownFault(
                    new ServerVersion(1, 6, 0),
                    new ServerVersion(1, 6, 2),
                    "can be crashed by a malformed binary protocol header",
                    "ReleaseNotes162"),
            new KnownFault(
                    new ServerVersion(1, 6, 2),
                    new ServerVersion(1, 6, 3),
                    "can be crashed by a malformed meta get",
                    "ReleaseNotes163"));

    /** Reads {@code 1.6.18} and forms with a suffix; empty for what does not begin like a version. */
    public static Optional<ServerVersion> parse(String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher numbers = NUMBERS.matcher(text.strip());
        if (!numbers.matches()) {
            return Optional.empty();
        }
        return Optional.of(new ServerVersion(
                Integer.parseInt(numbers.group(1)),
                Integer.parseInt(numbers.group(2)),
                numbers.group(3) == null ? 0 : Integer.parseInt(numbers.group(3))));
    }

    public boolean isSupported() {
        return compareTo(OLDEST_SUPPORTED) >= 0;
    }

    /** Whether its meta commands are those that Levee speaks; the classic text commands serve if not. */
    public boolean hasMetaCommands() {
        return compareTo(FIRST_WITH_META_COMMANDS) >= 0;
    }

    /** What is known against this version, in one sentence with its source and the version that mends it. */
    public Optional<String> knownFault() {
        return KNOWN.stream()
                .filter(known -> compareTo(known.first) >= 0 && compareTo(known.fixed) < 0)
                .findFirst()
                .map(known -> "memcached " + this + " " + known.fault + "; mended in " + known.fixed
                        + " (github.com/memcached/memcached/wiki/" + known.source + ")");
    }

    @Override
    public int compareTo(ServerVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
