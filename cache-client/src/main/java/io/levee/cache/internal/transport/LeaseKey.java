package io.levee.cache.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The key of the item that stands for the lease on a key, where memcached knows no leases. No cache has a key of this form: a
 * cache's key that begins with {@code %} goes on with two hex digits.
 */
final class LeaseKey {
    private static final String MARK = "%lease:";
    private static final String DIGEST_MARK = "%lease=sha256:";

    private LeaseKey() {}

    static String of(String key) {
        return MARK.length() + key.length() <= CommandLine.MAX_KEY_BYTES ? MARK + key : DIGEST_MARK + digest(key);
    }

    private static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
