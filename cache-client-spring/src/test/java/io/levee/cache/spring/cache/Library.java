package io.levee.cache.spring.cache;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;

/** A service with every annotation of Spring's, over a table that counts what is asked of it. */
public class Library {
    /** A row. */
    public record Book(long id, String title) {}

    /** The table said no. */
    public static class ShelfException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    final Map<Long, Book> table = new ConcurrentHashMap<>();
    final AtomicInteger reads = new AtomicInteger();
    volatile boolean down;

    Book read(long id) {
        reads.incrementAndGet();
        return table.get(id);
    }

    @Cacheable("books")
    public Book find(long id) {
        return read(id);
    }

    @Cacheable(cacheNames = "books", sync = true)
    public Book findOnce(long id) throws ShelfException {
        if (down) {
            reads.incrementAndGet();
            throw new ShelfException();
        }
        return read(id);
    }

    @Cacheable("books")
    public Optional<Book> findMaybe(long id) {
        return Optional.ofNullable(read(id));
    }

    @Cacheable(cacheNames = "books", condition = "#id > 100", unless = "#result == null")
    public Book findSome(long id) {
        return read(id);
    }

    @Cacheable("lists")
    public List<Book> byPrefix(String prefix, int atMost) {
        reads.incrementAndGet();
        return table.values().stream()
                .filter(book -> book.title().startsWith(prefix))
                .limit(atMost)
                .toList();
    }

    @Cacheable("numbers")
    public int count() {
        reads.incrementAndGet();
        return table.size();
    }

    @CachePut(cacheNames = "books", key = "#book.id")
    public Book save(Book book) {
        table.put(book.id(), book);
        return book;
    }

    @CacheEvict("books")
    public void remove(long id) {
        table.remove(id);
    }

    @CacheEvict(cacheNames = "books", beforeInvocation = true)
    public void removeAndFail(long id) {
        throw new IllegalStateException("no");
    }

    @CacheEvict("books")
    public void failToRemove(long id) {
        throw new IllegalStateException("no");
    }

    @CacheEvict(cacheNames = "books", allEntries = true)
    public void removeAll() {
        table.clear();
    }

    @CacheEvict(cacheNames = "books", allEntries = true, beforeInvocation = true)
    public void removeAllBefore() {
        table.clear();
    }

    @Caching(
            put = @CachePut(cacheNames = "books", key = "#book.id"),
            evict = {
                @CacheEvict(cacheNames = "lists", allEntries = true),
                @CacheEvict(cacheNames = "numbers", allEntries = true)
            })
    public Book saveEverywhere(Book book) {
        table.put(book.id(), book);
        return book;
    }

    @Cacheable("unheard-of")
    public String unknown() {
        return "x";
    }
}
