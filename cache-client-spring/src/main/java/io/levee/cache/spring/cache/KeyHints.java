package io.levee.cache.spring.cache;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.cache.interceptor.SimpleKey;

/** What {@link KeyText} reads of Spring's keys, for native images. */
public final class KeyHints implements RuntimeHintsRegistrar {
    @Override
    public void registerHints(RuntimeHints hints, ClassLoader classes) {
        hints.reflection().registerType(SimpleKey.class, key -> key.withField(KeyText.SIMPLE_KEY_FIELD));
    }
}
